"""Backups: encrypted copies of the whole database, made while it is in use, under the same key.

The key is in none of them. ``retention`` deletes in each kept backup what it deletes in the
database, so the folder holds files that are opened again, never an archive.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import structlog

from appliance.settings import Settings
from appliance.storage.beside import files_of, lay_in
from appliance.storage.clock import Clock, has_been
from appliance.storage.database import database_path
from appliance.storage.engine import Source, connect
from appliance.storage.errors import (
    BackupDamaged,
    BackupExists,
    BackupFolderClosed,
    BackupKeyWrong,
    BackupMissing,
    DatabaseError,
    DiskFull,
    WrongKey,
    own_driver_error,
)
from appliance.storage.keys import read_key

log = structlog.get_logger()

FOLDER = "backups"
NAME = "vorzimmer-%Y%m%dT%H%M%SZ.db"
PATTERN = "vorzimmer-*Z.db"
UNFINISHED = ".unfinished"
STAGED = ".restoring"  # beside the database, while a backup is put in its place
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite may leave beside a file
FREE_BYTES = 200 * 1024 * 1024  # stays free beside a new backup
BACKUP_EVERY = timedelta(hours=20)
BY_TIMER_EVERY = timedelta(hours=6)  # one of the afternoon's upgrade is not the night's
NOTHING: Mapping[str, bytes] = MappingProxyType({})


def backup_folder(settings: Settings) -> Path:
    """Where backups are kept."""
    return settings.backup.folder or settings.data_dir / FOLDER


def kept_backups(folder: Path) -> list[Path]:
    """The finished ones, oldest first."""
    return sorted(file for file in folder.glob(PATTERN) if _made_at(file) is not None)


def newest_backup_at(folder: Path, now: datetime) -> datetime | None:
    """When the newest kept backup was begun; None without one, or with those of a wrong clock."""
    times = [at for file in kept_backups(folder) if (at := _made_at(file)) and has_been(at, now)]
    return times[-1] if times else None


def _made_at(file: Path) -> datetime | None:
    try:
        return datetime.strptime(file.name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


@contextmanager
def alone_with(folder: Path) -> Iterator[None]:
    """Keeps backup, purge and restore of the folder apart; waits for its turn."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError as error:
        raise BackupFolderClosed(str(error)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def keep_backup(settings: Settings, now: datetime) -> Path:
    """Makes a backup in the folder and removes the oldest beyond ``backup.keep`` days.

    Raises ``DatabaseError``; then every older backup is still there.
    """
    folder = backup_folder(settings)
    with alone_with(folder):
        _remove_unfinished(folder)
        while (file := folder / now.astimezone(UTC).strftime(NAME)).exists():
            now += timedelta(seconds=1)
        copy_whole(settings, file)
        for old in _too_many(folder, now, settings.backup.keep):
            remove(old)
    log.info("backup_made", count=len(kept_backups(folder)))
    return file


def _too_many(folder: Path, now: datetime, keep: int) -> list[Path]:
    """All but the newest of each of the last days (UTC) that have one, and the newest at all.

    Many of one day push out no other day, and what ``rollback`` needs stays beside a later one.
    Those that a wrong clock dated ahead count as the oldest: they push out none of now.
    """
    kept = kept_backups(folder)
    kept.sort(key=lambda file: has_been(_made_at(file) or now, now))
    of_day = {file.name[: len("vorzimmer-20261126")]: file for file in kept}  # the last one stays
    days = [file for file in kept if file in of_day.values()]
    spared = {*kept[-keep:], *days[-keep:]}
    return [file for file in kept if file not in spared]


def keep_backup_when_due(
    settings: Settings, clock: Clock, every: timedelta = BACKUP_EVERY
) -> datetime | None:
    """For a loop of the web process: one a day. When the newest was made, after that.

    Also clears away, from its first round on, what a killed backup or restore has left: whole
    databases that no purge looks into.
    """
    folder = backup_folder(settings)
    with alone_with(folder):
        _remove_unfinished(folder)
    staged = database_path(settings)  # web holds the database: no restore is at work on it
    remove(staged.with_name(staged.name + STAGED))
    newest = newest_backup_at(folder, clock())
    if settings.backup.daily and (newest is None or clock() - newest >= every):
        keep_backup(settings, clock())
    return newest_backup_at(folder, clock())


def _remove_unfinished(folder: Path) -> None:
    """What killed backups left; the caller is alone with the folder, so that none is being made."""
    for file in folder.glob(PATTERN + UNFINISHED + "*"):
        file.unlink(missing_ok=True)


def _beside(settings: Settings) -> dict[str, bytes]:
    try:
        return files_of(settings)
    except OSError as error:
        raise own_driver_error(error) from error


def copy_whole(settings: Settings, target: Path) -> None:
    """A copy of the database in use and of what lies beside it. Raises like ``copy_database``."""
    source = Source(database_path(settings), read_key(settings))
    copy_database(source, target, _beside(settings))


def copy_database(source: Source, target: Path, beside: Mapping[str, bytes] = NOTHING) -> None:
    """A consistent copy (0600), looked through and synced before it has its name.

    ``beside``: files that go with it. Others may write meanwhile. Raises ``BackupExists``,
    ``BackupDamaged``, ``DiskFull`` or another ``DatabaseError``; then nothing is left of the copy.
    """
    if target.exists():
        raise BackupExists(str(target))
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        remove(unfinished)
        ensure_room(source.path, target.parent)
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(source, unfinished, beside)
        look_through(unfinished, source.key)
        sync(unfinished)
        unfinished.replace(target)
        sync(target.parent)
    except OSError as error:
        with suppress(OSError):  # a disk that cannot be written holds nothing of it
            remove(unfinished)
        if isinstance(error, PermissionError | FileNotFoundError):
            raise BackupFolderClosed(str(error)) from error
        raise own_driver_error(error) from error
    except BaseException:
        remove(unfinished)
        raise


def ensure_room(original: Path, folder: Path) -> None:
    """Before a byte is written: a backup never takes the room that appointments need.

    Raises ``DiskFull``.
    """
    left = shutil.disk_usage(folder).free - original.stat().st_size
    if left < FREE_BYTES:
        raise DiskFull(str(folder))


def _copy(source: Source, target: Path, beside: Mapping[str, bytes]) -> None:
    original = connect(source, read_only=True)
    try:
        copy = connect(Source(target, source.key, may_create=True))
        try:
            original.backup(copy)  # all pages in one step: one moment, whoever writes
            lay_in(copy, beside)
        finally:
            copy.close()
    except Exception as error:
        if isinstance(error, DatabaseError):
            raise
        raise own_driver_error(error) from error
    finally:
        original.close()


def look_through(file: Path, key: str) -> None:
    """Reads every page. Raises ``BackupMissing``, ``BackupKeyWrong``, ``BackupDamaged``."""
    if not file.is_file():
        raise BackupMissing(str(file))
    try:
        connection = connect(Source(file, key))
        try:
            found = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
            found += [
                row[0] for row in connection.execute("PRAGMA integrity_check(1)") if row[0] != "ok"
            ]
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        finally:
            connection.close()
    except WrongKey as error:
        raise BackupKeyWrong(str(file)) from error
    except Exception as error:
        raise BackupDamaged(str(file)) from error
    if found or not tables:
        raise BackupDamaged(str(file))


def remove(file: Path) -> None:
    """The file and what SQLite left beside it; nothing happens when it is not there."""
    for name in (file.name, *(file.name + ending for ending in BESIDE)):
        file.with_name(name).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """What was written to a file, or renamed in a folder, outlives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
