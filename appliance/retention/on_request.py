"""Deleting what is kept of one person, because the person wants it: here, and in every backup."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Table, select
from sqlmodel import Session, col

from appliance.retention import proof
from appliance.retention.deleting import (
    NO_BACKUPS,
    Deleted,
    Deletion,
    InBackups,
    Searched,
    delete_in_backups,
    delete_rows,
    pseudonymise,
    search,
)
from appliance.retention.models import DeletionReason, PurgeProof
from appliance.retention.rules import key_of
from appliance.storage.audit import audit
from appliance.storage.clock import Clock
from appliance.storage.database import Database
from appliance.storage.schema import whole_schema

log = structlog.get_logger()

# What holds something of a client, and its column that says of which appointment or visit.
OWNED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("outbox_message", ("appointment_id",)),
    ("field_key", ("owner_id",)),
    ("visit", ("id", "appointment_id")),
    ("appointment", ("id",)),
)


@dataclass(frozen=True, slots=True)
class Erased:
    """What went."""

    at: datetime
    cut_off: datetime
    counts: dict[str, int]
    searched: Searched
    backups: InBackups
    proof_id: int

    @property
    def clean(self) -> bool:
        """Nothing is left of it, nowhere."""
        done = self.searched.checkpoint_done and not self.searched.markers_found
        return done and not self.backups.failed


def erase(
    database: Database, clock: Clock, owners: Collection[str], by: str, backups: Path | None
) -> Erased:
    """Deletes appointments and visits with these ids and all that hangs on them; leaves a proof.

    Blocks; not on the event loop. Raises ``DatabaseError``.
    """
    now, deleted, work = clock(), Deleted(), _of(owners)
    database.write_sync(lambda session: work(session, deleted))
    searched = search(database, deleted.ids)
    kept = delete_in_backups(backups, database.source.key, work) if backups else NO_BACKUPS
    result = Erased(now, now, dict(deleted.counts), searched, kept, 0)

    def leave(session: Session) -> int:
        line = proof.request_line(session, result, by, deleted.ids)
        proof.leave(session, line)
        session.flush()
        audit(session, by, "client_data_erased", f"proof-{line.id}", now)
        return line.id or 0

    erased = Erased(now, now, result.counts, searched, kept, database.write_sync(leave))
    log.info("erased_on_request", count=sum(deleted.counts.values()))
    if not erased.clean:
        log.error("purge_left_traces", count=searched.markers_found)
    return erased


def erase_again(database: Database) -> int:
    """After a restore: what the proofs say was deleted on request goes again. How many rows."""
    deleted = Deleted()

    def work(session: Session) -> None:
        asked = col(PurgeProof.reason) == DeletionReason.REQUEST
        lines = session.execute(select(col(PurgeProof.erased)).where(asked)).scalars()
        hashes = {one for line in lines for one in json.loads(line)}
        if hashes:
            _of(_named(session, hashes))(session, deleted)

    database.write_sync(work)
    return sum(deleted.counts.values())


def _named(session: Session, hashes: Collection[str]) -> set[str]:
    """The ids in the tables that the hashes are of."""
    found: set[str] = set()
    for name, _ in OWNED:
        ids = session.execute(select(key_of(whole_schema().tables[name]))).scalars()
        found |= {one for one in ids if proof.hash_of_id(one) in hashes}
    return found


def _of(owners: Collection[str]) -> Deletion:
    def work(session: Session, deleted: Deleted) -> None:
        for name, columns in OWNED:
            table = whole_schema().tables[name]
            delete_rows(session, table, _owned(session, table, columns, owners), deleted)
        pseudonymise(session, None, deleted)

    return work


def _owned(
    session: Session, table: Table, columns: tuple[str, ...], owners: Collection[str]
) -> list[str]:
    ids: list[str] = []
    for column in columns:
        query = select(key_of(table)).where(table.c[column].in_(list(owners)))
        ids += [one for one in session.execute(query).scalars() if one not in ids]
    return ids
