"""A source is a track that arrives; a sink is a constant stream that leaves. A route joins them.

Sequence numbers, timestamps and VP8's picture numbers of a sink go on without a break whichever
source feeds it: offsets change only when a source is attached.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from appliance.relay import rtp
from appliance.relay.batch import send_time
from appliance.relay.control import TrackKind
from appliance.relay.padding import PADDING_BYTES
from appliance.relay.rtp import Layout
from appliance.relay.srtp import PacketBuffer

if TYPE_CHECKING:
    from appliance.relay.transport import BrowserTransport

RING: Final = 512  # packets remembered per stream: two seconds of 720p
MASK: Final = RING - 1
MAX_JUMP: Final = 1 << 14  # of numbers; SRTP's rollover counter is guessed within 2^15
KEYFRAME_PAUSE_S: Final = 0.5
RESENDS_PER_SECOND: Final = 400
MAX_RESENDS_PER_PACKET: Final = 8


class Sink(Protocol):
    """Where a source's packets go."""

    kind: TrackKind
    source: Source | None

    def attach(self, source: Source | None) -> None:
        """Joins the sink to a source, or to none."""

    def attach_again(self) -> None:
        """The source has got another SSRC: its numbers begin anew."""

    def forward(self, packet: Incoming) -> None:
        """Takes one packet, which is only valid during the call."""

    def sender_report(self, ntp: int, timestamp: int) -> None:
        """Takes the source's clock, for lip sync."""


class Incoming:
    """The packet in hand: plaintext in ``buffer``; one object for the whole process, reused.

    ``spare``: it has one sink, which may change it where it lies instead of copying it.
    """

    __slots__ = (
        *("buffer", "extended", "extension", "keyframe", "layout", "length", "now_s", "spare"),
        "timestamp",
    )

    def __init__(self, buffer: PacketBuffer) -> None:
        self.buffer = buffer
        self.length = 0
        self.extended = 0  # sequence number with rollovers
        self.timestamp = 0
        self.layout: Layout = rtp.BARE
        self.extension = 0  # the extension block as one number
        self.keyframe = False  # begins a VP8 key frame
        self.now_s = 0.0
        self.spare = False


class Source:
    """One arriving track and what is known of its reception."""

    def __init__(
        self,
        kind: TrackKind,
        ask_keyframe: Callable[[Source], None],
        on_gap: Callable[[], None] = lambda: None,
    ) -> None:
        self.kind = kind
        self._on_gap = on_gap
        self.is_video = kind is not TrackKind.MICROPHONE
        self.clock_hz = rtp.VIDEO_CLOCK_HZ if self.is_video else rtp.AUDIO_CLOCK_HZ
        self.payload_type = rtp.VP8 if self.is_video else rtp.OPUS
        self.ssrc = 0
        self.rtx_ssrc = 0
        self.sinks: list[Sink] = []
        self.layout: Layout = rtp.BARE  # of the newest packet
        self.layouts: dict[int, Layout] = {}
        self._ask_keyframe = ask_keyframe
        self.keyframe_wanted = False
        self.keyframe_asked_at_s = -1e9
        self.flowing = False
        self.steered = True  # whether its sender heeds a limit; an analyser does not
        self.limited = False  # whether its sender has been told a limit
        self.receivers = 0  # browsers, those included whose line carries no picture now
        self.kbps = 0.0  # of late, with the octets counted by then
        self.octets_before = 0
        self.packet_at_s = -1e9
        self.packets = self.octets = self.recovered = self.keyframes = self.keyframe_requests = 0
        self.restart()

    def restart(self) -> None:
        """Forgets numbers of packets; for a new SSRC."""
        self.report: tuple[int, int, float] | None = None  # NTP, RTP timestamp, arrival
        self.highest = -1
        self.base = 0
        self.received = 0
        self.seen = [-1] * RING
        self.missing: dict[int, list[float]] = {}  # number: [missed since, tries, last try]
        self.jitter = 0.0
        self.transit = 0.0
        self.reported_expected = self.reported_received = 0

    def take_number(self, number: int, timestamp: int, now_s: float) -> int:
        """The extended number, or -1 for a duplicate or a packet too old to tell.

        Notes gaps, and the interarrival jitter of RFC 3550, 6.4.1, in clock units.
        """
        highest = self.highest
        extended = highest + 1
        if number == extended & 0xFFFF and highest >= 0:
            self.highest = extended
        elif highest < 0:
            self.highest = self.base = extended = number + 65536
        else:
            extended = self._place(number, now_s)
            if extended < 0:
                return -1
        self.seen[extended & MASK] = extended
        self.received += 1
        transit = now_s * self.clock_hz - timestamp
        change = abs(transit - self.transit)
        self.transit = transit
        if change < self.clock_hz:  # more is another sender, or the clock's rollover
            self.jitter += (change - self.jitter) / 16
        return extended

    def _place(self, number: int, now_s: float) -> int:
        """The extended number of a packet that is not the next one; or -1, see above."""
        highest = self.highest
        extended = rtp.extend(number, highest)
        if extended > highest:
            self._note_gap(highest + 1, extended, now_s)
            self.highest = extended
        elif extended <= highest - RING or self.seen[extended & MASK] == extended:
            return -1
        else:
            self.missing.pop(extended, None)
        return extended

    def _note_gap(self, first: int, end: int, now_s: float) -> None:
        if not self.is_video:
            return
        if end - first > 100 or len(self.missing) > 200:
            self.missing.clear()
            self.want_keyframe()
            return
        for number in range(first, end):
            self.missing[number] = [now_s, 0, now_s]
        self._on_gap()

    def want_keyframe(self) -> None:
        """Asks the sender, at most once in 500 ms, and again until a key frame is seen."""
        if not self.is_video:
            return
        self.keyframe_wanted = True
        self.ask_again(time.monotonic())

    def ask_again(self, now_s: float) -> None:
        """Repeats the request if it is still open."""
        if self.keyframe_wanted and now_s - self.keyframe_asked_at_s >= KEYFRAME_PAUSE_S:
            self.keyframe_asked_at_s = now_s
            self.keyframe_requests += 1
            self._ask_keyframe(self)

    def saw_keyframe(self) -> None:
        """The first packet of a key frame has come."""
        self.keyframe_wanted = False
        self.keyframes += 1


