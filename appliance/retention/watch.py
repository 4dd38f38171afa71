"""Is deletion alive? What desks and ``doctor`` say when the daily purge did not run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from appliance.retention import proof
from appliance.retention.models import PurgeProof
from appliance.retention.purge import purge_when_due
from appliance.storage.clock import Clock, has_been
from appliance.storage.database import Database

DeletionWord = Literal["ok", "late", "traces"]


def word_of(line: PurgeProof | None, since: datetime, now: datetime) -> DeletionWord:
    """What the newest line says; without one, the time counts from ``since``.

    A line of the future says nothing: the clock was wrong then.
    """
    last = line.at if line is not None and has_been(line.at, now) else since
    if now - last > proof.OVERDUE:
        return "late"
    return "ok" if line is None or proof.clean(line) else "traces"


class DeletionWatch:
    """Runs the purge for the web process and remembers its newest proof."""

    def __init__(self, database: Database, clock: Clock, backups: Path) -> None:
        self._database = database
        self._clock = clock
        self._backups = backups
        self._since = clock()
        self._line: PurgeProof | None = None
        self._told: DeletionWord = "ok"
        self._starting = True

    async def run(self) -> None:
        """One round of the loop; what it raises leaves the last proof as it was."""
        await self.look()
        starting, self._starting = self._starting, False
        await purge_when_due(self._database, self._clock, self._backups, starting=starting)
        await self.look()

    async def look(self) -> None:
        """Reads the newest proof."""
        self._line = await self._database.read(proof.newest)

    @property
    def last_at(self) -> datetime | None:
        """When deletion last ran to its end, as far as has been looked."""
        return self._line.at if self._line is not None else None

    def word(self) -> DeletionWord:
        """Now; a loop that died turns it by the mere passing of time."""
        return word_of(self._line, self._since, self._clock())

    def turned(self) -> bool:
        """True once after the word has changed."""
        before, self._told = self._told, self.word()
        return before != self._told
