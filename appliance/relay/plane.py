"""The hot path: one pass per datagram, from the socket through SRTP to the next socket.

No task, queue or packet object per packet. One plane per process; everything runs in the event
loop's thread. A datagram of a stranger can change a counter and nothing else.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from appliance.relay import ice_lite, rtcp, rtp
from appliance.relay.batch import Batch
from appliance.relay.ice_lite import Address, Check, RefusalBudget
from appliance.relay.loop import MediaLoop, Moderation
from appliance.relay.port import Port
from appliance.relay.srtp import PacketBuffer, srtp_unprotect
from appliance.relay.strays import Strays
from appliance.relay.streams import Incoming, Source
from appliance.relay.transport import BrowserTransport

MAX_DATAGRAM_BYTES: Final = 2048
DRAIN_DATAGRAMS: Final = 128  # then the event loop gets its turn
MAX_STRANGE_SSRCS: Final = 16  # unknown SSRCs of one peer that are looked at, ever
MAX_REPORTING_SSRCS: Final = 32
_ANCILLARY_BYTES: Final = socket.CMSG_SPACE(16)
_RTCP: Final = range(64, 96)  # RFC 5761: packet types 192 to 223 without the marker's bit
_TIMESPEC: Final = struct.Struct("@qq")


class Plane:
    """Sockets, the table of transports, and the pass of each datagram."""

    def __init__(self, hosts: Sequence[str], port: int) -> None:
        self.ports = [Port(index, host, port) for index, host in enumerate(hosts)]
        self.by_path: dict[tuple[int, Address], BrowserTransport] = {}
        self.by_ufrag: dict[str, BrowserTransport] = {}
        self.received = PacketBuffer()
        self.batch = Batch()
        self.moderation = Moderation()
        self.packet = Incoming(self.received)
        self.counters: Counter[str] = Counter()
        self.forwarded = 0
        self.on_gap: Callable[[], None] = lambda: None
        self._views = [self.received.view[: MAX_DATAGRAM_BYTES + 1]]
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

    # ---- reading -------------------------------------------------------------------------------
    def drain(self, port: Port) -> bool:
        """Reads until nothing is left; whether all of it was mere forwarding.

        What it forwards leaves at the end, or earlier when it is much.
        """
        self._mere = True
        self.batch.open()
        now_ns = time.monotonic_ns()
        try:
            count = self._read(port, now_ns - time.time_ns())
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

    def _read(self, port: Port, clock_offset_ns: int) -> int:
        """How many datagrams it read."""
        receive, views, by_path, index = (
            port.socket.recvmsg_into,
            self._views,
            self.by_path,
            port.index,
        )
        view = self.received.view
        for count in range(DRAIN_DATAGRAMS):
            try:
                length, ancillary, _flags, address = receive(views, _ANCILLARY_BYTES)
            except (BlockingIOError, InterruptedError):
                return count
            except OSError:
                self.counters["receive_failed"] += 1
                continue
            try:
                if ancillary:
                    seconds, nanoseconds = _TIMESPEC.unpack(ancillary[0][2])
                    arrival_ns = seconds * 1_000_000_000 + nanoseconds + clock_offset_ns
                else:
                    arrival_ns = time.monotonic_ns()
                path = (index, address)
                transport = by_path.get(path)
                if (
                    transport is not None
                    and length >= rtp.HEADER_BYTES
                    and view[0] & 0xC0 == 0x80  # RFC 7983
                    and view[1] & 0x7F not in _RTCP
                ):
                    self._take_rtp(transport, path, length, arrival_ns)
                else:
                    self._take_other(transport, port, address, length)
            except Exception:  # noqa: BLE001 - nothing that is sent to us may end the loop
                self.counters["datagram_failed"] += 1
        return DRAIN_DATAGRAMS

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

    def _take_rtp(
        self, transport: BrowserTransport, path: ice_lite.Path, length: int, arrival_ns: int
    ) -> None:
        received, packet = self.received, self.packet
        if transport.unprotect_context is None or length > MAX_DATAGRAM_BYTES:
            self.counters["unknown_sender"] += 1
            return
        number, packet.timestamp, ssrc = rtp.SEQUENCE_TIMESTAMP_SSRC.unpack_from(received.view, 2)
        source = transport.by_ssrc.get(ssrc)
        if source is None and not self._may_be_looked_at(transport, ssrc):
            return
        received.length[0] = length
        if srtp_unprotect(transport.unprotect_context, received.address, received.length):
            self.counters["unprotect_refused"] += 1
            return
        packet.length = received.length[0]
        packet.now_s = now_s = arrival_ns / 1e9
        transport.packets_left -= 1  # after SRTP: nobody can use up another's
        if transport.packets_left < 0 and not transport.may_take_packet(now_s):
            self.counters["over_budget"] += 1
            return
        ice = transport.ice  # whoever has a path in the table has it in its agent
        ice.heard_at_s = ice.paths[path] = now_s
        layout = self._lay_out(source)
        if layout.transport_cc_at:
            transport.note_arrival(packet.extension >> layout.transport_cc_shift, arrival_ns)
        payload_type = received.view[1] & 0x7F
        if source is None:
            transport.strange_ssrcs.add(ssrc)
            source = transport.learn(packet, ssrc, payload_type)
        if source is None:
            self.counters["unknown_ssrc"] += 1
        elif ssrc == source.rtx_ssrc:
            self._take_rtx(source, payload_type)
        elif payload_type == source.payload_type:
            self._deliver(source, number)
        else:
            self.counters["unknown_payload_type"] += 1

    def _lay_out(self, source: Source | None) -> rtp.Layout:
        """Where the packet in hand has its extensions, and their bits."""
        packet = self.packet
        view = self.received.view
        first = view[0]
        words = view[15] if first & 0x10 else -1
        layout = source.layouts.get(words) if source is not None else None
        if layout is not None and not first & 0x0F and layout.payload_at <= packet.length:
            packet.extension = block = rtp.extension(layout, view)
            if block & layout.marked == layout.marks:
                packet.layout = layout
                return layout
        layout = rtp.scan(view, packet.length)
        if source is not None and len(source.layouts) < 32:
            source.layouts[words] = layout
        packet.layout, packet.extension = layout, rtp.extension(layout, view)
        return layout

    def _take_stray(self, port: Port, address: Address, length: int) -> None:
        """Follows a browser whose address has changed. The packet itself is given up."""
        self.counters["unknown_sender"] += 1
        now_s = time.monotonic()
        transport = self.strays.owner(self.by_path.values(), self.received, length, now_s)
        if transport is not None:
            forgotten = transport.ice.moved((port.index, address), now_s)
            self._use(transport, (port.index, address), forgotten)
            self.counters["moved"] += 1

    def _may_be_looked_at(self, transport: BrowserTransport, ssrc: int) -> bool:
        """Unknown SSRCs cost libsrtp a context each, so only a few are ever decrypted."""
        strange = transport.strange_ssrcs
        if ssrc in strange or len(strange) < MAX_STRANGE_SSRCS:
            return True
        self.counters["unknown_ssrc"] += 1
        return False

    def _take_rtx(self, source: Source, payload_type: int) -> None:
        """Unwraps a retransmission in place. Probes are copies of old packets or mere padding."""
        packet = self.packet
        view = self.received.view
        at = packet.layout.payload_at
        end = rtp.payload_end(view, packet.length, at)
        if payload_type != rtp.VP8_RTX or end < at + 2 or source.highest < 0:
            self.counters["probe"] += 1
            return
        number = rtp.U16.unpack_from(view, at)[0]
        if rtp.extend(number, source.highest) not in source.missing:
            self.counters["probe"] += 1
            return
        rest = bytes(view[at + 2 : end])
        view[at : end - 2] = rest
        view[0] &= 0xDF
        view[1] = (view[1] & 0x80) | rtp.VP8
        packet.length = end - 2
        source.recovered += 1
        self._deliver(source, number)

    def _deliver(self, source: Source, number: int) -> None:
        """Notes the packet in hand and hands it to the source's sinks."""
        packet = self.packet
        packet.extended = source.take_number(number, packet.timestamp, packet.now_s)
        if packet.extended < 0:
            self.counters["duplicate"] += 1
            return
        at = packet.layout.payload_at
        if source.is_video:
            packet.keyframe = rtp.is_keyframe_start(packet.buffer.view, at, packet.length)
            if packet.keyframe:
                source.saw_keyframe()
        source.packets += 1
        source.octets += packet.length - at
        source.packet_at_s = packet.now_s
        for sink in source.sinks:
            sink.forward(packet)

    def deliver_from_analyser(self, source: Source, datagram: memoryview, now_s: float) -> None:
        """Takes a plain RTP packet of an analyser. Raises ``PacketInvalid``."""
        length = len(datagram)
        if not rtp.HEADER_BYTES <= length <= MAX_DATAGRAM_BYTES or datagram[0] >> 6 != 2:
            raise rtp.PacketInvalid("size or version")
        view = self.received.view
        view[:length] = datagram
        number, timestamp, ssrc = rtp.SEQUENCE_TIMESTAMP_SSRC.unpack_from(view, 2)
        if view[1] & 0x7F != source.payload_type:
            raise rtp.PacketInvalid("payload type")
        if ssrc != source.ssrc:
            source.ssrc = ssrc
            source.restart()
            for sink in source.sinks:
                sink.attach_again()
        packet = self.packet
        packet.length, packet.timestamp, packet.now_s = length, timestamp, now_s
        packet.layout = rtp.scan(view, length)
        packet.extension = rtp.extension(packet.layout, view)
        self.batch.open()
        try:
            self._deliver(source, number)
        finally:
            self.batch.close()

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
