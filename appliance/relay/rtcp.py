"""RTCP as the relay needs it: what it writes, and what it reads of browsers. Pure functions.

RFC 3550 (SR, RR, SDES), RFC 4585 (NACK, PLI), RFC 5104 (FIR), draft-alvestrand-rmcat-remb-03,
draft-holmer-rmcat-transport-wide-cc-extensions-01.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

SENDER_REPORT: Final = 200
RECEIVER_REPORT: Final = 201
DESCRIPTION: Final = 202
TRANSPORT_FEEDBACK: Final = 205
PAYLOAD_FEEDBACK: Final = 206

RELAY_SSRC: Final = 1  # of the relay as a receiver; browsers do not look at it
MAX_REPORTS: Final = 31
MAX_NACKED: Final = 256
MAX_ITEMS: Final = 40

_HEADER: Final = struct.Struct("!BBH")
_REPORT: Final = struct.Struct("!IIIIII")
NTP_EPOCH_OFFSET_S: Final = 2_208_988_800


def ntp_time(unix_s: float) -> int:
    """64-bit NTP time of a Unix time."""
    return int((unix_s + NTP_EPOCH_OFFSET_S) * (1 << 32))


def _packet(count: int, packet_type: int, body: bytes) -> bytes:
    return _HEADER.pack(0x80 | count, packet_type, len(body) // 4) + body


# ---- what the relay writes -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ReceptionReport:
    """One block of a receiver report."""

    ssrc: int
    fraction_lost: int  # of 256, since the last report
    lost: int  # in all
    highest: int  # extended sequence number
    jitter: int  # clock units
    last_report: int  # middle 32 bits of the newest SR's NTP time
    delay: int  # since that SR, in 1/65536 s


def receiver_report(blocks: Sequence[ReceptionReport]) -> bytes:
    """An RR of at most 31 blocks."""
    body = struct.pack("!I", RELAY_SSRC)
    for block in blocks[:MAX_REPORTS]:
        lost = max(-0x800000, min(block.lost, 0x7FFFFF)) & 0xFFFFFF
        body += _REPORT.pack(
            block.ssrc,
            (block.fraction_lost & 0xFF) << 24 | lost,
            block.highest & 0xFFFFFFFF,
            block.jitter & 0xFFFFFFFF,
            block.last_report & 0xFFFFFFFF,
            block.delay & 0xFFFFFFFF,
        )
    return _packet(len(blocks[:MAX_REPORTS]), RECEIVER_REPORT, body)


def sender_report(ssrc: int, ntp: int, timestamp: int, packets: int, octets: int) -> bytes:
    """An SR without blocks."""
    body = struct.pack(
        "!IQIII",
        ssrc,
        ntp & 0xFFFFFFFFFFFFFFFF,
        timestamp & 0xFFFFFFFF,
        packets & 0xFFFFFFFF,
        octets & 0xFFFFFFFF,
    )
    return _packet(0, SENDER_REPORT, body)


def picture_loss(ssrc: int) -> bytes:
    """A PLI: please send a key frame."""
    return _packet(1, PAYLOAD_FEEDBACK, struct.pack("!II", RELAY_SSRC, ssrc))


def nack(ssrc: int, numbers: Iterable[int]) -> bytes:
    """A generic NACK for 16-bit sequence numbers in rising order."""
    items: list[list[int]] = []
    for number in numbers:
        behind = (number - items[-1][0]) & 0xFFFF if items else 0
        if items and 0 < behind <= 16:
            items[-1][1] |= 1 << (behind - 1)
        else:
            items.append([number & 0xFFFF, 0])
    body = struct.pack("!II", RELAY_SSRC, ssrc)
    body += b"".join(struct.pack("!HH", first, mask) for first, mask in items)
    return _packet(1, TRANSPORT_FEEDBACK, body)


def bitrate_limit(bits_per_s: int, ssrcs: Sequence[int]) -> bytes:
    """A REMB: the relay knows of a receiver that cannot take more."""
    exponent = max(bits_per_s.bit_length() - 18, 0)
    mantissa = bits_per_s >> exponent
    body = struct.pack(
        "!II4sI", RELAY_SSRC, 0, b"REMB", len(ssrcs) << 24 | exponent << 18 | mantissa
    )
    body += b"".join(struct.pack("!I", ssrc) for ssrc in ssrcs)
    return _packet(15, PAYLOAD_FEEDBACK, body)


# ---- what the relay reads ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SenderClock:
    """The source's clock, from an SR."""

    ssrc: int
    ntp: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class Nack:
    """Numbers that a receiver misses."""

    ssrc: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyframeRequest:
    """A PLI or FIR."""

    ssrc: int


