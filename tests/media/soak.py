"""Sessions opened and closed with faults, against the real media process. Called by scripts/soak.

A session is a room of two who see and hear each other for a moment, and end as chance wills: with
a good-bye, killed, with garbage, half connected, and so on. Several run side by side. What the
process holds is read between sessions; its growth is the slope of a line through the second half,
per thousand sessions (after warm-up, as security.md 5.3 asks). ``--json`` prints one object as the
last line.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import shlex
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from appliance.relay.client import RelayClient, RelayError
from appliance.relay.control import Route
from appliance.relay.sdp import DtlsSetup, Fingerprint
from tests.media.phone import Phone, vp8
from tests.media.process import media_process

MEMORY_MIB_PER_1000: Final = 5.0  # issue 4
FLAT_PER_1000: Final = 1.0  # of things that are counted; less than one is noise of the moment
SIDE_BY_SIDE: Final = 6
LOOK_EVERY: Final = 10
PICTURES: Final = 12
HOST: Final = "127.0.0.1"
THINGS: Final = ("memory_mib", "fds", "threads", "tasks")


@dataclass
class Look:
    """What the process holds, after so many sessions."""

    sessions: int
    held: dict[str, float]


@dataclass
class Soak:
    """A run: the process, what was done to it, and what it was seen to hold."""

    client: RelayClient
    pid: int
    rng: random.Random
    faults: Counter[str] = field(default_factory=Counter)
    looks: list[Look] = field(default_factory=list)
    done: int = 0
    failed: int = 0  # healthy sessions in which nothing arrived

    async def look(self) -> Look:
        """Reads what the process holds now."""
        stats = await self.client.stats()
        held = {"memory_mib": _memory_mib(self.pid), "fds": _open_files(self.pid)}
        held |= {"threads": _threads(self.pid), "tasks": stats["tasks"]}
        held |= {"rooms": len(stats["rooms"]), "paths": stats["paths"], "names": stats["names"]}
        return Look(self.done, held)


def _memory_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * 4096 / 2**20, 3)


def _open_files(pid: int) -> int:
    """Exact for root; else the size of the table, as nobody may look into the process."""
    with contextlib.suppress(PermissionError):
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return _of_status(pid, "FDSize")


def _threads(pid: int) -> int:
    return _of_status(pid, "Threads")


def _of_status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise KeyError(name)


# ---- sessions ------------------------------------------------------------------------------------
@dataclass
class Session:
    """One room; ``fault`` is what happens in it."""

    soak: Soak
    room: str
    rng: random.Random
    phones: list[Phone] = field(default_factory=list)

    async def join(self, *, connect: bool = True) -> Phone:
        """Somebody comes, as a browser does."""
        phone = Phone(host=HOST)
        self.phones.append(phone)
        name = self.name(len(self.phones) - 1)
        offer = (await self.soak.client.add_peer(self.room, name)).offer
        answer = await phone.join(offer)
        if connect:
            await self.soak.client.accept_answer(name, answer)
            await phone.connect()
        return phone

    def name(self, index: int) -> str:
        """The relay's id of who came first, second …"""
        return f"{self.room}-{index}"

    async def talk(self) -> None:
        """Two see and hear each other for some pictures."""
        a, b = await self.join(), await self.join()
        names = (self.name(0), self.name(1))
        ends = (names, names[::-1])
        kinds = ("microphone", "camera")
        routes = [Route(source=s, kind=k, target=t) for s, t in ends for k in kinds]
        await self.soak.client.set_routes(self.room, routes)
        for picture in range(PICTURES):
            for phone in (a, b):
                phone.send_media("camera", vp8(picture, keyframe=picture == 0, size=900))
                phone.send_media("microphone", bytes(80), step=960)
            await asyncio.sleep(0.005)
        if not (a.received and b.received):
            self.soak.failed += 1

    def garbage(self, phone: Phone) -> None:
        """Bytes without sense from an address that counts, some of them authenticated."""
        for _ in range(40):
            first = self.rng.choice((0, 22, 128, 144, 200))
            phone.send(bytes([first]) + self.rng.randbytes(self.rng.randrange(1, 1200)))
            head = bytes([0x90, 96]) + self.rng.randbytes(10)
            phone.send_protected(head + self.rng.randbytes(self.rng.randrange(1, 80)))
            phone.send_rtcp(b"\x80\xc9\x00\x01" + self.rng.randbytes(4))


