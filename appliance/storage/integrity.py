"""Is the file whole? The quick look at the start is ``database``'s; this is the thorough one."""

from __future__ import annotations

import asyncio

import structlog
from sqlcipher3 import dbapi2
from sqlmodel import Session

from appliance.storage.database import Database
from appliance.storage.errors import DatabaseDamaged

log = structlog.get_logger()

FINDINGS_MAX = 10


def damage(database: Database) -> list[str]:
    """What is broken in the file; empty when it is whole. Blocks; not on the loop.

    SQLCipher looks at the file alone. A page that a power cut tore on its way there is whole in the
    write-ahead log, so that is moved first.
    """
    try:
        database.checkpoint()
        return database.read_sync(findings)
    except (DatabaseDamaged, dbapi2.DatabaseError) as error:  # SQLite's own look ends
        return [str(error)]


def findings(session: Session) -> list[str]:
    """What SQLite (structure, indexes) and SQLCipher (each page's HMAC) find; empty when whole."""
    connection = session.connection()
    structure = connection.exec_driver_sql(f"PRAGMA integrity_check({FINDINGS_MAX})").scalars()
    pages = connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars()
    keys = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    broken = [f"foreign key of {row[0]} to {row[2]}" for row in keys]
    found = [line for line in structure if line != "ok"]
    return [*found, *pages, *broken][:FINDINGS_MAX]


async def look_for_damage(database: Database) -> None:
    """For a loop of the web process: says in the log when a backup is needed."""
    found = await asyncio.to_thread(damage, database)
    if found:
        log.error("database_damaged", count=len(found))
