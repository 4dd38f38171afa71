"""The spoken number, coming back through rooms into the microphone, and what is no echo.

What is played is the appliance's own spoken number, the rooms are simulated (a first sound and a
tail that dies away), the voices and the noise beside it are real or coloured noise. Both go through
the page's own measuring (``page_echo.mjs``), and what comes of it is judged.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.device_check import speaker, speech, thresholds
from appliance.device_check.records import Finding, SpeakerAnswer, Verdict
from appliance.device_check.speaker import Attempt
from appliance.settings import Settings
from tests.device_check.media_path import speech as real_voices
from tests.device_check.sounds import Sound, at_level, coloured
from tests.provoking import Provoked

RATE_HZ = speech.SAMPLE_RATE_HZ
METER = Path(__file__).with_name("page_echo.mjs")
RANDOM_SEED = 7


@cache
def spoken(digits: str = "472", language: str = "de") -> Sound:
    """The number with half a second of silence before it."""
    sound = speech.load(Settings().vendor_dir / "speech").number(digits, language) / 32768
    return np.concatenate([np.zeros(RATE_HZ // 2), sound, np.zeros(RATE_HZ // 5)])


def returned(sound: Sound, loss_db: float, delay_s: float = 0.15, tail_s: float = 0.5) -> Sound:
    """So much softer, so much later, with the room's tail as loud as the first sound."""
    random = np.random.default_rng(RANDOM_SEED)
    time_s = np.arange(round(tail_s * RATE_HZ)) / RATE_HZ
    room = random.normal(0, 1, len(time_s)) * 10 ** (-3 * time_s / tail_s)
    room /= np.sqrt((room**2).sum())
    room[0] = 1
    size = len(sound) + len(room)
    late = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)
    late = np.concatenate([np.zeros(round(delay_s * RATE_HZ)), late])[: len(sound)]
    return np.asarray(late * 10 ** (-loss_db / 20) * np.sqrt((sound**2).mean() / (late**2).mean()))


def room_noise(size: int, dbfs: float) -> Sound:
    noise = coloured(9.0, 1, np.random.default_rng(RANDOM_SEED))
    return np.asarray(np.resize(noise, size) * 10 ** (dbfs / 20))


def somebody(size: int, dbfs: float, begins_s: float = 0.0) -> Sound:
    """Real phrases, one after another."""
    voice = np.roll(real_voices() / 32768, -round(begins_s * RATE_HZ))
    return at_level(np.resize(voice, size), dbfs)


def figures(played: Sound, heard: Sound) -> dict[str, Any]:
    data = np.stack([played, heard], axis=1).astype(np.float32).tobytes()
    done = subprocess.run(["node", str(METER)], input=data, capture_output=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) or {}


def judged(heard: Sound, played: Sound | None = None, tapped: str = "472") -> Finding:
    measured = figures(spoken() if played is None else played, heard)
    return speaker.judge([Attempt("472", SpeakerAnswer(tapped=tapped, **measured))])


@pytest.mark.provokes("speaker_echo", by="samples")
@pytest.mark.parametrize(
    ("loss_db", "delay_s", "room_dbfs"),
    [(6, 0.05, -60), (15, 0.15, -55), (25, 0.35, -65)],
    ids=["loud and near", "a laptop", "soft and by radio"],
)
def test_the_number_comes_back(
    loss_db: float, delay_s: float, room_dbfs: float, provoked: Provoked
) -> None:
    heard = returned(spoken(), loss_db, delay_s) + room_noise(len(spoken()), room_dbfs)
    finding = judged(heard)
    assert provoked(finding) == "speaker_echo"
    assert finding.verdict is Verdict.WARNING


def test_headphones_and_a_good_canceller_leave_nothing() -> None:
    size = len(spoken())
    assert judged(room_noise(size, -60)).verdict is Verdict.PASSED
    left = returned(spoken(), 40) + room_noise(size, -70)
    assert judged(left).verdict is Verdict.PASSED


@pytest.mark.parametrize("begins_s", [0, 2, 4, 6, 8])
def test_somebody_who_speaks_meanwhile_is_no_echo(begins_s: float) -> None:
    heard = somebody(len(spoken()), -26, begins_s) + room_noise(len(spoken()), -60)
    assert judged(heard).verdict is Verdict.PASSED


def test_a_canceller_may_take_a_second_to_learn_the_room() -> None:
    heard = returned(spoken(), 15)
    words = np.flatnonzero(np.abs(spoken()) > 0.01)[0]
    heard[words + RATE_HZ :] *= 0.01
    assert judged(heard + room_noise(len(heard), -65)).verdict is Verdict.PASSED


def test_whoever_says_the_number_after_it_is_no_echo() -> None:
    played = np.concatenate([spoken(), np.zeros(2 * RATE_HZ)])
    heard = room_noise(len(played), -60)
    heard[-2 * RATE_HZ :] += at_level(spoken()[-2 * RATE_HZ :], -25)
    assert judged(heard, played).verdict is Verdict.PASSED


def test_nothing_was_played_or_nothing_heard() -> None:
    silence = np.zeros(len(spoken()))
    assert figures(silence, spoken()) == {}
    assert figures(spoken()[: RATE_HZ // 2], silence[: RATE_HZ // 2]) == {}
    assert judged(silence).verdict is Verdict.PASSED


def test_a_wrong_number_counts_before_an_echo() -> None:
    assert judged(returned(spoken(), 6), tapped="427").verdict is Verdict.OPEN


def test_an_echo_blocks_nobody_and_rests_on_both_limits() -> None:
    echo = SpeakerAnswer(tapped="472", echo_match=0.95, echo_loss_db=20, echo_cancelled=False)
    assert speaker.judge([Attempt("472", echo)]).verdict is Verdict.WARNING
    for change in (
        {"echo_match": thresholds.ECHO_MATCH - 0.01},
        {"echo_loss_db": thresholds.ECHO_LOSS_DB},
        {"echo_match": None},
    ):
        fine = echo.model_copy(update=change)
        assert speaker.judge([Attempt("472", fine)]).verdict is Verdict.PASSED
