"""A network between a browser and the relay that a test can move, thin out, slow down or cut."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

QUEUE_S = 0.3  # what a slow line keeps before it drops


class _Side(asyncio.DatagramProtocol):
    def __init__(self, take: Callable[[bytes, tuple], None]) -> None:
        self.datagram_received = take


class UdpHop:
    """Forwards datagrams both ways. ``rebind`` changes its outer port, as a NAT does."""

    def __init__(self, host: str, relay: tuple[str, int]) -> None:
        self.host = host
        self.relay = relay
        self.loss = 0.0
        self.cut = False
        self.down_kbps = 0.0  # to the browser; 0 is unlimited
        self.up_kbps = 0.0
        self.delay_s = 0.0  # each way
        self.jitter_s = 0.0  # up to so much more, each way, in order
        self._free_at_s = {"down": 0.0, "up": 0.0}
        self._due_at_s = {"down": 0.0, "up": 0.0}
        self._browser: tuple[str, int] | None = None
        self._random = random.Random(11)
        self._inner: asyncio.DatagramTransport | None = None
        self._outer: asyncio.DatagramTransport | None = None

    async def open(self) -> UdpHop:
        """Binds both sides."""
        self._inner = await self._bind(self._from_browser)
        await self.rebind()
        return self

    async def _bind(self, take: Callable[[bytes, tuple], None]) -> asyncio.DatagramTransport:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Side(take), local_addr=(self.host, 0)
        )
        return transport

    @property
    def port(self) -> int:
        """Where the browser sends."""
        return self._inner.get_extra_info("sockname")[1]

    async def rebind(self) -> None:
        """From now on the relay sees another address."""
        old, self._outer = self._outer, await self._bind(self._from_relay)
        if old is not None:
            old.close()

    def _lost(self) -> bool:
        return self.cut or self._random.random() < self.loss

    def _from_browser(self, data: bytes, address: tuple) -> None:
        self._browser = address
        if not self._lost():
            self._pass(
                "up", self.up_kbps, lambda: self._send(self._outer, data, self.relay), len(data)
            )

    def _from_relay(self, data: bytes, address: tuple) -> None:
        if self._browser is not None and not self._lost():
            browser = self._browser
            self._pass(
                "down", self.down_kbps, lambda: self._send(self._inner, data, browser), len(data)
            )

    def _pass(self, way: str, kbps: float, send: Callable[[], None], size: int) -> None:
        """At once, or when the line is free and the way is done."""
        if not (kbps or self.delay_s or self.jitter_s):
            send()
            return
        loop = asyncio.get_running_loop()
        free_at_s = max(self._free_at_s[way], loop.time())
        if kbps:
            if free_at_s - loop.time() >= QUEUE_S:
                return
            free_at_s += size * 8 / 1000 / kbps
            self._free_at_s[way] = free_at_s
        due_at_s = free_at_s + self.delay_s + self._random.random() * self.jitter_s
        self._due_at_s[way] = max(self._due_at_s[way], due_at_s)
        loop.call_at(self._due_at_s[way], send)

    def _send(self, side: asyncio.DatagramTransport, data: bytes, address: tuple) -> None:
        if not side.is_closing():
            side.sendto(data, address)

    def close(self) -> None:
        """Closes both sides."""
        for side in (self._inner, self._outer):
            if side is not None:
                side.close()
