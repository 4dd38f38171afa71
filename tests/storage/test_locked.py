"""Another process holds the write lock, as a backup or an impatient administrator may."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from appliance.storage.audit import AuditLine, audit
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from appliance.storage.errors import DatabaseBusy
from tests.builders.storage import make_database

HOLD = """
import sys
from pathlib import Path
from appliance.storage.engine import Source, connect
connection = connect(Source(Path(sys.argv[1]), sys.stdin.readline().strip()))
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
connection.close()
"""


@contextmanager
def held_elsewhere(database: Database) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database.source.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(database.source.key + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "held\n"
        yield
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def add(session: Session) -> None:
    audit(session, "adviser-1", "tested", "x", utcnow())


def count(session: Session) -> int:
    return session.exec(select(func.count(col(AuditLine.id)))).one()


async def test_it_works(database: Database) -> None:
    await database.write(add)
    with held_elsewhere(database):
        with pytest.raises(DatabaseBusy) as caught:
            await database.write(add)
        assert await database.read(count) == 1  # reading goes on
    assert caught.value.code == "database_busy"
    assert "gerade belegt" in str(caught.value)
    await database.write(add)
    assert await database.read(count) == 2


async def test_the_lock_is_held_from_the_first_reading(database: Database, tmp_path: Path) -> None:
    """What a transaction has read stays true until it writes: nobody can write in between."""
    other = make_database(tmp_path, busy_timeout_ms=50)

    def work(session: Session) -> int:
        before = count(session)
        with pytest.raises(DatabaseBusy):
            other.write_sync(add)
        add(session)
        return before

    assert await database.write(work) == 0
    assert await database.read(count) == 1
    other.close()
