"""Single steps of the scripts that IT starts, on a box that is a folder."""

import subprocess
from pathlib import Path

from tests.rules.sources import ROOT

# Root's and systemd's part is played: what was asked of them is printed.
PLAYED = """
set -euo pipefail
. scripts/%s
root=$1/opt releases=$1/opt/releases settings=$1/etc data=$1/data units=$1/units command=$1/command
put_aside=$data/before-upgrade waiting=$1/waiting upgrading=$root/upgrading
mkdir -p "$releases" "$settings/tls" "$data" "$units"
systemctl() { echo "systemctl $*"; }
chgrp() { :; }
install() {
  local words=()
  while [ $# -gt 0 ]; do case $1 in -o | -g) shift 2 ;; *) words+=("$1"); shift ;; esac; done
  command install "${words[@]}"
}
"""


def step(
    box: Path, words: str, *, script: str = "release-steps"
) -> subprocess.CompletedProcess[str]:
    """Runs lines of shell after the script was read; the box is the folder."""
    return subprocess.run(
        ["bash", "-c", PLAYED % script + words, "step", str(box)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
