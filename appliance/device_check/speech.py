"""Spoken numbers, put together from samples that were made when the release was built."""

from __future__ import annotations

import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 48_000
LEAD = "lead"
WORDS = (*"0123456789", LEAD)
_PAUSE_AFTER_LEAD_S = 0.45
_PAUSE_BETWEEN_DIGITS_S = 0.35
_PAUSE_AT_END_S = 0.2

Samples = NDArray[np.int16]


class SpeechMissing(Exception):
    """The samples were not made, or are of another format."""


@dataclass(frozen=True, slots=True)
class Speech:
    """All samples, 48 kHz mono: language -> word -> samples."""

    words: Mapping[str, Mapping[str, Samples]]

    def number(self, digits: str, language: str) -> Samples:
        """Lead sentence and digits, one after another, with pauses.

        A language that is not spoken gets the first one that is. Raises ``KeyError`` for anything
        that is no digit.
        """
        words = self.words.get(language) or next(iter(self.words.values()))
        parts = [words[LEAD], _pause(_PAUSE_AFTER_LEAD_S)]
        for digit in digits:
            parts += [words[digit], _pause(_PAUSE_BETWEEN_DIGITS_S)]
        return np.concatenate([*parts[:-1], _pause(_PAUSE_AT_END_S)])


def load(folder: Path) -> Speech:
    """Reads ``<folder>/<language>/<word>.wav``. Raises ``SpeechMissing``."""
    languages = sorted(path.name for path in folder.glob("*") if path.is_dir())
    if not languages:
        raise SpeechMissing(folder.name)
    return Speech(
        {
            language: {word: _read(folder / language / f"{word}.wav") for word in WORDS}
            for language in languages
        }
    )


def _pause(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), dtype=np.int16)


def _read(file: Path) -> Samples:
    try:
        with wave.open(str(file), "rb") as stream:
            if stream.getparams()[:3] != (1, 2, SAMPLE_RATE_HZ):
                raise SpeechMissing(file.name)
            return np.frombuffer(stream.readframes(stream.getnframes()), dtype=np.int16)
    except (OSError, EOFError, wave.Error) as error:
        raise SpeechMissing(file.name) from error
