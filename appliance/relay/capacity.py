"""How many conversations this process carries: measured at its start, and by how busy it is.

Beyond that the next one waits in line; what runs is never hurt. A room counts by its pairs: two
people are one, six are fifteen, because as many streams go back and forth.
"""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING, Final

from appliance.relay import rtp
from appliance.relay.control import LoadReply
from appliance.relay.srtp import PacketBuffer, SrtpSession

if TYPE_CHECKING:
    from collections.abc import Iterable

    from appliance.relay.line import CpuShare

FULL_SHARE: Final = 0.7  # of the one core that the plane has; the rest is for bursts
PACKETS_PER_PAIR_S: Final = 400  # forwarded between two people: 720p and sound, both ways
BESIDE: Final = 2.4  # what else a packet costs: reading it, reports, history (decision 122)
PACKET_BYTES: Final = 1100
TRIES: Final = 400  # packets in a round; a round takes some milliseconds
ROUNDS: Final = 5
_KEY_BYTES: Final = 44  # AES-256-GCM: key and salt
_PROFILE: Final = 8  # SRTP_AEAD_AES_256_GCM (RFC 7714)


def packet_cost_s() -> float:
    """CPU seconds to decrypt, renumber, encrypt and send a packet here: the best of some rounds."""
    key = os.urandom(_KEY_BYTES)
    inbound = SrtpSession(key, _PROFILE, inbound=True)
    browser, outbound = (SrtpSession(key, _PROFILE, inbound=False) for _ in range(2))
    # Within the process, as the media process talks to no other port: sent and taken out again,
    # a datagram costs here what sending one by UDP does.
    link, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with link, end:
        return min(
            _round(number, browser, inbound, outbound, (link, end)) for number in range(ROUNDS)
        )


def _round(
    number: int,
    browser: SrtpSession,
    inbound: SrtpSession,
    outbound: SrtpSession,
    pair: tuple[socket.socket, socket.socket],
) -> float:
    buffer, out, (link, end) = PacketBuffer(), PacketBuffer(), pair
    packets = [_encrypted(browser, number * TRIES + each) for each in range(TRIES)]
    began_s = time.process_time()
    for each, packet in enumerate(packets):
        buffer.view[: len(packet)] = packet
        length = inbound.unprotect(buffer, len(packet))
        out.view[:length] = buffer.view[:length]
        rtp.SEQUENCE_TIMESTAMP_SSRC.pack_into(out.view, 2, number * TRIES + each, each, 7)
        length = outbound.protect(out, length)
        link.send(out.view[:length])
        end.recv_into(buffer.view)
    return (time.process_time() - began_s) / TRIES


def _encrypted(session: SrtpSession, number: int) -> bytes:
    buffer = PacketBuffer()
    buffer.view[0], buffer.view[1] = 0x80, rtp.VP8
    rtp.SEQUENCE_TIMESTAMP_SSRC.pack_into(buffer.view, 2, number, 0, 9)
    return bytes(buffer.view[: session.protect(buffer, PACKET_BYTES)])


class Capacity:
    """What this process may take on."""

    def __init__(self, packet_s: float, cpu: CpuShare) -> None:
        pair_share = packet_s * BESIDE * PACKETS_PER_PAIR_S
        self.limit = max(int(FULL_SHARE / pair_share), 1)
        self._cpu = cpu

    def load(self, browsers_in_rooms: Iterable[int]) -> LoadReply:
        """Whether one more conversation may begin."""
        sessions = sum(count * (count - 1) // 2 for count in browsers_in_rooms)
        full = sessions >= self.limit or self._cpu.share > FULL_SHARE
        return LoadReply(sessions=sessions, limit=self.limit, full=full)
