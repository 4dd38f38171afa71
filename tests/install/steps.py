"""Single steps of the scripts that IT starts, on a box that is a folder."""

import re
import subprocess
from pathlib import Path

from tests.rules.sources import ROOT

# Root's and systemd's part is played: what was asked of them is printed.
PLAYED = """
set -euo pipefail
. %s
root=$1/opt releases=$1/opt/releases settings=$1/etc data=$1/data units=$1/units command=$1/command
put_aside=$data/before-upgrade waiting=$1/waiting upgrading=$root/upgrading lock=$1/lock
mkdir -p "$releases" "$settings/tls" "$data" "$units"
systemctl() { echo "systemctl $*"; }
chgrp() { :; }
sync() { :; }
install() {
  local words=()
  while [ $# -gt 0 ]; do case $1 in -o | -g) shift 2 ;; *) words+=("$1"); shift ;; esac; done
  command install "${words[@]}"
}
"""


def step(box: Path, words: str, *, script: str = "") -> subprocess.CompletedProcess[str]:
    """Runs lines of shell after the script was read, but not started; the box is the folder."""
    file = ROOT / "scripts" / "release-steps"
    if script:
        lines = (ROOT / "scripts" / script).read_text()
        lines = re.sub(r'\$\(dirname "\$\(readlink -f "\$0"\)"\)', str(file.parent), lines)
        lines = lines.replace("bundle=$(dirname ", f"bundle={ROOT} #")
        file = box / f"{script}.read"
        file.write_text(lines.removesuffix('main "$@"\nexit\n'))
    return subprocess.run(
        ["bash", "-c", PLAYED % file + words, "step", str(box)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
