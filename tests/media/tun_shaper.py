"""Delay, jitter, loss and rate between two TUN devices. Run inside the gateway's namespace.

Settings come as JSON lines on stdin: ``{"delay_s": 0.1, "loss": 0.05, "up_kbps": 500}``; each line
is the whole shape. A packet waits in a heap until it is due; a full queue drops it, and jitter
reorders.
"""

from __future__ import annotations

import asyncio
import fcntl
import heapq
import json
import os
import random
import struct
import sys
from dataclasses import dataclass
from itertools import count

SETTINGS = {"delay_s", "jitter_s", "loss", "up_loss", "up_kbps", "down_kbps", "queue_s"}
_SET_INTERFACE = 0x400454CA
_TUN_WITHOUT_HEADER = 0x0001 | 0x1000


def open_tun(name: str) -> int:
    """An existing TUN device, for reading and writing IP packets."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _SET_INTERFACE, struct.pack("16sH", name.encode(), _TUN_WITHOUT_HEADER))
    return device


@dataclass
class Way:
    """One direction: packets are read here and written there."""

    name: str
    source: int
    target: int
    free_at_s: float = 0.0


class Shaper:
    """Two ways and one shape."""

    def __init__(self, up: Way, down: Way) -> None:
        self.shape: dict[str, float] = {}
        self._random = random.Random(11)
        self._heap: list[tuple[float, int, int, bytes]] = []
        self._count = count()
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        for way in (up, down):
            self._loop.add_reader(way.source, self._read, way)

    def _read(self, way: Way) -> None:
        for _ in range(64):
            try:
                packet = os.read(way.source, 2048)
            except BlockingIOError:
                break
            self._take(way, packet)
        self._send_due()

    def _take(self, way: Way, packet: bytes) -> None:
        shape, now_s = self.shape, self._loop.time()
        share = shape.get("loss", 0.0) + shape.get(f"{way.name}_loss", 0.0)
        if self._random.random() < share:
            return
        due_at_s = now_s
        if kbps := shape.get(f"{way.name}_kbps", 0.0):
            way.free_at_s = max(way.free_at_s, now_s)
            if way.free_at_s - now_s >= shape.get("queue_s", 0.3):
                return
            way.free_at_s += len(packet) * 8 / 1000 / kbps
            due_at_s = way.free_at_s
        due_at_s += shape.get("delay_s", 0.0) + self._random.random() * shape.get("jitter_s", 0.0)
        heapq.heappush(self._heap, (due_at_s, next(self._count), way.target, packet))

    def _send_due(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        now_s = self._loop.time()
        while self._heap and self._heap[0][0] <= now_s:
            _, _, target, packet = heapq.heappop(self._heap)
            os.write(target, packet)
        if self._heap:
            self._timer = self._loop.call_at(self._heap[0][0], self._send_due)


async def main(up_name: str, down_name: str) -> None:
    """Until stdin ends."""
    up, down = open_tun(up_name), open_tun(down_name)
    shaper = Shaper(Way("up", up, down), Way("down", down, up))
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    print("ready", flush=True)
    while line := await lines.readline():
        shaper.shape = json.loads(line)
        print("shaped", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
