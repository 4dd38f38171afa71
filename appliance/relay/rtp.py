"""What the relay reads and changes in an RTP packet: header extensions and VP8's descriptor.

Numbers of payload types and header extensions are the relay's own, stated in every offer; browsers
take them over, so no packet needs a mapping.
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass
from typing import Final

OPUS: Final = 111
VP8: Final = 96
VP8_RTX: Final = 97

MID: Final = 1
ABS_SEND_TIME: Final = 2
TRANSPORT_CC: Final = 3
AUDIO_LEVEL: Final = 4

HEADER_BYTES: Final = 12
AUDIO_CLOCK_HZ: Final = 48_000
VIDEO_CLOCK_HZ: Final = 90_000

SEQUENCE_TIMESTAMP_SSRC: Final = struct.Struct("!HII")  # at byte 2
U16: Final = struct.Struct("!H")

_ONE_BYTE_PROFILE: Final = 0xBEDE
Buffer = bytearray | memoryview


class PacketInvalid(ValueError):
    """A packet that no browser sends."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a packet's header extensions are; 0 means absent.

    ``marks`` are the bytes (position, value) that must be the same for the layout to hold, so that
    the packets of a stream, which look alike, are scanned only once.
    """

    payload_at: int
    marks: tuple[tuple[int, int], ...]
    mid_at: int = 0
    mid_bytes: int = 0
    abs_send_time_at: int = 0
    transport_cc_at: int = 0


BARE: Final = Layout(payload_at=HEADER_BYTES, marks=())


def scan(packet: Buffer, length: int) -> Layout:
    """Finds the header extensions of a packet of ``length`` bytes. Raises ``PacketInvalid``."""
    if packet[0] & 0x0F:
        raise PacketInvalid("contributing sources")
    if not packet[0] & 0x10:
        return BARE
    if length < HEADER_BYTES + 4:
        raise PacketInvalid("short extension header")
    profile, words = struct.unpack_from("!HH", packet, HEADER_BYTES)
    end = HEADER_BYTES + 4 + 4 * words
    if profile != _ONE_BYTE_PROFILE or end > length:
        raise PacketInvalid("extension block")
    return _scan_elements(packet, end)


def _scan_elements(packet: Buffer, end: int) -> Layout:
    found: dict[int, tuple[int, int]] = {}
    marks = [(at, packet[at]) for at in range(HEADER_BYTES, HEADER_BYTES + 4)]
    at = HEADER_BYTES + 4
    while at < end:
        mark = packet[at]
        marks.append((at, mark))
        at += 1
        if mark == 0:
            continue
        size = (mark & 0x0F) + 1
        if at + size > end:
            raise PacketInvalid("extension element")
        found[mark >> 4] = (at, size)
        at += size
    mid_at, mid_bytes = found.get(MID, (0, 0))
    return Layout(
        payload_at=end,
        marks=tuple(marks),
        mid_at=mid_at,
        mid_bytes=mid_bytes,
        abs_send_time_at=_position(found, ABS_SEND_TIME, 3),
        transport_cc_at=_position(found, TRANSPORT_CC, 2),
    )


def _position(found: dict[int, tuple[int, int]], number: int, size: int) -> int:
    at, found_size = found.get(number, (0, 0))
    return at if found_size == size else 0


def holds(layout: Layout, packet: Buffer, length: int) -> bool:
    """Whether a packet has the same layout as an earlier one with as many extension words."""
    if packet[0] & 0x0F or layout.payload_at > length:
        return False
    for at, mark in layout.marks:  # noqa: SIM110 - a generator costs more than the loop, per packet
        if packet[at] != mark:
            return False
    return True


def payload_end(packet: Buffer, length: int, payload_at: int) -> int:
    """The payload's end without padding. Raises ``PacketInvalid``."""
    if not packet[0] & 0x20:
        return length
    padding = packet[length - 1]
    if not 0 < padding <= length - payload_at:
        raise PacketInvalid("padding")
    return length - padding


def extend(number: int, highest: int) -> int:
    """The 16-bit ``number`` as the extended number that is nearest to ``highest``."""
    return highest + (((number - highest) + 0x8000) & 0xFFFF) - 0x8000


def first_number() -> int:
    """A first sequence number: random, and below 2^15.

    So a receiver whose first packets were lost agrees with the sender about SRTP's rollover counter
    (libsrtp issue 729).
    """
    return random.SystemRandom().randrange(1, 1 << 14)


def is_keyframe_start(packet: Buffer, at: int, end: int) -> bool:
    """Whether the VP8 payload from ``at`` to ``end`` begins a key frame (RFC 7741, section 4)."""
    if end <= at or packet[at] & 0x17 != 0x10:  # start of the first partition
        return False
    frame_at = at + 1
    if packet[at] & 0x80:
        flags = packet[frame_at] if frame_at < end else 0
        frame_at += 1
        if flags & 0x80 and frame_at < end:
            frame_at += 2 if packet[frame_at] & 0x80 else 1
        frame_at += (1 if flags & 0x40 else 0) + (1 if flags & 0x30 else 0)
    return frame_at < end and not packet[frame_at] & 0x01


@dataclass(frozen=True, slots=True)
class Vp8Numbers:
    """The numbers of a VP8 descriptor that must go on without a break when the source changes."""

    picture_at: int  # position of the picture id, 0 if absent
    picture_wide: bool  # two bytes instead of one
    picture: int
    tl0_at: int
    tl0: int


def vp8_numbers(packet: Buffer, at: int, end: int) -> Vp8Numbers:
    """Reads picture id and TL0PICIDX of the descriptor at ``at``. Raises ``PacketInvalid``."""
    if end < at + 2 or not packet[at] & 0x80:
        return Vp8Numbers(0, False, 0, 0, 0)
    flags = packet[at + 1]
    cursor = at + 2
    picture_at = picture = tl0_at = tl0 = 0
    wide = False
    if flags & 0x80:
        wide = cursor + 1 < end and bool(packet[cursor] & 0x80)
        if cursor >= end:
            raise PacketInvalid("picture id")
        picture_at = cursor
        picture = U16.unpack_from(packet, cursor)[0] & 0x7FFF if wide else packet[cursor] & 0x7F
        cursor += 2 if wide else 1
    if flags & 0x40:
        if cursor >= end:
            raise PacketInvalid("TL0PICIDX")
        tl0_at, tl0 = cursor, packet[cursor]
    return Vp8Numbers(picture_at, wide, picture, tl0_at, tl0)
