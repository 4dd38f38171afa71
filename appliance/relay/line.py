"""Loads one browser's line for a moment and tells what came of it: the relay's half of a line test.

Down: padding at a steady rate. Up: nothing but watching; the page fills its own line meanwhile.
Guards, so that nobody can make the relay flood: only a connected browser that still answers, alone
in its room; a rate and a time limit; a budget of bytes per room that refills slowly; few at once;
none while the process is busy, because conversations come first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from appliance.relay import congestion, padding
from appliance.relay.control import LineFilled, PeerState, TrackKind
from appliance.relay.streams import BrowserSink

if TYPE_CHECKING:
    from appliance.relay.peer import BrowserPeer
    from appliance.relay.transport import BrowserTransport

BUDGET_BYTES: Final = 2_500_000  # of one room: the most a run may take down, and some
REFILL_BYTES_PER_S: Final = 2_500_000 / 300  # a repetition after a few minutes is no flood
FILLINGS_AT_ONCE: Final = 4  # of the process: 8 Mbit/s at most
BUSY_CPU_SHARE: Final = 0.5  # of one core, which is all that the plane has
TICK_S: Final = 0.01
CATCH_UP_S: Final = 0.05  # a late tick makes good for no more than this
TELL_CLOCK_S: Final = 0.2
FIRST_BURST_PACKETS: Final = 2
REPORTS_LATE_S: Final = 2.5  # until what a browser says of a phase has come


class LineRefused(Exception):
    """``code``: busy, line_busy, line_budget or not_alone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LineBudget:
    """How many bytes of padding a room may still get."""

    __slots__ = ("_at_s", "left")

    def __init__(self) -> None:
        self.left = float(BUDGET_BYTES)
        self._at_s = -1.0

    def take(self, wanted: int, now_s: float) -> bool:
        """Takes all or nothing."""
        if self._at_s >= 0:
            refilled = self.left + max(now_s - self._at_s, 0.0) * REFILL_BYTES_PER_S
            self.left = min(refilled, float(BUDGET_BYTES))
        self._at_s = now_s
        if wanted > self.left:
            return False
        self.left -= wanted
        return True

    def is_full(self, now_s: float) -> bool:
        """Whether it has been left alone long enough to be forgotten: a new one holds the same."""
        return now_s - self._at_s >= BUDGET_BYTES / REFILL_BYTES_PER_S


class LineBudgets:
    """By room id, and kept when a room ends: leaving and coming back fills none of them."""

    def __init__(self) -> None:
        self._budgets: dict[str, LineBudget] = {}

    def of(self, room_id: str) -> LineBudget:
        """What the room of this id has left."""
        return self._budgets.setdefault(room_id, LineBudget())

    def forget_full(self, now_s: float) -> None:
        """About once a second; so there are never more than were asked for in five minutes."""
        self._budgets = {k: one for k, one in self._budgets.items() if not one.is_full(now_s)}

    def __len__(self) -> int:
        return len(self._budgets)


class CpuShare:
    """The process's share of one core, measured over the last second or so."""

    def __init__(self, cpu_s: Callable[[], float] = time.process_time) -> None:
        self._cpu_s = cpu_s
        self._before = (time.monotonic(), cpu_s())
        self.share = 0.0

    def step(self, now_s: float) -> None:
        """About once a second."""
        at_s, used_s = self._before
        if now_s - at_s >= 1.0:
            cpu_s = self._cpu_s()
            self.share = (cpu_s - used_s) / (now_s - at_s)
            self._before = (now_s, cpu_s)


@dataclass(frozen=True, slots=True)
class _Counters:
    """What has been counted for a browser up to now."""

    packets: int
    octets: int
    expected: int
    received: int  # at the first try

    @classmethod
    def of(cls, transport: BrowserTransport) -> _Counters:
        sources = [s for s in transport.sources.values() if s.highest >= 0]
        return cls(
            packets=sum(s.packets for s in sources),
            octets=sum(s.octets for s in sources),
            expected=sum(s.highest - s.base + 1 for s in sources),
            received=sum(s.received - s.recovered for s in sources),
        )


