"""Supervised loops of the web process: deadlines, outbox, reminders, purge and the like."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

log = structlog.get_logger()

PAUSE_AFTER_FAILURE_S = 5.0
DEADLINES_EVERY_S = 1.0
OUTBOX_EVERY_S = 10.0
CONFERENCES_EVERY_S = 5.0
KIOSKS_EVERY_S = 5.0
PASSWORDS_EVERY_S = 300.0
CONSEQUENCES_EVERY_S = 60.0
NO_SHOWS_EVERY_S = 600.0
PUBLIC_ENTRY_EVERY_S = 30.0
REMINDERS_EVERY_S = 60.0
REQUESTS_EVERY_S = 300.0
PURGE_EVERY_S = 3600.0
DELETION_LOOK_EVERY_S = 300.0
BACKUP_EVERY_S = 3600.0
INTEGRITY_EVERY_S = 24 * 3600.0


@dataclass
class Loop:
    """Calls ``work`` every ``every_s`` seconds, earlier when woken; survives what it raises."""

    name: str
    every_s: float
    work: Callable[[], Awaitable[Any]]
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """There is something to do now."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._woken.clear()
            pause_s = self.every_s if await self.once() else PAUSE_AFTER_FAILURE_S
            try:
                await asyncio.wait_for(self._woken.wait(), pause_s)
            except TimeoutError:
                continue

    async def once(self) -> bool:
        """One round; False when it raised, which is logged."""
        try:
            await self.work()
        except Exception:
            log.exception("job_failed", name=self.name)
            return False
        return True


class Jobs:
    """All loops, started and stopped together."""

    def __init__(self, loops: list[Loop]) -> None:
        self._loops = loops
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins; needs the running event loop."""
        self._tasks = [asyncio.create_task(loop.run(), name=loop.name) for loop in self._loops]

    async def stop(self) -> None:
        """Ends the loops; work in a database transaction is finished by its thread."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
