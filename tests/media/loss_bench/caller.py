"""A client of our own that does about losses what a browser does: asks again, and answers.

As in libwebrtc: a packet is asked for 10 ms after a later one has come, then once each round trip,
ten times at most (``nack_requester.cc``); a sender answers from its history on the retransmission
stream.
"""

from __future__ import annotations

import struct
import time
from dataclasses import dataclass, field
from typing import Final

from appliance.relay import rtcp, rtp
from tests.media.phone import Phone, Received, vp8

GRACE_S: Final = 0.01
TRIES: Final = 10
HISTORY: Final = 2048
PICTURES_PER_S: Final = 30
PACKETS_PER_PICTURE: Final = 6
SOUNDS_PER_S: Final = 50
PACKET_BYTES: Final = 930  # 1.34 Mbit/s, as 720p
SOUND_BYTES: Final = 80
HEAD_BYTES: Final = 6  # of VP8, as ``vp8`` makes it
PICTURE_LOST: Final = 206  # payload-specific feedback; format 1
_NOTE: Final = struct.Struct("!dI")


@dataclass
class Tally:
    """Of one way: when each packet left, and when it was there."""

    left_s: dict[int, float] = field(default_factory=dict)
    there_s: dict[int, float] = field(default_factory=dict)

    def within(self, limit_s: float, until_s: float) -> float:
        """The share that was there in time, of those that left before ``until_s``."""
        sent = [number for number, at_s in self.left_s.items() if at_s <= until_s]
        good = [n for n in sent if self.there_s.get(n, 1e9) - self.left_s[n] <= limit_s]
        return len(good) / max(len(sent), 1)


class Caller(Phone):
    """Sends a picture and sound all the time; ``tick`` every few milliseconds."""

    def __init__(self, host: str, round_trip_s: float) -> None:
        super().__init__(host=host)
        self.retry_s = max(round_trip_s, 0.01)
        self.pictures, self.sounds = Tally(), Tally()  # of what this one sends
        self.other: Caller | None = None
        self.on_packet = self._take_packet
        self.packets = 0
        self.answered = self.asked = 0
        self._began_s = self._picture = self._sound = 0.0
        self._history: dict[int, bytes] = {}
        self._keyframe = True
        self._missing: dict[int, list[float]] = {}
        self._highest = -1
        self._ssrc = 0

    # ---- sending ---------------------------------------------------------------------------------
    def begin(self) -> None:
        """Media from now on."""
        self._began_s = time.monotonic()

    def tick(self) -> None:
        """What is due: pictures, sounds, answers, requests."""
        now_s = time.monotonic()
        while self._picture / PICTURES_PER_S <= now_s - self._began_s:
            if self._picture % PICTURES_PER_S == 0:
                self._send_clock()
            self._picture += 1
            self._send_picture()
        while self._sound / SOUNDS_PER_S <= now_s - self._began_s:
            self._sound += 1
            number = self.send_media("microphone", self._noted(self.sounds, SOUND_BYTES), step=960)
            assert number >= 0
        self._answer()
        self._ask(now_s)

    def _noted(self, tally: Tally, size: int) -> bytes:
        now_s = time.monotonic()
        tally.left_s[self.packets] = now_s
        note = _NOTE.pack(now_s, self.packets)
        self.packets += 1
        return note + bytes(size)

    def _send_picture(self) -> None:
        keyframe, self._keyframe = self._keyframe, False
        for part in range(PACKETS_PER_PICTURE):
            head = vp8(int(self._picture) & 0x7FFF, keyframe=keyframe, start=part == 0, size=0)
            payload = head + self._noted(self.pictures, PACKET_BYTES)
            step = 3000 if part == 0 else 0
            last = part == PACKETS_PER_PICTURE - 1
            number = self.send_media("camera", payload, step=step, marker=last)
            self._history[number] = payload
            self._history.pop((number - HISTORY) & 0xFFFF, None)

    def _answer(self) -> None:
        for compound in self.rtcp:
            if compound[1] == PICTURE_LOST and compound[0] & 31 == 1:
                self._keyframe = True
                continue
            for item in rtcp.parse(compound):
                if isinstance(item, rtcp.Nack) and item.ssrc == self.ssrc["camera"]:
                    self._send_again(item.numbers)
                elif isinstance(item, rtcp.SenderClock):
                    self._report(item)
        self.rtcp.clear()

    def _report(self, clock: rtcp.SenderClock) -> None:
        """Answers a sender report at once: so the relay learns the round trip."""
        block = rtcp.ReceptionReport(
            ssrc=clock.ssrc,
            fraction_lost=0,
            lost=0,
            highest=self._highest,
            jitter=0,
            last_report=clock.ntp >> 16 & 0xFFFFFFFF,
            delay=0,
        )
        self.send_rtcp(rtcp.receiver_report([block]))

    def _send_clock(self) -> None:
        ntp = int(time.time() * (1 << 32)) & 0xFFFFFFFFFFFFFFFF
        timestamp = self.timestamp["camera"]
        self.send_rtcp(rtcp.sender_report(self.ssrc["camera"], ntp, timestamp, 0, 0))

    def _send_again(self, numbers: tuple[int, ...]) -> None:
        for number in numbers:
            if number in self._history:
                self.answered += 1
                self.send_rtx("camera", number, self._history[number])

    # ---- receiving -------------------------------------------------------------------------------
    def _take_packet(self, packet: Received) -> None:
        if packet.payload_type == rtp.OPUS:
            self._note(packet.payload, self.other.sounds)
        elif packet.payload_type == rtp.VP8_RTX and len(packet.payload) > 2:
            number = rtp.extend(int.from_bytes(packet.payload[:2]), self._highest)
            self._missing.pop(number, None)
            self._note(packet.payload[2 + HEAD_BYTES :], self.other.pictures)
        elif packet.payload_type == rtp.VP8:
            self._take_picture(packet)

    def _take_picture(self, packet: Received) -> None:
        self._ssrc = packet.ssrc
        if self._highest < 0:
            self._highest = packet.number
        number = rtp.extend(packet.number, self._highest)
        now_s = time.monotonic()
        for missing in range(self._highest + 1, number):
            self._missing[missing] = [now_s, 0, 0.0]
        self._highest = max(self._highest, number)
        self._missing.pop(number, None)
        self._note(packet.payload[HEAD_BYTES:], self.other.pictures)

    @staticmethod
    def _note(payload: bytes, tally: Tally) -> None:
        _, number = _NOTE.unpack_from(payload)
        tally.there_s.setdefault(number, time.monotonic())

    def _ask(self, now_s: float) -> None:
        wanted = []
        for number, state in list(self._missing.items()):
            since_s, tries, last_s = state
            if tries >= TRIES:
                del self._missing[number]
            elif now_s - since_s >= GRACE_S and now_s - last_s >= self.retry_s:
                state[1], state[2] = tries + 1, now_s
                wanted.append(number & 0xFFFF)
        if wanted:
            self.asked += len(wanted)
            self.send_rtcp(rtcp.nack(self._ssrc, wanted))
