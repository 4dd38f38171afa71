"""The load: every peer plays the clip and counts what comes, in one thread on a core of its own.

``speed`` plays the clip faster than real time, to reach higher packet rates with the same peers.
"""

from __future__ import annotations

import heapq
import select
import struct
import time
from dataclasses import dataclass, field
from typing import Final

from appliance.relay.srtp import srtp_protect, srtp_unprotect
from tests.media.relay_bench.clip import FRAMES_PER_SECOND, SOUNDS_PER_SECOND, STAMP_BYTES, Clip
from tests.media.relay_bench.datagrams import SLOTS, Slots, ffi
from tests.media.relay_bench.leg import Leg

HEADER: Final = struct.Struct("!BBHIIHH")
STAMP: Final = struct.Struct("!q")
CLOCK_STEP: Final = {"camera": 90_000 // FRAMES_PER_SECOND, "microphone": 960}
PAYLOAD_TYPE: Final = {"camera": 96, "microphone": 111}
MID: Final = {"camera": b"\x10" + b"1", "microphone": b"\x10" + b"0"}
CHECK_EVERY_S: Final = 2.0


@dataclass
class Peer:
    """Sends on one leg and receives on another, which may be the same."""

    sends: Leg
    receives: Leg
    number: dict[str, int] = field(default_factory=lambda: {"camera": 100, "microphone": 100})
    timestamp: dict[str, int] = field(default_factory=lambda: {"camera": 0, "microphone": 0})
    wide: int = 0
    frame: int = 0
    sound: int = 0


@dataclass
class Count:
    """What one window of measuring saw."""

    seconds: float = 0.0
    sent: int = 0
    received: int = 0
    delays_ns: list[int] = field(default_factory=list)
    late_ms: float = 0.0  # how far behind its time table the generator was, at worst
    cpu_s: float = 0.0


class Load:
    """``stamped``: send times travel at the end of each payload, which no decoder would like."""

    def __init__(self, clip: Clip, peers: list[Peer], *, stamped: bool, look_at_every: int) -> None:
        self.clip, self.peers, self.stamped = clip, peers, stamped
        self.look_at_every = look_at_every
        self.out, self.into = Slots(), Slots()
        self.into.take_arrival_times()
        self._length = ffi.new("int *")
        self._looked = 0
        self.count = Count()
        self.poll = select.epoll()
        self.legs: dict[int, Leg] = {}
        for peer in peers:
            for leg in {id(each): each for each in (peer.sends, peer.receives)}.values():
                descriptor = leg.hand_over()
                self.legs[descriptor] = leg
                self.poll.register(descriptor, select.EPOLLIN)

    def play(self, seconds: float, speed: float) -> Count:
        """Plays for so long; what was sent in this window and came until it ended."""
        self.count = count = Count()
        cpu_s = time.process_time()
        began_s = time.monotonic()
        until_s, check_at_s = began_s + seconds, began_s
        due = self._time_table(began_s, speed)
        while (now_s := time.monotonic()) < until_s:
            if now_s >= check_at_s:
                check_at_s = now_s + CHECK_EVERY_S
                for peer in self.peers:
                    peer.sends.check()
                    if peer.receives is not peer.sends:
                        peer.receives.check()
            while due[0][0] <= now_s:
                at_s, index, kind = due[0]
                count.late_ms = max(count.late_ms, (now_s - at_s) * 1e3)
                self._send(self.peers[index], kind)
                heapq.heapreplace(due, (at_s + _interval_s(kind) / speed, index, kind))
            self._wait(min(due[0][0], until_s))
        count.seconds = time.monotonic() - began_s
        self._wait(time.monotonic() + 0.05)
        count.cpu_s = time.process_time() - cpu_s
        return count

    def close(self) -> None:
        """Ends all legs."""
        for leg in self.legs.values():
            leg.close()
        self.poll.close()

    def _time_table(self, began_s: float, speed: float) -> list[tuple[float, int, str]]:
        """Peers begin spread over one picture's time, so that bursts do not all meet."""
        spread_s = 1 / FRAMES_PER_SECOND / len(self.peers) / speed
        due = [
            (began_s + index * spread_s, index, kind)
            for index in range(len(self.peers))
            for kind in ("camera", "microphone")
        ]
        heapq.heapify(due)
        return due

    def _wait(self, until_s: float) -> None:
        """Takes what comes until then."""
        while True:
            left_s = until_s - time.monotonic()
            for descriptor, _ in self.poll.poll(max(left_s, 0)):
                self._receive(descriptor)
            if left_s <= 0 or time.monotonic() >= until_s:
                return

    # ---- sending ---------------------------------------------------------------------------------
    def _send(self, peer: Peer, kind: str) -> None:
        if kind == "camera":
            payloads = self.clip.frames[peer.frame % len(self.clip.frames)]
            peer.frame += 1
        else:
            payloads = [self.clip.sounds[peer.sound % len(self.clip.sounds)]]
            peer.sound += 1
        peer.timestamp[kind] = (peer.timestamp[kind] + CLOCK_STEP[kind]) & 0xFFFFFFFF
        for begin in range(0, len(payloads), SLOTS):
            part = payloads[begin : begin + SLOTS]
            for slot, payload in enumerate(part):
                last = begin + slot == len(payloads) - 1
                self._write(peer, kind, slot, payload, last=last)
            self.out.send(peer.sends.socket.fileno(), len(part))
            self.count.sent += len(part)

    def _write(self, peer: Peer, kind: str, slot: int, payload: bytes, *, last: bool) -> None:
        """One packet with the extensions of a browser, encrypted in its slot."""
        view = self.out.views[slot]
        marker = 0x80 if last or kind == "microphone" else 0
        number, peer.wide = peer.number[kind], (peer.wide + 1) & 0xFFFF
        peer.number[kind] = (number + 1) & 0xFFFF
        words = (0x90, marker | PAYLOAD_TYPE[kind], number, peer.timestamp[kind])
        HEADER.pack_into(view, 0, *words, peer.sends.ssrc[kind], 0xBEDE, 3)
        extensions = MID[kind] + b"\x22\x01\x02\x03\x31" + peer.wide.to_bytes(2) + b"\0\0\0"
        end = 28 + len(payload)
        view[16:28] = extensions
        view[28:end] = payload
        if self.stamped:
            STAMP.pack_into(view, end - STAMP_BYTES, time.time_ns())
        self._length[0] = end
        if srtp_protect(peer.sends.keys[1].context, self.out.addresses[slot], self._length):
            raise RuntimeError("libsrtp refused a packet of the load")
        self.out.set_length(slot, self._length[0])

    # ---- receiving -------------------------------------------------------------------------------
    def _receive(self, descriptor: int) -> None:
        into = self.into
        while got := into.receive(descriptor):
            first, second = into.bytes[:got, 0], into.bytes[:got, 1]
            media = (first >> 6 == 2) & (((second & 0x7F) == 96) | ((second & 0x7F) == 111))
            self.count.received += int(media.sum())
            leg = self.legs[descriptor]
            for slot in range(got):
                if media[slot]:
                    self._looked += 1
                    if self.stamped and self._looked % self.look_at_every == 0:
                        self._look_at(leg, slot)
                elif first[slot] < 64:
                    data = bytes(into.views[slot][: into.lengths[slot]])
                    leg.take_datagram(data, leg.relay_address)
            if got < SLOTS:
                return

    def _look_at(self, leg: Leg, slot: int) -> None:
        """Decrypts one packet: it must be genuine, and it says when it left."""
        self._length[0] = int(self.into.lengths[slot])
        address = self.into.addresses[slot]
        if srtp_unprotect(leg.keys[0].context, address, self._length):
            raise RuntimeError("a packet of the server does not authenticate")
        sent_ns = STAMP.unpack_from(self.into.views[slot], self._length[0] - STAMP_BYTES)[0]
        self.count.delays_ns.append(self.into.arrived_ns(slot) - sent_ns)


def _interval_s(kind: str) -> float:
    return 1 / (FRAMES_PER_SECOND if kind == "camera" else SOUNDS_PER_SECOND)
