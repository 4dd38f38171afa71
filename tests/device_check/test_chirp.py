"""The kiosk's loop-back on simulated rooms: delay, level, reflections, noise, a voice, clipping."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.device_check import chirp
from tests.device_check.media_path import speech

RATE_HZ = chirp.SAMPLE_RATE_HZ


def room(
    echo_db: float | None, noise_dbfs: float = -60, seed: int = 0, voice_dbfs: float | None = None
) -> np.ndarray:
    """Two seconds of microphone, with the tone after 0.4 s and its reflections from the walls."""
    random = np.random.default_rng(seed)
    sound = random.normal(0, 10 ** (noise_dbfs / 20), 2 * RATE_HZ)
    if echo_db is not None:
        answer = np.zeros(RATE_HZ // 5)
        answer[0] = 1.0
        late = random.integers(200, len(answer), 40)
        answer[late] += random.normal(0, 0.3, 40) * np.exp(-late / 3000)
        echo = np.convolve(chirp.make(), answer)[: 2 * RATE_HZ]
        at = round(0.4 * RATE_HZ)
        sound[at : at + len(echo)] += 10 ** (echo_db / 20) * echo
    if voice_dbfs is not None:
        start = int(random.integers(0, len(speech()) - len(sound)))
        voice = speech()[start : start + len(sound)] / 32768
        sound += voice * 10 ** (voice_dbfs / 20) / (np.sqrt((voice**2).mean()) + 1e-9)
    return np.clip(sound, -1, 1)


def test_it_works() -> None:
    echo = chirp.find(room(-20))
    assert echo.found
    assert echo.delay_s == pytest.approx(0.4, abs=0.001)


@pytest.mark.parametrize("seed", range(8))
def test_a_faint_echo_in_a_quiet_room(seed: int) -> None:
    assert chirp.find(room(-45, seed=seed)).found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("noise_dbfs", [-90, -60, -30])
def test_a_dead_speaker_is_noticed(seed: int, noise_dbfs: float) -> None:
    assert not chirp.find(room(None, noise_dbfs, seed)).found


def test_a_loud_clipped_echo_is_an_echo() -> None:
    assert chirp.find(room(18)).found


def test_a_voice_covers_a_faint_echo_only() -> None:
    assert chirp.find(room(-10, seed=1, voice_dbfs=-25)).found


def test_a_muted_microphone_is_no_echo() -> None:
    assert not chirp.find(np.zeros(2 * RATE_HZ)).found


def test_another_tone_is_no_echo() -> None:
    time_s = np.arange(2 * RATE_HZ) / RATE_HZ
    hum = 0.1 * np.sin(2 * np.pi * 1000 * time_s)
    assert not chirp.find(hum + room(None)).found


def test_at_the_microphones_own_rate() -> None:
    recording = np.concatenate([np.zeros(1600), 0.01 * chirp.make(16_000), np.zeros(8000)])
    recording += np.random.default_rng(1).normal(0, 1e-4, len(recording))
    assert chirp.find(recording, 16_000).delay_s == pytest.approx(0.1, abs=0.001)


def test_a_short_recording_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        chirp.find(np.zeros(100))
