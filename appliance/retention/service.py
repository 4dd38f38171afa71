"""A person's own data, for the administrator who answers a request; each look is audited."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path

from sqlmodel import Session, col, select

from appliance.retention import person, proof
from appliance.retention.models import DeletionReason, PurgeProof
from appliance.retention.on_request import Erased, erase
from appliance.retention.person import Found, Kept
from appliance.storage.audit import audit
from appliance.storage.clock import Clock
from appliance.storage.database import Database

PROOFS_SHOWN = 30


class PersonalData:
    """Finds, shows, hands out and deletes what is kept of one person."""

    def __init__(self, database: Database, clock: Clock, backups: Path) -> None:
        self._database = database
        self._clock = clock
        self._backups = backups

    async def find(self, words: Iterable[str], by: str) -> Found:
        """Appointments and visits that have one of these words as a personal field."""
        now, wanted = self._clock(), list(words)

        def work(session: Session) -> Found:
            audit(session, by, "client_data_searched", "search", now)
            return person.find(session, wanted)

        return await self._database.write(work)

    async def show(self, owners: Collection[str], by: str, action: str) -> list[Kept]:
        """All of it; ``action`` is the audit's word: client_data_shown or client_data_exported."""
        now = self._clock()

        def work(session: Session) -> list[Kept]:
            whole = person.closure(session, owners)
            kept = person.gather(session, whole)
            for owner in sorted(owners):
                audit(session, by, action, owner, now)
            return kept

        return await self._database.write(work)

    async def erase(self, owners: Collection[str], by: str) -> Erased:
        """Deletes all of it, in the backups too. Raises ``PersonPresent``, ``DatabaseError``."""
        work = partial(erase, self._database, self._clock, owners, by, self._backups)
        return await asyncio.to_thread(work)

    async def proofs(self, reason: DeletionReason) -> list[PurgeProof]:
        """The newest proofs, newest first."""
        query = (
            select(PurgeProof)
            .where(proof.numbered(reason))
            .order_by(col(PurgeProof.id).desc())
            .limit(PROOFS_SHOWN)
        )
        return await self._database.read(lambda session: list(session.exec(query)))

    async def unfinished(self) -> set[int]:
        """Numbers of requests that are not yet proven to be gone from every backup."""
        return set(await self._database.read(proof.unfinished))