class Filling:
    """One phase: ``kbps`` of padding for ``for_s`` seconds, and what was counted meanwhile."""

    def __init__(self, peer: BrowserPeer, kbps: int, for_s: float) -> None:
        self.peer = peer
        self.kbps = kbps
        self.for_s = for_s
        self.sink = padding_sink(peer) if kbps else None
        self.sent = 0  # packets of padding
        self.round_trips_ms: list[float] = []

    async def run(self) -> LineFilled | None:
        """Until its time is up; None when the browser is not there any more."""
        transport = self.peer.transport
        began_s = time.monotonic()
        transport.downlink.deaf_steps = int((self.for_s + REPORTS_LATE_S) / congestion.STEP_S)
        before = _Counters.of(transport)
        measured = transport.round_trips
        clock_at_s = -1.0
        while (now_s := time.monotonic()) - began_s < self.for_s:
            if self.peer.state is not PeerState.CONNECTED:
                return None
            self._send_due(now_s - began_s)
            if now_s - clock_at_s >= TELL_CLOCK_S:
                clock_at_s = now_s
                self._tell_clocks(now_s)
            if transport.round_trips != measured:
                measured = transport.round_trips
                self.round_trips_ms.append(transport.round_trip_s * 1000)
            await asyncio.sleep(TICK_S)
        return self._told(before, time.monotonic() - began_s)

    def _send_due(self, elapsed_s: float) -> None:
        if self.sink is None:
            return
        per_s = self.kbps * 1000 / 8 / padding.LENGTH
        due = int(per_s * elapsed_s) - self.sent
        for _ in range(min(due, int(per_s * CATCH_UP_S) + FIRST_BURST_PACKETS)):
            if not padding.pad(self.sink):
                return
            self.sent += 1

    def _tell_clocks(self, now_s: float) -> None:
        """More often than usual, so that both sides learn the round trip under load."""
        if self.sink is not None:
            padding.send_clock(self.sink)
        report = self.peer.transport.reports(now_s)
        if report:
            self.peer.transport.send_rtcp(report)

    def _told(self, before: _Counters, took_s: float) -> LineFilled:
        transport = self.peer.transport
        after = _Counters.of(transport)
        expected = max(after.expected - before.expected, 0)
        screen = transport.sources[TrackKind.SCREEN]
        return LineFilled(
            room_id="",
            peer_id=self.peer.peer_id,
            down_kbps=self.kbps,
            took_ms=round(took_s * 1000),
            sent_packets=self.sent,
            received_packets=max(after.packets - before.packets, 0),
            received_octets=max(after.octets - before.octets, 0),
            expected_packets=expected,
            lost_packets=max(min(expected - (after.received - before.received), expected), 0),
            jitter_ms=round(screen.jitter * 1000 / screen.clock_hz, 1),
            round_trips_ms=[round(ms, 1) for ms in self.round_trips_ms[-20:]],
            estimate_kbps=round(transport.downlink.estimate_kbps),
        )


def padding_sink(peer: BrowserPeer) -> BrowserSink | None:
    """The section for a shared screen of the first slot: nothing is routed there in a check."""
    sink = peer.sink(0, TrackKind.SCREEN)
    return sink if isinstance(sink, BrowserSink) and sink.source is None else None


def cost_bytes(kbps: int, for_s: float) -> int:
    """What a phase may put on the wire."""
    packets = kbps * 1000 / 8 / padding.LENGTH * for_s + FIRST_BURST_PACKETS
    return int(packets * padding.WIRE_BYTES)


class Lines:
    """All phases of the process that are running."""

    def __init__(self, on_filled: Callable[[LineFilled], None]) -> None:
        self._on_filled = on_filled
        self._running: dict[str, asyncio.Task[None]] = {}
        self.cpu = CpuShare()

    def fill(self, peer: BrowserPeer, budget: LineBudget, kbps: int, for_s: float) -> None:
        """Begins a phase. Raises ``LineRefused``; the caller has made sure that it is alone."""
        if peer.peer_id in self._running:
            raise LineRefused("line_busy")
        if len(self._running) >= FILLINGS_AT_ONCE or self.cpu.share > BUSY_CPU_SHARE:
            raise LineRefused("busy")
        if peer.state is not PeerState.CONNECTED or (kbps and padding_sink(peer) is None):
            raise LineRefused("not_alone")
        if not budget.take(cost_bytes(kbps, for_s) if kbps else 0, time.monotonic()):
            raise LineRefused("line_budget")
        task = asyncio.get_running_loop().create_task(
            self._run(Filling(peer, kbps, for_s)), name="fill-line"
        )
        self._running[peer.peer_id] = task
        task.add_done_callback(lambda _: self._running.pop(peer.peer_id, None))

    async def _run(self, filling: Filling) -> None:
        told = await filling.run()
        if told is not None:
            self._on_filled(told)

    def stop(self, peer_id: str) -> None:
        """The browser has gone."""
        task = self._running.get(peer_id)
        if task is not None:
            task.cancel()
