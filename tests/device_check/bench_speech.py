"""Compares voices for the spoken numbers: are ten digits told apart by old ears in noise?

``python -m tests.device_check.bench_speech [FLITE]``: FLITE is flite's program, where there is one.
Ears of old age (flat to 1 kHz, then 15 dB less an octave), speech-shaped noise, every digit against
the ten clean ones by spectrum over time. It ranks voices; it does not say what people understand.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.device_check.sounds import RATE_HZ, Sound, at_level, coloured, read

DIGITS = {
    "de": ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
FRAME = 320
DRAWS = 12
RATIOS_DB = (0, -6, -12)
Speak = Callable[[str, Path], None]


def espeak(voice: str, *options: str) -> Speak:
    def speak(text: str, file: Path) -> None:
        command = ["espeak-ng", "-v", voice, *options, "-w", str(file), text]
        subprocess.run(command, check=True)

    return speak


def flite(program: str, voice: str) -> Speak:
    def speak(text: str, file: Path) -> None:
        options = ["-voice", voice, "--setf", "duration_stretch=1.4"]
        subprocess.run([program, *options, "-t", text, "-o", str(file)], check=True)

    return speak


def voices(flite_program: str) -> list[tuple[str, str, Speak]]:
    slow = ("-s", "120")
    found = [
        (f"espeak-ng {voice} pitch {pitch}", language, espeak(voice, *slow, "-p", pitch))
        for language, names in (
            ("de", ("de", "de+m3", "de+m7", "de+f2")),
            ("en", ("en-gb", "en-us")),
        )
        for voice in names
        for pitch in ("15", "30", "50")
    ]
    fast = [(f"espeak-ng {v} at 170 words", v[:2], espeak(v, "-p", "30")) for v in ("de", "en-gb")]
    english = [
        (f"flite {voice}", "en", flite(flite_program, voice))
        for voice in (("kal16", "awb", "rms", "slt") if flite_program else ())
    ]
    return found + fast + english


def old_ears(sound: Sound) -> Sound:
    spectrum = np.fft.rfft(sound)
    octaves = np.maximum(
        0.0, np.log2(np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE_HZ), 1) / 1000)
    )
    return np.fft.irfft(spectrum * 10 ** (-15 * octaves / 20), len(sound))


def picture(sound: Sound, floor: float) -> NDArray[np.float64]:
    """Log spectrum in 24 bands over 40 moments, stretched to one length."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME) * np.hanning(FRAME)
    edges = np.unique(np.geomspace(5, 160, 25).astype(int))[:-1]  # about 250 Hz to 8 kHz
    bands = np.add.reduceat(np.abs(np.fft.rfft(frames, axis=1)) ** 2, edges, axis=1)
    moments = np.linspace(0, len(bands) - 1, 40).round().astype(int)
    log = np.log10(bands[moments] + floor)
    return np.asarray(log - log.mean())


def trimmed(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    return sound[loud[0] : loud[-1] + FRAME]


def told_apart(speak: Speak, language: str) -> tuple[list[float], float, float]:
    """Share of digits told apart at each ratio, share of power at 250-2000 Hz, mean length in s."""
    random = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        spoken, whole = [], []
        for word in DIGITS[language]:
            file = Path(folder) / "word.wav"
            speak(word, file)
            whole.append(at_level(trimmed(read(file)), -20))
            spoken.append(old_ears(whole[-1]))
    clean = [picture(sound, 1e-3) for sound in spoken]
    shares = []
    for ratio_db in RATIOS_DB:
        right = 0
        for number, sound in enumerate(spoken * DRAWS):
            noise = old_ears(coloured(len(sound) / RATE_HZ + 0.1, 1.5, random)[: len(sound)])
            noisy = picture(sound + 10 ** ((-20 - ratio_db) / 20) * noise, 1e-3)
            fits = [float((noisy * one).sum() / np.linalg.norm(one)) for one in clean]
            right += int(np.argmax(fits)) == number % 10
        shares.append(right / (10 * DRAWS))
    power = np.abs(np.fft.rfft(np.concatenate(whole))) ** 2
    lines = np.arange(len(power)) * RATE_HZ / 2 / len(power)
    low = float(power[(lines > 250) & (lines < 2000)].sum() / power.sum())
    return shares, low, float(np.mean([len(sound) for sound in spoken])) / RATE_HZ


def main() -> None:
    print("voice", *(f"{ratio} dB" for ratio in RATIOS_DB), "250-2000 Hz", "s a digit", sep="\t")
    for name, language, speak in voices(sys.argv[1] if len(sys.argv) > 1 else ""):
        shares, low, length_s = told_apart(speak, language)
        print(
            f"{name:28}",
            *(f"{one:.2f}" for one in shares),
            f"{low:.2f}",
            f"{length_s:.2f}",
            sep="\t",
        )


if __name__ == "__main__":
    main()
