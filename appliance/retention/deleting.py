"""Deleting rows so that nothing is left of them, in the database and in every kept backup."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlmodel import Session, col

from appliance.retention import rules
from appliance.storage.audit import AuditLine
from appliance.storage.backup import alone_with, kept_backups
from appliance.storage.database import Database
from appliance.storage.engine import Source
from appliance.storage.fields import Retention, holds_text, retention_of
from appliance.storage.migrate import ensure_known
from appliance.storage.pages import markers_found, plain_pages
from appliance.storage.schema import schema_in

log = structlog.get_logger()

MARKERS_MAX = 24  # ids searched for on the disk after each purge; writers wait meanwhile
BATCH = 500  # ids per statement


@dataclass(slots=True)
class Deleted:
    """What has gone in one database."""

    counts: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)


Deletion = Callable[[Session, Deleted], None]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a look at the raw pages found afterwards."""

    checkpoint_done: bool
    markers: int
    markers_found: int


@dataclass(frozen=True, slots=True)
class InBackups:
    """What the same deletion did in the kept backups."""

    opened: int = 0
    failed: int = 0  # could not be opened or still hold traces
    rows: int = 0


NOT_SEARCHED = Searched(checkpoint_done=False, markers=0, markers_found=0)
NO_BACKUPS = InBackups()


def delete_rows(session: Session, table: Table, ids: Sequence[str], deleted: Deleted) -> None:
    """The rows with these ids, and what hangs on them by foreign keys; counts both."""
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        for child in rules.going_along(table):  # the foreign key would take them anyway
            (column,) = (key.parent for key in child.foreign_keys if key.column.table is table)
            gone = session.execute(delete(child).where(column.in_(some)))
            _count(deleted, child, gone.rowcount)  # type: ignore[attr-defined]
        gone = session.execute(delete(table).where(rules.key_of(table).in_(some)))
        _count(deleted, table, gone.rowcount)  # type: ignore[attr-defined]
    deleted.ids.extend(ids)


def _count(deleted: Deleted, table: Table, rows: int) -> None:
    if rows:
        deleted.counts[table.name] += rows


def pseudonymise(session: Session, condition: ColumnElement[bool] | None, deleted: Deleted) -> None:
    """Ids in audit lines that meet it, or are about what has just gone, become pseudonyms.

    The key of this run is thrown away: its lines can still be told apart, but lead to nobody.
    """
    key = secrets.token_bytes(32)
    lines = _open_lines(session, condition) if condition is not None else set()
    for start in range(0, len(deleted.ids), BATCH):
        gone = deleted.ids[start : start + BATCH]
        lines |= _open_lines(session, col(AuditLine.subject_id).in_(gone))
    for line_id, actor_id, subject_id in sorted(lines):
        new = {
            "actor_id": _pseudonym(key, actor_id),
            "subject_id": _pseudonym(key, subject_id),
        }
        mine = col(AuditLine.id) == line_id
        session.execute(update(AuditLine).where(mine).values(**new, pseudonymised=True))
    if lines:
        deleted.counts["audit_pseudonymised"] += len(lines)


def _open_lines(session: Session, condition: ColumnElement[bool]) -> set[tuple[int, str, str]]:
    columns = (col(AuditLine.id), col(AuditLine.actor_id), col(AuditLine.subject_id))
    query = select(*columns).where(condition, col(AuditLine.pseudonymised).is_(False))
    return {(row.id, row.actor_id, row.subject_id) for row in session.execute(query)}


def _pseudonym(key: bytes, value: str) -> str:
    return value and "p-" + hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:24]


def search(database: Database, ids: Sequence[str]) -> Searched:
    """Empties the WAL, then looks for some of the deleted ids in every page of the file."""
    done = database.checkpoint().done
    markers = database.read_sync(lambda session: _only_here(session, ids))
    source = database.source
    # With the write lock held, so that the file lies still.
    found = (
        database.write_sync(lambda _: markers_found(plain_pages(source.path, source.key), markers))
        if markers
        else 0
    )
    return Searched(done, len(markers), found)


def _only_here(session: Session, ids: Sequence[str]) -> list[str]:
    """Of some deleted ids, those that no remaining row names: they must be gone for good."""
    markers = secrets.SystemRandom().sample(ids, min(MARKERS_MAX, len(ids)))
    for table in schema_in(session).sorted_tables:
        for column in table.columns:
            if retention_of(column) is Retention.ID and holds_text(column):
                markers = [
                    marker
                    for marker in markers
                    if session.execute(
                        select(column).where(func.instr(column, marker) > 0).limit(1)
                    ).first()
                    is None
                ]
    return markers


def delete_in_backups(folder: Path, key: str, deletion: Deletion) -> InBackups:
    """Opens every kept backup and deletes there as well, in the tables that it has.

    It stays of its version: who goes back to the release that made it can put it back. Blocks
    while a backup is being made. One that cannot be opened, or is of a newer version, is counted
    and named in the log; the others are done all the same.
    """
    opened = failed = rows = 0
    with alone_with(folder):
        for file in kept_backups(folder):
            try:
                deleted, searched = _delete_in(Source(file, key), deletion)
            except Exception:
                log.exception("backup_not_purged", name=file.name)
                failed += 1
                continue
            opened += 1
            rows += sum(deleted.counts.values())
            if searched.markers_found or not searched.checkpoint_done:
                log.error("purge_left_traces", name=file.name, count=searched.markers_found)
                failed += 1
    return InBackups(opened, failed, rows)


def _delete_in(source: Source, deletion: Deletion) -> tuple[Deleted, Searched]:
    deleted = Deleted()
    database = Database(source, None)
    try:
        ensure_known(database.engine, source.path)
        database.write_sync(lambda session: deletion(session, deleted))
        return deleted, search(database, deleted.ids)
    finally:
        database.close()
