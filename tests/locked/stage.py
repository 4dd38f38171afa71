"""An appliance, its kiosk's machine and an adviser, and the list of what was promised."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from appliance.kiosks.models import Kiosk
from appliance.kiosks.service import KioskService
from tests.locked.driven import Visitor
from tests.locked.machine import USER, Machine


@dataclass
class Stage:
    """What the parts of the test share."""

    appliance: Any
    kiosks: KioskService
    machine: Machine
    visitor: Visitor
    adviser: Any
    shots: Path
    failed: list[str] = field(default_factory=list)
    kept: int = 0

    @asynccontextmanager
    async def promise(self, words: str) -> AsyncIterator[list[str]]:
        """One line: ok or FAILED, with what was found; the next one is looked at all the same."""
        found: list[str] = []
        began = time.monotonic()
        try:
            yield found
        except Exception as error:  # noqa: BLE001 - whatever it is, it was not kept
            self.failed.append(words)
            self.shot(f"failed-{len(self.failed)}")
            found.append(f"{type(error).__name__}: {str(error)[:600]}")
            verdict = "FAILED"
        else:
            self.kept += 1
            verdict = "ok"
        told = f" ({'; '.join(found)})" if found else ""
        print(f"{verdict:6} {time.monotonic() - began:5.1f} s  {words}{told}", flush=True)

    def shot(self, name: str) -> None:
        """The screen as it is, kept in the folder of screenshots."""
        width, height = self.machine.size
        kind = "portrait" if height > width else "landscape"
        self.machine.screenshot(self.shots / f"{kind}-{name}.png")

    async def row(self) -> Kiosk:
        """What the appliance knows of the kiosk."""
        [one] = await self.kiosks.everything()
        return one

    async def becomes(
        self, true: Callable[[], Awaitable[bool]], what: str, within_s: float = 60
    ) -> float:
        """Seconds until it is true; raises ``TimeoutError``."""
        began = time.monotonic()
        while not await true():
            if time.monotonic() - began > within_s:
                raise TimeoutError(f"not within {within_s:.0f} s: {what}")
            await asyncio.sleep(0.3)
        return time.monotonic() - began

    async def look_itself_over(self) -> list[str]:
        """What the kiosk finds when the console asks for a test now."""
        before = await self.row()
        await self.kiosks.want_test(before.id, "test")

        async def tested() -> bool:
            return (await self.row()).tested_at != before.tested_at

        await self.becomes(tested, "it tests itself", 75)
        return (await self.row()).found

    async def begin_anew(self, *, looked_into: bool = True) -> None:
        """Another browser, as after a crash."""
        began = self.machine.begun
        self.machine.lock(self.appliance.url, looked_into=looked_into)
        await self.machine.end_browser()
        await self.at_greeting(began)

    async def at_greeting(self, begun_before: int) -> None:
        """Waits for the browser after the ``begun_before``-th, and that it has told of itself."""
        before = (await self.row()).started_at

        async def another() -> bool:
            told = (await self.row()).started_at != before
            return self.machine.begun > begun_before and (told or await self.told(begun_before))

        await self.becomes(another, "another browser at the greeting", 75)

    async def told(self, begun_before: int) -> bool:
        """Whether the page of another browser is there at all."""
        here = f"{self.appliance.url}/kiosk"
        return self.machine.begun > begun_before and here in self.machine.pages()


def files_of_user(outside: Path) -> set[str]:
    """What the kiosk's user owns where everybody may write, but for its session's own folder."""
    words = ["find", "/tmp", "/var/tmp", "/var/lib", "/var/cache", "/run", "/dev/shm", "/home"]
    words += ["-maxdepth", "4", "-path", str(outside), "-prune", "-o", "-uid", str(USER), "-print"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    return set(done.stdout.splitlines())
