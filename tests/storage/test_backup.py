"""Backups of a real, encrypted database, while it is written to."""

from __future__ import annotations

import shutil
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlmodel import Session, select

from appliance.settings import BackupSettings, Settings
from appliance.storage import backup
from appliance.storage.audit import AuditLine, audit
from appliance.storage.backup import (
    BY_TIMER_EVERY,
    copy_database,
    keep_backup,
    keep_backup_when_due,
    kept_backups,
    look_through,
    newest_backup_at,
)
from appliance.storage.database import Database
from appliance.storage.engine import Source
from appliance.storage.errors import (
    BackupDamaged,
    BackupExists,
    BackupFolderClosed,
    BackupKeyWrong,
    BackupMissing,
    DiskFull,
)
from tests.builders.clock import HandClock
from tests.builders.storage import make_settings

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


def add(database: Database, *names: str) -> None:
    def work(session: Session) -> None:
        for name in names:
            audit(session, "adviser-1", "tested", name, NOW)

    database.write_sync(work)


def names_in(file: Path, key: str) -> list[str]:
    opened = Database(Source(file, key), None)
    try:
        return opened.read_sync(lambda session: list(session.exec(select(AuditLine.subject_id))))
    finally:
        opened.close()


def test_it_works(database: Database, settings: Settings, tmp_path: Path) -> None:
    add(database, "one", "two")
    made = keep_backup(settings, NOW)
    add(database, "three")
    assert made == tmp_path / "backups" / "vorzimmer-20261126T030000Z.db"
    assert names_in(made, database.source.key) == ["one", "two"]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert list(made.parent.iterdir()) == [made]


def test_it_is_encrypted_and_holds_no_key(database: Database, settings: Settings) -> None:
    add(database, "CANARY7Q")
    content = keep_backup(settings, NOW).read_bytes()
    assert b"CANARY7Q" not in content
    assert b"SQLite format 3" not in content
    assert bytes.fromhex(database.source.key) not in content
    assert database.source.key.encode() not in content


