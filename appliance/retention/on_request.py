"""Deleting what is kept of one person, because the person wants it: here, and in every backup."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlmodel import Session, col

from appliance.events import AppointmentChanged
from appliance.i18n import N_
from appliance.retention import person, proof
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
from appliance.retention.models import DeletionReason, PurgeProof
from appliance.retention.rules import key_of
from appliance.storage.audit import audit
from appliance.storage.clock import Clock
from appliance.storage.database import Database, announce
from appliance.storage.schema import schema_in

log = structlog.get_logger()


class PersonPresent(Exception):
    """A visit of this person is not over: first the conversation ends, then it is deleted."""

    code = "person_present"
    sentence = N_("Diese Person ist gerade da. Bitte beenden Sie zuerst den Besuch.")


@dataclass(frozen=True, slots=True)
class Erased:
    """What went."""

    at: datetime
    cut_off: datetime
    counts: dict[str, int]
    searched: Searched
    backups: InBackups
    proof_id: int = 0

    @property
    def clean(self) -> bool:
        """Nothing is left of it, nowhere."""
        done = self.searched.checkpoint_done and not self.searched.markers_found
        return done and not self.backups.failed


def erase(
    database: Database, clock: Clock, owners: Collection[str], by: str, backups: Path | None
) -> Erased:
    """Deletes appointments and visits with these ids and all that belongs to them; leaves a proof.

    Blocks; not on the event loop. Raises ``PersonPresent``, ``DatabaseError``.
    """
    now, deleted = clock(), Deleted()

    def here(session: Session) -> tuple[set[str], int]:
        whole = person.closure(session, owners)
        if person.open_among(session, whole):
            raise PersonPresent
        appointments = person.ids_of(session, schema_in(session).tables["appointment"], whole)
        _of(whole)(session, deleted)
        for appointment_id in appointments:
            announce(session, AppointmentChanged(appointment_id, "erased"))
        # With the rows: whoever is killed from here on leaves it to ``unfinished``.
        asked = Erased(now, now, dict(deleted.counts), NOT_SEARCHED, NO_BACKUPS)
        return whole, _ask(session, asked, by, deleted.ids)

    whole, proof_id = database.write_sync(here)
    searched = search(database, deleted.ids)
    work = _of(whole)
    kept = delete_in_backups(backups, database.source.key, work) if backups else NO_BACKUPS
    result = Erased(now, now, dict(deleted.counts), searched, kept, proof_id)
    database.write_sync(partial(_finish, replace(result, counts={}), by, deleted.ids))
    log.info("erased_on_request", count=sum(deleted.counts.values()))
    if not result.clean:
        log.error("purge_left_traces", count=searched.markers_found)
    return result


def _ask(session: Session, asked: Erased, by: str, ids: Sequence[str]) -> int:
    line = proof.request_line(session, asked, by, ids)
    proof.leave(session, line)
    session.flush()
    audit(session, by, "client_data_erased", f"proof-{line.id}", asked.at)
    return line.id or 0


def _finish(done: Erased, by: str, ids: Sequence[str], session: Session) -> None:
    if ids:
        proof.leave(session, proof.request_line(session, done, by, ids))


def again(hashes: Collection[str]) -> Deletion:
    """The deletion of what these hashes are of, in a database that may still hold it."""

    def work(session: Session, deleted: Deleted) -> None:
        if hashes:
            _of(_named(session, hashes))(session, deleted)

    return work


def erase_again(database: Database) -> int:
    """After a restore: what the proofs say was deleted on request goes again. How many rows."""
    deleted = Deleted()

    def work(session: Session) -> None:
        asked = col(PurgeProof.reason) == DeletionReason.REQUEST
        lines = session.execute(select(col(PurgeProof.erased)).where(asked)).scalars()
        again({one for line in lines for one in json.loads(line)})(session, deleted)

    database.write_sync(work)
    return sum(deleted.counts.values())


def _named(session: Session, hashes: Collection[str]) -> set[str]:
    """The ids in the tables that the hashes are of."""
    found: set[str] = set()
    for table in person.owned_tables(session):
        ids = session.execute(select(key_of(table))).scalars()
        found |= {one for one in ids if proof.hash_of_id(str(one)) in hashes}
    return found


def _of(owners: Collection[str]) -> Deletion:
    def work(session: Session, deleted: Deleted) -> None:
        for table in person.owned_tables(session):
            delete_rows(session, table, person.ids_of(session, table, owners), deleted)
        # Ids of numbered rows say nothing outside of their table.
        deleted.ids[:] = [one for one in deleted.ids if isinstance(one, str)]
        pseudonymise(session, None, deleted)

    return work
