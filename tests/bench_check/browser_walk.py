"""One person at one check: taps what a person sees, and reads what the check comes to.

Findings are read from the page's own socket, so a change of words or layout does not matter.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from appliance.device_check.remedies import CAUSES
from tests.bench_check.browser_box import Desk
from tests.bench_check.browser_cases import BrowserCase
from tests.e2e.chromium import Chromium
from tests.e2e.listening import KEYS, listen, listen_and_tap, recognised_key
from tests.media.background_pages import LOSE_WEBGL

LOOK_EVERY_S = 0.2
TOLD = ("passed", "failed", "warning", "waived")
TROUBLED = ("failed", "warning")
MOMENT_S = 4.0
# A fault of what is heard or seen may come after a first impression; a refusal stays what it is.
SETTLED_S = {"microphone": 3.0, "camera": 3.0}
LEAST_S = {"microphone": 12.5, "camera": 6.0}
SPOKEN_S = 8.0  # a number, and what it takes to begin
PATIENT_S = 3.0
READ_S = 0.8
TRIED_S = 6.0  # the engine's self-test
COUNT_TAPS = """() => {
  window.taps = [];
  addEventListener('pointerdown', (event) => { // a click on a label would be told twice
    const on = event.target.closest?.('[data-do], .number, .look');
    if (event.isTrusted) window.taps.push(on?.dataset.do ?? on?.className ?? '');
  }, true);
}"""
VISIBLE_STEP = """[...document.querySelectorAll('[data-step]')]
  .find((one) => one.checkVisibility())?.dataset.step ?? ''"""


class Watch:
    """The newest snapshot of the page's socket."""

    def __init__(self, page: Page) -> None:
        self.check: dict[str, Any] = {}
        page.on("websocket", lambda socket: socket.on("framereceived", self._take))

    def _take(self, data: str | bytes) -> None:
        with suppress(ValueError, TypeError):
            word = json.loads(data)
            if isinstance(word, dict) and isinstance(word.get("check"), dict):
                self.check = word["check"]

    def finding(self, kind: str) -> tuple[str, str]:
        """Verdict and cause."""
        for one in self.check.get("findings", ()):
            if one["kind"] == kind:
                return one["verdict"], one["cause"]
        return "open", ""

    def tick(self, cause: str) -> tuple[str, str]:
        """The line of the system check that tells this cause, in the catalogue's words."""
        for one in self.check.get("ticks", ()):
            if one["title"] and one["title"] == CAUSES[cause].headline:
                return one["verdict"], cause
        return "open", ""


