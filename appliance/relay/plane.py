"""The hot path's sockets: what comes is told apart; media go through ``MediaPath`` and leave.

One plane per process; everything runs in the event loop's thread. A datagram of a stranger can
change a counter and nothing else.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from appliance.relay import ice_lite, rtcp, rtp
from appliance.relay.batch import Batch
from appliance.relay.ice_lite import Address, Check, RefusalBudget
from appliance.relay.inbox import MAX_DATAGRAM_BYTES, SLOTS
from appliance.relay.loop import MediaLoop, Moderation
from appliance.relay.media_path import MediaPath, Sender
from appliance.relay.port import Port
from appliance.relay.srtp import PacketBuffer
from appliance.relay.strays import Strays
from appliance.relay.transport import BrowserTransport

MAX_REPORTING_SSRCS: Final = 32


class Plane:
    """Sockets, the table of transports, and the pass of each datagram."""

    def __init__(self, hosts: Sequence[str], port: int) -> None:
        self.ports = [Port(index, host, port) for index, host in enumerate(hosts)]
        self.by_path: dict[tuple[int, Address], BrowserTransport] = {}
        self.by_ufrag: dict[str, BrowserTransport] = {}
        self.received = PacketBuffer()  # the datagram in hand that is no media
        self.batch = Batch()
        self.moderation = Moderation()
        self.counters: Counter[str] = Counter()
        self.media = MediaPath(self.counters, self.batch)
        self.forwarded = 0
        self.on_gap: Callable[[], None] = lambda: None
        self._refusals = RefusalBudget()
        self.strays = Strays()
        self._mere = True
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begins to read; needs a running loop, and costs least on a ``MediaLoop``."""
        self._loop = loop = asyncio.get_running_loop()
        for port in self.ports:
            if isinstance(loop, MediaLoop):
                loop.media.read_with(port.socket.fileno(), partial(self.drain, port))
            else:
                loop.add_reader(port.socket, self.drain, port)

    def close(self) -> None:
        """Closes the sockets."""
        for port in self.ports:
            if isinstance(self._loop, MediaLoop):
                self._loop.media.read_no_more(port.socket.fileno())
            elif self._loop is not None:
                self._loop.remove_reader(port.socket)
            port.socket.close()

    # ---- transports ----------------------------------------------------------------------------
    def add(self, transport: BrowserTransport) -> None:
        """Answers its checks from now on, under its newest two names."""
        ice = transport.ice
        live = {each.ufrag for each in (ice.credentials, ice.previous) if each is not None}
        self.by_ufrag = {
            ufrag: other
            for ufrag, other in self.by_ufrag.items()
            if other is not transport or ufrag in live
        }
        self.by_ufrag[ice.credentials.ufrag] = transport

    def remove(self, transport: BrowserTransport) -> None:
        """Forgets its credentials and addresses."""
        self.by_ufrag = {u: t for u, t in self.by_ufrag.items() if t is not transport}
        self.by_path = {p: t for p, t in self.by_path.items() if t is not transport}
        self.strays.forget()
        self._forget_senders()

    def _forget_senders(self) -> None:
        """The table of paths has changed."""
        for port in self.ports:
            port.senders.clear()

    # ---- reading -------------------------------------------------------------------------------
    def drain(self, port: Port) -> bool:
        """Reads until nothing is left; whether all of it was mere forwarding.

        What it forwards leaves at the end, or earlier when it is much.
        """
        self._mere = True
        self.batch.open()
        now_ns = time.monotonic_ns()
        try:
            count = self._read(port, now_ns)
        finally:
            self.batch.close()
        if self._mere:
            self.moderation.rest(count, now_ns)
        return self._mere

    def has_more_to_do(self) -> None:
        """What is being read leaves work for the event loop."""
        self._mere = False

    def gap(self) -> None:
        """A packet is missing."""
        self.has_more_to_do()
        self.on_gap()

    def _read(self, port: Port, now_ns: int) -> int:
        """How many datagrams it read."""
        clock_offset_ns = now_ns - time.time_ns()
        inbox, take, senders = port.inbox, self.media.take, port.senders
        buffers, lengths, names = inbox.buffers, inbox.lengths, inbox.names
        seconds, nanoseconds = inbox.seconds, inbox.nanoseconds
        used = 0
        while used < SLOTS:
            begin, used = used, used + self._receive(port, used)
            if used == begin:
                break
            if not seconds[begin]:  # the kernel tells no times
                clock_offset_ns = now_ns
            for slot in range(begin, used):
                buffer = buffers[slot]
                arrival_ns = seconds[slot] * 1_000_000_000 + nanoseconds[slot] + clock_offset_ns
                try:
                    sender = senders.get(names[slot])
                    if sender is None or not take(sender, buffer, lengths[slot], arrival_ns):
                        self._take_slot(port, slot, arrival_ns)
                except Exception:  # noqa: BLE001 - nothing that is sent to us may end the loop
                    self.counters["datagram_failed"] += 1
            if buffer.view[1] != rtp.VP8:  # not in the midst of a picture, whose rest is near
                break
        return used

    def _receive(self, port: Port, begin: int) -> int:
        try:
            return port.inbox.receive(begin)
        except OSError:
            self.counters["receive_failed"] += 1
            return 0

    def _take_slot(self, port: Port, slot: int, arrival_ns: int) -> None:
        """Whatever comes from a sender that is not known yet, or is no media."""
        inbox = port.inbox
        self.received, length = inbox.buffers[slot], inbox.lengths[slot]
        address = inbox.address(slot)
        path = (port.index, address)
        transport = self.by_path.get(path)
        if transport is not None and inbox.names[slot] not in port.senders:
            port.senders[inbox.names[slot]] = sender = Sender(transport, path)
            if self.media.take(sender, self.received, length, arrival_ns):
                return
        self._take_other(transport, port, address, length)

    def _take_other(
        self, transport: BrowserTransport | None, port: Port, address: Address, length: int
    ) -> None:
        """Tells apart what else shares the port (RFC 7983)."""
        self._mere = False
        if not rtp.HEADER_BYTES <= length <= MAX_DATAGRAM_BYTES:
            self.counters["odd_size"] += 1
            return
        view = self.received.view
        first = view[0]
        if 128 <= first < 192 and transport is None:
            self._take_stray(port, address, length)
        elif 128 <= first < 192 and transport is not None:
            self._take_rtcp(transport, port, address, length)
        elif first < 4:
            self._take_check(port, address, bytes(view[:length]))
        elif 20 <= first < 64 and transport is not None:
            transport.on_dtls(bytes(view[:length]))
        else:
            self.counters["unknown_sender"] += 1

    def _take_stray(self, port: Port, address: Address, length: int) -> None:
        """Follows a browser whose address has changed. The packet itself is given up."""
        self.counters["unknown_sender"] += 1
        now_s = time.monotonic()
        transport = self.strays.owner(self.by_path.values(), self.received, length, now_s)
        if transport is not None:
            forgotten = transport.ice.moved((port.index, address), now_s)
            self._use(transport, (port.index, address), forgotten)
            self.counters["moved"] += 1

    def _take_rtcp(
        self, transport: BrowserTransport, port: Port, address: Address, length: int
    ) -> None:
        ssrc = int.from_bytes(self.received.view[4:8])
        known = ssrc in transport.reporting_ssrcs
        if not known and len(transport.reporting_ssrcs) >= MAX_REPORTING_SSRCS:
            self.counters["unknown_ssrc"] += 1
            return
        now_s = time.monotonic()
        session = transport.inbound
        plain = session.unprotect_rtcp(self.received, length) if session is not None else 0
        if not plain:
            self.counters["unprotect_refused"] += 1
            return
        transport.reporting_ssrcs.add(ssrc)
        if not transport.report_budget.allows(now_s):
            self.counters["over_budget"] += 1
            return
        transport.ice.heard((port.index, address), now_s)
        transport.take_rtcp(rtcp.parse(bytes(self.received.view[:plain])), now_s)

    # ---- checks --------------------------------------------------------------------------------
    def _take_check(self, port: Port, address: Address, datagram: bytes) -> None:
        now_s = time.monotonic()
        ufrag = ice_lite.asked_ufrag(datagram)
        transport = self.by_ufrag.get(ufrag)
        password = transport.ice.password_for(ufrag, now_s) if transport else None
        if transport is None or password is None:
            self._refuse(port, address, datagram, now_s)
            return
        check = ice_lite.parse_check(datagram)
        if check is None:
            self.counters["odd_stun"] += 1
            return
        if not ice_lite.is_signed(check, password):
            self._refuse(port, address, datagram, now_s)
            return
        if self._accept(transport, check, port, address, now_s):
            self._send(port, ice_lite.success(check, address, password), address)
            transport.on_check()

    def _refuse(self, port: Port, address: Address, datagram: bytes, now_s: float) -> None:
        self.counters["refused_check"] += 1
        if ice_lite.is_request(datagram) and self._refusals.allows(str(address[0]), now_s):
            self._send(port, ice_lite.refusal(datagram), address)

    def _accept(
        self, transport: BrowserTransport, check: Check, port: Port, address: Address, now_s: float
    ) -> bool:
        """Follows a valid check, unless the address is in live use by another peer."""
        path = (port.index, address)
        other = self.by_path.get(path)
        if other is not None and other is not transport:
            if now_s - other.ice.heard_at(path) < ice_lite.OLD_ADDRESS_SILENT_S:
                self.counters["address_in_use"] += 1
                return False
            other.ice.paths.pop(path, None)
        newest = check.ufrag == transport.ice.credentials.ufrag
        forgotten = transport.ice.checked(path, now_s, use=check.nominates, newest=newest)
        self._use(transport, path, forgotten)
        return True

    def _use(
        self, transport: BrowserTransport, path: ice_lite.Path, forgotten: ice_lite.Path | None
    ) -> None:
        if forgotten is not None and self.by_path.get(forgotten) is transport:
            del self.by_path[forgotten]
        self.by_path[path] = transport
        self._forget_senders()
        if transport.ice.path is not None:
            index, used = transport.ice.path
            transport.use_path(self.ports[index], used)

    def _send(self, port: Port, data: bytes, address: Address) -> None:
        try:
            port.socket.sendto(data, address)
        except OSError:
            self.counters["send_failed"] += 1

    def described(self) -> dict[str, Any]:
        """Counters for the statistics."""
        return {"forwarded": self.forwarded, **self.counters}