async def good_bye(session: Session) -> None:
    """Both hang up."""
    await session.talk()
    await asyncio.gather(*(phone.hang_up() for phone in session.phones))


async def killed(session: Session) -> None:
    """One is gone without a word; web closes the room."""
    await session.talk()
    session.phones[0].vanish()


async def closed_at_once(session: Session) -> None:
    """Web closes the room in the middle of the sentence."""
    await session.talk()
    await session.soak.client.close_room(session.room)
    session.phones[0].send_media("microphone", b"too late")


async def bad_answer(session: Session) -> None:
    """Answers that break the grammar, then none at all."""
    phone = await session.join(connect=False)
    good = phone.answer()
    bad = [
        good[: session.rng.randrange(len(good))],
        good.replace("sha-256", "sha-1"),
        "v=0\r\n" * 400,
        session.rng.randbytes(400).hex(),
        good.replace("VP8", "VP9").replace("m=video", "m=application"),
    ]
    for text in bad:
        with contextlib.suppress(RelayError):
            await session.soak.client.accept_answer(session.name(0), text)


async def no_answer(session: Session) -> None:
    """Asked for, and never seen again."""
    await session.join(connect=False)


async def half_a_handshake(session: Session) -> None:
    """DTLS begins and stops: what the browser gets is thrown away."""
    phone = await session.join(connect=False)
    await session.soak.client.accept_answer(session.name(0), phone.answer())
    phone.datagram_received = lambda data, addr: None  # type: ignore[method-assign]
    phone.check(nominate=True)
    fingerprint = Fingerprint("sha-256", phone.remote_fingerprint)
    phone.dtls.start(fingerprint, DtlsSetup.PASSIVE)
    await asyncio.sleep(0.1)
    phone.send(b"\x16\xfe\xfd" + session.rng.randbytes(200))


async def wrong_fingerprint(session: Session) -> None:
    """The certificate is not the one of the answer."""
    phone = await session.join(connect=False)
    wrong = phone.answer().replace(phone.fingerprint, "AB:" * 31 + "AB")
    await session.soak.client.accept_answer(session.name(0), wrong)
    with contextlib.suppress(TimeoutError):
        await phone.connect(timeout_s=0.3)


async def garbage(session: Session) -> None:
    """Nonsense from members' own addresses."""
    await session.talk()
    for phone in session.phones:
        session.garbage(phone)
    await asyncio.sleep(0.02)


async def roams(session: Session) -> None:
    """Changes address and restarts ICE, several times."""
    await session.talk()
    phone = session.phones[0]
    for _ in range(3):
        offer = (await session.soak.client.restart_ice(session.name(0))).offer
        await phone.open()
        phone.read_offer(offer)
        await session.soak.client.accept_answer(session.name(0), phone.answer())
        phone.check(nominate=True)
        phone.send_media("microphone", b"here")
        await asyncio.sleep(0.01)


async def many_streams(session: Session) -> None:
    """More SSRCs than anybody has."""
    await session.talk()
    for number in range(200):
        session.phones[0].send_media("microphone", b"x", number=1, ssrc=10_000_000 + number)
    await asyncio.sleep(0.02)


