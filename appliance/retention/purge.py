"""Deletes what is due, proves it, and leaves a line about it. Ids of what stays are untouched."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlmodel import Session, col

from appliance.retention import proof, rules
from appliance.retention.deleting import (
    NO_BACKUPS,
    NOT_SEARCHED,
    Deleted,
    Deletion,
    InBackups,
    Searched,
    delete_in_backups,
    delete_rows,
    pseudonymise,
    search,
)
from appliance.retention.on_request import again
from appliance.retention.policy import cut_off
from appliance.storage.audit import AuditLine
from appliance.storage.clock import Clock, has_been
from appliance.storage.database import Database
from appliance.storage.schema import schema_in

log = structlog.get_logger()

FAR_AHEAD = timedelta(days=30)  # what ended less than 60 days ago is never deleted by mistake
PROOF_EVERY = timedelta(hours=20)  # a proof line each day, even when nothing was due


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """What went (or would go)."""

    at: datetime
    cut_off: datetime
    dry_run: bool
    counts: dict[str, int]
    searched: Searched = NOT_SEARCHED
    backups: InBackups = NO_BACKUPS

    @property
    def clean(self) -> bool:
        """Nothing is left of what was deleted, nowhere."""
        done = self.searched.checkpoint_done and not self.searched.markers_found
        return done and not self.backups.failed

    def __str__(self) -> str:
        """For the command line."""
        rows = ", ".join(f"{table} {count}" for table, count in sorted(self.counts.items()))
        until = f"ended until {self.cut_off.isoformat(timespec='minutes')}"
        if self.dry_run:
            return f"would delete ({until}): {rows or 'nothing'}"
        looked, kept = self.searched, self.backups
        return (
            f"deleted ({until}): {rows or 'nothing'}; searched the disk for {looked.markers} ids, "
            f"found {looked.markers_found}; backups: {kept.opened} opened, {kept.rows} rows "
            f"deleted there, {kept.failed} failed"
        )


class _DryRun(Exception):
    """Rolls the transaction back: nothing of it happened."""


def purge(
    database: Database, clock: Clock, *, backups: Path | None = None, dry_run: bool = False
) -> PurgeResult:
    """Deletes everything that is due, here and in the kept ``backups``, and leaves a proof.

    In the backups also what unfinished requests have deleted here already.

    Blocks; not on the event loop. Raises ``DatabaseError``.
    """
    now = clock()
    limit = cut_off(now)
    deleted = Deleted()

    def work(session: Session, gone: Deleted) -> None:
        _delete_due(session, limit, gone)
        pseudonymise(session, col(AuditLine.at) <= limit, gone)

    def here(session: Session) -> None:
        work(session, deleted)
        if dry_run:
            raise _DryRun

    try:
        database.write_sync(here)
    except _DryRun:
        return PurgeResult(now, limit, True, dict(deleted.counts))
    asked = {one for some in database.read_sync(proof.unfinished).values() for one in some}
    searched = search(database, deleted.ids)
    there = _one_after_the_other(again(asked), work)
    kept = delete_in_backups(backups, database.source.key, there) if backups else NO_BACKUPS
    result = PurgeResult(now, limit, False, dict(deleted.counts), searched, kept)
    dealt_with = asked if backups else ()
    database.write_sync(lambda s: proof.leave(s, proof.due_line(s, result, dealt_with)))
    if not result.clean:
        log.error("purge_left_traces", count=searched.markers_found)
    else:
        log.info("purged", count=sum(deleted.counts.values()))
    return result


def _one_after_the_other(first: Deletion, then: Deletion) -> Deletion:
    def both(session: Session, deleted: Deleted) -> None:
        first(session, deleted)
        then(session, deleted)

    return both


async def purge_when_due(
    database: Database, clock: Clock, backups: Path | None = None, *, starting: bool = False
) -> None:
    """For a loop of the web process, so that deletion does not hang on a timer of the system.

    ``starting``: the process has just begun, and may have been killed during a deletion.

    A clock that is far ahead of the last deletion deletes nothing, or a wrong one would take every
    appointment, in the backups too: ``vorzimmer purge`` by hand says that it is right.
    """
    cut_short = await database.read(proof.unfinished) if starting else {}
    would = await asyncio.to_thread(purge, database, clock, dry_run=True)
    newest = await database.read(proof.newest_at)
    if is_far_ahead(newest, clock()):
        log.error("purge_paused")
        return
    if cut_short or would.counts or _proof_due(newest, clock()):
        await asyncio.to_thread(purge, database, clock, backups=backups)


def is_far_ahead(newest: datetime | None, now: datetime) -> bool:
    """Whether a clock is not believed, so long after the ``newest`` proof of deletion."""
    return newest is not None and now - newest > FAR_AHEAD


def _proof_due(newest: datetime | None, now: datetime) -> bool:
    return newest is None or not has_been(newest, now) or now - newest >= PROOF_EVERY


def _delete_due(session: Session, limit: datetime, deleted: Deleted) -> None:
    metadata = schema_in(session)
    for rule in rules.RULES:
        if rule.table not in metadata.tables:
            continue
        table = metadata.tables[rule.table]
        condition = rules.due(rule, metadata, limit)
        ids = list(session.execute(select(rules.key_of(table)).where(condition)).scalars())
        delete_rows(session, table, ids, deleted)
