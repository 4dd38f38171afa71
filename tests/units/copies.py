"""The shipped units where ``systemd-analyze`` can look at them, with a program that is there."""

import shutil
import subprocess
from pathlib import Path

from tests.rules.sources import ROOT

UNITS = ROOT / "systemd"
PROGRAMS = "/opt/vorzimmer/current/bin/"
SERVICES = sorted(path.name for path in UNITS.glob("vorzimmer*.service"))


def copied(folder: Path) -> Path:
    """All units in ``folder``."""
    units = folder / "systemd"
    shutil.copytree(UNITS, units)
    program = units / "bin" / "vorzimmer"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in units.glob("*.service"):
        unit.write_text(unit.read_text().replace(PROGRAMS, f"{program.parent}/"))
    return units


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, timeout=50)
