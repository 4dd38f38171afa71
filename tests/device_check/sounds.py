"""Sounds for tests and bench: real voices, and what is none. 16 kHz mono floats."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from appliance.device_check.voice import RATE_HZ

Sound = NDArray[np.float64]
ALSA = Path("/usr/share/sounds/alsa")


def read(file: Path, rate_hz: int = RATE_HZ) -> Sound:
    """A sound file of any format."""
    parts: list[Sound] = []
    with av.open(str(file)) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=rate_hz)
        for frame in [*container.decode(audio=0), None]:
            parts += [part.to_ndarray().reshape(-1) / 32768 for part in resampler.resample(frame)]
    return np.concatenate(parts)


def at_level(sound: Sound, dbfs: float, active_db: float = 30.0) -> Sound:
    """Scaled so that its loud 20 ms steps (within ``active_db`` of the loudest) have this RMS."""
    steps = sound[: len(sound) // 320 * 320].reshape(-1, 320)
    power = (steps**2).mean(axis=1)
    active = power[power > power.max() * 10 ** (-active_db / 10)]
    return np.asarray(sound * 10 ** (dbfs / 20) / np.sqrt(active.mean()))


def coloured(seconds: float, slope: float, random: np.random.Generator) -> Sound:
    """Noise with power falling by frequency**slope: 0 white, 1 pink, 2 brown (a fan)."""
    white = np.fft.rfft(random.normal(0, 1, round(seconds * RATE_HZ)))
    frequencies = np.maximum(np.arange(len(white)), 20.0)
    sound = np.fft.irfft(white / frequencies ** (slope / 2))
    return np.asarray(sound / np.sqrt((sound**2).mean()))


def _time_s(seconds: float) -> Sound:
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def _bursts(sound: Sound, on_s: float = 0.3) -> Sound:
    return np.where(np.arange(len(sound)) / RATE_HZ % 1 < on_s, sound, 0)


def _typing(seconds: float, random: np.random.Generator) -> Sound:
    sound = np.zeros(round(seconds * RATE_HZ))
    at = 0
    while (at := at + int(random.integers(1200, 6000))) < len(sound) - 480:
        for start, size in ((at, 1.0), (at + 160, 0.4)):  # down and up, with the case's ring
            decay = np.exp(-np.arange(320) / random.uniform(15, 60))
            sound[start : start + 320] += size * random.normal(0, 1, 320) * decay
    return sound


def _melody(seconds: float, random: np.random.Generator, vibrato: float = 0.0) -> Sound:
    """Notes with eight overtones, as of a flute or an organ."""
    notes = []
    for _ in range(round(seconds / 0.3)):
        pitch_hz = 220 * 2 ** (int(random.integers(0, 16)) / 12)
        time_s = _time_s(0.3)
        phase = 2 * np.pi * pitch_hz * (time_s + vibrato * np.sin(2 * np.pi * 5 * time_s))
        shape = np.minimum(1, time_s / 0.02) * np.exp(-time_s * 3)
        notes.append(shape * sum(np.sin(order * phase) / order for order in range(1, 9)))
    return np.concatenate(notes)


def no_voice(seconds: float, random: np.random.Generator) -> dict[str, Sound]:
    """Noise, hum, tones, music without song, typing. Each about as loud as speech, unscaled."""
    time_s = _time_s(seconds)
    square = np.sign(np.sin(2 * np.pi * 100 * time_s))

    def wave(hz: float) -> Sound:
        return np.asarray(np.sin(2 * np.pi * hz * time_s))

    white = coloured(seconds, 0, random)
    sounds = {
        "white noise": white,
        "pink noise": coloured(seconds, 1, random),
        "fan": coloured(seconds, 2, random),
        "noise in bursts": _bursts(white),
        "noise that swells": white * (1 + wave(4)),
        "hum": wave(50),
        "hum with overtones": square,
        "hum that starts late": np.where(time_s > 2, square, 0),
        "beeps": _bursts(wave(440)),
        "buzzer": _bursts(square),
        "dial tone": wave(350) + wave(440),
        "ringing": _bursts(wave(440) + wave(480)),
        "siren": np.sin(2 * np.pi * np.cumsum(700 + 300 * wave(0.5)) / RATE_HZ),
        "typing": _typing(seconds, random),
        "melody": _melody(seconds, random),
        "melody with vibrato": _melody(seconds, random, 0.001),
        "chords": _melody(seconds, random) + _melody(seconds, random) + _melody(seconds, random),
    }
    recorded = ALSA / "Noise.wav"
    if recorded.is_file():
        noise = read(recorded)
        sounds["recorded noise"] = np.tile(noise, round(seconds * RATE_HZ / len(noise)) + 1)
    return sounds
