"""What has been run: a line per case in ``.cache``, so that a broken-off bench goes on.

A line counts only for the code that made it: the fingerprint is over what measures and judges, and
over the bench itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path

from tests.bench_check.score import Result
from tests.device_check.media_path import HOUSE

TIERS = ("direct", "browser")
FOLDER = HOUSE / ".cache" / "bench-check"
_CODE = {
    "direct": (
        "appliance/device_check/*.py",
        "kiosk_ui/client/media/level*.js",
        *(f"tests/bench_check/{name}.py" for name in ("voices", "sounds", "people", "stage")),
        *(f"tests/bench_check/{name}.py" for name in ("cases", "direct", "plan")),
        "tests/bench_check/*_cases.py",
        "tests/bench_check/levels.mjs",
        "tests/bench_check/split.json",
    ),
    # The page and the server are half the repository; a commit's name would forget local changes.
    "browser": (
        "appliance/device_check/*.py",
        "appliance/relay/*.py",
        "appliance/web/live/*.py",
        "kiosk_ui/client/**/*.js",
        "tests/bench_check/browser*.py",
        *(f"tests/bench_check/{name}.py" for name in ("captures", "people", "sounds", "voices")),
        "tests/bench_check/split.json",
        "tests/e2e/behind_a_hop.py",
        "tests/media/udp_hop.py",
    ),
}
_NOT_MEASURING = {
    *("remedy", "remedies", "report", "bench", "handbook", "score", "log", "test", "__init__"),
}


@cache
def fingerprint(tier: str) -> str:
    """Of the code that a tier's results depend on."""
    files = sorted({file for pattern in _CODE[tier] for file in HOUSE.glob(pattern)})
    sum_ = hashlib.sha256()
    for file in files:
        if tier == "direct" and file.stem.startswith("browser"):
            continue
        if file.stem.split("_", maxsplit=1)[0] not in _NOT_MEASURING:
            sum_.update(file.name.encode() + b"\0" + file.read_bytes())
    return sum_.hexdigest()[:16]


def path(tier: str) -> Path:
    """The log of a tier."""
    return FOLDER / f"{tier}.jsonl"


def keep(result: Result) -> None:
    """Appends one line; whoever is interrupted loses one case at most."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"code": fingerprint(result.tier), **asdict(result)})
    with path(result.tier).open("a") as file:
        file.write(line + "\n")


def kept(tier: str, names: Iterable[str] | None = None) -> dict[str, Result]:
    """Results of today's code by name; the newest counts."""
    found: dict[str, Result] = {}
    wanted = None if names is None else set(names)
    if not path(tier).is_file():
        return found
    for line in path(tier).read_text().splitlines():
        try:
            words = json.loads(line)
        except ValueError:
            continue  # the line that was being written when it was interrupted
        if words.pop("code") != fingerprint(tier):
            continue
        words["expected"] = tuple(words["expected"])
        if wanted is None or words["name"] in wanted:
            found[words["name"]] = Result(**words)
    return found
