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

HEAD: Final = struct.Struct("!BBHII")  # the whole header without extensions
SEQUENCE_TIMESTAMP_SSRC: Final = struct.Struct("!HII")  # at byte 2
U16: Final = struct.Struct("!H")

_ONE_BYTE_PROFILE: Final = 0xBEDE
Buffer = bytearray | memoryview


class PacketInvalid(ValueError):
    """A packet that no browser sends."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a packet's header extensions are; 0 means absent.

    The packets of a stream look alike, so they are scanned once and then compared: the extension
    block, read as one number of ``extension_bytes`` bytes, has the value ``marks`` under the mask
    ``marked`` as long as the layout holds. Likewise ``kept`` is what goes on to the next hop, and
    ``stamp_unit`` the lowest bit of the send time; ``head`` writes all of it, from the sequence
    number to the end of the block.
    """

    payload_at: int
    head: struct.Struct
    first_bits: int = 0  # of the first byte: whether there is a block
    marked: int = 0
    marks: int = 0
    kept: int = 0
    stamp_unit: int = 0
    transport_cc_shift: int = 0
    mid_at: int = 0
    mid_bytes: int = 0
    abs_send_time_at: int = 0
    transport_cc_at: int = 0
    audio_level_at: int = 0


def _head(block_bytes: int) -> struct.Struct:
    return struct.Struct(f"{SEQUENCE_TIMESTAMP_SSRC.format}{block_bytes}s")


BARE: Final = Layout(payload_at=HEADER_BYTES, head=_head(0))


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
    marked = bytearray(end - HEADER_BYTES)
    marked[:4] = b"\xff" * 4
    at = HEADER_BYTES + 4
    while at < end:
        mark = packet[at]
        marked[at - HEADER_BYTES] = 0xFF
        at += 1
        if mark == 0:
            continue
        size = (mark & 0x0F) + 1
        if at + size > end:
            raise PacketInvalid("extension element")
        found[mark >> 4] = (at, size)
        at += size
    return _layout(packet, end, int.from_bytes(marked), found)


def _layout(packet: Buffer, end: int, marked: int, found: dict[int, tuple[int, int]]) -> Layout:
    mid_at, mid_bytes = found.get(MID, (0, 0))
    transport_cc_at = _position(found, TRANSPORT_CC, 2)
    abs_send_time_at = _position(found, ABS_SEND_TIME, 3)
    kept = bytearray(b"\xff" * (end - HEADER_BYTES))
    blanked = [(mid_at - 1, 1 + mid_bytes), (transport_cc_at - 1, 3), (abs_send_time_at, 3)]
    for at, size in blanked:  # of the first hop alone, or written anew
        if at > 0:
            kept[at - HEADER_BYTES : at - HEADER_BYTES + size] = bytes(size)
    return Layout(
        payload_at=end,
        head=_head(end - HEADER_BYTES),
        first_bits=0x10,
        marked=marked,
        marks=int.from_bytes(packet[HEADER_BYTES:end]) & marked,
        kept=int.from_bytes(kept),
        stamp_unit=1 << 8 * (end - abs_send_time_at - 3) if abs_send_time_at else 0,
        transport_cc_shift=8 * (end - transport_cc_at - 2) if transport_cc_at else 0,
        mid_at=mid_at,
        mid_bytes=mid_bytes,
        abs_send_time_at=abs_send_time_at,
        transport_cc_at=transport_cc_at,
        audio_level_at=_position(found, AUDIO_LEVEL, 1),
    )


def _position(found: dict[int, tuple[int, int]], number: int, size: int) -> int:
    at, found_size = found.get(number, (0, 0))
    return at if found_size == size else 0


def holds(layout: Layout, packet: Buffer, length: int) -> bool:
    """Whether a packet has the same layout as an earlier one with as many extension words."""
    if packet[0] & 0x1F != layout.first_bits or layout.payload_at > length:
        return False
    return extension(layout, packet) & layout.marked == layout.marks


def extension(layout: Layout, packet: Buffer) -> int:
    """The extension block as one number."""
    return int.from_bytes(packet[HEADER_BYTES : layout.payload_at])


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
