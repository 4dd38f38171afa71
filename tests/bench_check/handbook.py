"""The bench's page for the handbook: both tiers, with dates and command, and what fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench_check import score
from tests.bench_check.score import Result
from tests.bench_check.split import HALVES
from tests.device_check.media_path import HOUSE

FILE = HOUSE / "appliance" / "docs" / "fault_bench.md"
TIERS = {
    "direct": "media fed to what measures",
    "browser": "the real page in Chromium, the whole appliance behind it",
}
NOT_RUN = "Not run on this code."

HEAD = """# Fault bench: what the device check finds

Generated on {date} by the command below; do not edit.

    {command} --handbook

{cases} runs on voices, people, rooms,
places and noises in two halves that share none of them (`tests/bench_check/split.json`, decided by
hash before anything was tuned). Limits are set on the tuning half; the unseen half is for reports.
"Right" means: the cause that was provoked, by name. For healthy runs it means: passed.

| tier | half | faulty runs | right cause (95 %) | healthy runs | false alarms (95 %) |
|---|---|---|---|---|---|
{halves}

Whole healthy checks in a browser: {whole}.

## Per cause: {direct_is}

{direct}

## Per cause: {browser_is}

{causes} causes. A *shim* in the page answers as another browser or device would: it provokes the
page and all behind it, not the browser. The other means are real. What needs no voice and no face
is run in one half, by the hash of its name.

{browser}

Not provoked in a browser:

{not_here}

## Cases that fail

{failing}
"""


def write(results: Sequence[Result], found: dict[str, Any], not_here: Mapping[str, str]) -> Path:
    """Writes the page. Gives back where."""
    FILE.write_text(page(results, found, not_here), encoding="utf-8")
    return FILE.relative_to(HOUSE)


def page(results: Sequence[Result], found: dict[str, Any], not_here: Mapping[str, str]) -> str:
    """The page as Markdown; ``results`` are of both tiers."""
    whole = found["healthy"]
    told = (
        "not run"
        if not whole["runs"]
        else (
            f'{whole["runs"]} runs that passed, from start to "ready" median {whole["median_s"]} s '
            f"and {whole['median_taps']:g} taps"
        )
    )
    command = str(found["command"]).replace(" --handbook", "")
    direct, browser = (_of(results, tier) for tier in TIERS)
    return HEAD.format(
        command=command,
        date=datetime.now(UTC).strftime("%Y-%m-%d"),
        cases=found["cases"],
        halves="\n".join(_half(results, tier, half) for tier in TIERS for half in HALVES),
        whole=told,
        direct_is=TIERS["direct"],
        browser_is=TIERS["browser"],
        direct=score.table(direct) if direct else NOT_RUN,
        browser=_browser_table(browser) if browser else NOT_RUN,
        causes=len({cause for one in browser for cause in one.expected}),
        not_here="\n".join(f"- {cause}: {reason}" for cause, reason in not_here.items()),
        failing="\n".join(f"- {line}" for line in found["failing"]) or "None.",
    )


def _of(results: Sequence[Result], tier: str) -> list[Result]:
    return [one for one in results if one.tier == tier]


def _browser_table(results: Sequence[Result]) -> str:
    lines = [
        "| provoked | by | tuning: right | unseen: right | said instead | told after (s) |",
        "|---|---|---|---|---|---|",
    ]
    for provoked, row in score.per_cause(results).items():
        ours = [one for one in results if one.provoked == provoked]
        means = ", ".join(sorted({str(one.notes.get("means", "–")) for one in ours}))
        times = sorted(one.decided_s for one in ours if one.right)
        told = f"{times[len(times) // 2]:.0f}" if times else "–"
        right = " | ".join(score.of(row.get(half)) for half in HALVES)
        lines.append(f"| {provoked} | {means} | {right} | {score.instead(row)} | {told} |")
    return "\n".join(lines)


def _half(results: Sequence[Result], tier: str, half: str) -> str:
    rates = score.rates([one for one in _of(results, tier) if one.half == half])
    return (
        f"| {tier} | {half} | {rates['faulty']} "
        f"| {_rate(rates['detection_rate'], rates['detection_95'])} "
        f"| {rates['healthy']} | {_rate(rates['false_alarm_rate'], rates['false_alarm_95'])} |"
    )


def _rate(share: float | None, interval: list[float]) -> str:
    return "–" if share is None else f"{share:.3f} ({interval[0]:.3f}–{interval[1]:.3f})"
