"""All or nothing, one after another, and news only after the commit."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, select

from appliance.events import Event, EventBus
from appliance.storage.audit import AuditLine, audit
from appliance.storage.clock import utcnow
from appliance.storage.database import Database, announce
from appliance.storage.errors import DatabaseConflict, DatabaseReadOnly
from appliance.storage.keys import FieldKey
from tests.builders.storage import make_database


@dataclass(frozen=True, slots=True)
class Happened(Event):
    number: int


def add(session: Session, number: int = 0) -> None:
    audit(session, "adviser-1", "tested", str(number), utcnow())
    announce(session, Happened(number))


def lines(session: Session) -> list[AuditLine]:
    return list(session.exec(select(AuditLine)))


@pytest.fixture
def heard(bus: EventBus) -> list[int]:
    numbers: list[int] = []

    async def listen(event: Happened) -> None:
        numbers.append(event.number)

    bus.subscribe(Happened, listen)
    return numbers


async def test_it_works(database: Database, heard: list[int]) -> None:
    await database.write(add)
    (line,) = await database.read(lines)
    assert (line.actor_id, line.action) == ("adviser-1", "tested")
    assert line.at.tzinfo is not None
    await database.published()
    assert heard == [0]


async def test_what_raises_stores_and_announces_nothing(
    database: Database, heard: list[int]
) -> None:
    def work(session: Session) -> None:
        add(session)
        session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert await database.read(lines) == []
    await database.published()
    assert heard == []


async def test_a_commit_that_fails_announces_nothing(database: Database, heard: list[int]) -> None:
    def work(session: Session) -> None:
        add(session)
        for _ in range(2):
            key = FieldKey(owner_id="same", key=b"", created_at=utcnow())
            session.add(key)
            session.flush()
            session.expunge(key)

    with pytest.raises(DatabaseConflict) as caught:
        await database.write(work)
    assert caught.value.code == "database_conflict"
    await database.published()
    assert heard == []
    assert await database.read(lines) == []


async def test_news_come_in_the_order_of_commits(
    database: Database, bus: EventBus, heard: list[int]
) -> None:
    async def slow(event: Happened) -> None:
        await asyncio.sleep(0)
        stored = {line.subject_id for line in await database.read(lines)}
        assert str(event.number) in stored

    bus.subscribe(Happened, slow)
    numbers = range(30)
    await asyncio.gather(*(database.write(lambda session, n=n: add(session, n)) for n in numbers))
    await database.published()
    assert heard == list(numbers)


async def test_news_go_out_though_the_caller_has_gone(database: Database, heard: list[int]) -> None:
    entered, leave = threading.Event(), threading.Event()

    def work(session: Session) -> None:
        add(session, 7)
        entered.set()
        leave.wait(5)

    caller = asyncio.create_task(database.write(work))
    await asyncio.to_thread(entered.wait, 5)
    caller.cancel()
    leave.set()
    await asyncio.gather(caller, return_exceptions=True)
    await database.write(lambda session: None)  # the writer is through with it
    await database.published()
    assert heard == [7]
    assert len(await database.read(lines)) == 1


async def test_a_handler_may_write(database: Database, bus: EventBus) -> None:
    async def answer(event: Happened) -> None:
        if event.number < 3:
            await database.write(lambda session: add(session, event.number + 1))

    bus.subscribe(Happened, answer)
    await database.write(add)
    await database.published()
    assert len(await database.read(lines)) == 4


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseReadOnly):
        await database.read(add)


async def test_readers_do_not_wait_for_the_writer(database: Database) -> None:
    entered, leave = threading.Event(), threading.Event()

    def work(session: Session) -> None:
        add(session)
        session.flush()
        entered.set()
        leave.wait(5)

    writing = asyncio.create_task(database.write(work))
    await asyncio.to_thread(entered.wait, 5)
    assert await database.read(lines) == []  # what is not committed is not seen
    leave.set()
    await writing
    assert len(await database.read(lines)) == 1


def test_threads_write_too(database: Database) -> None:
    threads = [
        threading.Thread(target=database.write_sync, args=(lambda session, n=n: add(session, n),))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(database.read_sync(lines)) == 20


async def test_a_naive_time_is_refused(database: Database) -> None:
    naive = utcnow().replace(tzinfo=None)
    with pytest.raises(Exception, match="without a zone"):
        await database.write(lambda session: audit(session, "a", "b", "c", naive))


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    database = make_database(tmp_path)
    database.write_sync(add)
    assert (tmp_path / "vorzimmer.db-wal").stat().st_size > 0
    database.close()
    assert not (tmp_path / "vorzimmer.db-wal").exists()


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """The file as it lies there while the process still runs holds every acknowledged row."""
    database = make_database(tmp_path)
    database.write_sync(add)
    copy = tmp_path / "copy"
    copy.mkdir(mode=0o700)
    for name in ("vorzimmer.db", "vorzimmer.db-wal", "database.key"):
        (copy / name).write_bytes((tmp_path / name).read_bytes())
    (copy / "database.key").chmod(0o600)
    database.close()
    survived = make_database(copy)
    assert len(survived.read_sync(lines)) == 1
    survived.close()
