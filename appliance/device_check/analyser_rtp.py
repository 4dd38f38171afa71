"""RTP at the analyser: counting and ordering what arrives, numbering what is sent."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from aiortc.codecs.vpx import vp8_depayload
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.rtp import HeaderExtensionsMap, RtpPacket

SOUND_PAYLOAD_TYPE = 111
PICTURE_PAYLOAD_TYPE = 96
MAX_WIDTH_PX = 1920
MAX_HEIGHT_PX = 1088
_SOUND_JITTER_PACKETS = 16
_PICTURE_JITTER_PACKETS = 512
_STALL_S = 0.6
_WINDOW_PACKETS = 1024
_FORGET_AFTER = 3000  # a jump further than this is a new stream, not a loss
_NO_EXTENSIONS = HeaderExtensionsMap()


def parse(data: bytes) -> RtpPacket | None:
    """A packet, or ``None`` for bytes that are none."""
    try:
        return RtpPacket.parse(data, _NO_EXTENSIONS)
    except (ValueError, IndexError, KeyError):
        return None


@dataclass(slots=True)
class Arrivals:
    """Counts packets and gaps by sequence number; a late packet closes its gap.

    A new SSRC, or a jump that no loss explains, is a new stream and counted from nothing.
    """

    packets: int = 0
    _ssrc: int = -1
    _first: int = -1
    _highest: int = -1
    _seen: set[int] = field(default_factory=set)

    def add(self, sequence_number: int, ssrc: int = 0) -> bool:
        """Whether this packet is new."""
        number = self._unwrapped(sequence_number)
        if ssrc != self._ssrc or abs(number - self._highest) > _FORGET_AFTER:
            self._ssrc = ssrc
            self._first = self._highest = number = sequence_number
            self._seen.clear()
            self.packets = 0
        if number in self._seen or number <= self._highest - _WINDOW_PACKETS:
            return False
        self._seen.add(number)
        self._first = min(self._first, number)
        if number > self._highest:
            self._highest = number
        if len(self._seen) > 2 * _WINDOW_PACKETS:
            oldest = self._highest - _WINDOW_PACKETS
            self._seen = {kept for kept in self._seen if kept > oldest}
        self.packets += 1
        return True

    @property
    def gaps(self) -> int:
        """Packets that were due and are not there."""
        due = self._highest - self._first + 1 if self._highest >= 0 else 0
        return max(0, due - self.packets)

    def _unwrapped(self, sequence_number: int) -> int:
        delta = (sequence_number - self._highest) & 0xFFFF
        return self._highest + (delta - 0x10000 if delta > 0x7FFF else delta)


class SoundOrder:
    """Opus packets in their order, by aiortc's jitter buffer."""

    def __init__(self) -> None:
        self._ssrc: int | None = None
        self._buffer = JitterBuffer(capacity=_SOUND_JITTER_PACKETS)

    def add(self, packet: RtpPacket) -> JitterFrame | None:
        """The next frame to decode, if it is complete."""
        if packet.ssrc != self._ssrc:
            self._ssrc = packet.ssrc
            self._buffer = JitterBuffer(capacity=_SOUND_JITTER_PACKETS)
        packet._data = packet.payload  # type: ignore[attr-defined]  # where the buffer looks
        _, frame = self._buffer.add(packet)
        return frame


class PictureOrder:
    """Whole VP8 frames that may be decoded, by aiortc's depayloader and jitter buffer.

    Starts at a keyframe; after a loss that nobody repairs, or a frame that is too large or broken,
    nothing passes until the next keyframe, and ``wants_keyframe`` says so.
    """

    def __init__(self) -> None:
        self._ssrc: int | None = None
        self._buffer = JitterBuffer(capacity=_PICTURE_JITTER_PACKETS, is_video=True)
        self._frame_at_s = 0.0
        self.wants_keyframe = True

    def add(self, packet: RtpPacket, now_s: float) -> JitterFrame | None:
        """The next frame to decode, if one is complete."""
        if packet.ssrc != self._ssrc:
            self._ssrc = packet.ssrc
            self.restart(now_s)
        packet._data = depayloaded(packet.payload)  # type: ignore[attr-defined]
        lost, frame = self._buffer.add(packet)
        if frame is None and now_s - self._frame_at_s > _STALL_S:
            # Only now: a frame comes out with the next one's first packet, and a camera that
            # gives one picture in a second is slow, not stalled.
            self.restart(now_s)
            lost, frame = self._buffer.add(packet)
        if lost:
            self.wants_keyframe = True
        if frame is None:
            return None
        self._frame_at_s = now_s
        return frame if self._may_pass(frame.data) else None

    def restart(self, now_s: float) -> None:
        """Forgets what is held; the next frame must be a keyframe."""
        self._buffer = JitterBuffer(capacity=_PICTURE_JITTER_PACKETS, is_video=True)
        self._frame_at_s = now_s
        self.wants_keyframe = True

    def _may_pass(self, data: bytes) -> bool:
        size = keyframe_size(data)
        if size is None:
            return not self.wants_keyframe and is_delta_frame(data)
        self.wants_keyframe = not fits(*size)
        return not self.wants_keyframe


def depayloaded(payload: bytes) -> bytes:
    """Nothing for a packet of padding or garbage: its number must still be filled."""
    try:
        return bytes(vp8_depayload(payload))
    except ValueError:
        return b""


def is_delta_frame(data: bytes) -> bool:
    """RFC 6386 section 9.1: the lowest bit of the frame tag is 1."""
    return len(data) > 3 and bool(data[0] & 1)


def keyframe_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in a VP8 keyframe's header (RFC 6386 section 9.1); ``None`` otherwise."""
    if len(data) < 10 or data[0] & 1 or data[3:6] != b"\x9d\x01\x2a":
        return None
    width = int.from_bytes(data[6:8], "little") & 0x3FFF
    height = int.from_bytes(data[8:10], "little") & 0x3FFF
    return width, height


def fits(width: int, height: int) -> bool:
    """Full HD, upright or lying; read before decoding, for 16383x16383 costs a gigabyte."""
    long_px, short_px = max(width, height), min(width, height)
    return 0 < short_px <= MAX_HEIGHT_PX and long_px <= MAX_WIDTH_PX


class Sender:
    """Numbers the packets of one stream."""

    def __init__(self, payload_type: int) -> None:
        self._payload_type = payload_type
        self._ssrc = random.getrandbits(32)  # not a secret: the relay rewrites it
        self._sequence_number = random.getrandbits(16)

    def packets(self, payloads: list[bytes], timestamp: int) -> list[bytes]:
        """One frame as packets; the last one carries the marker."""
        serialized = []
        for index, payload in enumerate(payloads):
            packet = RtpPacket(
                payload_type=self._payload_type,
                marker=int(index == len(payloads) - 1),
                sequence_number=self._sequence_number,
                timestamp=timestamp & 0xFFFFFFFF,
                ssrc=self._ssrc,
                payload=payload,
            )
            self._sequence_number = (self._sequence_number + 1) & 0xFFFF
            serialized.append(packet.serialize(_NO_EXTENSIONS))
        return serialized
