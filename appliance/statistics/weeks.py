"""How much there was to do in finished weeks: counted from plain facts, free of persons. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from statistics import median
from zoneinfo import ZoneInfo

from appliance.statistics.service import rounded, week_of


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened; ``waited_s`` where a client had waited for it."""

    at: datetime
    kind: str
    waited_s: float | None = None


@dataclass(frozen=True, slots=True)
class WeekNumbers:
    """A finished week: None for fewer than ``service.SMALLEST``, a kind that never came is 0."""

    week_on: date
    counts: dict[str, int | None]
    waited_min: int | None  # half of those who were asked in waited longer


def week_numbers(
    facts: Iterable[Fact], kinds: Iterable[str], zone: ZoneInfo, now: datetime
) -> list[WeekNumbers]:
    """Newest first. The running week is left out: whoever looked often would see single people."""
    running, wanted = week_of(now, zone), list(kinds)
    dated = sorted(((week_of(fact.at, zone), fact) for fact in facts), key=lambda one: one[0])
    return [
        _numbers(week_on, [fact for _, fact in group], wanted)
        for week_on, group in groupby(dated, key=lambda one: one[0])
        if week_on < running
    ][::-1]


def _numbers(week_on: date, facts: list[Fact], kinds: list[str]) -> WeekNumbers:
    counted = Counter(fact.kind for fact in facts)
    waits = [fact.waited_s for fact in facts if fact.waited_s is not None]
    counts = {kind: rounded(counted[kind]) if counted[kind] else 0 for kind in kinds}
    enough = rounded(len(waits)) is not None
    return WeekNumbers(week_on, counts, round(median(waits) / 60) if enough else None)
