"""The man page says what the command's own help says."""

import subprocess
import sys

from tests.rules.sources import ROOT


def test_it_is_fresh():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "write-man", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
