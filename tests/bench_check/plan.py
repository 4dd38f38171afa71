"""Which cases there are, and how one of them is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appliance.device_check.remedies import CAUSES
from tests.bench_check import camera_cases, direct, microphone_cases
from tests.bench_check.cases import Case
from tests.bench_check.score import Result
from tests.bench_check.sounds import named
from tests.bench_check.split import HALVES
from tests.bench_check.stage import Stage

# Runs of each cause and each healthy situation in each half.
RUNS = {
    "microphone": {"faulty": 9, "healthy": 15},
    "camera": {"faulty": 6, "healthy": 18},
}


@dataclass(frozen=True)
class Planned:
    """One case, before its media are made."""

    name: str
    kind: str
    expected: tuple[str, ...]


def direct_cases(scale: float = 1.0, halves: tuple[str, ...] = HALVES) -> Iterator[Planned]:
    """All cases of the direct tier; what the catalogue does not know yet is left out."""
    for half in halves:
        for kind, book in (("microphone", microphone_cases), ("camera", camera_cases)):
            for cause in book.FAULTS:
                if cause in CAUSES:
                    for number in range(_runs(kind, "faulty", scale)):
                        yield Planned(f"{half}/direct/{cause}/{number}", kind, (cause,))
            for situation in book.HEALTHY:
                for number in range(_runs(kind, "healthy", scale)):
                    yield Planned(f"{half}/direct/{kind}-{situation}/{number}", kind, ())


def _runs(kind: str, which: str, scale: float) -> int:
    return max(1, round(RUNS[kind][which] * scale))


def without_cause() -> list[str]:
    """Faults that the bench can provoke and the catalogue does not know."""
    known = {**microphone_cases.FAULTS, **camera_cases.FAULTS}
    return sorted(cause for cause in known if cause not in CAUSES)


def run_direct(planned: Planned) -> Result:
    """Makes the media and runs them."""
    case = Case(planned.name, planned.kind, frozenset(planned.expected))
    random, short = named(planned.name), planned.name.split("/")[2]
    situation = short.removeprefix(f"{planned.kind}-") if not planned.expected else short
    if planned.kind == "microphone":
        make_sound = {**microphone_cases.FAULTS, **microphone_cases.HEALTHY}[situation]
        outcome = direct.hear(make_sound(microphone_cases.Scene(case, random)))
    else:
        make_picture = {**camera_cases.FAULTS, **camera_cases.HEALTHY}[situation]
        outcome = direct.see(make_picture(Stage(case, random)))
    right = outcome.cause in planned.expected if planned.expected else outcome.verdict == "passed"
    notes = dict(case.notes) if right else {**case.notes, "record": outcome.record}
    return Result(
        planned.name,
        planned.kind,
        planned.expected,
        outcome.verdict,
        outcome.cause,
        outcome.decided_s,
        notes,
    )
