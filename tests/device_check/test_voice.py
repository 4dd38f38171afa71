from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from appliance.device_check import thresholds
from appliance.device_check.speech import load
from appliance.device_check.voice import RATE_HZ, STEP_S, STEP_SAMPLES, VoiceDetector
from tests.device_check.media_path import VENDOR, speech
from tests.device_check.sounds import Sound, at_level, coloured, no_voice

ROOM_DBFS = -75.0


@cache
def detector() -> VoiceDetector:
    return VoiceDetector()


@cache
def others() -> dict[str, Sound]:
    return no_voice(12.0, np.random.default_rng(7))


def lowered(samples: np.ndarray) -> np.ndarray:
    whole = len(samples) // 3 * 3
    return samples[:whole].reshape(-1, 3).mean(axis=1) / 32768


def voice_s(sound: Sound) -> float:
    """Seconds judged as voice, with the noise of a quiet room under it."""
    room = np.resize(coloured(4.0, 1, np.random.default_rng(1)), len(sound))
    sound = sound + 10 ** (ROOM_DBFS / 20) * room
    detector().reset()
    starts = range(0, len(sound) - STEP_SAMPLES + 1, STEP_SAMPLES)
    return STEP_S * sum(detector().step(sound[at : at + STEP_SAMPLES]) for at in starts)


def test_it_works() -> None:
    """13 s of phrases with pauses."""
    assert 6 < voice_s(lowered(speech())) < 12


@pytest.mark.parametrize("dbfs", [-35, -45, -55, -62, -66])
def test_a_quiet_voice_is_a_voice(dbfs: float) -> None:
    assert voice_s(at_level(lowered(speech()), dbfs)) > 4


@pytest.mark.parametrize("slope", [0, 1, 2], ids=["white", "pink", "fan"])
def test_a_voice_over_noise(slope: float) -> None:
    """5 dB under the voice: the detector before heard nothing there."""
    voice = at_level(lowered(speech()), -26)
    noise = np.resize(coloured(4.0, slope, np.random.default_rng(3)), len(voice))
    assert voice_s(voice + 10 ** (-31 / 20) * noise) > 4


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_spoken_number_is_a_voice(language: str) -> None:
    assert voice_s(lowered(load(VENDOR / "speech").number("472", language))) > 0.6


@pytest.mark.parametrize("dbfs", [-15, -40, -58])
@pytest.mark.parametrize("name", no_voice(1.0, np.random.default_rng(7)))
def test_everything_else_is_none(name: str, dbfs: float) -> None:
    assert voice_s(at_level(others()[name], dbfs)) < thresholds.VOICE_NEEDED_S / 2


def test_silence_is_none() -> None:
    assert voice_s(np.zeros(6 * RATE_HZ)) == 0


def test_reset_forgets_a_voice() -> None:
    voice_s(lowered(speech()))
    detector().reset()
    assert not detector().step(np.zeros(STEP_SAMPLES))
