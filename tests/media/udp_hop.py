"""A network between a browser and the relay that a test can move, thin out, slow down or cut."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Callable
from contextlib import suppress

INSTANT_S = 1e-6
QUEUE_S = 0.3  # what a slow line keeps before it drops
LATE_S = 0.008


class _Side(asyncio.DatagramProtocol):
    def __init__(self, take: Callable[[bytes, tuple], None]) -> None:
        self.datagram_received = take


class _Flow:
    """One address of the browser; the relay sees a port of its own for it, as behind a NAT."""

    def __init__(self, hop: UdpHop, browser: tuple[str, int]) -> None:
        self.hop = hop
        self.browser = browser
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind((hop.host, 0))
        asyncio.get_running_loop().add_reader(self.socket, self._read)

    def _read(self) -> None:
        with suppress(BlockingIOError, ConnectionRefusedError):
            while True:
                self.hop.from_relay(self.socket.recv(2048), self.browser)

    def send(self, data: bytes) -> None:
        """To the relay; a full buffer is a loss like any other."""
        with suppress(OSError):
            self.socket.sendto(data, self.hop.relay)

    def close(self) -> None:
        """What is still under way to it is lost."""
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()


class UdpHop:
    """Forwards datagrams both ways. ``rebind`` changes its outer ports, as a NAT does."""

    def __init__(self, host: str, relay: tuple[str, int]) -> None:
        self.host = host
        self.relay = relay
        self.loss = 0.0  # share, each way
        self.up_loss = 0.0  # beside it, on the way up
        self.cut = False
        self.closed = False  # what is connected stays so; nothing new comes through
        self.down_kbps = 0.0  # to the browser; 0 is unlimited
        self.up_kbps = 0.0
        self.delay_s = 0.0  # each way
        self.jitter_s = 0.0  # up to so much more, each way, in order
        self.late = 0.0  # share of packets that come so late that later ones overtake them
        self.hold_s = 0.0  # let through in clumps this far apart, as over a crowded radio
        self.queue_s = QUEUE_S
        self.media_at_s = {
            "up": 0.0,
            "down": 0.0,
        }  # of the last packet of sound or picture; Unix time
        self._free_at_s = {"down": 0.0, "up": 0.0}
        self._due_at_s = {"down": 0.0, "up": 0.0}
        self._opens_at_s = {"down": 0.0, "up": 0.0}
        self._random = random.Random(11)
        self._inner: asyncio.DatagramTransport | None = None
        self._flows: dict[tuple[str, int], _Flow] = {}

    async def open(self, port: int = 0) -> UdpHop:
        """Binds the side of the browser; the other one follows with its first packet."""
        loop = asyncio.get_running_loop()
        self._inner, _ = await loop.create_datagram_endpoint(
            lambda: _Side(self._from_browser), local_addr=(self.host, port)
        )
        return self

    @property
    def port(self) -> int:
        """Where the browser sends."""
        return self._inner.get_extra_info("sockname")[1]

    def rebind(self) -> None:
        """From now on the relay sees other addresses."""
        for flow in self._flows.values():
            flow.close()
        self._flows.clear()

    def _lost(self, share: float) -> bool:
        return self.cut or self._random.random() < share

    def _note(self, way: str, data: bytes) -> None:
        if 128 <= data[0] <= 191:  # RTP and RTCP, by RFC 7983
            self.media_at_s[way] = time.time()

    def _from_browser(self, data: bytes, address: tuple) -> None:
        self._note("up", data)
        flow = self._flows.get(address)
        if flow is None and not self.closed:
            flow = self._flows[address] = _Flow(self, address)
        if flow is not None and not self._lost(self.loss + self.up_loss):
            self._pass("up", self.up_kbps, lambda: flow.send(data), len(data))

    def from_relay(self, data: bytes, browser: tuple) -> None:
        """A flow has received something."""
        self._note("down", data)
        if not self._lost(self.loss):
            self._pass("down", self.down_kbps, lambda: self._send(data, browser), len(data))

    def _pass(self, way: str, kbps: float, send: Callable[[], None], size: int) -> None:
        """At once, or when the line is free and the way is done."""
        if not (kbps or self.delay_s or self.jitter_s or self.hold_s or self.late):
            send()
            return
        loop = asyncio.get_running_loop()
        free_at_s = max(self._free_at_s[way], loop.time())
        if kbps:
            if free_at_s - loop.time() >= self.queue_s:
                return
            free_at_s += size * 8 / 1000 / kbps
            self._free_at_s[way] = free_at_s
        due_at_s = free_at_s + self.delay_s + self._random.random() * self.jitter_s
        if self.hold_s:
            due_at_s = self._opening(way, due_at_s)
        if self.late and self._random.random() < self.late:
            loop.call_at(due_at_s + LATE_S, send)
            return
        # Never the same time: what is due at once is called in no order.
        self._due_at_s[way] = max(self._due_at_s[way] + INSTANT_S, due_at_s)
        loop.call_at(self._due_at_s[way], send)

    def _opening(self, way: str, at_s: float) -> float:
        """The first one after this time; they come half to one and a half times as far apart."""
        opens_at_s = max(self._opens_at_s[way], at_s - 2 * self.hold_s)
        while opens_at_s < at_s:
            opens_at_s += self.hold_s * (0.5 + self._random.random())
        self._opens_at_s[way] = opens_at_s
        return opens_at_s

    def _send(self, data: bytes, browser: tuple) -> None:
        if not self._inner.is_closing():
            self._inner.sendto(data, browser)

    def close(self) -> None:
        """Closes both sides."""
        self.rebind()
        if self._inner is not None:
            self._inner.close()
