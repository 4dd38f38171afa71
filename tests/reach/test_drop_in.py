"""coturn's unit with our file beside it has few rights, by systemd's own reckoning."""

import shutil
import subprocess
from pathlib import Path

from tests.rules.sources import ROOT

UNIT = Path("/lib/systemd/system/coturn.service")
MOST_EXPOSURE = 15  # tenths; Debian's unit alone has 90


def test_few_rights_are_left(tmp_path):
    shutil.copy(UNIT, tmp_path)
    shutil.copytree(ROOT / "systemd" / "coturn.service.d", tmp_path / "coturn.service.d")
    unit = str(tmp_path / UNIT.name)
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    words = ["security", "--offline=yes", f"--threshold={MOST_EXPOSURE}", "--no-pager", unit]
    judged = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout[-200:]
