"""Proof lines, chained by SHA-256: a line that is changed or taken out breaks the chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, delete, select

from appliance.retention.deleting import InBackups, Searched
from appliance.retention.models import DeletionReason, PurgeProof
from appliance.retention.policy import proof_cut_off
from appliance.storage.schema import whole_schema

FIRST = "0" * 64
OVERDUE = timedelta(hours=26)  # security.md 49: a day, and two hours for a late one


class Result(Protocol):
    """What a deletion found out about itself."""

    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def cut_off(self) -> datetime: ...  # noqa: D102
    @property
    def counts(self) -> Mapping[str, int]: ...  # noqa: D102
    @property
    def searched(self) -> Searched: ...  # noqa: D102
    @property
    def backups(self) -> InBackups: ...  # noqa: D102


def due_line(session: Session, result: Result, again: Collection[str] = ()) -> PurgeProof:
    """The line of a daily purge; ``again``: hashes of unfinished requests it also dealt with."""
    return PurgeProof(
        at=result.at,
        cut_off=result.cut_off,
        counts=json.dumps(dict(result.counts), sort_keys=True),
        oldest_left_at=_oldest_left(session),
        checkpoint_done=result.searched.checkpoint_done,
        markers=result.searched.markers,
        markers_found=result.searched.markers_found,
        backups_opened=result.backups.opened,
        backups_failed=result.backups.failed,
        backup_rows=result.backups.rows,
        erased=json.dumps(sorted(again)),
    )


def request_line(session: Session, result: Result, by: str, erased: Sequence[str]) -> PurgeProof:
    """The line of a deletion that somebody asked for: by whom, and the hashes of what went."""
    line = due_line(session, result)
    line.reason = DeletionReason.REQUEST
    line.by_id = by
    line.erased = json.dumps(sorted(hash_of_id(one) for one in erased))
    return line


def numbered(reason: DeletionReason) -> ColumnElement[bool]:
    """The lines to show; those that only finish an earlier request are not among them."""
    mine = col(PurgeProof.reason) == reason
    if reason is DeletionReason.DUE:
        return mine
    return and_(mine, or_(col(PurgeProof.counts) != "{}", col(PurgeProof.erased) == "[]"))


def unfinished(session: Session) -> dict[int, set[str]]:
    """Requests (by number) of which nothing says yet that all is gone; what is to go again.

    A line is never changed: a request is finished by a clean line that has its hashes, its own or
    a later one.
    """
    left: dict[int, set[str]] = {}
    some = select(PurgeProof).where(col(PurgeProof.erased) != "[]")
    for line in session.exec(some.order_by(col(PurgeProof.id))):
        hashes = set(json.loads(line.erased))
        if line.reason == DeletionReason.REQUEST and line.id is not None:
            left[line.id] = hashes
        if clean(line):
            left = {number: one for number, asked in left.items() if (one := asked - hashes)}
        elif line.counts == "{}" and line.id is not None:
            left.pop(line.id, None)  # it belongs to the request before it
    return left


def hash_of_id(row_id: str) -> str:
    """What a proof keeps of an id: with the id in hand, it can be found; without, it is nothing."""
    return hashlib.sha256(row_id.encode()).hexdigest()[:32]


def _oldest_left(session: Session) -> datetime | None:
    visit = whole_schema().tables["visit"]
    ended = func.coalesce(visit.c.closed_at, visit.c.created_at, type_=visit.c.created_at.type)
    found: datetime | None = session.execute(select(func.min(ended))).scalar_one()
    return found


def leave(session: Session, proof: PurgeProof) -> None:
    """Chains the line to the newest one and drops lines that are three years old."""
    newest = session.exec(select(PurgeProof).order_by(col(PurgeProof.id).desc())).first()
    proof.previous_hash = newest.hash if newest is not None else FIRST
    proof.hash = hash_of(proof)
    session.add(proof)
    session.execute(delete(PurgeProof).where(col(PurgeProof.at) < proof_cut_off(proof.at)))


def hash_of(proof: PurgeProof) -> str:
    """SHA-256 over the line's content and the hash before it, in hexadecimal digits."""
    oldest = proof.oldest_left_at
    content: list[object] = [
        proof.previous_hash,
        proof.at.isoformat(),
        proof.cut_off.isoformat(),
        proof.counts,
        oldest.isoformat() if oldest is not None else None,
        proof.checkpoint_done,
        proof.markers,
        proof.markers_found,
    ]
    if proof.backups_opened is not None:  # lines from before there were backups have none
        content += [proof.backups_opened, proof.backups_failed, proof.backup_rows]
        content += [DeletionReason(proof.reason).value, proof.by_id, proof.erased]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def broken_at(session: Session) -> int | None:
    """Id of the first line that does not fit the one before it; None when the chain is whole."""
    previous: str | None = None
    for proof in session.exec(select(PurgeProof).order_by(col(PurgeProof.id))):
        fits = previous is None or proof.previous_hash == previous
        if not fits or proof.hash != hash_of(proof):
            return proof.id
        previous = proof.hash
    return None


def newest(session: Session) -> PurgeProof | None:
    """The line of the last daily purge that ran to its end."""
    due = col(PurgeProof.reason) == DeletionReason.DUE
    return session.exec(select(PurgeProof).where(due).order_by(col(PurgeProof.id).desc())).first()


def newest_at(session: Session) -> datetime | None:
    """When the last daily purge ran to its end."""
    line = newest(session)
    return line.at if line is not None else None


def clean(proof: PurgeProof) -> bool:
    """Nothing was left of what it deleted, nowhere."""
    return proof.checkpoint_done and not proof.markers_found and not proof.backups_failed
