"""What the relay does by the clock, never in the hot path: NACKs, feedback, reports, liveness."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import structlog

from appliance.relay import congestion, rtcp
from appliance.relay.room import Relay
from appliance.relay.streams import Source
from appliance.relay.transport import BrowserTransport

log = structlog.get_logger()

TICK_S: Final = 0.08  # transport-cc wants feedback every 50 to 100 ms
HURRY_S: Final = 0.01  # while packets are missing
REPORT_S: Final = 1.0
JUDGE_S: Final = 0.25
REORDERING_GRACE_S: Final = 0.015
NACK_TRIES: Final = 10
SHORTEST_RETRY_S: Final = 0.02


class Upkeep:
    """Runs the clock work of one relay; ``tick`` is one step, for any time."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._report_at_s = 0.0
        self._judge_at_s = 0.0
        self._limit_at_s = 0.0
        self._hurrying: asyncio.TimerHandle | None = None
        relay.plane.on_gap = self.hurry

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(TICK_S)
            try:
                self.tick(time.monotonic())
            except Exception:  # without feedback every browser would starve its picture
                log.exception("media_upkeep_failed")

    def tick(self, now_s: float) -> None:
        """One step."""
        transports = self._relay.transports()
        for transport in transports:
            _send_feedback(transport)
        for source in self._relay.sources():
            if source.keyframe_wanted:
                source.ask_again(now_s)
        self._relay.listen(now_s)
        self._relay.pour(now_s)
        if now_s - self._report_at_s >= REPORT_S:
            self._report_at_s = now_s
            for transport in transports:
                _send_reports(transport, now_s)
        if now_s - self._limit_at_s >= congestion.STEP_S:
            self._limit_at_s = now_s
            congestion.step(transports, self._relay.sources())
            self._relay.judge_pictures(now_s)
        if now_s - self._judge_at_s >= JUDGE_S:
            self._judge_at_s = now_s
            self._relay.judge(now_s)

    def hurry(self) -> None:
        """A packet is missing: looks again soon, and as long as any is."""
        if self._hurrying is None:
            self._hurrying = asyncio.get_running_loop().call_later(HURRY_S, self._hurried)

    def _hurried(self) -> None:
        self._hurrying = None
        self.ask_missing(time.monotonic())

    def ask_missing(self, now_s: float) -> None:
        """Sends the NACKs that are due."""
        for transport in self._relay.transports():
            for source in transport.sources.values():
                if source.missing:
                    _ask_missing(transport, source, now_s)
                    self.hurry()


def _ask_missing(transport: BrowserTransport, source: Source, now_s: float) -> None:
    """First request after a grace for reordering, then one each round trip, then a key frame."""
    retry_s = max(transport.round_trip_s, SHORTEST_RETRY_S)
    wanted: list[int] = []
    for number, state in list(source.missing.items()):
        first_s, tries, last_s = state
        if tries >= NACK_TRIES:
            del source.missing[number]
            source.want_keyframe()
        elif (now_s - first_s >= REORDERING_GRACE_S) if not tries else (now_s - last_s >= retry_s):
            state[1], state[2] = tries + 1, now_s
            wanted.append(number)
    if wanted:
        numbers = [number & 0xFFFF for number in sorted(wanted)]
        transport.send_rtcp(rtcp.nack(source.ssrc, numbers))


def _send_feedback(transport: BrowserTransport) -> None:
    video = [s.ssrc for s in transport.sources.values() if s.ssrc]
    for packet in transport.arrivals.feedback(video[-1] if video else 0):
        transport.send_rtcp(packet)


def _send_reports(transport: BrowserTransport, now_s: float) -> None:
    report = transport.reports(now_s)
    if report:
        transport.send_rtcp(report)
