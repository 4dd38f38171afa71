"""Puts a backup in the database's place: whole, brought up to this version, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Table, select
from sqlmodel import Session

from appliance.settings import Settings
from appliance.storage import beside
from appliance.storage.backup import (
    STAGED,
    alone_with,
    backup_folder,
    keep_backup,
    look_through,
    remove,
    sync,
)
from appliance.storage.database import Database, database_path, hold
from appliance.storage.engine import Source, make_engine
from appliance.storage.errors import (
    BackupMissing,
    DatabaseError,
    PresentDatabaseUnreadable,
    own_driver_error,
)
from appliance.storage.keys import read_key
from appliance.storage.migrate import ensure_known, upgrade
from appliance.storage.schema import whole_schema

GOES_ON = ("purge_proof", "audit")  # lines that were added since the backup are not taken back


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done."""

    before: Path | None  # the backup of what was there before
    files: tuple[str, ...] | None  # of the data folder; None: the backup knows of none


Prepare = Callable[[Database, Database | None], None]  # the restored copy, the present database


def restore(
    settings: Settings,
    file: Path,
    now: datetime,
    prepare: Prepare,
    *,
    discard_present: bool = False,
) -> Restored:
    """Replaces the database by ``file``, and the files of the data folder by those that are in it.

    ``prepare`` works on the restored copy before it counts; it also gets the present database,
    which it only reads, unless there is none that the key opens. Until the very last step the
    present database stays. Raises ``DatabaseInUse``, ``BackupMissing``, ``BackupKeyWrong``,
    ``BackupDamaged``, ``BackupTooNew``, ``PresentDatabaseUnreadable``, ``DiskFull``.
    """
    key, path = read_key(settings), database_path(settings)
    in_use = hold(settings.data_dir, exclusive=True)
    staged, placed = path.with_name(path.name + STAGED), list[tuple[Path, Path]]()
    try:
        with alone_with(backup_folder(settings)):  # no purge changes the file while it is read
            _stage(file, staged)
        look_through(staged, key)
        files = beside.take_out(Source(staged, key))
        _bring_up(staged, key)
        present = _readable(path, key)
        if path.exists() and not present and not discard_present:
            raise PresentDatabaseUnreadable(str(path))
        _prepared(staged, key, path if present else None, prepare)
        before = keep_backup(settings, now) if present else None
        placed = _laid_ready(files or {}, settings.data_dir)
        _swap(staged, path)
        beside.put(placed)
        sync(path.parent)
    finally:
        beside.unstage(placed)
        remove(staged)
        os.close(in_use)
    names = (str(file.relative_to(path.parent)) for _, file in placed)
    return Restored(before, None if files is None else tuple(names))


def _stage(file: Path, staged: Path) -> None:
    """A copy to work on: the backup may lie on a disk that cannot be written."""
    if not file.is_file():
        raise BackupMissing(str(file))
    remove(staged)
    try:
        shutil.copyfile(file, staged)
        staged.chmod(0o600)
    except OSError as error:
        raise own_driver_error(error) from error


def _laid_ready(files: Mapping[str, bytes], data_dir: Path) -> list[tuple[Path, Path]]:
    try:
        return beside.stage(files, data_dir)
    except OSError as error:
        raise own_driver_error(error) from error


def _bring_up(staged: Path, key: str) -> None:
    engine = make_engine(Source(staged, key), connections=1)
    try:
        ensure_known(engine, staged)
        upgrade(engine)
    finally:
        engine.dispose()


def _readable(path: Path, key: str) -> bool:
    if not path.exists():
        return False
    try:
        look_through(path, key)
    except DatabaseError:
        return False
    return True


def _prepared(staged: Path, key: str, present: Path | None, prepare: Prepare) -> None:
    database = Database(Source(staged, key), None)
    source = Database(Source(present, key), None) if present is not None else None
    try:
        if source is not None:
            _carry_on(database, source)
        prepare(database, source)
        database.checkpoint()
    finally:
        database.close()
        if source is not None:
            source.close()


def _carry_on(database: Database, source: Database) -> None:
    """Proofs and audit lines since the backup go on in it, if it is of the same lineage."""
    try:
        for name in GOES_ON:
            table = whole_schema().tables[name]
            newest = database.read_sync(partial(_newest, table))
            database.write_sync(
                partial(_add, table, source.read_sync(partial(_since, table, newest)))
            )
    except DatabaseError:
        return  # the present one is older than the backup's version; nothing can go on


def _newest(table: Table, session: Session) -> tuple[int, datetime] | None:
    row = session.execute(select(table.c.id, table.c.at).order_by(table.c.id.desc())).first()
    return (row[0], row[1]) if row is not None else None


def _since(
    table: Table, newest: tuple[int, datetime] | None, session: Session
) -> list[dict[str, object]]:
    """Rows after the newest of the backup; none when that one is not among ours."""
    query = select(table).order_by(table.c.id)
    if newest is not None:
        same = select(table.c.id).where(table.c.id == newest[0], table.c.at == newest[1])
        if session.execute(same).first() is None:
            return []
        query = query.where(table.c.id > newest[0])
    return [dict(row._mapping) for row in session.execute(query)]


def _add(table: Table, rows: list[dict[str, object]], session: Session) -> None:
    if rows:
        session.execute(table.insert(), rows)


def _swap(staged: Path, path: Path) -> None:
    sync(staged)
    for ending in ("-wal", "-shm"):  # of the old file: the new one must not meet them
        path.with_name(path.name + ending).unlink(missing_ok=True)
    staged.replace(path)
    sync(path.parent)
