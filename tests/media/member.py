"""A member of a conference: sends picture and sound, and reports what it gets as a browser does."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from dataclasses import dataclass, field

from appliance.relay import rtcp, rtp
from tests.media.phone import Phone, Received, vp8
from tests.media.udp_hop import UdpHop

PICTURES_PER_S = 12
SOUNDS_PER_S = 25
PICTURE_BYTES = 1000  # 100 kbit/s: thirty ways in one process, beside a relay
SOUND_BYTES = 100
REPORT_S = 0.5


@dataclass
class Reception:
    """Of one stream: counts since the last report, and in all."""

    highest: int = -1
    base: int = 0
    received: int = 0
    told: tuple[int, int] = (0, 0)
    payloads: list[bytes] = field(default_factory=list)
    last_s: float = 0.0

    def take(self, packet: Received) -> None:
        """Counts a packet, padding too."""
        if self.highest < 0:
            self.highest = self.base = packet.number
        self.highest = max(self.highest, rtp.extend(packet.number, self.highest))
        self.received += 1
        if packet.payload and packet.payload[-1] != len(packet.payload):
            self.payloads.append(packet.payload)
            self.last_s = time.monotonic()

    def lost_share(self) -> float:
        """Since it was last asked."""
        expected, received = self.highest - self.base + 1, self.received
        new, got = expected - self.told[0], received - self.told[1]
        self.told = (expected, received)
        return max(new - got, 0) / new if new > 0 else 0.0


class Member(Phone):
    """Its payloads begin with its letter behind VP8's head, so that others know whose they are."""

    def __init__(self, name: str, hop: UdpHop | None = None) -> None:
        super().__init__()
        self.name = name.encode()
        self.hop = hop
        self.streams: dict[int, Reception] = defaultdict(Reception)
        self.on_packet = self._take_packet
        self.pictures_sent = self.sounds_sent = 0
        self.keyframes_asked = 0
        self.limits: list[int] = []  # bits per second, as the relay told them
        self._asked = 1  # the first picture is a key frame
        self._task: asyncio.Task[None] | None = None

    def read_offer(self, offer: str) -> None:
        """Goes through its hop, if it has one."""
        super().read_offer(offer)
        lines = [line.split() for line in offer.split("\r\n") if line.startswith("a=ssrc:")]
        self.ssrcs = [int(words[0][7:]) for words in lines]
        if self.hop is not None:
            self.relay_address = (self.hop.host, self.hop.port)

    def begin(self) -> None:
        """Sends and reports from now on."""
        self._task = asyncio.create_task(self._run())

    async def end(self) -> None:
        """Until now."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self.vanish()

    async def _run(self) -> None:
        began_s = reported_s = time.monotonic()
        while True:
            now_s = time.monotonic()
            while self.pictures_sent / PICTURES_PER_S <= now_s - began_s:
                self._send_picture()
            while self.sounds_sent / SOUNDS_PER_S <= now_s - began_s:
                self.sounds_sent += 1
                self.send_media("microphone", self.name + bytes(SOUND_BYTES), step=960)
            if now_s - reported_s >= REPORT_S:
                reported_s = now_s
                self._report()
                self.check()
            self._look_for_requests()
            await asyncio.sleep(0.01)

    def _send_picture(self) -> None:
        self.pictures_sent += 1
        keyframe, self._asked = self._asked > 0, 0
        head = vp8(self.pictures_sent & 0x7FFF, keyframe=keyframe, size=0)
        self.send_media("camera", head + self.name + bytes(PICTURE_BYTES))

    def _look_for_requests(self) -> None:
        asked = sum(1 for packet in self.rtcp if packet[1] == 206 and packet[0] & 31 == 1)
        self.keyframes_asked += asked
        self._asked += asked
        for packet in self.rtcp:
            if packet[1] == 206 and packet[0] & 31 == 15:
                self.limits += [item.bits_per_s for item in rtcp.parse(packet)]
        self.rtcp.clear()

    def _report(self) -> None:
        blocks = [
            rtcp.ReceptionReport(
                ssrc=ssrc,
                fraction_lost=int(stream.lost_share() * 255),
                lost=0,
                highest=stream.highest & 0xFFFFFFFF,
                jitter=0,
                last_report=0,
                delay=0,
            )
            for ssrc, stream in self.streams.items()
        ]
        if blocks:
            self.send_rtcp(rtcp.receiver_report(blocks[:31]))

    def _take_packet(self, packet: Received) -> None:
        if packet.payload_type != rtp.VP8_RTX:
            self.streams[packet.ssrc].take(packet)

    # ---- what came -------------------------------------------------------------------------------
    def pictures_of(self, name: str) -> int:
        """How many of somebody's pictures came."""
        return self._count(6, name)

    def sounds_of(self, name: str) -> int:
        """How many of somebody's packets of sound came."""
        return self._count(0, name)

    def _count(self, at: int, name: str) -> int:
        mark = name.encode()
        size = (PICTURE_BYTES if at else SOUND_BYTES) + at + 1
        return sum(
            1
            for stream in self.streams.values()
            for payload in stream.payloads
            if len(payload) == size and payload[at : at + 1] == mark
        )
