"""Rates with 95 % intervals, a row per cause, and which cases fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import median
from typing import Any

Z = 1.96  # 95 %


@dataclass(frozen=True)
class Result:
    """One line of the log."""

    name: str
    kind: str
    expected: tuple[str, ...]
    verdict: str
    cause: str
    decided_s: float
    notes: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def half(self) -> str:
        """``tuning`` or ``unseen``."""
        return self.name.split("/")[0]

    @property
    def tier(self) -> str:
        """``direct`` or ``browser``."""
        return self.name.split("/")[1]

    @property
    def provoked(self) -> str:
        """The cause that was provoked, or ``healthy-…``."""
        return self.name.split("/")[2]

    @property
    def healthy(self) -> bool:
        """Nothing was wrong."""
        return not self.expected

    @property
    def right(self) -> bool:
        """The right cause, or no complaint; an undecided check is never right."""
        if self.healthy:
            return self.verdict == "passed" and not self.cause
        return self.cause in self.expected

    @property
    def said(self) -> str:
        """What the check came to, in a word."""
        return self.cause or self.verdict


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927): honest for few runs and for shares near 0 and 1."""
    if not total:
        return (0.0, 1.0)
    share, square = hits / total, Z * Z
    middle = share + square / (2 * total)
    spread = Z * sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    return (max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def rates(results: Sequence[Result]) -> dict[str, Any]:
    """Detection with the right cause on faulty runs, false alarms on healthy ones."""
    faulty = [one for one in results if not one.healthy]
    healthy = [one for one in results if one.healthy]
    found = sum(one.right for one in faulty)
    alarms = sum(not one.right for one in healthy)
    return {
        "faulty": len(faulty),
        "healthy": len(healthy),
        "detection_rate": _share(found, len(faulty)),
        "detection_95": _interval(found, len(faulty)),
        "noticed_rate": _share(sum(bool(one.cause) for one in faulty), len(faulty)),
        "false_alarm_rate": _share(alarms, len(healthy)),
        "false_alarm_95": _interval(alarms, len(healthy)),
    }


def _share(hits: int, total: int) -> float | None:
    return round(hits / total, 4) if total else None


def _interval(hits: int, total: int) -> list[float]:
    return [round(end, 3) for end in wilson(hits, total)]


def per_cause(results: Sequence[Result]) -> dict[str, Any]:
    """A row per cause and half: runs, right ones, interval, what was said instead."""
    rows: dict[str, Any] = {}
    for provoked in sorted({one.provoked for one in results}):
        row: dict[str, Any] = {}
        for half in ("tuning", "unseen"):
            ours = [one for one in results if one.provoked == provoked and one.half == half]
            if ours:
                right = sum(one.right for one in ours)
                row[half] = {
                    "runs": len(ours),
                    "right": right,
                    "interval_95": _interval(right, len(ours)),
                    "said_instead": dict(Counter(one.said for one in ours if not one.right)),
                }
        rows[provoked] = row
    return rows


def failing(results: Iterable[Result]) -> list[Result]:
    """Cases that fail, in order."""
    return sorted((one for one in results if not one.right), key=lambda one: one.name)


def whole_checks(results: Iterable[Result]) -> dict[str, Any]:
    """Median time and taps of healthy whole checks in the browser tier; nothing without it."""
    whole = [one for one in results if one.kind == "whole" and one.right and "taps" in one.notes]
    return {
        "runs": len(whole),
        "median_s": round(median(one.decided_s for one in whole), 1) if whole else None,
        "median_taps": median(one.notes["taps"] for one in whole) if whole else None,
    }


def table(results: Sequence[Result]) -> str:
    """Markdown: a row per cause, tuning and unseen beside each other."""
    lines = [
        "| provoked | tuning: right | unseen: right | 95 % (unseen) | said instead |",
        "|---|---|---|---|---|",
    ]
    for provoked, row in per_cause(results).items():
        unseen = row.get("unseen", {})
        low, high = unseen.get("interval_95", (0, 1))
        lines.append(
            f"| {provoked} | {of(row.get('tuning'))} | {of(unseen)} "
            f"| {low:.2f}–{high:.2f} | {instead(row)} |"
        )
    return "\n".join(lines)


def instead(row: dict[str, Any]) -> str:
    """What was said in place of the right cause, over both halves."""
    wrong: Counter[str] = Counter()
    for half in row.values():
        wrong.update(half["said_instead"])
    return ", ".join(f"{name} {count}×" for name, count in wrong.most_common()) or "–"


def of(row: dict[str, Any] | None) -> str:
    """Right ones of all runs of a half."""
    return f"{row['right']} of {row['runs']}" if row else "–"
