"""Judges the line through the relay: what is proven of it, and what stands in the way.

Rates are read as "at least": what has arrived in the best phase. Encoders stay below what they may
send, and a browser's own estimate of the way up lies above what it could: where the line is the
limit, its way up is judged by the middle of both. Loss and jitter are taken from the
phases well below that rate, so that the test's own pressure is not blamed on the line. A rate that
the client's device could not produce is not measurable, and no fault of the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal, NamedTuple

from appliance.device_check import thresholds as t
from appliance.device_check.records import (
    BrowserNetwork,
    CheckKind,
    Finding,
    LinePhase,
    Verdict,
)

_SMALL = frozenset(
    {
        "network_upload_poor",
        "network_download_poor",
        "network_upload_small",
        "network_download_small",
    }
)
Limit = Literal["none", "line", "cpu", "device"]


@dataclass(frozen=True, slots=True)
class Line:
    """What a line test has proven. Rates in kbit/s, times in ms, losses as shares."""

    down_kbps: float | None  # at least; None: not measured
    down_short: bool  # a rate has fallen short: the line carries no more
    up_kbps: float  # at least
    up_possible_kbps: float  # by the browser's best estimate, if any; never below up_kbps
    up_likely_kbps: float  # what the line lets through; up_kbps where no estimate limits it
    up_limit: Limit  # what kept the way up from more
    round_trip_ms: float
    loaded_round_trip_ms: float
    down_loss: float
    up_loss: float
    loss: float  # of the worse way; of both, where chance alone could make them differ so much
    jitter_ms: float  # of the worse way


class _Counted(NamedTuple):
    """Packets of one way."""

    lost: int
    expected: int

    @classmethod
    def of(cls, counts: Iterable[tuple[int, int]]) -> _Counted:
        pairs = list(counts)
        return cls(sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs))

    @property
    def share(self) -> float:
        """0 where too few were expected to tell."""
        return self.lost / self.expected if self.expected >= t.LOSS_PACKETS else 0.0


def judge(record: BrowserNetwork | None) -> Finding:
    """Open while it runs, and where it could not run at all."""
    if record is None:
        return _finding(Verdict.OPEN)
    if not record.connected:
        blocked = "network_udp_blocked" if record.detour == "none" else "network_turn_down"
        return _finding(Verdict.FAILED, blocked)
    if not record.finished or not record.phases:
        return _finding(Verdict.OPEN)
    line = measure(record.phases)
    if cause := _bad(line):
        return _finding(Verdict.FAILED, cause, _notes(line, record, cause))
    if cause := _doubtful(line, record):
        return _finding(Verdict.WARNING, cause, _notes(line, record, cause))
    return _finding(Verdict.PASSED, _hint(line, record))


def measure(phases: Sequence[LinePhase]) -> Line:
    """The figures of a test's phases; 0 where nothing was measured."""
    idle = [phase for phase in phases if phase.direction == "idle"]
    down = [phase for phase in phases if phase.direction == "down"]
    up = [phase for phase in phases if phase.direction == "up"]
    down_kbps, up_kbps = _best(down), _best(up)
    calm_down, calm_up = _calm(down, down_kbps), _calm(up, up_kbps)
    round_trip_ms = _least(phase.round_trip_ms for phase in idle or phases)
    trickle = [*idle, *down]  # up there is no more than a trickle in these
    down_lost = _Counted.of((p.down_lost, p.down_packets) for p in [*idle, *calm_down])
    up_lost = _Counted.of((p.up_lost, p.up_packets) for p in [*trickle, *calm_up])
    return Line(
        down_kbps=down_kbps if down else None,
        down_short=bool(_short(down)),
        up_kbps=up_kbps,
        up_possible_kbps=max([up_kbps, *(phase.available_kbps for phase in [*down, *up])]),
        up_likely_kbps=_up_likely(up, up_kbps, round_trip_ms),
        up_limit=_up_limit(up, up_kbps, round_trip_ms),
        round_trip_ms=round_trip_ms,
        loaded_round_trip_ms=max((p.round_trip_ms for p in [*down, *up]), default=0.0),
        down_loss=down_lost.share,
        up_loss=up_lost.share,
        loss=_loss(down_lost, up_lost),
        jitter_ms=max(
            _least(phase.down_jitter_ms for phase in idle),
            _middle(phase.up_jitter_ms for phase in trickle),  # the first picture comes in a burst
        ),
    )


def _best(phases: Iterable[LinePhase]) -> float:
    return max((phase.arrived_kbps for phase in phases), default=0.0)


def _calm(phases: Sequence[LinePhase], best_kbps: float) -> list[LinePhase]:
    """Phases that the line was not strained by."""
    return [phase for phase in phases if phase.wanted_kbps <= t.UNSTRAINED * best_kbps]


def _least(values: Iterable[float]) -> float:
    return min((value for value in values if value > 0), default=0.0)


