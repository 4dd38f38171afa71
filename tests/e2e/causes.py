"""What web has found, as it tells the client's page: causes instead of sentences."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from playwright.async_api import Page


class Causes:
    """Listens to a page's socket from now on; to be made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.now: dict[str, str] = {}  # by kind of check
        self.ever: set[str] = set()
        page.on("websocket", lambda socket: socket.on("framereceived", self._take))

    def _take(self, data: str | bytes) -> None:
        with suppress(ValueError, TypeError, KeyError):
            findings = json.loads(data)["check"]["findings"]
            self.now = {one["kind"]: one["cause"] for one in findings}
            self.ever |= {*self.now.values()}

    async def of(self, cause: str, within_s: float = 20) -> str:
        """Waits until it has been found at some time; gives back what its kind of check says."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while cause not in self.ever:  # noqa: ASYNC110 - told by the page's events
                    await asyncio.sleep(0.05)
        return cause if cause in self.ever else self.now.get(cause.partition("_")[0], "")