def test_it_is_one_moment_while_others_write(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Each transaction writes two lines: a copy of two moments would hold one of them."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            add(database, f"{number}-a", f"{number}-b")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [keep_backup(settings, NOW + timedelta(minutes=n)) for n in range(5)]
    finally:
        stop.set()
        writer.join()
    lengths = [len(names_in(file, database.source.key)) for file in made]
    assert all(length % 2 == 0 for length in lengths)
    assert lengths == sorted(lengths)
    assert lengths[-1] > lengths[0]


def test_the_oldest_goes_once_there_are_more_than_14(
    database: Database, settings: Settings
) -> None:
    made = [keep_backup(settings, NOW + timedelta(days=day)) for day in range(16)]
    assert kept_backups(made[0].parent) == made[2:]


def test_many_of_one_day_push_out_no_other_day(database: Database, settings: Settings) -> None:
    """By hand and by upgrades; the one for going back stays as long as it did before."""
    few = settings.model_copy(update={"backup": BackupSettings(keep=3)})
    nights = [keep_backup(few, NOW + timedelta(days=day)) for day in range(3)]
    many = [keep_backup(few, NOW + timedelta(days=2, hours=hour)) for hour in range(1, 6)]
    assert kept_backups(nights[0].parent) == [*nights[:2], *many[2:]]
    next_day = keep_backup(few, NOW + timedelta(days=3))
    assert kept_backups(nights[0].parent) == [nights[1], *many[3:], next_day]


def test_fewer_may_be_kept_elsewhere(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "other-disk"
    few = settings.model_copy(update={"backup": BackupSettings(folder=other, keep=2)})
    made = [keep_backup(few, NOW + timedelta(days=day)) for day in range(3)]
    assert kept_backups(other) == made[1:]
    assert not (tmp_path / "backups").exists()


def test_two_in_one_second_are_two(database: Database, settings: Settings) -> None:
    assert keep_backup(settings, NOW) != keep_backup(settings, NOW)


def test_one_a_day_by_itself(database: Database, settings: Settings) -> None:
    clock = HandClock(NOW)
    assert keep_backup_when_due(settings, clock) == NOW
    clock.forward(hours=19)
    assert keep_backup_when_due(settings, clock) == NOW
    clock.forward(hours=1)
    assert keep_backup_when_due(settings, clock) == NOW + timedelta(hours=20)


def test_the_nights_one_comes_after_one_of_the_afternoon(
    database: Database, settings: Settings
) -> None:
    clock = HandClock(keep_backup_when_due(settings, HandClock(NOW)) or NOW)
    clock.forward(hours=11)
    assert keep_backup_when_due(settings, clock, BY_TIMER_EVERY) == clock()
    clock.forward(minutes=30)
    assert keep_backup_when_due(settings, clock, BY_TIMER_EVERY) != clock()


def test_never_by_itself_where_it_does_so(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    by_hand = settings.model_copy(update={"backup": BackupSettings(daily=False)})
    assert keep_backup_when_due(by_hand, HandClock(NOW)) is None
    assert newest_backup_at(tmp_path / "backups", NOW) is None


def test_backups_of_a_wrong_clock_hold_up_no_others(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    few = settings.model_copy(update={"backup": BackupSettings(keep=2)})
    ahead = [keep_backup(few, NOW + timedelta(days=900 + day)) for day in range(2)]
    assert newest_backup_at(ahead[0].parent, NOW) is None
    assert keep_backup_when_due(few, HandClock(NOW)) == NOW
    assert keep_backup_when_due(few, HandClock(NOW + timedelta(days=1))) == NOW + timedelta(days=1)
    assert not any(one.exists() for one in ahead)


def test_no_file_is_replaced(database: Database, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(BackupExists):
        copy_database(database.source, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_failed_one_leaves_nothing_and_takes_nothing(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [keep_backup(settings, NOW + timedelta(days=day)) for day in range(14)]

    def refuse(file: Path, key: str) -> None:
        raise BackupDamaged(str(file))

    monkeypatch.setattr(backup, "look_through", refuse)
    with pytest.raises(BackupDamaged):
        keep_backup(settings, NOW + timedelta(days=20))
    assert sorted(made[0].parent.iterdir()) == made


def test_what_a_killed_one_left_goes_with_the_next(database: Database, settings: Settings) -> None:
    left = keep_backup(settings, NOW)
    for ending in ("", "-wal", "-shm"):
        left.with_name(f"{left.name}.unfinished{ending}").write_bytes(b"a part of it")
    made = keep_backup(settings, NOW + timedelta(days=1))
    assert sorted(made.parent.iterdir()) == [left, made]


def test_and_at_the_next_start_with_what_a_killed_restore_left(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    by_hand = settings.model_copy(update={"backup": BackupSettings(daily=False)})
    kept = keep_backup(settings, NOW)
    kept.with_name(f"{kept.name}.unfinished").write_bytes(b"a part of it")
    for ending in ("", "-wal"):
        (tmp_path / f"vorzimmer.db.restoring{ending}").write_bytes(b"a whole one")
    keep_backup_when_due(by_hand, HandClock(NOW))
    assert list(kept.parent.iterdir()) == [kept]
    assert not list(tmp_path.glob("*.restoring*"))


def test_it_takes_no_room_that_appointments_need(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = database.source.path.stat().st_size + backup.FREE_BYTES - 1
    usage = SimpleNamespace(free=left)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DiskFull):
        keep_backup(settings, NOW)
    usage.free += 1
    keep_backup(settings, NOW)


@pytest.mark.parametrize("where", ["missing", "no-such-folder/file"])
def test_a_missing_file_is_said(database: Database, tmp_path: Path, where: str) -> None:
    with pytest.raises(BackupMissing):
        look_through(tmp_path / where, database.source.key)


def test_a_folder_that_is_not_there_is_said(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupFolderClosed):
        copy_database(database.source, tmp_path / "no-such-folder" / "file")


@pytest.mark.parametrize("damage", ["key", "text", "page", "cut", "empty"])
def test_what_is_no_whole_backup_is_noticed(
    database: Database, settings: Settings, damage: str
) -> None:
    add(database, *(f"line {number}" for number in range(2000)))
    made = keep_backup(settings, NOW)
    content, key = bytearray(made.read_bytes()), database.source.key
    if damage == "key":
        key = "ab" * 32
    elif damage == "text":
        content = bytearray(b"no backup at all" * 4096)
    elif damage == "page":
        content[len(content) // 2] ^= 1
    elif damage == "cut":
        content = content[: len(content) // 2 // 4096 * 4096]
    else:
        content = bytearray()
    made.write_bytes(content)
    expected = BackupKeyWrong if damage in {"key", "text"} else BackupDamaged
    with pytest.raises(expected) as caught:
        look_through(made, key)
    assert "Es wurde nichts verändert." in str(caught.value)
