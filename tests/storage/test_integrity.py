from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from appliance.storage.audit import audit
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from appliance.storage.integrity import damage, findings, look_for_damage
from appliance.storage.pages import PAGE_BYTES
from tests.builders.storage import make_database


async def test_it_works(database: Database) -> None:
    await database.write(lambda session: audit(session, "a", "tested", "x", utcnow()))
    assert await database.read(findings) == []
    with capture_logs() as lines:
        await look_for_damage(database)
    assert lines == []


@pytest.mark.parametrize("pages", [1, 10], ids=["the last", "ten"])
async def test_pages_that_were_changed_on_the_disk_are_found(tmp_path: Path, pages: int) -> None:
    database = make_database(tmp_path)
    for _ in range(50):
        await database.write(lambda session: audit(session, "a", "tested", "x" * 60, utcnow()))
    database.close()
    database = make_database(tmp_path)
    file = tmp_path / "vorzimmer.db"
    content = bytearray(file.read_bytes())
    for page in range(pages):
        content[-100 - page * PAGE_BYTES] ^= 1  # one bit of its HMAC
    file.write_bytes(content)
    with capture_logs() as lines:
        await look_for_damage(database)
    assert [line["event"] for line in lines] == ["database_damaged"]
    assert lines[0]["log_level"] == "error"
    database.close()


def test_a_page_torn_on_its_way_out_of_the_log_is_no_damage(database: Database) -> None:
    """A power cut during a checkpoint: the log has the page whole, so nothing is lost."""
    database.write_sync(lambda session: audit(session, "a", "tested", "x", utcnow()))
    file = database.source.path
    number = int.from_bytes(file.with_name(f"{file.name}-wal").read_bytes()[32:36], "big")
    with file.open("r+b") as page:
        page.seek((number - 1) * PAGE_BYTES + 1024)
        page.write(b"torn" * 256)
    assert damage(database) == []