FAULTS: dict[str, tuple[float, Callable[[Session], Awaitable[None]]]] = {
    "good_bye": (3, good_bye),
    "killed": (2, killed),
    "closed_at_once": (1, closed_at_once),
    "bad_answer": (1, bad_answer),
    "no_answer": (1, no_answer),
    "half_a_handshake": (1, half_a_handshake),
    "wrong_fingerprint": (0.5, wrong_fingerprint),
    "garbage": (1, garbage),
    "roams": (1, roams),
    "many_streams": (1, many_streams),
}


async def one(soak: Soak, number: int) -> None:
    """Opens a room, lets chance do its worst, and closes it."""
    rng = random.Random(soak.rng.randrange(1 << 32))
    names = list(FAULTS)
    name = rng.choices(names, [FAULTS[each][0] for each in names])[0]
    session = Session(soak, f"s{number}", rng)
    try:
        await soak.client.open_room(session.room)
        await FAULTS[name][1](session)
    finally:
        for phone in session.phones:
            phone.vanish()
            _let_go(phone)
        await soak.client.close_room(session.room)
    soak.faults[name] += 1


def _let_go(phone: Phone) -> None:
    """Ends what of a handshake still runs on our side."""
    for task in (phone.dtls._task, phone.dtls._transport._task):
        if task is not None:
            task.cancel()


async def run(sessions: int, seed: int) -> Soak:
    """All sessions, some side by side; then waits for good-byes to be said."""
    async with media_process([HOST]) as (process, client):
        soak = Soak(client, process.pid, random.Random(seed))
        numbers = iter(range(sessions))

        async def worker() -> None:
            for number in numbers:
                await one(soak, number)
                soak.done += 1
                if soak.done % LOOK_EVERY == 0:
                    soak.looks.append(await soak.look())

        soak.looks.append(await soak.look())
        await asyncio.gather(*(worker() for _ in range(SIDE_BY_SIDE)))
        soak.looks.append(await _settled(soak))
        return soak


async def _settled(soak: Soak, within_s: float = 20) -> Look:
    """The last look: nobody is left, and tasks are those of the beginning."""
    until_s = time.monotonic() + within_s
    first = soak.looks[0].held
    while True:
        look = await soak.look()
        if look.held["tasks"] <= first["tasks"] or time.monotonic() > until_s:
            return look
        await asyncio.sleep(0.2)


def slopes(looks: list[Look]) -> dict[str, float]:
    """Growth per thousand sessions of each thing: a line through the second half of the looks."""
    late = looks[len(looks) // 2 : -1]
    if len(late) < 3:
        return dict.fromkeys(THINGS, 0.0)
    at = [look.sessions for look in late]
    return {
        thing: round(float(np.polyfit(at, [look.held[thing] for look in late], 1)[0]) * 1000, 3)
        for thing in THINGS
    }


def summary(soak: Soak) -> dict[str, Any]:
    """What the issue asks for. Counted things are flat if the end is as the beginning was."""
    first, last = soak.looks[0].held, soak.looks[-1].held
    grown = slopes(soak.looks)
    more = {thing: last[thing] - first[thing] for thing in THINGS[1:]}
    left = {thing: last[thing] for thing in ("rooms", "paths", "names")}
    flat = all(value <= 0 for value in (*more.values(), *left.values()))
    return {
        "sessions": soak.done,
        "good": grown["memory_mib"] <= MEMORY_MIB_PER_1000 and flat and not soak.failed,
        "per_1000": grown,
        "more_at_the_end": more,
        "left": left,
        "memory_mib": [first["memory_mib"], last["memory_mib"]],
        "silent_sessions": soak.failed,
        "faults": dict(soak.faults),
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    began_s = time.monotonic()
    told = summary(asyncio.run(run(options.sessions, options.seed)))
    told["seconds"] = round(time.monotonic() - began_s, 1)
    told["command"] = shlex.join(["scripts/soak", *sys.argv[1:]])
    print(json.dumps(told) if options.json else json.dumps(told, indent=1))
    sys.exit(not told["good"])


if __name__ == "__main__":
    main()
