import wave
from pathlib import Path

import numpy as np
import pytest

from appliance.device_check import speech
from appliance.settings import Settings

FOLDER = Settings().vendor_dir / "speech"


@pytest.fixture(scope="module")
def samples() -> speech.Speech:
    return speech.load(FOLDER)


def loud_dbfs(sound: np.ndarray) -> float:
    frames = sound[: len(sound) // 960 * 960].reshape(-1, 960).astype(np.float64) / 32768
    rms = np.sqrt((frames**2).mean(axis=1))
    return float(20 * np.log10(np.sqrt((rms[rms > rms.max() / 10] ** 2).mean())))


def test_it_works(samples: speech.Speech) -> None:
    sound = samples.number("472", "de")
    assert sound.dtype == np.int16
    assert 3 < len(sound) / speech.SAMPLE_RATE_HZ < 6


def test_digits_come_in_their_order(samples: speech.Speech) -> None:
    sound = samples.number("472", "en")
    places = []
    for digit in "472":
        word = samples.words["en"][digit].astype(np.float64)
        match = np.fft.irfft(
            np.fft.rfft(sound.astype(np.float64), 2**19) * np.conj(np.fft.rfft(word, 2**19))
        )
        places.append(int(match[: len(sound)].argmax()))
        assert np.array_equal(sound[places[-1] : places[-1] + len(word)], word)
    assert places == sorted(places)


def test_all_words_are_equally_loud_and_none_clips(samples: speech.Speech) -> None:
    for words in samples.words.values():
        for sound in words.values():
            assert -23 < loud_dbfs(sound) < -18
            assert np.abs(sound.astype(int)).max() < 32_000


def test_languages_differ_and_an_unknown_one_is_still_spoken(samples: speech.Speech) -> None:
    assert len(samples.number("1", "de")) != len(samples.number("1", "en"))
    assert np.array_equal(samples.number("1", "tlh"), samples.number("1", "de"))


def test_a_word_that_is_no_digit(samples: speech.Speech) -> None:
    with pytest.raises(KeyError):
        samples.number("4a2", "de")


def test_missing_or_wrong_samples_are_named(tmp_path: Path) -> None:
    with pytest.raises(speech.SpeechMissing):
        speech.load(tmp_path)
    (tmp_path / "de").mkdir()
    with wave.open(str(tmp_path / "de" / "0.wav"), "wb") as file:
        file.setparams((2, 2, 44_100, 0, "NONE", ""))
        file.writeframes(b"\0\0\0\0")
    with pytest.raises(speech.SpeechMissing, match=r"0\.wav"):
        speech.load(tmp_path)
