"""Proof lines, chained by SHA-256: a line that is changed or taken out breaks the chain."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from sqlmodel import Session, col, delete, select

from appliance.retention.models import PurgeProof
from appliance.retention.policy import proof_cut_off

FIRST = "0" * 64


def add_proof(session: Session, proof: PurgeProof) -> None:
    """Chains the line to the newest one and drops lines that are three years old."""
    newest = session.exec(select(PurgeProof).order_by(col(PurgeProof.id).desc())).first()
    proof.previous_hash = newest.hash if newest is not None else FIRST
    proof.hash = hash_of(proof)
    session.add(proof)
    session.execute(delete(PurgeProof).where(col(PurgeProof.at) < proof_cut_off(proof.at)))


def hash_of(proof: PurgeProof) -> str:
    """SHA-256 over the line's content and the hash before it, in hexadecimal digits."""
    oldest = proof.oldest_left_at
    content = [
        proof.previous_hash,
        proof.at.isoformat(),
        proof.cut_off.isoformat(),
        proof.counts,
        oldest.isoformat() if oldest is not None else None,
        proof.checkpoint_done,
        proof.markers,
        proof.markers_found,
    ]
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


def newest_at(session: Session) -> datetime | None:
    """When the last purge ran to its end."""
    return session.exec(select(PurgeProof.at).order_by(col(PurgeProof.id).desc())).first()
