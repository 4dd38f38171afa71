"""Deletes what is due, proves it, and leaves a line about it. Ids of what stays are untouched."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, String, Table, delete, func, select, update
from sqlmodel import Session, col

from appliance.retention import proof, rules
from appliance.retention.models import PurgeProof
from appliance.retention.policy import cut_off
from appliance.storage.audit import AuditLine
from appliance.storage.clock import Clock
from appliance.storage.database import Database
from appliance.storage.fields import Retention, retention_of
from appliance.storage.pages import markers_found, plain_pages
from appliance.storage.schema import whole_schema

log = structlog.get_logger()

MARKERS_MAX = 24  # ids searched for on the disk after each purge; writers wait meanwhile
BATCH = 500  # ids per statement
PROOF_EVERY = timedelta(hours=20)  # a proof line each day, even when nothing was due


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """What went (or would go)."""

    at: datetime
    cut_off: datetime
    dry_run: bool
    counts: dict[str, int]
    checkpoint_done: bool = False
    markers: int = 0
    markers_found: int = 0

    def __str__(self) -> str:
        """For the command line."""
        rows = ", ".join(f"{table} {count}" for table, count in sorted(self.counts.items()))
        until = f"ended until {self.cut_off.isoformat(timespec='minutes')}"
        if self.dry_run:
            return f"would delete ({until}): {rows or 'nothing'}"
        disk = f"searched the disk for {self.markers} ids, found {self.markers_found}"
        return f"deleted ({until}): {rows or 'nothing'}; {disk}"


@dataclass(slots=True)
class _Deleted:
    counts: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)


class _DryRun(Exception):
    """Rolls the transaction back: nothing of it happened."""


def purge(database: Database, clock: Clock, *, dry_run: bool = False) -> PurgeResult:
    """Deletes everything that is due. Blocks; not on the event loop. Raises ``DatabaseError``."""
    now = clock()
    limit = cut_off(now)
    deleted = _Deleted()

    def work(session: Session) -> None:
        _delete_due(session, limit, deleted)
        _pseudonymise(session, limit, deleted)
        if dry_run:
            raise _DryRun

    try:
        database.write_sync(work)
    except _DryRun:
        return PurgeResult(now, limit, True, dict(deleted.counts))
    done = database.checkpoint().done
    markers = database.read_sync(lambda session: _only_here(session, deleted.ids))
    found = database.write_sync(lambda _: _search(database, markers)) if markers else 0
    result = PurgeResult(now, limit, False, dict(deleted.counts), done, len(markers), found)
    database.write_sync(lambda session: _leave_proof(session, result))
    rows = sum(deleted.counts.values())
    if found or not done:
        log.error("purge_left_traces", count=found, state="done" if done else "busy")
    else:
        log.info("purged", count=rows)
    return result


async def purge_when_due(database: Database, clock: Clock) -> None:
    """For a loop of the web process, so that deletion does not hang on a timer of the system."""
    would = await asyncio.to_thread(purge, database, clock, dry_run=True)
    newest = await database.read(proof.newest_at)
    if would.counts or newest is None or clock() - newest >= PROOF_EVERY:
        await asyncio.to_thread(purge, database, clock)


def _delete_due(session: Session, limit: datetime, deleted: _Deleted) -> None:
    metadata = whole_schema()
    for rule in rules.RULES:
        if rule.table not in metadata.tables:
            continue
        table = metadata.tables[rule.table]
        condition = rules.due(rule, metadata, limit)
        ids = list(session.execute(select(rules.key_of(table)).where(condition)).scalars())
        for start in range(0, len(ids), BATCH):
            _delete(session, table, ids[start : start + BATCH], deleted)
        deleted.ids.extend(ids)


def _delete(session: Session, table: Table, ids: list[str], deleted: _Deleted) -> None:
    for child in rules.going_along(table):  # counted; the foreign key would take them anyway
        (column,) = (key.parent for key in child.foreign_keys if key.column.table is table)
        gone = session.execute(delete(child).where(column.in_(ids)))
        _count(deleted, child, gone.rowcount)  # type: ignore[attr-defined]
    gone = session.execute(delete(table).where(rules.key_of(table).in_(ids)))
    _count(deleted, table, gone.rowcount)  # type: ignore[attr-defined]


def _count(deleted: _Deleted, table: Table, rows: int) -> None:
    if rows:
        deleted.counts[table.name] += rows


def _pseudonymise(session: Session, limit: datetime, deleted: _Deleted) -> None:
    """Ids in due audit lines, and in lines about what has just gone, become pseudonyms.

    The key of this run is thrown away: its lines can still be told apart, but lead to nobody.
    """
    key = secrets.token_bytes(32)
    lines = _open_lines(session, col(AuditLine.at) <= limit)
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
    table = whole_schema().tables["audit"]
    columns = (table.c.id, table.c.actor_id, table.c.subject_id)
    query = select(*columns).where(condition, table.c.pseudonymised.is_(False))
    return {(row.id, row.actor_id, row.subject_id) for row in session.execute(query)}


def _pseudonym(key: bytes, value: str) -> str:
    return value and "p-" + hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:24]


def _only_here(session: Session, ids: list[str]) -> list[str]:
    """Of some deleted ids, those that no remaining row names: they must be gone for good."""
    markers = secrets.SystemRandom().sample(ids, min(MARKERS_MAX, len(ids)))
    for table in whole_schema().sorted_tables:
        for column in table.columns:
            if retention_of(column) is Retention.ID and isinstance(column.type, String):
                markers = [
                    marker
                    for marker in markers
                    if session.execute(
                        select(column).where(func.instr(column, marker) > 0).limit(1)
                    ).first()
                    is None
                ]
    return markers


def _search(database: Database, markers: list[str]) -> int:
    """Reads the file as it lies on the disk; called with the write lock held, so it lies still."""
    source = database.source
    return markers_found(plain_pages(source.path, source.key), markers)


def _leave_proof(session: Session, result: PurgeResult) -> None:
    visit = whole_schema().tables["visit"]
    ended = func.coalesce(visit.c.closed_at, visit.c.created_at, type_=visit.c.created_at.type)
    line = PurgeProof(
        at=result.at,
        cut_off=result.cut_off,
        counts=json.dumps(result.counts, sort_keys=True),
        oldest_left_at=session.execute(select(func.min(ended))).scalar_one(),
        checkpoint_done=result.checkpoint_done,
        markers=result.markers,
        markers_found=result.markers_found,
    )
    proof.add_proof(session, line)
