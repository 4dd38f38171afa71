"""The browser tier: the real page in Chromium, the whole appliance behind it, one case at a time.

What the check comes to is read from the page's own socket, so a change of words or layout does not
matter; what is tapped are the buttons that a person sees. One appliance serves all cases, started
anew now and then because the limit on anonymous tests is meant for people.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Playwright, async_playwright

from appliance.supervise import Box, Supervisor
from tests.bench_check import log, people
from tests.bench_check.browser_cases import NOT_HERE, BrowserCase, all_cases
from tests.bench_check.captures import picture_file, sound_file
from tests.bench_check.score import Result
from tests.e2e import conftest
from tests.e2e.chromium import Chromium
from tests.e2e.listening import listen_and_tap

HEALTHY_RUNS = 20  # in each half
CASES_PER_APPLIANCE = 40
LOOK_EVERY_S = 0.25
SETTLED_S = {"system": 1.0, "microphone": 3.0, "camera": 3.5, "speaker": 0.5, "network": 1.0}
LEAST_S = {"microphone": 13.0, "camera": 6.0}  # a fault may come after a first impression
COUNT_TAPS = """() => {
  window.taps = 0;
  addEventListener('click', (event) => {
    if (event.isTrusted) window.taps += 1;
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


class Walk:
    """One person at one check."""

    def __init__(self, case: BrowserCase, client: Chromium) -> None:
        self.case, self.client, self.page = case, client, client.page
        self.watch = Watch(client.page)
        self.clock = asyncio.get_running_loop().time
        self.answered = 0

    async def run(self, url: str) -> tuple[str, str, float, dict[str, Any]]:
        """Verdict, cause, seconds from the first tap, notes."""
        await self.page.goto(f"{url}/test")
        await self.page.locator("[data-do=start]").first.click(timeout=15_000)
        began_s = self.clock()
        if self.case.line:
            await self._spoil_the_line()
        if self.case.kind == "whole":
            verdict, cause = await self._whole(began_s + self.case.within_s)
        else:
            verdict, cause = await self._until_told(began_s + self.case.within_s)
        notes = {"taps": await self.page.evaluate("window.taps"), "means": self.case.means}
        return verdict, cause, round(self.clock() - began_s, 1), notes

    async def _spoil_the_line(self) -> None:
        """From now on, for all that the page sends and gets; its media, too."""
        control = await self.client.context.new_cdp_session(self.page)
        unlimited = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        words = {"offline": False, **unlimited, **self.case.line}
        await control.send("Network.enable")
        await control.send("Network.emulateNetworkConditions", words)

    async def _until_told(self, until_s: float) -> tuple[str, str]:
        kind, before, since_s, here_s = self.case.kind, ("open", ""), self.clock(), 0.0
        while self.clock() < until_s:
            await asyncio.sleep(LOOK_EVERY_S)
            now, step = self.watch.finding(kind), await self.page.evaluate(VISIBLE_STEP)
            if now != before:
                before, since_s = now, self.clock()
            if step != kind and now[0] == "open":
                if kind != "network":  # the line is tested before the first step is left
                    await self._go_on(step)
                continue
            here_s = here_s or self.clock()
            if kind == "speaker":
                await self._speaker()
            settled = self.clock() - since_s >= SETTLED_S.get(kind, 3.0)
            long_enough = self.clock() - here_s >= LEAST_S.get(kind, 0.0)
            if now[0] in ("passed", "failed", "warning") and settled and long_enough:
                return now
        return before

    async def _whole(self, until_s: float) -> tuple[str, str]:
        while self.clock() < until_s:
            await asyncio.sleep(LOOK_EVERY_S)
            step = await self.page.evaluate(VISIBLE_STEP)
            if step == "result":
                return self._worst()
            if step == "speaker" and self.watch.finding("speaker")[0] == "open":
                with suppress(TimeoutError, AssertionError):
                    await listen_and_tap(self.client)
                continue
            await self._go_on(step, waive=False)
        return "open", self._worst()[1]

    def _worst(self) -> tuple[str, str]:
        for verdict in ("failed", "warning"):
            for one in self.watch.check.get("findings", ()):
                if one["verdict"] == verdict:
                    return verdict, one["cause"]
        return "passed", ""

    async def _go_on(self, step: str, waive: bool = True) -> None:
        """As a person would: on when it may be, without it when it must be."""
        verdict, _ = self.watch.finding(step)
        panel = f"[data-step={step}]" if step else "body"
        words = ["next", "finish"]
        if verdict == "failed" and waive:
            words = ["waive"]
        for word in words:
            button = self.page.locator(f"{panel} [data-do={word}]").locator("visible=true").first
            with suppress(PlaywrightError):
                await button.click(timeout=300)
                return

    async def _speaker(self) -> None:
        if self.watch.finding("speaker")[0] != "open":
            return
        if self.case.hand == "heard_nothing":
            await self._tap("[data-do=heard-nothing]")
        elif self.case.hand == "wrong":
            keys = self.page.locator("[data-slot=numbers] button").locator("visible=true")
            if await keys.count() == 0:
                await self._tap("[data-do=say-number]")
            else:  # a number that nobody heard: right by luck once in six times
                await asyncio.sleep(0.5)
                with suppress(PlaywrightError):
                    await keys.nth(self.answered % 6).click(timeout=1000)
                self.answered += 1
        else:
            await self._tap("[data-do=say-number]")
        await asyncio.sleep(1.0)

    async def _tap(self, selector: str) -> None:
        with suppress(PlaywrightError):
            await self.page.locator(selector).locator("visible=true").first.click(timeout=500)


async def one_case(case: BrowserCase, playwright: Playwright, url: str) -> Result:
    """A browser of its own, for capture files are a matter of its command line."""
    with tempfile.TemporaryDirectory(prefix="bench-check-") as name:
        folder = Path(name)
        sound, picture = await asyncio.to_thread(_captures, case, folder)
        client = Chromium(playwright, picture, sound, case.devices)
        client._flags += case.flags
        context: dict[str, Any] = {"user_agent": case.agent} if case.agent else {}
        await client.start(**context)
        try:
            await client.add_init_script(COUNT_TAPS)
            if case.shim:
                await client.add_init_script(case.shim)
            verdict, cause, seconds, notes = await Walk(case, client).run(url)
        except (PlaywrightError, TimeoutError) as error:
            words = str(error).splitlines()[:1]
            verdict, cause, seconds, notes = "broken", "", 0.0, {"error": words}
        finally:
            await client.stop()
    return Result(case.name, case.kind, case.expected, verdict, cause, seconds, notes)


def _captures(case: BrowserCase, folder: Path) -> tuple[Path, Path]:
    """The fault's file, and a healthy one of the same half for the other device."""
    provoked = case.expected[0] if case.expected and case.means == "file" else ""
    sound = provoked if provoked.startswith("microphone") else "healthy-quiet-room"
    picture = provoked if provoked.startswith("camera") else "healthy-good-light"
    return sound_file(case.name, sound, folder), picture_file(case.name, picture, folder)


@asynccontextmanager
async def appliance() -> AsyncIterator[str]:
    """All programs in a folder that is gone afterwards; gives the address of the pages."""
    with tempfile.TemporaryDirectory(prefix="bench-check-box-") as folder:
        ports = (conftest.free_port(), conftest.free_port(socket.SOCK_DGRAM))
        box = Box(Path(folder) / "box", *ports)
        box.make_folders()
        supervisor = Supervisor(box)
        await supervisor.command("migrate")
        await supervisor.start()
        try:
            yield box.base_url
        finally:
            await supervisor.stop()


async def _run(cases: Sequence[BrowserCase], verbose: bool) -> list[Result]:
    results: list[Result] = []
    async with async_playwright() as playwright:
        for start in range(0, len(cases), CASES_PER_APPLIANCE):
            async with appliance() as url:
                for case in cases[start : start + CASES_PER_APPLIANCE]:
                    result = await one_case(case, playwright, url)
                    log.keep(result)
                    results.append(result)
                    if verbose:
                        mark = "ok   " if result.right else "FAILS"
                        print(f"  {mark} {case.name}: {result.verdict} {result.cause}", flush=True)
    return results


def run(halves: tuple[str, ...], options: argparse.Namespace) -> list[Result]:
    """What is kept, and what is run now."""
    healthy = max(1, round(HEALTHY_RUNS * options.scale))
    cases = [case for case in all_cases(healthy, halves) if options.only in case.name]
    if options.again:
        log.path("browser").unlink(missing_ok=True)
    kept = log.kept("browser", (case.name for case in cases))
    left = [] if options.kept else [case for case in cases if case.name not in kept]
    print(f"browser tier: {len(cases)} cases, {len(left)} to run")
    for cause, reason in NOT_HERE.items():
        print(f"NOT RUN in a browser: {cause}: {reason}")
    for result in asyncio.run(_run(left, options.verbose)) if left else ():
        kept[result.name] = result
    people.close()
    return [kept[case.name] for case in cases if case.name in kept]
