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
_VECTOR_SYMBOLS: Final = 7  # of two bits each in one chunk


class ArrivalLog:
    """Arrivals since the last feedback. ``note`` is called once per packet."""

    __slots__ = ("_arrivals", "_base", "_count")

    def __init__(self) -> None:
        self._arrivals: list[tuple[int, int]] = []
        self._base = -1  # extended number after the last one reported
        self._count = 0

    def note(self, number: int, arrival_ns: int) -> None:
        """Takes a packet's 16-bit transport-wide number and its arrival (monotonic)."""
        if len(self._arrivals) < 4096:
            self._arrivals.append((number, arrival_ns))

    def feedback(self, media_ssrc: int) -> list[bytes]:
        """The RTCP packets for what has arrived since the last call."""
        if not self._arrivals:
            return []
        arrivals = self._extended()
        self._arrivals.clear()
        packets: list[bytes] = []
        numbers = sorted(arrivals)
        # A late packet is reported once more with its neighbours; senders take the newest word.
        first = numbers[0] if self._base < 0 else min(self._base, numbers[0])
        if numbers[-1] - first > 2 * MAX_PACKETS:
            first = numbers[0]
        self._base = max(self._base, numbers[-1] + 1)
        while first <= numbers[-1]:
            packet, first = self._one(media_ssrc, arrivals, first, numbers[-1])
            if packet:
                packets.append(packet)
        return packets

    def _extended(self) -> dict[int, int]:
        highest = self._base - 1 if self._base > 0 else self._arrivals[0][0] + 65536
        extended: dict[int, int] = {}
        for number, arrival_ns in self._arrivals:
            full = highest + (((number - highest) + 0x8000) & 0xFFFF) - 0x8000
            highest = max(highest, full)
            extended.setdefault(full, arrival_ns)
        return extended

    def _one(
        self, media_ssrc: int, arrivals: dict[int, int], first: int, last: int
    ) -> tuple[bytes, int]:
        """One message from ``first`` on, and the number where the next begins."""
        while first <= last and first not in arrivals and last - first > 2 * MAX_PACKETS:
            first += 1
        end = min(last + 1, first + MAX_PACKETS)
        known = [arrivals[n] for n in range(first, end) if n in arrivals]
        if not known:
            return b"", end
        reference = known[0] // REFERENCE_NS
        at_ticks = reference * REFERENCE_NS // TICK_NS
        symbols: list[int] = []
        deltas = bytearray()
        for number in range(first, end):
            if number not in arrivals:
                symbols.append(0)
                continue
            delta = arrivals[number] // TICK_NS - at_ticks
            if not -0x8000 <= delta <= 0x7FFF:
                end = number
                break
            at_ticks += delta
            symbols.append(1 if 0 <= delta <= 0xFF else 2)
            deltas += struct.pack("!B" if 0 <= delta <= 0xFF else "!h", delta)
        self._count = (self._count + 1) & 0xFF
        head = struct.pack(
            "!IIHHI",
            rtcp.RELAY_SSRC,
            media_ssrc,
            first & 0xFFFF,
            len(symbols),
            (reference & 0xFFFFFF) << 8 | self._count,
        )
        return _feedback_packet(head + _chunks(symbols) + bytes(deltas)), end


def _chunks(symbols: list[int]) -> bytes:
    """Run-length chunks for long runs, two-bit status vectors for the rest."""
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
