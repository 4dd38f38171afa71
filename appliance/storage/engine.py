"""Engines on SQLCipher: raw key, safety pragmas per connection, transactions that we begin."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from appliance.storage.errors import DatabaseMissing, PragmaRefused, WrongKey

BUSY_TIMEOUT_MS = 5000
JOURNAL_SIZE_LIMIT_BYTES = 16 * 1024 * 1024

# Set on every connection and read back (security.md 6); the values are what SQLite answers.
PRAGMAS: tuple[tuple[str, str], ...] = (
    ("journal_mode", "wal"),
    (
        "synchronous",
        "2",
    ),  # FULL: loses no acknowledged row, decision 193
    ("foreign_keys", "1"),
    ("secure_delete", "1"),  # ON: FAST left 991 of 10,110 markers
    ("temp_store", "2"),  # MEMORY: no plaintext in temporary files
    ("trusted_schema", "0"),
    ("cell_size_check", "1"),
    ("mmap_size", "0"),
    ("wal_autocheckpoint", "1000"),
    ("journal_size_limit", str(JOURNAL_SIZE_LIMIT_BYTES)),
    ("cipher_memory_security", "1"),  # keys and pages are wiped in memory when they are freed
)


@dataclass(frozen=True)
class Source:
    """Where the database is and how it is opened."""

    path: Path
    key: str = field(repr=False)  # 64 hexadecimal digits
    busy_timeout_ms: int = BUSY_TIMEOUT_MS
    may_create: bool = False


def connect(source: Source, *, read_only: bool = False) -> Any:
    """A driver's connection, keyed, with pragmas set and read back.

    Raises ``WrongKey`` (the file stays as it is), ``DatabaseMissing``, ``PragmaRefused``.
    """
    if not source.may_create and not source.path.exists():
        raise DatabaseMissing(str(source.path))
    mode = "rwc" if source.may_create else "rw"
    connection = dbapi2.connect(
        f"file:{quote(str(source.path))}?mode={mode}",
        uri=True,
        isolation_level=None,  # the driver begins nothing by itself
        check_same_thread=False,
        timeout=source.busy_timeout_ms / 1000,
    )
    try:
        _prepare(connection, source, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def folded(text: str | None) -> str | None:
    """For comparing what people type, also as ``func.folded``: SQLite's ``lower`` knows A to Z."""
    return unicodedata.normalize("NFC", text).casefold() if text is not None else None


def _prepare(connection: Any, source: Source, *, read_only: bool) -> None:
    connection.create_function("folded", 1, folded, deterministic=True)
    connection.execute("PRAGMA cipher_log_level = NONE")  # we say ourselves what is wrong
    connection.execute(f"PRAGMA key = \"x'{source.key}'\"")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.DatabaseError as error:
        if "not a database" in str(error):
            raise WrongKey(str(source.path)) from error
        raise
    wanted = (*PRAGMAS, ("busy_timeout", str(source.busy_timeout_ms)))
    for name, value in wanted:
        connection.execute(f"PRAGMA {name} = {value}")
    for name, value in wanted:
        found = str(connection.execute(f"PRAGMA {name}").fetchone()[0])
        if found != value:
            raise PragmaRefused(f"{name}={found}")
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise PragmaRefused("cipher_version")
    if read_only:
        connection.execute("PRAGMA query_only = ON")


def make_engine(source: Source, *, connections: int, read_only: bool = False) -> Engine:
    """An engine with a fixed pool. Writers begin IMMEDIATE, readers DEFERRED and cannot write."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: connect(source, read_only=read_only),
        module=dbapi2,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # values of statements belong in no log
    )
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", on_begin)
    return engine
