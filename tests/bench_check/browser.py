"""The browser tier: the real page in Chromium, the whole appliance behind it, one case at a time.

One appliance serves all cases, started anew now and then because the limit on anonymous tests is
meant for people. Every case has a browser of its own; what it comes to is kept at once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright, async_playwright

from tests.bench_check import log, people
from tests.bench_check.browser_box import Desk, appliance
from tests.bench_check.browser_cases import NOT_HERE, BrowserCase, all_cases
from tests.bench_check.browser_walk import COUNT_TAPS, Walk
from tests.bench_check.captures import picture_file, sound_file
from tests.bench_check.score import Result
from tests.e2e import behind_a_hop, walk
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import Appliance
from tests.e2e.firefox_media import TwoMicrophones
from tests.media.udp_hop import UdpHop

HEALTHY_RUNS = 20  # in each half
CASES_PER_APPLIANCE = 40
Files = tuple[Path, Path]  # sound, picture
USUAL_S = {"whole": 27.0, "microphone": 18.0, "network": 20.0}  # on two cores, all included
USUAL_OTHER_S = 12.0


async def one_case(case: BrowserCase, playwright: Playwright, one: Appliance) -> Result:
    """A browser of its own, for capture files are a matter of its command line."""
    began = time.monotonic()
    made: dict[str, Any] = {}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-check-")))
        try:
            files, made = await asyncio.to_thread(_captures, case, folder)
            client = await _browser(case, playwright, one, files, stack)
            visit = Walk(case, client)
            if case.desk:
                visit.desk = Desk(playwright)
                stack.push_async_callback(visit.desk.adviser.stop)
                await visit.open((await visit.desk.open(one)).link)
            else:
                await client.goto(f"{one.url}/test")
            verdict, cause, seconds, notes = await visit.run()
        except (PlaywrightError, TimeoutError, OSError) as error:
            words = str(error).splitlines()[:1]
            verdict, cause, seconds, notes = "broken", "", 0.0, {"error": words}
    notes |= made
    notes["took_s"] = round(time.monotonic() - began, 1)
    return Result(case.name, case.kind, case.expected, verdict, cause, seconds, notes)


async def _browser(
    case: BrowserCase, playwright: Playwright, one: Appliance, files: Files, stack: AsyncExitStack
) -> Chromium:
    """Started as the case wants it; ``stack`` ends all of it."""
    sound, picture = files
    environment: dict[str, str] = {}
    if case.means == "server":
        microphones = await TwoMicrophones(sound.parent, sound).start()
        stack.push_async_callback(microphones.stop)
        environment = microphones.environment
    client = Chromium(playwright, picture, sound, case.devices, environment)
    client._flags += case.flags
    await client.start(**case.context)
    stack.push_async_callback(client.stop)
    shims = [walk.KEEP_PEERS, COUNT_TAPS, case.shim]
    for shim in filter(None, shims):
        await client.add_init_script(shim)
    if case.line:
        hop = await behind_a_hop.led_through(client, one, **case.line)
        stack.callback(hop.close)
        if case.hand == "close":
            closing = asyncio.create_task(_close_later(client, hop))
            stack.callback(closing.cancel)
    if case.allowed:
        await _allow(client, case.allowed)
    return client


def _captures(case: BrowserCase, folder: Path) -> tuple[Files, dict[str, Any]]:
    """Sound, picture (one is the fault's, the other healthy and of the same half), sources."""
    pauses = case.means != "server"  # there the search listens for a moment of its own
    sound, heard = sound_file(case.name, case.sound, folder, pauses=pauses)
    picture, seen = picture_file(case.name, case.picture, folder)
    return (sound, picture), {**heard, **seen}


async def _close_later(client: Chromium, hop: UdpHop) -> None:
    """Once media have found their way, nothing new comes through."""
    with suppress(PlaywrightError, TimeoutError):
        await client.page.locator(behind_a_hop.PATH).first.wait_for(state="attached")
        await behind_a_hop.connected(client)
        hop.closed = True


async def _allow(client: Chromium, name: str) -> None:
    """The browser's own yes for one device."""
    control = await client.context.new_cdp_session(client.page)
    there = (await control.send("Target.getTargetInfo"))["targetInfo"]["browserContextId"]
    await control.send(
        "Browser.setPermission",
        {"permission": {"name": name}, "setting": "granted", "browserContextId": there},
    )


class Progress:
    """Keeps results, and tells how far it is and how long it will take."""

    def __init__(self, cases: Sequence[BrowserCase], pages: int) -> None:
        self.left, self.pages = list(cases), pages
        self.results: list[Result] = []
        self.slower = 1.0  # this machine, by what has been run

    def keep(self, case: BrowserCase, result: Result) -> None:
        """One case is done."""
        log.keep(result)
        self.results.append(result)
        self.left.remove(case)
        took = sum(one.notes["took_s"] for one in self.results)
        self.slower = took / sum(USUAL_S.get(one.kind, USUAL_OTHER_S) for one in self.results)
        mark = "ok   " if result.right else "FAILS"
        said = f"{result.verdict} {result.cause}".strip()
        said += f" ({result.notes['took_s']} s)"
        print(f"  {mark} {result.name}: {said}, {self.rest}", flush=True)

    @property
    def rest(self) -> str:
        """What is left, in words."""
        seconds = sum(USUAL_S.get(case.kind, USUAL_OTHER_S) for case in self.left)
        minutes = seconds * self.slower / self.pages / 60
        return f"{len(self.left)} left, about {minutes:.0f} min"


async def _run(cases: Sequence[BrowserCase], pages: int, minutes: float) -> list[Result]:
    progress = Progress(cases, pages)
    until = time.monotonic() + minutes * 60
    print(f"  expected: {progress.rest}, {pages} page(s) at once", flush=True)
    async with async_playwright() as playwright:
        for start in range(0, len(cases), CASES_PER_APPLIANCE):
            todo = list(cases[start : start + CASES_PER_APPLIANCE])
            async with appliance() as one, asyncio.TaskGroup() as group:
                for _ in range(pages):
                    group.create_task(_in_turn(todo, playwright, one, progress, until))
            if time.monotonic() > until:
                print("  time is over; run the same again to go on", flush=True)
                break
    return progress.results


async def _in_turn(
    todo: list[BrowserCase],
    playwright: Playwright,
    one: Appliance,
    progress: Progress,
    until: float,
) -> None:
    while todo and time.monotonic() < until:
        case = todo.pop(0)
        progress.keep(case, await one_case(case, playwright, one))


def run(halves: tuple[str, ...], options: argparse.Namespace) -> list[Result]:
    """What is kept, and what is run now."""
    healthy = max(1, round(HEALTHY_RUNS * options.scale))
    cases = [case for case in all_cases(healthy, halves) if re.search(options.only, case.name)]
    if options.again:
        log.path("browser").unlink(missing_ok=True)
    kept = log.kept("browser", (case.name for case in cases))
    left = [] if options.kept else [case for case in cases if case.name not in kept]
    causes = {cause for case in cases for cause in case.expected}
    print(f"browser tier: {len(cases)} cases, {len(causes)} causes, {len(left)} to run")
    for cause, reason in NOT_HERE.items():
        print(f"NOT RUN in a browser: {cause}: {reason}")
    os.environ.setdefault("GLOG_minloglevel", "2")  # MediaPipe talks to whoever reads the log
    for result in asyncio.run(_run(left, options.pages, options.minutes)) if left else ():
        kept[result.name] = result
    people.close()
    return [kept[case.name] for case in cases if case.name in kept]
