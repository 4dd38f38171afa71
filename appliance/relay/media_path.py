"""The pass of one media packet: decrypted in place, put in its order, handed to its sinks.

No task, queue or packet object per packet. Whatever a packet has in common with the one before it
is compared, not worked out again.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from appliance.relay import rtp
from appliance.relay.inbox import MAX_DATAGRAM_BYTES
from appliance.relay.srtp import PacketBuffer, srtp_unprotect
from appliance.relay.streams import Incoming, Source

if TYPE_CHECKING:
    from appliance.relay.batch import Batch
    from appliance.relay.ice_lite import Path
    from appliance.relay.transport import BrowserTransport

MAX_STRANGE_SSRCS: Final = 16  # unknown SSRCs of one peer that are looked at, ever
MAX_LAYOUTS: Final = 32  # of one source
HEARD_STEP_S: Final = 0.02  # media say no more often than this that a path lives
_from_bytes: Final = int.from_bytes


class Sender:
    """A browser at one of its addresses, as the table of paths has it."""

    __slots__ = ("heard_at_s", "path", "transport")

    def __init__(self, transport: BrowserTransport, path: Path) -> None:
        self.transport = transport
        self.path = path
        self.heard_at_s = -1e9

    def heard(self, now_s: float) -> None:
        """Something authenticated has come."""
        self.heard_at_s = now_s
        self.transport.ice.heard(self.path, now_s)


class MediaPath:
    """What happens to media, from SRTP to the sinks."""

    def __init__(self, counters: Counter[str], batch: Batch) -> None:
        self.counters = counters
        self.batch = batch
        self.packet = Incoming(PacketBuffer())
        self._own = self.packet.buffer  # for what comes by no socket of browsers

    def take(self, sender: Sender, buffer: PacketBuffer, length: int, arrival_ns: int) -> bool:
        """Takes a datagram of a known sender; whether it was media (RFC 7983, RFC 5761)."""
        view = buffer.view
        first, second, number, timestamp, ssrc = rtp.HEAD.unpack_from(view)
        if length < rtp.HEADER_BYTES or first & 0xC0 != 0x80 or 64 <= second & 0x7F < 96:
            return False
        transport = sender.transport
        context, source = transport.unprotect_context, transport.by_ssrc.get(ssrc)
        common = source is not None and context is not None and length <= MAX_DATAGRAM_BYTES
        if not common and not self._may_be_looked_at(transport, ssrc, length):
            return True
        buffer.length[0] = length
        if srtp_unprotect(context, buffer.address, buffer.length):
            self.counters["unprotect_refused"] += 1
            return True
        if source is None:  # libsrtp has a stream for it now, whatever becomes of the packet
            transport.strange_ssrcs.add(ssrc)
        packet = self.packet
        packet.buffer, packet.timestamp = buffer, timestamp
        packet.length = length = buffer.length[0]
        packet.now_s = now_s = arrival_ns / 1e9
        transport.packets_left -= 1  # after SRTP: nobody can use up another's
        if transport.packets_left < 0 and self._is_over_budget(transport, now_s):
            return True
        if not 0 <= now_s - sender.heard_at_s < HEARD_STEP_S:
            sender.heard(now_s)
        layout = source.layout if source is not None else rtp.BARE
        block = _from_bytes(view[12 : layout.payload_at])
        alike = first & 0x1F == layout.first_bits and layout.payload_at <= length
        if not alike or block & layout.marked != layout.marks:
            layout = self._lay_out(source)
            block = rtp.extension(layout, view)
        packet.layout, packet.extension = layout, block
        if layout.transport_cc_at:
            transport.note_arrival(block >> layout.transport_cc_shift, arrival_ns)
        if source is not None and ssrc == source.ssrc and second & 0x7F == source.payload_type:
            self._deliver(source, number)
        else:
            self._sort(transport, source, ssrc, second & 0x7F, number)
        return True

    def _may_be_looked_at(self, transport: BrowserTransport, ssrc: int, length: int) -> bool:
        """Unknown SSRCs cost libsrtp a context each, so only a few are ever decrypted."""
        if transport.unprotect_context is None or length > MAX_DATAGRAM_BYTES:
            self.counters["unknown_sender"] += 1
            return False
        strange = transport.strange_ssrcs
        if ssrc in transport.by_ssrc or ssrc in strange or len(strange) < MAX_STRANGE_SSRCS:
            return True
        self.counters["unknown_ssrc"] += 1
        return False

    def _is_over_budget(self, transport: BrowserTransport, now_s: float) -> bool:
        if transport.may_take_packet(now_s):
            return False
        self.counters["over_budget"] += 1
        return True

    def _lay_out(self, source: Source | None) -> rtp.Layout:
        """Where the packet in hand has its extensions. Raises ``PacketInvalid``."""
        packet = self.packet
        view = packet.buffer.view
        if source is None:
            return rtp.scan(view, packet.length)
        words = view[15] if view[0] & 0x10 else -1
        layout = source.layouts.get(words)
        if layout is None or not rtp.holds(layout, view, packet.length):
            layout = rtp.scan(view, packet.length)
            if words in source.layouts or len(source.layouts) < MAX_LAYOUTS:
                source.layouts[words] = layout
        source.layout = layout
        return layout

    def _sort(
        self,
        transport: BrowserTransport,
        source: Source | None,
        ssrc: int,
        payload_type: int,
        number: int,
    ) -> None:
        """Tells media, retransmissions and unknown streams apart."""
        if source is None:
            source = transport.learn(self.packet, ssrc, payload_type)
        if source is None:
            self.counters["unknown_ssrc"] += 1
        elif ssrc == source.rtx_ssrc:
            self._take_rtx(source, payload_type)
        elif payload_type == source.payload_type:
            self._deliver(source, number)
        else:
            self.counters["unknown_payload_type"] += 1

    def _take_rtx(self, source: Source, payload_type: int) -> None:
        """Unwraps a retransmission in place. Probes are copies of old packets or mere padding."""
        packet = self.packet
        view = packet.buffer.view
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
        now_s, length = packet.now_s, packet.length
        packet.extended = extended = source.take_number(number, packet.timestamp, now_s)
        if extended < 0:
            self.counters["duplicate"] += 1
            return
        at = packet.layout.payload_at
        if source.is_video:
            view = packet.buffer.view
            packet.keyframe = view[at] & 0x17 == 0x10 and rtp.is_keyframe_start(view, at, length)
            if packet.keyframe:
                source.saw_keyframe()
        source.packets += 1
        source.octets += length - at
        source.packet_at_s = now_s
        sinks = source.sinks
        packet.spare = len(sinks) == 1
        if packet.spare:
            sinks[0].forward(packet)
        else:
            for sink in tuple(sinks):  # an analyser that is gone leaves the list
                sink.forward(packet)

    def deliver_from_analyser(self, source: Source, datagram: memoryview, now_s: float) -> None:
        """Takes a plain RTP packet of an analyser. Raises ``PacketInvalid``."""
        length = len(datagram)
        if not rtp.HEADER_BYTES <= length <= MAX_DATAGRAM_BYTES or datagram[0] >> 6 != 2:
            raise rtp.PacketInvalid("size or version")
        packet = self.packet
        packet.buffer = self._own
        view = packet.buffer.view
        view[:length] = datagram
        number, timestamp, ssrc = rtp.SEQUENCE_TIMESTAMP_SSRC.unpack_from(view, 2)
        if view[1] & 0x7F != source.payload_type:
            raise rtp.PacketInvalid("payload type")
        if ssrc != source.ssrc:
            source.ssrc = ssrc
            source.restart()
            for sink in source.sinks:
                sink.attach_again()
        packet.length, packet.timestamp, packet.now_s = length, timestamp, now_s
        packet.layout = rtp.scan(view, length)
        packet.extension = rtp.extension(packet.layout, view)
        self.batch.open()
        try:
            self._deliver(source, number)
        finally:
            self.batch.close()
