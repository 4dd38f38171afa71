"""What an analyser takes away from itself, tried in throw-away processes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from appliance.device_check import analyser
from tests.device_check.media_path import HOUSE


def outcome(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    code = f"from appliance.device_check import analyser_limits as limits\n{code}"
    return subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_it_works(tmp_path: Path) -> None:
    done = outcome("limits.harden(); print('still alive')", tmp_path)
    assert (done.returncode, done.stdout) == (0, "still alive\n")


def test_no_file_can_be_written(tmp_path: Path) -> None:
    done = outcome(
        "import sys\nlimits.harden()\n"
        "with open(sys.argv[1] + '/frame', 'wb') as file: file.write(b'picture')",
        tmp_path,
    )
    assert "File too large" in done.stderr
    assert (tmp_path / "frame").stat().st_size == 0


def test_memory_has_a_ceiling(tmp_path: Path) -> None:
    done = outcome("limits.harden(); bytearray(5 * 1024**3)", tmp_path)
    assert "MemoryError" in done.stderr


def test_limits_cannot_be_lifted(tmp_path: Path) -> None:
    done = outcome(
        "from resource import RLIMIT_CORE, RLIMIT_FSIZE, getrlimit\nlimits.harden()\n"
        "print(getrlimit(RLIMIT_FSIZE), getrlimit(RLIMIT_CORE))",
        tmp_path,
    )
    assert done.stdout == "(0, 0) (0, 0)\n"


def test_time_is_up(tmp_path: Path) -> None:
    done = outcome(
        "import time\nlimits.CHECK_TIME_MAX_S = 1\n"
        "limits.start_run_time(in_session=False)\ntime.sleep(15)",
        tmp_path,
    )
    assert done.returncode == -signal.SIGALRM


def test_a_room_is_hidden_for_a_whole_conversation(tmp_path: Path) -> None:
    done = outcome(
        "import signal\nlimits.start_run_time(in_session=True)\nprint(signal.alarm(0) > 3600)",
        tmp_path,
    )
    assert done.stdout == "True\n"


@pytest.mark.parametrize(("kinds", "times"), [(set(), [True]), ({"background"}, [])])
def test_a_check_that_hides_a_room_stays_a_check(
    kinds: set[str], times: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[bool] = []
    monkeypatch.setattr(
        analyser.analyser_limits, "start_run_time", lambda *, in_session: given.append(in_session)
    )
    process = analyser.Analyser.__new__(analyser.Analyser)  # without its socket and models
    process._kinds = frozenset(kinds)
    process._picture = Mock()
    process._obey(b'{"type": "background", "mode": "blur"}')
    assert given == times


def test_an_orphan_ends_at_once(tmp_path: Path) -> None:
    done = outcome("limits.die_with_parent(1); print('alone')", tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
