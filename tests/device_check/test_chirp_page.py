"""The page seeks the kiosk's tone as ``chirp.py`` does: the same rooms, the same numbers."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from appliance.device_check import chirp, kiosk
from appliance.device_check.records import LoopBack, Verdict
from tests.device_check.test_chirp import RATE_HZ, room
from tests.provoking import Provoked

PAGE = Path(__file__).with_name("page_chirp.mjs")


def heard_by_the_page(recording: np.ndarray) -> LoopBack:
    done = subprocess.run(
        ["node", PAGE, str(RATE_HZ)],
        input=recording.astype(np.float32).tobytes(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    return LoopBack(**json.loads(done.stdout))


@pytest.mark.parametrize(
    ("recording", "cause"),
    [
        (room(-20), ""),
        (room(-45, seed=3), ""),
        (room(18), ""),
        (room(-10, seed=1, voice_dbfs=-25), ""),
        pytest.param(
            room(None, -30, seed=2),
            "kiosk_left_muted",
            marks=pytest.mark.provokes("kiosk_left_muted", by="samples"),
        ),
        (np.zeros(2 * RATE_HZ), "kiosk_left_muted"),
    ],
    ids=["well", "faint", "clipped", "over a voice", "dead speaker", "dead microphone"],
)
def test_it_works(recording: np.ndarray, cause: str, provoked: Provoked) -> None:
    ours, loop = chirp.find(recording), heard_by_the_page(recording)
    assert loop.over_median_db == pytest.approx(ours.over_median_db, abs=0.3)
    assert loop.gain_db == pytest.approx(ours.gain_db, abs=0.1)
    assert loop.delay_s == pytest.approx(ours.delay_s, abs=0.001)
    assert provoked(kiosk.judge_loop(loop)) == cause


@pytest.mark.provokes("kiosk_turned_down", by="samples")
def test_turned_down_since_it_was_set_up(provoked: Provoked) -> None:
    at_set_up, now = chirp.find(room(-10)), heard_by_the_page(room(-25))
    turned_down = now.model_copy(update={"set_up_gain_db": at_set_up.gain_db})
    assert provoked(kiosk.judge_loop(turned_down)) == "kiosk_turned_down"
    unchanged = now.model_copy(update={"set_up_gain_db": now.gain_db})
    assert kiosk.judge_loop(unchanged).verdict is Verdict.PASSED
