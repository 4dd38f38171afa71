"""What systemd says of our units."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from appliance.doctor.finding import Finding, ok, unknown, wrong

PLACES: Final = (Path("/etc/systemd/system"), Path("/usr/lib/systemd/system"))
TARGET: Final = "vorzimmer.target"
UNITS: Final = (
    "vorzimmer-web.socket",
    "vorzimmer-web.service",
    "vorzimmer-media.service",
    "vorzimmer-analyser.socket",
    "vorzimmer-purge.timer",
    "vorzimmer-backup.timer",
    "vorzimmer-selftest.timer",
)
ONCE: Final = ("vorzimmer-purge.service", "vorzimmer-backup.service")
LOOK: Final = "look: journalctl -n 50 -u"
BY_HAND: Final = {"media": "vorzimmer media", "analysers": "vorzimmer analysers"}


def installed() -> bool:
    """Whether systemd runs here and has our units."""
    return Path("/run/systemd/system").is_dir() and any((one / TARGET).exists() for one in PLACES)


def restart(program: str, worker: int = 1) -> str:
    """What to type so that a program runs again."""
    if not installed():
        return f"Start: {BY_HAND[program]}" + (f" --worker {worker}" if worker > 1 else "")
    unit = {"media": "vorzimmer-media", "analysers": "vorzimmer-analyser.socket"}[program]
    unit += f"@{worker}" if worker > 1 else ""
    return f"Restart: systemctl restart {unit}; look: journalctl -u '{unit.split('.')[0]}*' -n 50"


def examine(workers: int) -> list[Finding]:
    """One finding when all run, else one for each that does not."""
    code, name = "units", "Units"
    if not shutil.which("systemctl"):
        return [unknown(code, name, "systemctl is not here")]
    more = [f"vorzimmer-media@{number}.service" for number in range(2, workers + 1)]
    asked = [*UNITS, *more]
    try:
        running, once = _states(asked), _states([*ONCE])
    except (OSError, subprocess.SubprocessError, ValueError):
        return [unknown(code, name, "systemctl does not say how they are", "Ask as root")]
    found = [
        wrong(code, name, f"{unit} is {state}", f"Run: systemctl start {unit}; {LOOK} {unit}")
        for unit, state in running.items()
        if state not in ("active", "reloading")
    ]
    found += [
        wrong(code, name, f"{unit} has failed", f"{LOOK} {unit}")
        for unit, state in once.items()
        if state == "failed"
    ]
    return found or [ok(code, name, f"{len(asked)} run")]


def _states(units: list[str]) -> dict[str, str]:
    """A word for each. Raises ``ValueError`` for too few, ``OSError``, ``SubprocessError``."""
    words = ["systemctl", "is-active", *units]
    done = subprocess.run(  # noqa: S603 - our own words
        words, check=False, capture_output=True, text=True, timeout=20
    )
    return dict(zip(units, done.stdout.split(), strict=True))