class BrowserSink:
    """One receiving section of a browser: a constant SSRC, and one of retransmissions."""

    def __init__(
        self, kind: TrackKind, ssrc: int, rtx_ssrc: int, transport: BrowserTransport
    ) -> None:
        self.kind = kind
        self.is_video = kind is not TrackKind.MICROPHONE
        self.clock_hz = rtp.VIDEO_CLOCK_HZ if self.is_video else rtp.AUDIO_CLOCK_HZ
        self.ssrc = ssrc
        self.rtx_ssrc = rtx_ssrc
        self.transport = transport
        self.source: Source | None = None
        self.paused: Source | None = None  # is shown here as soon as the line carries a picture
        self.started = False
        self.highest = rtp.first_number()
        self.floor = 0
        self.number_offset = self.timestamp_offset = 0
        self.last_timestamp = 0
        self.sent_at_s = -1.0
        self.picture_offset = self.tl0_offset = 0
        self.renumbers_pictures = False
        self.sent = [-1] * RING
        self.history: list[bytes] = [b""] * RING if self.is_video else []
        self.resends: dict[int, int] = {}  # how often a number was sent again
        self.rtx_number = rtp.first_number()
        self.resend_budget = float(RESENDS_PER_SECOND)
        self.resend_budget_at_s = 0.0
        self.packets = self.octets = self.resent = self.refused = 0
        self.padded = 0  # bytes of padding, never counted as a picture
        self.before_padding = b""  # the newest packet of a picture, once padding has followed it
        self.loss = 0.0
        self.clocks_sent: dict[int, float] = {}  # middle bits of sender reports, and when they left

    def attach(self, source: Source | None) -> None:
        """Video starts at the next key frame of the new source, sound at its next packet."""
        if self.source is not None:
            self.source.sinks.remove(self)
        self.source = source
        self.started = False
        if source is not None:
            source.sinks.append(self)
            self.ask_keyframe()

    def ask_keyframe(self) -> None:
        """Asks the source, once the receiver has keys.

        Before, it could not get the answer, and browsers answer the next request 300 ms later.
        """
        if self.source is not None and self.transport.protect_context is not None:
            self.source.want_keyframe()

    def attach_again(self) -> None:
        """The same as a new source."""
        self.started = False

    def forward(self, packet: Incoming) -> None:
        """Copies, renumbers, remembers, encrypts and sends one packet."""
        if not self.started:
            if (self.is_video and not packet.keyframe) or self.transport.protect_context is None:
                return
            self._start(packet)
        number = packet.extended + self.number_offset
        if number != self.highest + 1 and not self._may_send(number):
            return
        timestamp = (packet.timestamp + self.timestamp_offset) & 0xFFFFFFFF
        transport = self.transport
        batch = transport.batch
        length = packet.length
        out = packet.buffer
        if not packet.spare:
            out = batch.out
            out.view[:length] = packet.buffer.view[:length]
        view = out.view
        layout = packet.layout
        at = layout.payload_at
        block = packet.extension & layout.kept | batch.stamp * layout.stamp_unit
        layout.head.pack_into(
            view, 2, number & 0xFFFF, timestamp, self.ssrc, block.to_bytes(at - rtp.HEADER_BYTES)
        )
        slot = number & MASK
        if self.is_video:
            if self.renumbers_pictures:
                length = self._renumber_picture(view, at, length)
            self.history[slot] = bytes(view[:length])
        self.sent[slot] = number
        if number > self.highest:
            self.highest = number
            self.last_timestamp = timestamp
            self.sent_at_s = packet.now_s
        self.packets += 1
        self.octets += length - at
        transport.send_rtp(out, length)

    def _may_send(self, number: int) -> bool:
        """Whether a number that is not the next one is new, and near enough for SRTP."""
        if number < self.floor or number <= self.highest - RING:
            return False
        if number > self.highest + MAX_JUMP:
            self._lose_track()
            return False
        if self.sent[number & MASK] == number:
            self.refused += 1
            return False
        return True

    def take_padding_number(self) -> int:
        """The next number, for a packet that carries nothing; only while nothing is routed here."""
        before = self.history[self.highest & MASK]
        self.before_padding = before or self.before_padding
        self.highest = number = self.highest + 1
        slot = number & MASK
        self.sent[slot], self.history[slot] = number, b""
        self.padded += PADDING_BYTES
        return number

    def _lose_track(self) -> None:
        """After a jump that SRTP could not follow, the stream starts anew, without a gap."""
        self.started = False
        if self.source is not None:
            self.source.want_keyframe()

    def _start(self, packet: Incoming) -> None:
        """Chooses the offsets of a new source so that the stream goes on where it stopped."""
        self.floor = self.highest + 1
        self.number_offset = self.floor - packet.extended
        if self.sent_at_s < 0:
            self.timestamp_offset = 0
        else:
            pause = max(int((packet.now_s - self.sent_at_s) * self.clock_hz), self.clock_hz // 50)
            self.timestamp_offset = self.last_timestamp + pause - packet.timestamp
            if self.is_video:
                self._start_pictures(packet)
        self.started = True
        source = self.source
        if source is not None and source.report is not None:
            ntp, timestamp, arrived_s = source.report
            elapsed_s = packet.now_s - arrived_s
            self.sender_report(
                ntp + int(elapsed_s * (1 << 32)), timestamp + int(elapsed_s * self.clock_hz)
            )

    def _start_pictures(self, packet: Incoming) -> None:
        before = self.history[self.highest & MASK] or self.before_padding
        try:
            at = rtp.scan(memoryview(before), len(before)).payload_at
            old = rtp.vp8_numbers(memoryview(before), at, len(before))
            new = rtp.vp8_numbers(packet.buffer.view, packet.layout.payload_at, packet.length)
        except (rtp.PacketInvalid, IndexError):
            return
        self.picture_offset = (old.picture + 1 - new.picture) & 0x7FFF
        self.tl0_offset = (old.tl0 + 1 - new.tl0) & 0xFF
        self.renumbers_pictures = True

    def _renumber_picture(self, view: memoryview, at: int, length: int) -> int:
        """Writes picture id and TL0PICIDX; a one-byte picture id grows to two. The new length."""
        if length <= at:
            return length
        numbers = rtp.vp8_numbers(view, at, length)
        if numbers.tl0_at:
            view[numbers.tl0_at] = (numbers.tl0 + self.tl0_offset) & 0xFF
        if numbers.picture_at:
            if not numbers.picture_wide:
                rest = bytes(view[numbers.picture_at + 1 : length])
                length += 1
                view[numbers.picture_at + 2 : length] = rest
            picture = (numbers.picture + self.picture_offset) & 0x7FFF
            rtp.U16.pack_into(view, numbers.picture_at, 0x8000 | picture)
        return length

    def resend(self, number16: int, now_s: float) -> None:
        """Answers a NACK on the retransmission SSRC (RFC 4588), within a budget."""
        number = rtp.extend(number16, self.highest)
        slot = number & MASK
        if not self.is_video or self.sent[slot] != number or not self.history[slot]:
            return  # not sent yet: it will be, once it has come from the source
        waited_s = now_s - self.resend_budget_at_s
        self.resend_budget_at_s = now_s
        self.resend_budget = min(
            RESENDS_PER_SECOND / 2, self.resend_budget + waited_s * RESENDS_PER_SECOND
        )
        resends = self.resends.get(number, 0)
        if self.resend_budget < 1 or resends >= MAX_RESENDS_PER_PACKET:
            return
        self.resend_budget -= 1
        self._note_resend(number, resends + 1)
        self._send_rtx(self.history[slot])

    def _note_resend(self, number: int, times: int) -> None:
        if len(self.resends) >= RING:
            oldest = self.highest - RING
            self.resends = {known: n for known, n in self.resends.items() if known > oldest}
        self.resends[number] = times

    def _send_rtx(self, stored: bytes) -> None:
        out = self.transport.batch.out
        layout = rtp.scan(memoryview(stored), len(stored))
        at, stamp_at = layout.payload_at, layout.abs_send_time_at
        view = out.view
        view[:at] = stored[:at]
        view[at : at + 2] = stored[2:4]
        length = len(stored) + 2
        view[at + 2 : length] = stored[at:]
        if stamp_at:
            view[stamp_at : stamp_at + 3] = send_time().to_bytes(3)
        view[1] = (stored[1] & 0x80) | rtp.VP8_RTX
        self.rtx_number += 1
        rtp.U16.pack_into(view, 2, self.rtx_number & 0xFFFF)
        view[8:12] = self.rtx_ssrc.to_bytes(4)
        self.resent += 1
        self.transport.send_rtp(out, length)

    def sender_report(self, ntp: int, timestamp: int) -> None:
        """Sends the source's clock under this sink's SSRC and timestamps."""
        if self.started:
            self.transport.send_sender_report(self, ntp, timestamp + self.timestamp_offset)
