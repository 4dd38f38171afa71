"""Transport-wide congestion feedback: when each packet of a browser arrived.

Without it a browser that negotiated transport-cc starves its own picture to 32 kbit/s in 15 s.
Format: draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
"""

from __future__ import annotations

import struct
from typing import Final

from appliance.relay import rtcp

TICK_NS: Final = 250_000
REFERENCE_NS: Final = 64_000_000
MAX_PACKETS: Final = 400  # status symbols in one message; more go to the next
MAX_MESSAGES: Final = 12  # at once; a browser needs one or two
_VECTOR_SYMBOLS: Final = 7  # of two bits each in one chunk


class ArrivalLog:
    """Arrivals since the last feedback. ``note`` is called once per packet."""

    __slots__ = ("_arrivals", "_base", "_count")

    def __init__(self) -> None:
        self._arrivals: dict[int, int] = {}  # in their order; so plain that it is never collected
        self._base = -1  # extended number after the last one reported
        self._count = 0

    def note(self, number: int, arrival_ns: int) -> None:
        """Takes a packet's transport-wide number, its low 16 bits, and its arrival (monotonic)."""
        self._arrivals.setdefault(number & 0xFFFF, arrival_ns)

    def feedback(self, media_ssrc: int) -> list[bytes]:
        """The RTCP packets for what has arrived since the last call."""
        if not self._arrivals:
            return []
        arrivals = self._extended()
        self._arrivals.clear()
        numbers = sorted(arrivals)
        packets: list[bytes] = []
        at = 0
        while at < len(numbers) and len(packets) < MAX_MESSAGES:
            first = numbers[at]
            if 0 <= self._base <= first < self._base + MAX_PACKETS:
                first = self._base  # what is missing before is told as lost
            known = [n for n in numbers[at : at + MAX_PACKETS] if n < first + MAX_PACKETS]
            packet, told = self._one(media_ssrc, first, known, arrivals)
            packets.append(packet)
            at += told
            self._base = max(self._base, known[told - 1] + 1)
        self._base = max(self._base, numbers[-1] + 1)
        return packets

    def _extended(self) -> dict[int, int]:
        first = next(iter(self._arrivals))
        highest = self._base - 1 if self._base > 0 else first + 65536
        extended: dict[int, int] = {}
        for number, arrival_ns in self._arrivals.items():
            full = highest + 1  # as a rule
            if full & 0xFFFF != number:
                full = highest + (((number - highest) + 0x8000) & 0xFFFF) - 0x8000
            if full > highest:
                highest = full
            extended[full] = arrival_ns
        return extended

    def _one(
        self, media_ssrc: int, first: int, known: list[int], arrivals: dict[int, int]
    ) -> tuple[bytes, int]:
        """One message from ``first`` on about ``known``, and how many of these it could hold."""
        reference = arrivals[known[0]] // REFERENCE_NS
        at_ticks = reference * REFERENCE_NS // TICK_NS
        symbols: list[int] = []
        deltas = bytearray()
        told = 0
        due = first
        for number in known:
            delta = arrivals[number] // TICK_NS - at_ticks
            if not -0x8000 <= delta <= 0x7FFF:
                break
            if number != due:
                symbols += [0] * (number - due)
            if 0 <= delta <= 0xFF:
                symbols.append(1)
                deltas.append(delta)
            else:
                symbols.append(2)
                deltas += delta.to_bytes(2, signed=True)
            at_ticks += delta
            due = number + 1
            told += 1
        self._count = (self._count + 1) & 0xFF
        head = struct.pack(
            "!IIHHI",
            rtcp.RELAY_SSRC,
            media_ssrc,
            first & 0xFFFF,
            len(symbols),
            (reference & 0xFFFFFF) << 8 | self._count,
        )
        return _feedback_packet(head + _chunks(symbols) + bytes(deltas)), told


def _chunks(symbols: list[int]) -> bytes:
    """Run-length chunks for long runs, two-bit status vectors for the rest."""
    if len(set(symbols)) == 1:  # as a rule
        return struct.pack("!H", symbols[0] << 13 | len(symbols))
    out = bytearray()
    at = 0
    while at < len(symbols):
        symbol = symbols[at]
        run = 1
        while at + run < len(symbols) and symbols[at + run] == symbol and run < 0x1FFF:
            run += 1
        if run >= _VECTOR_SYMBOLS or at + run == len(symbols):
            out += struct.pack("!H", symbol << 13 | run)
            at += run
            continue
        part = symbols[at : at + _VECTOR_SYMBOLS]
        word = 0xC000
        for index, value in enumerate(part):
            word |= value << (12 - 2 * index)
        out += struct.pack("!H", word)
        at += len(part)
    return bytes(out)


def _feedback_packet(body: bytes) -> bytes:
    padding = -len(body) % 4
    first = 0x80 | 15 | (0x20 if padding else 0)
    if padding:
        body += bytes(padding - 1) + bytes([padding])
    return struct.pack("!BBH", first, rtcp.TRANSPORT_FEEDBACK, len(body) // 4) + body
