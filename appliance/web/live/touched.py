"""Work that follows changes: once per key at a time, and once more when touched meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()


class Touched:
    """``touch(key)`` makes ``work(key)`` run soon. Many touches at once are one run.

    Work that raises is logged, and ``on_failure`` is called with its key.

    The work brings the world in line with the facts, whatever the touch was about; so nothing is
    lost when touches fall together, and nothing is done twice.
    """

    def __init__(
        self, work: Callable[[str], Awaitable[None]], on_failure: Callable[[str], None]
    ) -> None:
        self._work = work
        self._on_failure = on_failure
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._stopped = False

    def touch(self, key: str) -> None:
        """Something about this key has changed."""
        if self._stopped:
            return
        if key in self._tasks:
            self._again.add(key)
            return
        self._tasks[key] = asyncio.create_task(self._run(key), name=f"touched-{key}")

    async def settle(self) -> None:
        """Returns when nothing is left to do."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
            await asyncio.sleep(0)

    async def stop(self) -> None:
        """Ends what runs."""
        self._stopped = True
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _run(self, key: str) -> None:
        try:
            while True:
                self._again.discard(key)
                try:
                    await self._work(key)
                except Exception:
                    log.exception("live_work_failed")
                    self._on_failure(key)
                if key not in self._again:
                    return
        finally:
            self._tasks.pop(key, None)
