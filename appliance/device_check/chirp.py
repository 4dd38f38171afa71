"""The kiosk hears itself: a rising tone out of its speaker, found again in its own microphone.

Nobody is needed. Ask for silence first: over a voice a faint echo is not found. Echo canceller,
noise suppression and gain control must be off. Nothing of it is kept. The page does the same in
``kiosk_ui/client/media/chirp.js``; ``tests/device_check/test_chirp_page.py`` holds both together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.device_check import thresholds

SAMPLE_RATE_HZ = 48_000
CHIRP_S = 0.5
LOWEST_HZ = 500.0
HIGHEST_HZ = 6000.0
_FADE_S = 0.02  # no click at either end
_AMPLITUDE = 0.5
_SILENT = 1e-9  # below the rounding of a transform of full scale
_MOST_DB = 200.0  # the tone and nothing else

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Echo:
    """How clearly the chirp came back, and when."""

    over_median_db: float  # peak of the matched filter over its median
    delay_s: float  # from the recording's first sample to the chirp's
    gain_db: float  # what came back over what was played

    @property
    def found(self) -> bool:
        """Whether speaker and microphone both work."""
        return self.over_median_db >= thresholds.CHIRP_OVER_MEDIAN_DB


def make(rate_hz: int = SAMPLE_RATE_HZ) -> Floats:
    """The tone: 0.5 s, 500 to 6000 Hz, mono floats of -0.5..0.5."""
    time_s = np.arange(round(CHIRP_S * rate_hz)) / rate_hz
    sweep_hz_per_s = (HIGHEST_HZ - LOWEST_HZ) / CHIRP_S
    phase = 2 * np.pi * (LOWEST_HZ * time_s + sweep_hz_per_s / 2 * time_s**2)
    fade = np.minimum(1.0, np.minimum(time_s, time_s[::-1]) / _FADE_S)
    return np.asarray(_AMPLITUDE * fade * np.sin(phase))


def find(recording: Floats, rate_hz: int = SAMPLE_RATE_HZ) -> Echo:
    """Matched filter over a mono recording that began before the tone and lasts longer.

    Twice the tone's length is enough. Raises ``ValueError`` for a recording shorter than the tone.
    """
    tone = make(rate_hz)
    if len(recording) < len(tone):
        raise ValueError("the recording is shorter than the tone")
    length = 1 << (len(recording) + len(tone)).bit_length()
    spectrum = np.fft.rfft(recording, length) * np.conj(np.fft.rfft(tone, length))
    places = len(recording) - len(tone) + 1
    fits = np.abs(np.fft.irfft(spectrum, length)[:places])
    best = int(fits.argmax())
    median = float(np.median(fits))
    gain_db = max(-_MOST_DB, _decibels(fits[best] / float((tone**2).sum())))
    if fits[best] <= _SILENT:
        over_median_db = 0.0
    elif median <= _SILENT:  # digital silence but for the tone
        over_median_db = _MOST_DB
    else:
        over_median_db = min(_MOST_DB, _decibels(fits[best] / median))
    return Echo(over_median_db, best / rate_hz, gain_db)


def _decibels(ratio: float) -> float:
    return 20 * float(np.log10(max(ratio, 1e-12)))
