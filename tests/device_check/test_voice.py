from __future__ import annotations

import numpy as np
import pytest

from appliance.device_check.speech import load
from appliance.device_check.voice import RATE_HZ, STEP_S, STEP_SAMPLES, VoiceDetector
from tests.device_check.media_path import VENDOR, speech

SECONDS = 6
TIME_S = np.arange(SECONDS * RATE_HZ) / RATE_HZ
RANDOM = np.random.default_rng(7)


def lowered(samples: np.ndarray) -> np.ndarray:
    whole = len(samples) // 3 * 3
    return samples[:whole].reshape(-1, 3).mean(axis=1) / 32768


def voice_s(sound: np.ndarray, room_dbfs: float = -80) -> float:
    """Seconds judged as voice, with the noise of a quiet room under it."""
    sound = sound + RANDOM.normal(0, 10 ** (room_dbfs / 20), len(sound))
    detector, steps = VoiceDetector(), 0
    for start in range(0, len(sound) - STEP_SAMPLES + 1, STEP_SAMPLES):
        step = sound[start : start + STEP_SAMPLES]
        steps += detector.step(step, 20 * np.log10(np.sqrt((step**2).mean()) + 1e-9))
    return steps * STEP_S


def test_it_works() -> None:
    """Half of a spoken sentence is vowels; 15 s with pauses hold 4 s at least."""
    assert voice_s(lowered(speech())) > 4


@pytest.mark.parametrize("gain_db", [-10, -20, -30])
def test_a_quiet_voice_is_a_voice(gain_db: int) -> None:
    assert voice_s(lowered(speech()) * 10 ** (gain_db / 20)) > 3


def test_a_voice_over_noise() -> None:
    assert voice_s(lowered(speech()), room_dbfs=-40) > 3


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_spoken_number_is_a_voice(language: str) -> None:
    assert voice_s(lowered(load(VENDOR / "speech").number("472", language))) > 0.6


def bursts(sound: np.ndarray, on_s: float = 0.3) -> np.ndarray:
    return np.where(on_s > TIME_S % 1, sound, 0)


def keys() -> np.ndarray:
    sound = np.zeros(len(TIME_S))
    for start in range(0, len(TIME_S) - 80, 2500):
        sound[start : start + 80] = RANDOM.normal(0, 0.3, 80) * np.exp(-np.arange(80) / 20)
    return sound


NOISE = RANDOM.normal(0, 0.05, len(TIME_S))
SQUARE = np.sign(np.sin(2 * np.pi * 100 * TIME_S))
NO_VOICE = {
    "silence": np.zeros(len(TIME_S)),
    "white noise": NOISE,
    "noise in bursts": bursts(NOISE),
    "noise that swells": NOISE * (1 + np.sin(2 * np.pi * 4 * TIME_S)),
    "hum": 0.03 * np.sin(2 * np.pi * 50 * TIME_S),
    "hum with overtones": 0.03 * SQUARE,
    "hum that starts late": np.where(TIME_S > 2, 0.03 * SQUARE, 0),
    "beeps": bursts(0.3 * np.sin(2 * np.pi * 440 * TIME_S)),
    "buzzer": bursts(0.3 * SQUARE),
    "typing": keys(),
}


@pytest.mark.parametrize("name", NO_VOICE)
def test_everything_else_is_none(name: str) -> None:
    assert voice_s(NO_VOICE[name]) <= 0.3
