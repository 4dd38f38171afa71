"""One browser as the plane sees it: its paths, its keys, what it sends and what it receives."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from appliance.relay import rtcp, rtp
from appliance.relay.congestion import DownlinkLimit
from appliance.relay.control import TrackKind
from appliance.relay.ice_lite import Address, IceAgent
from appliance.relay.sdp import SentTrack
from appliance.relay.srtp import PacketBuffer, SrtpSession, srtp_protect
from appliance.relay.streams import BrowserSink, Incoming, Source
from appliance.relay.transport_feedback import ArrivalLog

if TYPE_CHECKING:
    from appliance.relay.batch import Link
    from appliance.relay.plane import Plane
    from appliance.relay.port import Port

PACKETS_PER_SECOND: Final = 3000  # of one peer; 720p with sound is about 300
REPORTS_PER_SECOND: Final = 200  # a browser on a bad line sends about 50
CLOCKS_REMEMBERED: Final = 16  # a report may answer an older one, on a slow line
LONGEST_ROUND_TRIP_S: Final = 2.0
_KIND_OF_MID: Final = {
    b"0": TrackKind.MICROPHONE,
    b"1": TrackKind.CAMERA,
    b"2": TrackKind.SCREEN,
}


class Budget:
    """A token bucket: a flood harms its sender alone."""

    __slots__ = ("_at_s", "_left", "per_second")

    def __init__(self, per_second: int) -> None:
        self.per_second = per_second
        self._left = float(per_second)
        self._at_s = 0.0

    def allows(self, now_s: float) -> bool:
        """Whether one more is within the budget; counts it if so."""
        left = self._left + max(now_s - self._at_s, 0.0) * self.per_second
        self._at_s = now_s
        if left > self.per_second:
            left = self.per_second
        self._left = left - 1 if left >= 1 else left
        return left >= 1


class BrowserTransport:
    """One browser as the plane sees it: addresses, keys, sources and sinks."""

    def __init__(
        self, plane: Plane, on_dtls: Callable[[bytes], None], on_check: Callable[[], None]
    ) -> None:
        self.plane = plane
        self.on_dtls = on_dtls
        self.on_check = on_check
        self.ice = IceAgent(time.monotonic())
        self.inbound: SrtpSession | None = None
        self.outbound: SrtpSession | None = None
        self.protect_context: Any = None
        self.unprotect_context: Any = None
        self.sources = {kind: Source(kind, self._ask_keyframe, self._gap) for kind in TrackKind}
        self.sinks: list[BrowserSink] = []
        self.by_ssrc: dict[int, Source] = {}
        self.accepted_kinds: frozenset[TrackKind] = frozenset()
        self.strange_ssrcs: set[int] = set()
        self.reporting_ssrcs: set[int] = set()
        self.arrivals = ArrivalLog()
        self.note_arrival = self.arrivals.note
        self.packets_left = PACKETS_PER_SECOND
        self._refilled_at_s = 0.0
        self.report_budget = Budget(REPORTS_PER_SECOND)
        self.downlink = DownlinkLimit()
        self.round_trip_s = 0.1
        self.round_trips = 0  # how often it was measured
        self.batch = plane.batch
        self.waiting: list[memoryview] = []  # encrypted packets that leave with the batch
        self._link: Link | None = None
        self._send_address: Address = ()

    # ---- set-up --------------------------------------------------------------------------------
    def use_keys(self, inbound: SrtpSession, outbound: SrtpSession) -> None:
        """DTLS has succeeded."""
        self.inbound, self.outbound = inbound, outbound
        self.unprotect_context, self.protect_context = inbound.context, outbound.context

    def use_tracks(self, tracks: Sequence[SentTrack]) -> None:
        """Binds SSRCs of an answer. A kind that it does not send is silent from now on."""
        self.accepted_kinds = frozenset(track.kind for track in tracks)
        for track in tracks:
            if track.ssrc:
                self._bind(self.sources[track.kind], track.ssrc, track.rtx_ssrc)

    def _bind(self, source: Source, ssrc: int, rtx_ssrc: int) -> None:
        if (source.ssrc, source.rtx_ssrc) == (ssrc, rtx_ssrc):
            return
        if source.ssrc != ssrc:
            source.restart()
            for sink in source.sinks:
                sink.attach_again()
        self.by_ssrc = {known: s for known, s in self.by_ssrc.items() if s is not source}
        source.ssrc, source.rtx_ssrc = ssrc, rtx_ssrc
        self.by_ssrc[ssrc] = source
        if rtx_ssrc:
            self.by_ssrc[rtx_ssrc] = source

    def learn(self, packet: Incoming, ssrc: int, payload_type: int) -> Source | None:
        """Binds the SSRC of an authenticated packet by its mid, where the answer named none."""
        layout = packet.layout
        mid = bytes(packet.buffer.view[layout.mid_at : layout.mid_at + layout.mid_bytes])
        kind = _KIND_OF_MID.get(mid)
        if kind is None or kind not in self.accepted_kinds:
            return None
        source = self.sources[kind]
        if payload_type == source.payload_type and not source.ssrc:
            self._bind(source, ssrc, source.rtx_ssrc)
        elif payload_type == rtp.VP8_RTX and source.is_video and not source.rtx_ssrc:
            source.rtx_ssrc = ssrc
            self.by_ssrc[ssrc] = source
        else:
            return None
        return source

    def release(self) -> None:
        """Gives back what is large, at once: the rest refers to itself and waits for a collection.

        Only after ``Plane.remove``: nothing comes or leaves any more.
        """
        self.sinks.clear()
        self.sources.clear()
        self.by_ssrc.clear()
        self.inbound = self.outbound = None
        self.unprotect_context = self.protect_context = None

    # ---- sending -------------------------------------------------------------------------------
    def use_path(self, port: Port | None, address: Address) -> None:
        """Sends by this path from now on."""
        link = port.link if port is not None else None
        before = (self._link, self._send_address)
        self._link, self._send_address = link, address
        if link is not None and before[0] is not None and before != (link, address):
            self._begin_anew()

    def _begin_anew(self) -> None:
        """After a change of path: what the old one lost is too old to be asked for piece by piece.

        Both ways a picture begins with the next key frame.
        """
        for source in self.sources.values():
            source.missing.clear()
            if source.sinks:
                source.want_keyframe()
        for sink in self.sinks:
            sink.ask_keyframe()

    def may_take_packet(self, now_s: float) -> bool:
        """Refills the budget of packets, which is used up; a flood harms its sender alone."""
        refill = int(min(now_s - self._refilled_at_s, 1.0) * PACKETS_PER_SECOND)
        if refill < 1:
            self.packets_left = 0
            return False
        self._refilled_at_s = now_s
        self.packets_left = refill - 1
        return True

    def send_rtp(self, buffer: PacketBuffer, length: int) -> None:
        """Encrypts the packet in place, and lets it leave with the batch."""
        if self.protect_context is None or self._link is None:
            return
        buffer.length[0] = length
        if srtp_protect(self.protect_context, buffer.address, buffer.length):
            self.plane.counters["protect_refused"] += 1
            return
        self.batch.add(self, buffer, buffer.length[0])

    def send_waiting(self) -> None:
        """Sends the packets that wait."""
        waiting = self.waiting
        if self._link is not None:
            refused = self._link.send(waiting, self._send_address)
            self.plane.forwarded += len(waiting) - refused
            if refused:
                self.plane.counters["send_failed"] += refused
        waiting.clear()

    def send_rtcp(self, data: bytes) -> None:
        """Encrypts and sends a compound."""
        out = self.batch.out
        out.view[: len(data)] = data
        if self.outbound is not None:
            length = self.outbound.protect_rtcp(out, len(data))
            if length:
                self.send_plain(bytes(out.view[:length]))

    def send_plain(self, data: bytes) -> None:
        """Sends a DTLS record, or what is encrypted already."""
        if self._link is not None:
            try:
                self._link.socket.sendto(data, self._send_address)
            except OSError:
                self.plane.counters["send_failed"] += 1

    def send_sender_report(self, sink: BrowserSink, ntp: int, timestamp: int) -> None:
        """A source's clock, under the sink's SSRC."""
        sink.clocks_sent[ntp >> 16 & 0xFFFFFFFF] = time.monotonic()
        if len(sink.clocks_sent) > CLOCKS_REMEMBERED:
            del sink.clocks_sent[next(iter(sink.clocks_sent))]
        self.send_rtcp(rtcp.sender_report(sink.ssrc, ntp, timestamp, sink.packets, sink.octets))

    def _ask_keyframe(self, source: Source) -> None:
        if source.ssrc:
            self.send_rtcp(rtcp.picture_loss(source.ssrc))

    def _gap(self) -> None:
        self.plane.gap()

    # ---- reports -------------------------------------------------------------------------------
    def take_rtcp(self, items: Sequence[rtcp.RtcpItem], now_s: float) -> None:
        """Acts on what the browser reports as a sender and as a receiver."""
        for item in items:
            if isinstance(item, rtcp.SenderClock):
                self._take_clock(item, now_s)
            elif isinstance(item, rtcp.BitrateLimit):
                self.downlink.estimated(item.bits_per_s / 1000)
            else:
                sink = self._sink_of(item.ssrc)
                if sink is not None:
                    _tell_sink(sink, item, now_s)

    def _take_clock(self, clock: rtcp.SenderClock, now_s: float) -> None:
        source = self.by_ssrc.get(clock.ssrc)
        if source is None or clock.ssrc != source.ssrc:
            return
        source.report = (clock.ntp, clock.timestamp, now_s)
        for sink in source.sinks:
            sink.sender_report(clock.ntp, clock.timestamp)

    def _sink_of(self, ssrc: int) -> BrowserSink | None:
        for sink in self.sinks:
            if sink.ssrc == ssrc:
                return sink
        return None

    def reports(self, now_s: float) -> bytes:
        """The receiver report about what this browser sends; empty if it sends nothing."""
        blocks = [_block(s, now_s) for s in self.sources.values() if s.ssrc and s.received]
        return rtcp.receiver_report(blocks) if blocks else b""


def _tell_sink(
    sink: BrowserSink,
    item: rtcp.ReceptionReport | rtcp.Nack | rtcp.KeyframeRequest,
    now_s: float,
) -> None:
    if isinstance(item, rtcp.Nack):
        for number in item.numbers:
            sink.resend(number, now_s)
    elif isinstance(item, rtcp.KeyframeRequest):
        if sink.source is not None:
            sink.source.want_keyframe()
    else:
        sink.loss = item.fraction_lost / 256
        if sink.is_video:
            sink.transport.downlink.lost(sink.loss)
        sent_s = sink.clocks_sent.get(item.last_report)
        if sent_s is not None:
            measured_s = now_s - sent_s - item.delay / 65536
            sink.transport.round_trip_s = min(max(measured_s, 0.0), LONGEST_ROUND_TRIP_S)
            sink.transport.round_trips += 1


def _block(source: Source, now_s: float) -> rtcp.ReceptionReport:
    """RFC 3550, appendix A.3."""
    expected = source.highest - source.base + 1
    expected_now = expected - source.reported_expected
    received_now = source.received - source.reported_received
    source.reported_expected, source.reported_received = expected, source.received
    lost_now = max(expected_now - received_now, 0)
    last_report = delay = 0
    if source.report is not None:
        ntp, _, arrived_s = source.report
        last_report = ntp >> 16 & 0xFFFFFFFF
        delay = int((now_s - arrived_s) * 65536)
    return rtcp.ReceptionReport(
        ssrc=source.ssrc,
        fraction_lost=min(lost_now * 256 // expected_now, 255) if expected_now > 0 else 0,
        lost=expected - source.received,
        highest=source.highest - 65536,
        jitter=int(source.jitter),
        last_report=last_report,
        delay=delay,
    )
