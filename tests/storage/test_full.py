"""The disk is full: nothing is lost, it is said plainly, and afterwards it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from appliance.storage.audit import AuditLine, audit
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from appliance.storage.errors import DiskFull
from tests.builders.storage import make_database


def limit_pages(database: Database, pages: int) -> None:
    database.write_sync(
        lambda session: session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    )


def used_pages(session: Session) -> int:
    found: int = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    return found


def add(session: Session) -> None:
    for _ in range(100):
        audit(session, "adviser-1", "tested", "x" * 60, utcnow())


async def fill(database: Database) -> None:
    for _ in range(10):
        await database.write(add)


def count(session: Session) -> int:
    return session.exec(select(func.count(col(AuditLine.id)))).one()


async def test_it_works(database: Database) -> None:
    await database.write(add)
    limit_pages(database, database.read_sync(used_pages) + 1)
    with pytest.raises(DiskFull) as caught:
        await fill(database)
    assert caught.value.code == "disk_full"
    assert "Der Speicher des Geräts ist voll." in str(caught.value)
    left = await database.read(count)
    assert left % 100 == 0  # whole transactions only
    limit_pages(database, 1_000_000)
    await database.write(add)
    assert await database.read(count) == left + 100


async def test_what_was_there_is_whole(tmp_path: Path) -> None:
    database = make_database(tmp_path)
    await database.write(add)
    limit_pages(database, database.read_sync(used_pages))
    with pytest.raises(DiskFull):
        await fill(database)
    left = await database.read(count)
    database.close()
    again = make_database(tmp_path)  # checks the file when it opens it
    assert again.read_sync(count) == left >= 100
    again.close()
