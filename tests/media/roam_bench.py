"""A client whose address changes in the middle of a conversation: when is the picture back?

Called by ``scripts/bench roam``. Real Chromiums and the real media process; a round is one change.
``nat``: a hop gives the client another outer address, and the browser knows nothing. ``watching``:
the same, while the client sends nothing but reports. ``address``: the client's only interface gets
another address, as from Wi-Fi to mobile data, in a network namespace (root; else it is left out);
signalling is there all the time. Both ways are measured: what the client sees, and who sees it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import shlex
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from appliance.relay.control import Event, RestartOffered
from tests.media.network_lab import LabForbidden, lab
from tests.media.pages import Person, Stage, stage

MUST_MS: Final = 3_000
GOAL_MS: Final = 1_000
WATCHED_MS: Final = 8_000
CALM_S: Final = (2.0, 4.5)  # between two changes; by chance, as checks come every 2.5 s

# Every picture that is shown, by the machine's clock.
WATCH = """() => {
  const video = window.players['4'];
  window.pictures = [];
  (function next() {
    video.requestVideoFrameCallback((now) => {
      window.pictures.push(performance.timeOrigin + now);
      next();
    });
  })();
}"""
TAKE = "(since) => { const all = window.pictures; window.pictures = []; return all; }"


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of change: ``change`` makes it; ``ways`` are the pictures that should come back."""

    change: Callable[[], Awaitable[None]]
    watchers: dict[str, Person]


def back_ms(pictures: list[float], since_ms: float) -> float:
    """From the change to the picture after the longest gap; what never came back counts whole."""
    ends = [at for at in pictures if at > since_ms] or [since_ms + WATCHED_MS]
    before = max((at for at in pictures if at <= since_ms), default=since_ms)
    gaps = [(after - at, after) for at, after in zip([before, *ends], ends, strict=False)]
    longest = max(gaps, key=lambda each: each[0])
    return round(longest[1] - since_ms)


async def one_round(way: Way, rng: random.Random) -> dict[str, float]:
    """Lets the conversation flow, changes the address, and waits for pictures."""
    await asyncio.sleep(rng.uniform(*CALM_S))
    since_ms = time.time() * 1000
    await way.change()
    until_s = time.monotonic() + WATCHED_MS / 1000
    seen: dict[str, list[float]] = {name: [] for name in way.watchers}
    while time.monotonic() < until_s:
        await asyncio.sleep(0.25)
        for name, person in way.watchers.items():
            seen[name] += await person.page.evaluate(TAKE, 0)
        if all(_flows(pictures, since_ms) for pictures in seen.values()):
            break
    return {name: back_ms(pictures, since_ms) for name, pictures in seen.items()}


def _flows(pictures: list[float], since_ms: float) -> bool:
    """Whether the picture has moved for a second again, after a time in which it may have stood."""
    now_ms = time.time() * 1000
    late = [at for at in pictures if at > now_ms - 1000]
    return now_ms > since_ms + 2500 and len(late) > 8


async def _talking(made: Stage, hop: Any = None) -> tuple[Person, Person]:
    """The client (behind the hop) and who talks to it."""
    client, other = await made.person("client", hop), await made.person("other")
    await made.route("client>other", "other>client")
    for person in (client, other):
        await person.sees_within(15)
        await person.page.evaluate(WATCH)
    return client, other


@contextlib.asynccontextmanager
async def behind_a_nat() -> AsyncIterator[Way]:
    """The hop takes new outer ports."""
    async with stage() as made:
        hop = await made.hop()
        client, other = await _talking(made, hop)

        async def change() -> None:
            hop.rebind()

        try:
            yield Way(change, {"client": client, "other": other})
        finally:
            hop.close()


@contextlib.asynccontextmanager
async def watching() -> AsyncIterator[Way]:
    """The client is muted: it sends nothing but reports and checks."""
    async with behind_a_nat() as way:
        client = way.watchers["client"]
        await client.page.evaluate(
            "() => Promise.all(pc.getSenders().map((one) => one.replaceTrack(null)))"
        )
        yield Way(way.change, {"client": client})


@contextlib.asynccontextmanager
async def on_another_network() -> AsyncIterator[Way]:
    """The interface's address changes; restarts that the relay offers are answered at once."""
    async with lab() as place, stage(place) as made:
        client, other = await _talking(made)
        tasks: set[asyncio.Task[None]] = set()

        async def answer(event: Event) -> None:
            if isinstance(event, RestartOffered):
                task = asyncio.create_task(made.people[event.peer_id].restart(event.offer))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        made.client.on_event = answer
        numbers = iter(range(11, 250))
        last = 10

        async def change() -> None:
            nonlocal last
            new = next(numbers)
            space = place.spaces["home"]
            for words in (
                f"addr del 203.0.113.{last}/24 dev h0",
                f"addr add 203.0.113.{new}/24 dev h0",
                "route replace default via 203.0.113.1",
            ):
                command = ["ip", "-n", space, *words.split()]
                await asyncio.to_thread(subprocess.run, command, check=True, timeout=5)
            last = new

        yield Way(change, {"client": client, "other": other})


WAYS: dict[str, Callable[[], contextlib.AbstractAsyncContextManager[Way]]] = {
    "nat": behind_a_nat,
    "watching": watching,
    "address": on_another_network,
}


async def measure(name: str, rounds: int, seed: int = 3) -> list[dict[str, float]]:
    """All rounds of one kind. Raises ``LabForbidden``."""
    rng = random.Random(seed)
    found = []
    async with WAYS[name]() as way:
        for _ in range(rounds):
            found.append(await one_round(way, rng))
            print(name, json.dumps(found[-1]), file=sys.stderr, flush=True)
    return found


def p95(values: list[float]) -> float:
    """The nineteenth of twenty."""
    ranked = sorted(values)
    return ranked[max(-(-len(ranked) * 95 // 100) - 1, 0)]


def summary(rows: list[dict[str, float]]) -> dict[str, Any]:
    """Of each picture, and of the later one of both."""
    names = list(rows[0])
    told = {
        name: {
            "p50": p50([row[name] for row in rows]),
            "p95": p95([row[name] for row in rows]),
        }
        for name in names
    }
    return {**told, "p95": max(told[name]["p95"] for name in names), "rounds": len(rows)}


def p50(values: list[float]) -> float:
    """The median, an existing value."""
    return sorted(values)[len(values) // 2]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench roam", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="of each kind")
    parser.add_argument("--only", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    told: dict[str, Any] = {}
    for name in options.only:
        try:
            told[name] = summary(asyncio.run(measure(name, options.rounds)))
        except LabForbidden as refused:
            told[name] = {"forbidden": str(refused)}
    worst = max((each["p95"] for each in told.values() if "p95" in each), default=0)
    answer = {
        "command": shlex.join(["scripts/bench", "roam", *sys.argv[1:]]),
        "p95_ms": worst,
        "must": worst <= MUST_MS,
        "goal": worst <= GOAL_MS,
        "ms": told,
        "load": round(os.getloadavg()[0], 2),
    }
    print(json.dumps(answer) if options.json else json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
