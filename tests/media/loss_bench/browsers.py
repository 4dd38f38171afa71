"""Two real Chromiums in a conversation, one of them on a bad line: what each sees and hears."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import async_playwright

from tests.bench_check import browser_box
from tests.e2e import behind_a_hop, clips, walk
from tests.e2e.chromium import Chromium
from tests.media.udp_hop import UdpHop

SETTLE_S: Final = 8.0  # browsers need some seconds to find what a line carries
MEASURE_S: Final = 8.0
GIVE_UP_S: Final = 30.0
FLOWS_PER_S: Final = 8.0  # of the 15 pictures a second that the clips have
# Fields of UdpHop, both ways of one person's line.
SHAPES: Final[dict[str, dict[str, float]]] = {
    "no loss": {},
    "1 % lost": {"loss": 0.01},
    "5 % lost": {"loss": 0.05},
    "20 % lost": {"loss": 0.2},
    "200 ms": {"delay_s": 0.1},
    "10 % out of order": {"delay_s": 0.01, "late": 0.1},
    "300 kbit/s": {"up_kbps": 300, "down_kbps": 300},
}

COUNT: Final = """(() => {
  const video = document.querySelector(SELECTOR);
  const seen = { frames: 0, longestMs: 0, lastMs: performance.now() };
  window.watched = seen;
  (function next() {
    video.requestVideoFrameCallback((now) => {
      if (window.watched !== seen) return;
      seen.frames += 1;
      seen.longestMs = Math.max(seen.longestMs, now - seen.lastMs);
      seen.lastMs = now;
      next();
    });
  })();
})()"""
FRAMES: Final = """(() => {
  const gapMs = performance.now() - watched.lastMs;
  return [watched.frames, Math.max(watched.longestMs, gapMs)];
})()"""
SOUND: Final = """(async () => {
  let [heard, made] = [0, 0];
  for (const peer of window.peers) {
    if (peer.connectionState !== 'connected') continue;
    for (const row of (await peer.getStats()).values()) {
      if (row.type !== 'inbound-rtp' || row.kind !== 'audio') continue;
      heard += row.totalSamplesReceived ?? 0;
      made += (row.concealedSamples ?? 0) - (row.silentConcealedSamples ?? 0);
    }
  }
  return [heard, made];
})()"""
SEES: Final = {"client": walk.CLIENT_SEES, "adviser": walk.DESK_SEES}
SIZE: Final = "(() => document.querySelector(SELECTOR)?.videoWidth ?? 0)()"

People = dict[str, Chromium]


async def count(person: Chromium, who: str) -> None:
    """Counts new pictures from now on."""
    await person.evaluate(COUNT.replace("SELECTOR", json.dumps(SEES[who])))


async def seen(people: People, seconds: float) -> dict[str, dict[str, float]]:
    """What each person saw and heard within some seconds."""
    before = {}
    for who, person in people.items():
        await count(person, who)
        before[who] = await person.evaluate(SOUND)
    began_s = time.monotonic()
    await asyncio.sleep(seconds)
    rows = {}
    for who, person in people.items():
        frames, longest_ms = await person.evaluate(FRAMES)
        heard, made = await person.evaluate(SOUND)
        passed_s = time.monotonic() - began_s
        width = await person.evaluate(SIZE.replace("SELECTOR", json.dumps(SEES[who])))
        rows[who] = {
            "frames_per_s": round(frames / passed_s, 1),
            "longest_gap_ms": round(longest_ms),
            "sound_made_up": round((made - before[who][1]) / max(heard - before[who][0], 1), 4),
            "width": width,
        }
    return rows


async def flows_after_s(people: People) -> float:
    """Seconds until everybody sees a moving picture again."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < GIVE_UP_S:
        rows = await seen(people, 1.0)
        if all(row["frames_per_s"] >= FLOWS_PER_S for row in rows.values()):
            return round(time.monotonic() - began_s - 1.0, 1)
    return GIVE_UP_S


async def first_picture_s(person: Chromium, who: str) -> float:
    """Seconds from loading the page anew to its first picture, on the line as it is."""
    began_s = time.monotonic()
    await person.page.reload()
    shown = f"document.querySelector({json.dumps(SEES[who])})?.currentTime > 0"
    while time.monotonic() - began_s < GIVE_UP_S:
        if await person.evaluate(shown):
            return round(time.monotonic() - began_s, 1)
        await asyncio.sleep(0.05)
    return GIVE_UP_S


def bend(hop: UdpHop, shape: dict[str, float]) -> None:
    """Gives the line this shape, and no other."""
    for name in ("loss", "delay_s", "late", "up_kbps", "down_kbps"):
        setattr(hop, name, shape.get(name, 0.0))


async def one(people: People, hop: UdpHop, shape: dict[str, float]) -> dict[str, Any]:
    """The row of one shape, on the client's line."""
    bend(hop, shape)
    await asyncio.sleep(SETTLE_S)
    row: dict[str, Any] = await seen(people, MEASURE_S)
    row["first_picture_s"] = await first_picture_s(people["client"], "client")
    bend(hop, {})
    row["recovered_s"] = await flows_after_s(people)
    return row


async def measure(names: list[str], at: str = "client") -> dict[str, Any]:
    """All shapes on the line of ``at``, ``client`` or ``adviser``."""
    rows = {}
    async with talking(at) as (people, hop):
        for name in names:
            rows[name] = await one(people, hop, SHAPES[name])
            print(f"{at}: {name}", json.dumps(rows[name]), file=sys.stderr, flush=True)
    return rows


@asynccontextmanager
async def talking(at: str) -> AsyncIterator[tuple[People, UdpHop]]:
    """Adviser and client in a conversation, and the hop that one of them is behind."""
    started: list[Chromium] = []
    async with browser_box.appliance() as box, async_playwright() as playwright:

        async def start(who: str, **context: Any) -> Chromium:
            person = Chromium(playwright, clips.picture(who), clips.speech(who))
            started.append(await person.start(**context))
            hops[who] = await behind_a_hop.led_through(person, box)
            return person

        hops: dict[str, UdpHop] = {}
        try:
            adviser, client = await walk.to_the_session(box, start)
            people = {"client": client, "adviser": adviser}
            await walk.sees_moving(client, SEES["client"], "adviser", 30)
            await walk.sees_moving(adviser, SEES["adviser"], "client", 30)
            yield people, hops[at]
        finally:
            await asyncio.gather(*(one.stop() for one in started), return_exceptions=True)
            for hop in hops.values():
                hop.close()