class Walk:
    """One person at one check."""

    def __init__(self, case: BrowserCase, client: Chromium) -> None:
        self.case, self.client, self.page = case, client, client.page
        self.watch = Watch(client.page)
        self.clock = asyncio.get_running_loop().time
        self.again = 0
        self.said_s = 0.0
        self.desk: Desk | None = None
        self.notes: dict[str, Any] = {"means": case.means}

    async def open(self, link: str) -> None:
        """From the mail's link to the start of the check."""
        await self.page.goto(link)
        await self.client.click("button", "Termin öffnen")

    async def run(self) -> tuple[str, str, float, dict[str, Any]]:
        """Verdict, cause, seconds from the first tap (to "ready" when healthy), notes."""
        await self.page.locator("[data-do=start]").first.click(timeout=15_000)
        began_s = self.clock()
        until_s = began_s + self.case.within_s
        whole = self.case.kind == "whole"
        verdict, cause = await (self._whole(until_s) if whole else self._until_told(until_s))
        took_s = self.notes.pop("ready_at", self.clock()) - began_s
        tapped = await self.page.evaluate("window.taps")
        self.notes |= {"taps": len(tapped), "tapped": tapped}
        return verdict, cause, round(took_s, 1), self.notes

    # ---- a fault is waited for -----------------------------------------------------------------
    def _told(self) -> tuple[str, str]:
        if self.desk:
            cause = self.case.expected[0]
            return ("passed", cause) if self.desk.told(cause) else ("open", "")
        if self.case.tick:
            return self.watch.tick(self.case.expected[0])
        return self.watch.finding(self.case.kind)

    async def _until_told(self, until_s: float) -> tuple[str, str]:
        kind, before, since_s, here_s = self.case.kind, ("open", ""), self.clock(), 0.0
        settle_s = SETTLED_S.get(kind, 1.0) if self.case.live else 1.0
        least_s = LEAST_S.get(kind, 0.0) if self.case.live else 0.0
        while self.clock() < until_s:
            await asyncio.sleep(LOOK_EVERY_S)
            now, step = self._told(), await self.page.evaluate(VISIBLE_STEP)
            if now != before:
                before, since_s = now, self.clock()
            if step != kind and now[0] == "open":
                if kind != "network":  # the line is tested before the first step is left
                    await self._go_on(step)
                continue
            if not here_s and (now[0] != "open" or self.watch.check.get("analyser") == "ready"):
                here_s = self.clock()  # not before anybody listens and looks
            await self._act(now)
            settled = self.clock() - since_s >= settle_s
            if self.case.hand == "lose" and now[0] == "passed":
                continue  # not lost yet, or not told yet
            if now[0] in TOLD and settled and self.clock() - here_s >= least_s:
                if self._tries_again(now):
                    await self._tap(f"[data-step={kind}] [data-do=again]")
                    since_s = self.clock()
                    continue
                return now
        return before

    def _tries_again(self, now: tuple[str, str]) -> bool:
        """As somebody does who is told that another program is to be closed."""
        if self.case.hand != "again" or now[0] != "failed" or self.again >= 2:
            return False
        self.again += 1
        return True

    async def _act(self, now: tuple[str, str]) -> None:
        if self.case.kind == "speaker" and now[0] == "open":
            await self._speaker()
            await asyncio.sleep(1.0)
        elif self.case.kind == "background":
            if self.again == 0:
                self.again, self.said_s = 1, self.clock()
                await self._tap(".look:has(input[value=blur])")
            tried = self.clock() - self.said_s > TRIED_S  # before, no background has passed
            runs = tried and now[0] in TOLD and now[1] != "background_unable"
            if self.case.hand == "lose" and runs and self.again == 1:
                self.again = 2
                await self.page.evaluate(f"({LOSE_WEBGL})()")

    async def _go_on(self, step: str) -> None:
        """As a person would: on when it may be, without it when it must be.

        What is not the case's own is gone on without at once, but for the camera of who wants to
        hide the room behind.
        """
        verdict, _ = self.watch.finding(step)
        if self.desk and step not in ("", "system", "microphone"):
            return  # the desk is told as soon as it is seen
        panel = f"[data-step={step}]" if step else "body"
        needed = self.case.kind == "background" and step == "camera" and verdict != "failed"
        words = ["next", "finish"]
        if step in ("microphone", "camera", "speaker") and not needed:
            words = ["waive"]
        for word in words:
            if await self._tap(f"{panel} [data-do={word}]"):
                return

    async def _speaker(self) -> None:
        if self.case.hand == "heard_nothing":
            if not await self._tap("[data-do=not-here]"):
                await self._tap("[data-do=heard-nothing]")
        elif self.case.hand == "write":
            await self._tap("[data-do=write-instead]")
        elif self.case.hand == "wrong":
            await self._another_number()
        else:
            await self._tap("[data-do=say-number]")

    async def _another_number(self) -> None:
        """Not the one that was heard, so that nobody is right by luck."""
        await listen(self.client)
        self.said_s = self.said_s or self.clock()
        keys = await self.page.evaluate(KEYS)
        if not keys:
            if self.clock() - self.said_s > SPOKEN_S:  # the first is said by itself
                await self._say_number()
        elif heard := await recognised_key(self.client, self.client.language):
            other = next(key for key in keys if key != heard)
            await self._tap(f"[data-slot=numbers] button:text-is({json.dumps(other)})", 3_000)
            self.said_s = -SPOKEN_S
        else:  # it came in pieces
            await self._say_number()

    async def _say_number(self) -> None:
        await self.page.evaluate("(window.heard = []).length")
        await self._tap("[data-do=say-number]", 3_000)
        self.said_s = self.clock()

    async def _tap(self, selector: str, within_ms: float = 500) -> bool:
        with suppress(PlaywrightError):
            found = self.page.locator(selector).locator("visible=true").first
            await found.click(timeout=within_ms)
            return True
        return False

    # ---- nothing is wrong ----------------------------------------------------------------------
    async def _whole(self, until_s: float) -> tuple[str, str]:
        """Start, the number, "as it is" for the background, on; all else goes by itself."""
        chosen = False
        while self.clock() < until_s:
            await asyncio.sleep(LOOK_EVERY_S)
            step = await self.page.evaluate(VISIBLE_STEP)
            if step == "result":
                self.notes.setdefault("ready_at", self.clock())
                return self._worst()
            verdict, _ = self.watch.finding(step)
            if step == "camera" and verdict == "open":
                await listen(self.client)  # before the number is spoken
            elif step == "speaker" and verdict == "open":
                with suppress(TimeoutError, AssertionError):
                    await listen_and_tap(self.client)
            elif step == "background":
                self.notes.setdefault("ready_at", self.clock())
                if not chosen:
                    await asyncio.sleep(READ_S)  # a tap that meets a step unread is not taken
                    chosen = await self._tap(".look:has(input[value=none])", 5_000)
                if chosen and await self._tap("[data-step=background] [data-do=next]", 5_000):
                    await self._gone_on(step)
            elif verdict in TROUBLED:
                await self._give_it_a_moment(step)
                if self.watch.finding(step)[0] in TROUBLED:
                    return self._worst()  # the check has stopped and complains
        return "open", self._worst()[1]

    async def _gone_on(self, step: str) -> None:
        """Nobody taps twice within three seconds; who has to tap again after that, does."""
        end_s = self.clock() + PATIENT_S
        while self.clock() < end_s and await self.page.evaluate(VISIBLE_STEP) == step:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY_S)

    async def _give_it_a_moment(self, step: str) -> None:
        """Nobody leaves at the first word: it is heard and looked at on, and may be taken back."""
        self.notes.setdefault("first_said", self.watch.finding(step)[1])
        end_s = self.clock() + MOMENT_S
        while self.clock() < end_s and self.watch.finding(step)[0] in TROUBLED:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY_S)

    def _worst(self) -> tuple[str, str]:
        for verdict in TROUBLED:
            for one in self.watch.check.get("findings", ()):
                if one["verdict"] == verdict:
                    return verdict, one["cause"]
        return "passed", ""
