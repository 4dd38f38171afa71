"""The one way to the database: one writer thread, a few readers, events only after the commit."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, exc
from sqlmodel import Session

from appliance.events import Event, EventBus
from appliance.settings import Settings
from appliance.storage.engine import BUSY_TIMEOUT_MS, Source, make_engine
from appliance.storage.errors import (
    DatabaseDamaged,
    DatabaseInUse,
    DatabaseMissing,
    UrlUnsupported,
    own_error,
)
from appliance.storage.keys import read_key

T = TypeVar("T")

DATABASE_FILE = "vorzimmer.db"
READERS = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """SQLite's three numbers; done when not busy and nothing is left in the WAL."""

    busy: bool
    wal_pages: int
    moved_pages: int

    @property
    def done(self) -> bool:
        """The WAL is empty: no old version of a page is left in it."""
        return not self.busy and self.wal_pages == self.moved_pages


def database_path(settings: Settings) -> Path:
    """The encrypted file. Raises ``UrlUnsupported`` when a URL is configured."""
    if settings.database_url:
        raise UrlUnsupported(settings.database_url.split(":", 1)[0])
    return settings.data_dir / DATABASE_FILE


def hold(data_dir: Path, *, exclusive: bool) -> int:
    """A handle that, until it is closed or its process ends, keeps the database where it is.

    All who use it share; a restore wants it alone. Raises ``DatabaseInUse``.
    """
    try:
        handle = os.open(data_dir, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise DatabaseMissing(str(data_dir)) from error
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise DatabaseInUse from error
    return handle


def announce(session: Session, event: Event) -> None:
    """Publishes ``event`` after this session's transaction is committed, else never."""
    session.info.setdefault("announced", []).append(event)


class Database:
    """Work is a function of a session; it runs in a thread, in one transaction, all or nothing.

    Rows that it gives back stay readable after the transaction (nothing expires, nothing lazy).
    """

    def __init__(self, source: Source, bus: EventBus | None) -> None:
        self.source = source
        self._writer = make_engine(source, connections=1)
        self._reader = make_engine(source, connections=READERS, read_only=True)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="database-reader")
        self._bus = bus
        self._loop: asyncio.AbstractEventLoop | None = None
        self._announced: deque[Event] = deque()
        self._publishing: asyncio.Task[None] | None = None
        self._in_use: int | None = None  # says to a restore that the file must stay

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        bus: EventBus | None = None,
        busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    ) -> Database:
        """Opens an existing database and checks it quickly.

        Raises ``DatabaseMissing``, ``KeyMissing``, ``KeyUnreadable``, ``WrongKey``,
        ``PragmaRefused``, ``DatabaseDamaged``, ``DatabaseInUse`` (a restore runs).
        """
        source = Source(database_path(settings), read_key(settings), busy_timeout_ms)
        database = cls(source, bus)
        try:
            database._in_use = hold(settings.data_dir, exclusive=False)
            database.read_sync(_quick_check)
        except BaseException:
            database.close()
            raise
        return database

    @property
    def engine(self) -> Engine:
        """The writer's engine, for migrations, backup and checkpoint."""
        return self._writer

    async def write(self, work: Callable[[Session], T]) -> T:
        """Runs ``work`` in BEGIN IMMEDIATE … COMMIT and gives its result back.

        Raises ``DatabaseBusy``, ``DiskFull``, ``DatabaseConflict`` or another ``DatabaseError``;
        what ``work`` raises itself passes through. In each case nothing is stored.
        """
        self._loop = asyncio.get_running_loop()
        return await self._loop.run_in_executor(self._writing, self._write, work)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Runs ``work`` on a consistent view that cannot write. Raises like ``write``."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reading, self._run, self._reader, work)

    def write_sync(self, work: Callable[[Session], T]) -> T:
        """``write`` for the command line and for threads; never call it on the loop."""
        return self._writing.submit(self._write, work).result()

    def read_sync(self, work: Callable[[Session], T]) -> T:
        """``read`` for the command line and for threads."""
        return self._run(self._reader, work)

    def checkpoint(self) -> Checkpoint:
        """Moves the WAL into the file and empties it. Not on the loop; waits for readers."""
        return self._writing.submit(self._checkpoint).result()

    def _checkpoint(self) -> Checkpoint:
        connection = self._writer.raw_connection()  # raw: outside of any transaction
        try:
            row = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
        return Checkpoint(busy=bool(row[0]), wal_pages=row[1], moved_pages=row[2])

    async def published(self) -> None:
        """Waits until every announced event has been handed to its handlers."""
        await asyncio.sleep(0)  # lets what the writer thread scheduled arrive first
        while self._publishing is not None and not self._publishing.done():
            await asyncio.shield(self._publishing)

    def close(self) -> None:
        """Lets running work end, then closes the readers, then the writer (which checkpoints)."""
        self._reading.shutdown()
        self._writing.shutdown()
        self._reader.dispose()
        self._writer.dispose()
        if self._in_use is not None:
            os.close(self._in_use)
            self._in_use = None

    def _write(self, work: Callable[[Session], T]) -> T:
        announced: list[Event] = []
        result = self._run(self._writer, work, announced)
        loop = self._loop
        if announced and self._bus is not None and loop is not None and not loop.is_closed():
            # From this thread: publishing must not depend on a caller who may have gone.
            loop.call_soon_threadsafe(self._enqueue, announced)
        return result

    def _run(
        self, engine: Engine, work: Callable[[Session], T], announced: list[Event] | None = None
    ) -> T:
        try:
            with Session(engine, expire_on_commit=False) as session:
                result = work(session)
                session.commit()
                if announced is not None:
                    announced.extend(session.info.get("announced", ()))
                session.expunge_all()
                return result
        except exc.DBAPIError as error:
            raise own_error(error) from error

    def _enqueue(self, events: list[Event]) -> None:
        self._announced.extend(events)
        if self._publishing is None or self._publishing.done():
            self._publishing = asyncio.get_running_loop().create_task(self._publish())

    async def _publish(self) -> None:
        while self._announced and self._bus is not None:
            await self._bus.publish(self._announced.popleft())


def _quick_check(session: Session) -> None:
    found = session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        raise DatabaseDamaged(str(found))
