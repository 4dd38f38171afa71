"""The fault bench: does the check find each fault, and leave healthy devices alone?

Two tiers: ``direct`` feeds media to what measures, ``browser`` walks through the real page on a
real appliance. Results are kept in ``.cache/bench-check``; run again, it goes on where it stopped.
Nothing may be tuned on the unseen half: look at ``--half tuning``, run both to report.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import re
import shlex
import sys
import traceback
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from tests.bench_check import handbook, log, plan, score
from tests.bench_check.browser_cases import NOT_HERE
from tests.bench_check.plan import Planned
from tests.bench_check.score import Result
from tests.bench_check.split import HALVES


def _quiet() -> None:
    """MediaPipe talks to the descriptor; whoever reads the table does not need that."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _attempt(case: Planned) -> Result:
    """A case that breaks is a case that fails; the others go on."""
    try:
        return plan.run_direct(case)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told with the case
        notes = {"error": "".join(traceback.format_exception(error))[-2000:]}
        return Result(case.name, case.kind, case.expected, "broken", "", 0.0, notes)


def run_direct(cases: Sequence[Planned], workers: int, verbose: bool) -> list[Result]:
    """What is kept, and what is run now."""
    kept = log.kept("direct", (case.name for case in cases))
    left = [case for case in cases if case.name not in kept]
    print(f"direct tier: {len(cases)} cases, {len(left)} to run")
    if left:
        context = multiprocessing.get_context("spawn")
        # A worker that is killed ends the run, to be gone on with; a Pool would wait for ever.
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_quiet) as pool:
            tasks = [pool.submit(_attempt, case) for case in left]
            for done, task in enumerate(as_completed(tasks), 1):
                result = task.result()
                log.keep(result)
                kept[result.name] = result
                if verbose and not result.right:
                    print(f"  {result.name}: {result.verdict} {result.cause}")
                if done % 50 == 0:
                    print(f"  {done} of {len(left)}", flush=True)
    return [kept[case.name] for case in cases]


def summary(results: Sequence[Result], command: str) -> dict[str, Any]:
    """The JSON object of the last line."""
    halves = {half: [one for one in results if one.half == half] for half in HALVES}
    return {
        "command": command,
        "cases": len(results),
        "tuning": score.rates(halves["tuning"]),
        "unseen": score.rates(halves["unseen"]),
        "healthy": score.whole_checks(results),
        "per_cause": score.per_cause(results),
        "causes_in_browser": len(
            {cause for one in results if one.tier == "browser" for cause in one.expected}
        ),
        "failing": [f"{one.name}: {one.said}" for one in score.failing(results)],
        "not_in_catalogue": plan.without_cause(),
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
    }


def show(results: Sequence[Result], found: dict[str, Any]) -> None:
    """For people."""
    print(score.table(results))
    for half in HALVES:
        rates = found[half]
        if rates["faulty"] or rates["healthy"]:
            print(
                f"{half}: detection {rates['detection_rate']} {rates['detection_95']} of "
                f"{rates['faulty']} faulty (anything said: {rates['noticed_rate']}), false alarms "
                f"{rates['false_alarm_rate']} {rates['false_alarm_95']} of {rates['healthy']}"
            )
    for line in found["failing"]:
        print(f"FAILS {line}")
    if found["not_in_catalogue"]:
        print(f"NOT RUN, the catalogue has no such cause: {', '.join(found['not_in_catalogue'])}")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"not a regular expression: {error}") from None
    return text


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench check", description=__doc__)
    parser.add_argument("--tier", choices=("direct", "browser", "both"), default="both")
    parser.add_argument("--half", choices=(*HALVES, "both"), default="both")
    parser.add_argument("--only", default="", type=_pattern, help="only cases whose name fits this")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the runs per cause")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--pages", type=int, default=1, help="browser tier: pages at once")
    parser.add_argument("--minutes", type=float, default=600, help="browser tier: stop after that")
    parser.add_argument("--again", action="store_true", help="forget what was run before")
    parser.add_argument("--kept", action="store_true", help="run nothing, report what is kept")
    parser.add_argument("--handbook", action="store_true", help="write the handbook's table")
    parser.add_argument("--json", action="store_true", help="the JSON object only as last line")
    parser.add_argument("--verbose", action="store_true", help="tell each failing case at once")
    options = parser.parse_args(arguments)
    command = shlex.join(["scripts/bench", "check", *(arguments or sys.argv[1:])])
    halves = HALVES if options.half == "both" else (options.half,)
    results: list[Result] = []
    if options.tier in ("direct", "both"):
        cases = [
            one
            for one in plan.direct_cases(options.scale, halves)
            if re.search(options.only, one.name)
        ]
        results += _direct(cases, options)
    if options.tier in ("browser", "both"):
        from tests.bench_check import browser

        results += browser.run(halves, options)
    found = summary(results, command)
    show(results, found)
    if options.handbook:
        print(f"written: {_handbook(results, command)}")
    if options.json:
        print(json.dumps(found))


def _handbook(results: Sequence[Result], command: str) -> Path:
    """Of both tiers: what was not run now is taken from the log, as far as it is of this code."""
    tiers = {one.tier for one in results}
    more = [one for tier in log.TIERS if tier not in tiers for one in log.kept(tier).values()]
    both = sorted([*results, *more], key=lambda one: one.name)
    return handbook.write(both, summary(both, command), NOT_HERE)


def _direct(cases: list[Planned], options: argparse.Namespace) -> list[Result]:
    if options.again:
        log.path("direct").unlink(missing_ok=True)
    if options.kept:
        kept = log.kept("direct")
        return [kept[case.name] for case in cases if case.name in kept]
    return run_direct(cases, options.workers, options.verbose)


if __name__ == "__main__":
    main()