def _middle(values: Iterable[float]) -> float:
    """The lower median. The least of several would lie below what each of them measures."""
    found = sorted(value for value in values if value > 0)
    return found[(len(found) - 1) // 2] if found else 0.0


def _loss(down: _Counted, up: _Counted) -> float:
    """The larger of two uncertain shares is mostly too large: of one line, count both together."""
    worse = max(down.share, up.share)
    if min(down.expected, up.expected) < t.LOSS_PACKETS:
        return worse
    both = (down.lost + up.lost) / (down.expected + up.expected)
    error = sqrt(both * (1 - both) * (1 / down.expected + 1 / up.expected))
    return both if abs(down.share - up.share) <= t.LOSS_APART * error else worse


def _up_limit(phases: Sequence[LinePhase], up_kbps: float, idle_ms: float) -> Limit:
    """The newest phase that fell short tells why; earlier ones had no time to settle."""
    short = _short(phases)
    if _up_likely(phases, up_kbps, idle_ms) >= t.RATE_GOOD_KBPS:
        return "none"
    if not short:
        return "device"  # the time was up: nothing has been tried that it could not do
    last = short[-1]
    if last.cpu_limited_s > t.CPU_LIMITED_S:
        return "cpu"
    lossy = last.up_packets > 0 and last.up_lost / last.up_packets > t.LOSS_WARN
    return "line" if lossy or _narrow(last) or _late(last, idle_ms) else "device"


def _up_likely(phases: Sequence[LinePhase], up_kbps: float, idle_ms: float) -> float:
    """The middle of what arrived and what the browser thinks, for nothing shows which is nearer.

    A queue that has filled means that the line was full: then what arrived is all it carries.
    """
    if not phases:
        return up_kbps
    short = _short(phases)
    last = (short or phases)[-1]
    if _late(last, idle_ms) or (short and not _narrow(last)):
        return up_kbps
    return (up_kbps + max(up_kbps, last.available_kbps)) / 2


def _short(phases: Sequence[LinePhase]) -> list[LinePhase]:
    """Those that nothing has disproved: a rate that came through later was no limit."""
    filled = [p.wanted_kbps for p in phases if p.arrived_kbps >= t.FILLED * p.wanted_kbps]
    return [p for p in phases if p.wanted_kbps > max(filled, default=0)]


def _narrow(phase: LinePhase) -> bool:
    return 0 < phase.available_kbps < phase.wanted_kbps


def _late(phase: LinePhase, idle_ms: float) -> bool:
    return phase.round_trip_ms > idle_ms + t.LOAD_DELAY_EXTRA_MS


# ---- causes, gravest first -----------------------------------------------------------------------
def _bad(line: Line) -> str:
    up_kbps, down_kbps = _judged_up_kbps(line), _judged_down_kbps(line)
    if up_kbps >= t.RATE_TELEPHONE_KBPS and line.loss > t.LOSS_BAD:
        return "network_loss"  # senders hold back because of it: it comes before a low rate
    # Senders that have just been held back send far less than they could, and believe it: ask the
    # best estimate of the whole test, too. On 200 kbit/s 200 fell to 88 within it.
    if min(max(up_kbps, line.up_possible_kbps), down_kbps) < t.RATE_TELEPHONE_KBPS:
        return "network_telephone"
    if up_kbps < t.RATE_SOUND_FIRST_KBPS:
        return "network_upload_weak"
    if down_kbps < t.RATE_SOUND_FIRST_KBPS:
        return "network_download_weak"
    if line.round_trip_ms > t.ROUND_TRIP_BAD_MS:
        return "network_delay"
    if up_kbps < t.RATE_WARN_KBPS and line.jitter_ms <= t.JITTER_WARN_MS:
        return "network_upload_poor"  # an unsteady calm line holds senders back: it is told instead
    if down_kbps < t.RATE_WARN_KBPS:
        return "network_download_poor"
    return ""


def _doubtful(line: Line, record: BrowserNetwork) -> str:
    if line.loss > t.LOSS_WARN:
        return "network_loss_doubtful"
    if line.round_trip_ms > t.ROUND_TRIP_WARN_MS:
        return "network_delay_doubtful"
    if line.jitter_ms > t.JITTER_WARN_MS:
        return "network_jitter"
    if record.reconnect == "fails" or record.reconnect_s > t.RECONNECT_S:
        return "network_reconnect"  # after what slows it down, too, and before what costs pixels
    if _judged_up_kbps(line) < t.RATE_GOOD_KBPS:
        return "network_upload_small"
    if _judged_down_kbps(line) < t.RATE_GOOD_KBPS:
        return "network_download_small"
    if line.loaded_round_trip_ms > loaded_limit_ms(line.round_trip_ms):
        return "network_load_delay"
    if line.up_limit == "cpu":
        return "network_cpu"
    return ""


def _notes(line: Line, record: BrowserNetwork, cause: str) -> tuple[str, ...]:
    """What staff read beside it: a small line gets slow once it is full; the detour is used."""
    late = line.loaded_round_trip_ms > loaded_limit_ms(line.round_trip_ms)
    notes = ("network_load_delay",) if late and cause in _SMALL else ()
    return (*notes, "network_turn") if _kept_from_udp(record) else notes


def _hint(line: Line, record: BrowserNetwork) -> str:
    """What is worth saying although all is well."""
    if _kept_from_udp(record):
        return "network_turn"
    if record.mobile:  # its volume is what the person can do something about
        return "network_mobile_data"
    return "network_upload_unknown" if line.up_limit == "device" else ""


def _kept_from_udp(record: BrowserNetwork) -> bool:
    """A detour over UDP is no sign of it: the client's network may let all through."""
    return record.turn in {"tcp", "tls"}


def _judged_up_kbps(line: Line) -> float:
    """Not measurable is not weak."""
    return line.up_likely_kbps if line.up_limit in {"none", "line"} else t.RATE_GOOD_KBPS


def _judged_down_kbps(line: Line) -> float:
    """Of a test that ended before anything fell short nothing is known but what has arrived."""
    if line.down_kbps is None or not line.down_short:
        return t.RATE_GOOD_KBPS
    return line.down_kbps


def loaded_limit_ms(idle_ms: float) -> float:
    """The longest round trip that is fair while the line is full."""
    return (idle_ms + t.LOAD_DELAY_EXTRA_MS) * t.LOAD_DELAY_FACTOR


def _finding(verdict: Verdict, cause: str = "", notes: tuple[str, ...] = ()) -> Finding:
    return Finding(kind=CheckKind.NETWORK, verdict=verdict, cause=cause, notes=notes)
