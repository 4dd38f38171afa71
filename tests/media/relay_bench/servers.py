"""What is measured: each server with ``sessions`` rooms of two, who all send and receive.

A server is an asynchronous context manager that gives ``Running``; its process lives on core 0.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from appliance.relay.client import RelayClient
from appliance.relay.control import Route
from appliance.relay.server import PRIORITY
from tests.media.process import media_process
from tests.media.relay_bench.janus import Janus
from tests.media.relay_bench.leg import Leg
from tests.media.relay_bench.load import Peer
from tests.media.relay_bench.plain import PlainLeg

HERE = Path(__file__).resolve().parent
Ask = Callable[..., Awaitable[dict[str, str]]]

SERVER_CORE = 0
LOAD_CORE = 1


@dataclass
class Running:
    """A server with its peers, all connected and routed."""

    pid: int
    peers: list[Peer]
    setup_cpu_s: float
    client: RelayClient | None = None  # of our own relay

    def cpu_s(self) -> float:
        """What its threads have used on a core so far."""
        return cpu_s(self.pid)

    def memory_mib(self) -> float:
        """Its resident memory, at most so far."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return round(int(line.split()[1]) / 1024, 1)
        return 0.0


def cpu_s(pid: int) -> float:
    """Seconds on a core of all threads (schedstat: nanoseconds, finer than clock ticks)."""
    used_ns = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            used_ns += int((task / "schedstat").read_text().split()[0])
    return used_ns / 1e9


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """Children started inside are bound to ``core``."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def as_punctual(pid: int) -> None:
    """Gives a peer the priority that this relay takes for itself, thread by thread."""
    with contextlib.suppress(PermissionError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setscheduler(int(task.name), os.SCHED_RR, os.sched_param(PRIORITY))


@contextlib.asynccontextmanager
async def relay(
    host: str, sessions: int, log: int = asyncio.subprocess.DEVNULL
) -> AsyncIterator[Running]:
    """This relay as it ships."""
    async with contextlib.AsyncExitStack() as stack:
        with on_core(SERVER_CORE):
            process, client = await stack.enter_async_context(media_process([host], log=log))
        before_s = cpu_s(process.pid)
        peers = []
        for number in range(sessions):
            room = f"room{number}"
            await client.open_room(room)
            names = (f"{room}a", f"{room}b")
            for name in names:
                leg = Leg(host)
                leg.read_offer((await client.add_peer(room, name)).offer)
                await client.accept_answer(name, leg.answer())
                await leg.connect()
                peers.append(Peer(leg, leg))
            ends = (names, names[::-1])
            kinds = ("microphone", "camera")
            routes = [Route(source=s, kind=k, target=t) for s, t in ends for k in kinds]
            await client.set_routes(room, routes)
        yield Running(process.pid, peers, cpu_s(process.pid) - before_s, client)


@contextlib.asynccontextmanager
async def janus(host: str, sessions: int) -> AsyncIterator[Running]:
    """Debian's Janus: videoroom, one publishing and one receiving connection for each peer."""
    async with contextlib.AsyncExitStack() as stack:
        with on_core(SERVER_CORE):
            server = await stack.enter_async_context(Janus.started(host))
        as_punctual(server.pid)
        before_s = cpu_s(server.pid)
        peers = []
        for number in range(sessions):
            sending = [Leg(host), Leg(host)]
            feeds = [await server.publish(number + 1, leg) for leg in sending]
            for leg, (feed, other) in zip(
                sending, zip(feeds, feeds[::-1], strict=True), strict=True
            ):
                assert feed != other
                receiving = Leg(host)
                await server.subscribe(number + 1, other, receiving)
                peers.append(Peer(leg, receiving))
        yield Running(server.pid, peers, cpu_s(server.pid) - before_s)


@contextlib.asynccontextmanager
async def _scripted(name: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, Ask]]:
    """A server of this folder that takes and gives lines of JSON."""
    with on_core(SERVER_CORE):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"tests.media.relay_bench.{name}"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )
    into, out = process.stdin, process.stdout
    assert into is not None
    assert out is not None

    async def ask(**words: object) -> dict[str, str]:
        into.write(json.dumps(words).encode() + b"\n")
        line = await asyncio.wait_for(out.readline(), 30)
        told: dict[str, str] = json.loads(line)
        return told

    try:
        yield process, ask
    finally:
        process.kill()
        await process.wait()


@contextlib.asynccontextmanager
async def media_relay(host: str, sessions: int) -> AsyncIterator[Running]:
    """aiortc's MediaRelay: it decodes, and encodes anew for each receiver."""
    async with _scripted("aiortc_server") as (process, ask):
        await ask(hello=True)
        before_s = cpu_s(process.pid)
        peers = []
        for number in range(sessions):
            for _ in range(2):
                leg = Leg(host)
                leg.take((await ask(room=number, offer=leg.offer("sendrecv")))["answer"])
                await leg.connect()
                peers.append(Peer(leg, leg))
        yield Running(process.pid, peers, cpu_s(process.pid) - before_s)


@contextlib.asynccontextmanager
async def raw(host: str, sessions: int) -> AsyncIterator[Running]:
    """The floor: datagrams from one socket to another, nothing read, nothing encrypted."""
    async with _scripted("raw_server") as (process, ask):
        port = int((await ask(host=host))["port"])
        peers = []
        for number in range(sessions):
            pair = PlainLeg.pair(host, (host, port))
            for side, leg in enumerate(pair):
                leg.socket.sendto(b"\xff" + bytes([number, side]), (host, port))
                peers.append(Peer(leg, leg))
        await ask(go=True)
        yield Running(process.pid, peers, 0.0)


SERVERS = {"relay": relay, "janus": janus, "media_relay": media_relay, "raw": raw}