@dataclass(frozen=True, slots=True)
class BitrateLimit:
    """A receiver's estimate (REMB)."""

    bits_per_s: int
    ssrcs: tuple[int, ...]


RtcpItem = SenderClock | ReceptionReport | Nack | KeyframeRequest | BitrateLimit


def parse(data: bytes) -> list[RtcpItem]:
    """The items of a compound that the relay acts on. Raises ``ValueError`` if it is malformed."""
    items: list[RtcpItem] = []
    at = 0
    while at < len(data) and len(items) < MAX_ITEMS:
        if len(data) < at + 8 or data[at] >> 6 != 2:
            raise ValueError("RTCP header")
        count, kind = data[at] & 0x1F, data[at + 1]
        end = at + 4 + 4 * int.from_bytes(data[at + 2 : at + 4])
        if end > len(data) or end < at + 8:
            raise ValueError("RTCP length")
        _parse_one(kind, count, data[at + 4 : end], items)
        at = end
    return items


def _parse_one(kind: int, count: int, body: bytes, items: list[RtcpItem]) -> None:
    if kind == SENDER_REPORT:
        if len(body) < 24:
            raise ValueError("SR")
        ssrc, ntp, timestamp = struct.unpack_from("!IQI", body)
        items.append(SenderClock(ssrc, ntp, timestamp))
        _parse_blocks(body, 24, count, items)
    elif kind == RECEIVER_REPORT:
        _parse_blocks(body, 4, count, items)
    elif kind == TRANSPORT_FEEDBACK and count == 1:
        items.append(_parse_nack(body))
    elif kind == PAYLOAD_FEEDBACK:
        _parse_payload_feedback(count, body, items)


def _parse_blocks(body: bytes, at: int, count: int, items: list[RtcpItem]) -> None:
    if len(body) < at + 24 * count:
        raise ValueError("report blocks")
    for index in range(count):
        ssrc, loss, highest, jitter, last, delay = _REPORT.unpack_from(body, at + 24 * index)
        items.append(
            ReceptionReport(ssrc, loss >> 24, loss & 0xFFFFFF, highest, jitter, last, delay)
        )


def _parse_nack(body: bytes) -> Nack:
    if len(body) < 12:
        raise ValueError("NACK")
    numbers: list[int] = []
    for at in range(8, len(body), 4):
        first, mask = struct.unpack_from("!HH", body, at)
        numbers.append(first)
        numbers += [(first + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1]
    return Nack(int.from_bytes(body[4:8]), tuple(numbers[:MAX_NACKED]))


def _parse_payload_feedback(fmt: int, body: bytes, items: list[RtcpItem]) -> None:
    if fmt == 1:
        items.append(KeyframeRequest(int.from_bytes(body[4:8])))
    elif fmt == 4:
        entries = range(8, len(body) - 7, 8)
        items.extend(KeyframeRequest(int.from_bytes(body[at : at + 4])) for at in entries)
    elif fmt == 15 and body[8:12] == b"REMB":
        if len(body) < 16 or len(body) < 16 + 4 * body[12]:
            raise ValueError("REMB")
        word = int.from_bytes(body[13:16])
        ssrcs = struct.unpack_from(f"!{body[12]}I", body, 16)
        items.append(BitrateLimit((word & 0x3FFFF) << (word >> 18), ssrcs))
