"""From the adviser's click on "admit" to the first new decoded picture in each page.

Called by ``scripts/bench admit``. Two real Chromiums on a whole appliance, over loopback. After
each conversation the client is sent back and waits again; half of the rounds begin with a reload of
the client's page. ``--json`` prints one object as the last line, with where the time went.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from aiosmtpd.controller import Controller
from playwright.async_api import async_playwright

from tests.e2e import clips, walk
from tests.e2e.chromium import Chromium, until
from tests.e2e.conftest import Appliance, Mailbox, free_port, running

MUST_MS: Final = 700
GOAL_MS: Final = 300

# What each page does, with the time of the machine's clock; nothing in it is changed.
KEEP_TIMES = """() => {
  window.times = [];
  const note = (word, at = performance.now()) =>
    window.times.push([word, performance.timeOrigin + at]);
  addEventListener('click', (event) => note('click', event.timeStamp), true);
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wishes) => {
    const kind = wishes.video ? 'camera' : 'microphone';
    note(`${kind} asked`);
    const stream = await open(wishes);
    note(`${kind} open`);
    return stream;
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...words) {
      super(...words);
      this.addEventListener('message', ({ data, timeStamp }) => {
        const told = JSON.parse(data);
        const state = told.type === 'desk' ? told.session?.state ?? 'day' : told.state;
        note(state ? `told ${state}` : told.type, timeStamp);
      });
    }
    send(data) {
      note(`says ${JSON.parse(data).type}`);
      super.send(data);
    }
  };
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...words) {
      super(...words);
      this.addEventListener('connectionstatechange', () => note(`peer ${this.connectionState}`));
    }
  };
}"""

# Every new picture of one video, received and shown; a picture that is shown again is not new.
WATCH = """(() => {
  const video = document.querySelector(SELECTOR);
  window.pictures = [];
  (function next() {
    video.requestVideoFrameCallback((now, frame) => {
      const received = frame.receiveTime ?? now;
      if (window.pictures.length < 100000) {
        window.pictures.push([performance.timeOrigin + received, performance.timeOrigin + now]);
      }
      next();
    });
  })();
})()"""


async def clicked_at(adviser: Chromium) -> float:
    """When "admit" was clicked last, in milliseconds of the machine's clock."""
    times = await adviser.evaluate("window.times")
    return max(at for word, at in times if word == "click")


async def first_picture(person: Chromium, since: float, within_s: float = 20) -> float:
    """Milliseconds from ``since`` to the first picture that was received after it."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while loop.time() < end:
        shown = await person.evaluate(f"window.pictures.find(([got]) => got > {since})?.[1] ?? 0")
        if shown:
            return float(shown) - since
        await asyncio.sleep(0.05)
    raise TimeoutError(f"no picture within {within_s} s")


async def steps(person: Chromium, since: float) -> dict[str, int]:
    """What the page did first after the click: step, and milliseconds."""
    found: dict[str, int] = {}
    for word, at in await person.evaluate("window.times"):
        if at >= since - 1:
            found.setdefault(word, round(at - since))
    return found


async def admit(adviser: Chromium, client: Chromium) -> dict[str, Any]:
    """One admission; the client goes on waiting afterwards."""
    await client.evaluate(WATCH.replace("SELECTOR", repr(walk.CLIENT_SEES)))
    await adviser.evaluate(WATCH.replace("SELECTOR", repr(walk.DESK_SEES)))
    await adviser.evaluate("window.times.length = 0")
    await adviser.click("button", "Hereinbitten")
    since = await clicked_at(adviser)
    pages = {"client": client, "adviser": adviser}
    told = {name: await first_picture(page, since) for name, page in pages.items()}
    where = {name: await steps(page, since) for name, page in pages.items()}
    return {**{name: round(ms) for name, ms in told.items()}, "steps": where}


async def send_back(adviser: Chromium, client: Chromium) -> None:
    """Into the waiting room, as an adviser does who wants to look something up."""
    await until(adviser.page, "!document.querySelector('[data-send-back]').disabled")
    await adviser.page.locator("[data-send-back]").click()
    await client.page.locator("[data-screen=waiting]").wait_for()


async def wait_in_line(adviser: Chromium, client: Chromium, seconds: float, reload: bool) -> None:
    """The client waits; with ``reload`` in a page that was just loaded again."""
    if reload:
        await client.page.reload()
        await client.page.locator("[data-screen=waiting]").wait_for()
    await adviser.page.locator("[data-waiting] [data-slot=admit]:visible").first.wait_for()
    await asyncio.sleep(seconds)


async def measure(rounds: int, wait_s: float) -> dict[str, list[dict[str, Any]]]:
    """All rounds, by what went before: ``waiting`` and ``reloaded``."""
    found: dict[str, list[dict[str, Any]]] = {"waiting": [], "reloaded": []}
    async with people_of() as (adviser, client):
        for number in range(2 * rounds):
            kind = "reloaded" if number % 2 else "waiting"
            await wait_in_line(adviser, client, wait_s, reload=kind == "reloaded")
            found[kind].append(await admit(adviser, client))
            print(kind, json.dumps(found[kind][-1]), file=sys.stderr, flush=True)
            await send_back(adviser, client)
    return found


@asynccontextmanager
async def people_of() -> AsyncIterator[tuple[Chromium, Chromium]]:
    """An adviser at the desk and a client in the waiting room of a fresh appliance."""
    mailbox = Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    smtp.start()
    started: list[Chromium] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with (
                async_playwright() as playwright,
                running(Path(folder) / "box", smtp.port, mailbox) as appliance,
            ):
                try:
                    yield await _seated(appliance, _starter(playwright, started))
                finally:
                    await asyncio.gather(*(one.stop() for one in started), return_exceptions=True)
    finally:
        smtp.stop()


def _starter(playwright: Any, started: list[Chromium]) -> Callable[..., Any]:
    async def start(who: str, **context: Any) -> Chromium:
        person = Chromium(playwright, clips.picture(who), clips.speech(who))
        started.append(await person.start(**context))
        await person.add_init_script(KEEP_TIMES)
        return person

    return start


async def _seated(appliance: Appliance, start: Callable[..., Any]) -> tuple[Chromium, Chromium]:
    adviser, booked = await walk.to_a_booked_appointment(appliance, start)
    client = await start("client")
    await walk.to_the_waiting_room(client, booked)
    await adviser.see("Ayşe Öztürk")
    return adviser, client


def summary(found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Medians and worst, in milliseconds; ``worst_median`` is what must and goal are about."""
    told: dict[str, Any] = {}
    for kind, rows in found.items():
        for page in ("client", "adviser"):
            values = [row[page] for row in rows]
            told[f"{kind}_{page}"] = {"median": statistics.median(values), "max": max(values)}
    told["worst_median"] = max(each["median"] for each in told.values())
    return told


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench admit", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="of each kind")
    parser.add_argument("--wait", type=float, default=60.0, help="seconds in the waiting room")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    found = asyncio.run(measure(options.rounds, options.wait))
    told = summary(found)
    answer = {
        "command": shlex.join(["scripts/bench", "admit", *sys.argv[1:]]),
        "ms": told,
        "must": told["worst_median"] <= MUST_MS,
        "goal": told["worst_median"] <= GOAL_MS,
        "rounds": found,
        "load": round(os.getloadavg()[0], 2),
    }
    print(json.dumps(answer) if options.json else json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
