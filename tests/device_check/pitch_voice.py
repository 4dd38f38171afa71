"""The detector before silero, kept as what ``bench_voice`` compares with: energy, pitch, change.

A voice is loud against the room, has a pitch between 75 and 400 Hz, and its spectrum moves: vowels
follow each other within tenths of a second. Noise has no pitch, hum and beeps do not move. Limits
are our own, set on real and spoken samples, noise, hum and beeps (``tests/device_check``).
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

STEP_S = 0.02
RATE_HZ = 16_000
STEP_SAMPLES = round(RATE_HZ * STEP_S)
_WINDOW_SAMPLES = 640  # 40 ms: three periods of a low voice
_LOWEST_PITCH_HZ = 75
_HIGHEST_PITCH_HZ = 400
_SHORTEST_LAG = RATE_HZ // _HIGHEST_PITCH_HZ
_LONGEST_LAG = RATE_HZ // _LOWEST_PITCH_HZ
_PERIODIC = 0.5  # share of energy that repeats after one period
_LEAST_DBFS = -65.0
_OVER_FLOOR_DB = 8.0
_FLOOR_STEPS = 250  # 5 s
_FLOOR_PERCENTILE = 10
_BANDS_HZ = (100, 300, 500, 800, 1200, 1800, 2600, 3800, 6000)
_MOVES_DB = 3.0  # mean change of the bands between two halves of the last 200 ms
_HANGOVER_STEPS = 5  # consonants and gaps between syllables belong to the voice
_RUN_STEPS = 4  # a shorter run of pitch is a click

Floats = NDArray[np.float64]


class PitchDetector:
    """Takes 16 kHz mono steps of 20 ms and answers whether there is a voice."""

    def __init__(self) -> None:
        self._window = np.zeros(_WINDOW_SAMPLES)
        self._levels: deque[float] = deque(maxlen=_FLOOR_STEPS)
        self._bands: deque[Floats] = deque(maxlen=10)
        self._run = 0
        self._hangover = 0
        self._taper = np.hanning(_WINDOW_SAMPLES)
        self._taper_correlation = _autocorrelation(self._taper)
        frequencies = np.fft.rfftfreq(2 * _WINDOW_SAMPLES, 1 / RATE_HZ)
        self._band_edges = np.searchsorted(frequencies, _BANDS_HZ)

    def step(self, samples: Floats, level_dbfs: float) -> bool:
        """``samples`` are 320 floats of -1..1, ``level_dbfs`` their RMS."""
        self._window = np.concatenate([self._window[STEP_SAMPLES:], samples])
        self._levels.append(level_dbfs)
        voiced = self._is_loud(level_dbfs) and self._is_voiced()
        self._run = self._run + 1 if voiced else 0
        if self._run >= _RUN_STEPS and self._moves():
            self._hangover = _HANGOVER_STEPS
            return True
        self._hangover = max(0, self._hangover - 1)
        return self._hangover > 0

    def _is_loud(self, level_dbfs: float) -> bool:
        floor = float(np.percentile(self._levels, _FLOOR_PERCENTILE))
        return level_dbfs > max(_LEAST_DBFS, floor + _OVER_FLOOR_DB)

    def _is_voiced(self) -> bool:
        tapered = self._window * self._taper
        spectrum = np.abs(np.fft.rfft(tapered, 2 * _WINDOW_SAMPLES)) ** 2
        sums = np.add.reduceat(spectrum, self._band_edges)[:-1] + 1e-12
        self._bands.append(10 * np.log10(sums))
        correlation = np.fft.irfft(spectrum)[:_WINDOW_SAMPLES]
        if correlation[0] <= 0:
            return False
        repeats = correlation / correlation[0] / (self._taper_correlation + 1e-3)
        return bool(repeats[_SHORTEST_LAG : _LONGEST_LAG + 1].max() > _PERIODIC)

    def _moves(self) -> bool:
        if len(self._bands) < 2:
            return False
        bands = np.array(self._bands)
        bands -= bands.mean(axis=1, keepdims=True)
        half = len(bands) // 2
        change = np.abs(bands[half:].mean(axis=0) - bands[:half].mean(axis=0))
        return bool(change.mean() > _MOVES_DB)


def _autocorrelation(samples: Floats) -> Floats:
    power = np.abs(np.fft.rfft(samples, 2 * len(samples))) ** 2
    correlation = np.fft.irfft(power)[: len(samples)]
    return np.asarray(correlation / correlation[0])
