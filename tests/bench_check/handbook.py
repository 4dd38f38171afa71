"""The bench's table for the handbook, with date and command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench_check import score
from tests.bench_check.score import Result
from tests.device_check.media_path import HOUSE

FILE = HOUSE / "appliance" / "docs" / "fault_bench.md"

HEAD = """# Fault bench: what the device check finds

Generated on {date} by the command below; do not edit.

    {command} --handbook

{cases} runs on voices, people, rooms,
places and noises in two halves that share none of them (`tests/bench_check/split.json`, decided by
hash before anything was tuned). Limits are set on the tuning half; the unseen half is for reports.
"Right" means: the cause that was provoked, by name. For healthy runs it means: passed.

| half | faulty runs | right cause (95 %) | healthy runs | false alarms (95 %) |
|---|---|---|---|---|
{halves}

Whole healthy checks in a browser: {whole}.

## Per cause

{table}

## Cases that fail

{failing}
"""


def write(results: Sequence[Result], found: dict[str, Any]) -> Path:
    """Writes the page. Gives back where."""
    FILE.write_text(page(results, found), encoding="utf-8")
    return FILE.relative_to(HOUSE)


def page(results: Sequence[Result], found: dict[str, Any]) -> str:
    """The page as Markdown."""
    whole = found["healthy"]
    told = (
        "not run"
        if not whole["runs"]
        else (f"{whole['runs']} runs, median {whole['median_s']} s and {whole['median_taps']} taps")
    )
    command = str(found["command"]).replace(" --handbook", "")
    return HEAD.format(
        command=command,
        date=datetime.now(UTC).strftime("%Y-%m-%d"),
        cases=found["cases"],
        halves="\n".join(_half(half, found[half]) for half in ("tuning", "unseen")),
        whole=told,
        table=score.table(results),
        failing="\n".join(f"- {line}" for line in found["failing"]) or "None.",
    )


def _half(name: str, rates: dict[str, Any]) -> str:
    return (
        f"| {name} | {rates['faulty']} | {_rate(rates['detection_rate'], rates['detection_95'])} "
        f"| {rates['healthy']} | {_rate(rates['false_alarm_rate'], rates['false_alarm_95'])} |"
    )


def _rate(share: float | None, interval: list[float]) -> str:
    return "–" if share is None else f"{share:.3f} ({interval[0]:.3f}–{interval[1]:.3f})"
