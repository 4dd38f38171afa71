"""Compares voice detectors on real speech and on what is none; prints a table.

``python -m tests.device_check.bench_voice FOLDER...``: each folder is one speaker, whose wav files
are cut into runs of 6 s. A run counts as heard with 0.8 s of voice, as the check does it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from appliance.device_check import thresholds
from appliance.device_check.voice import RATE_HZ, STEP_S, STEP_SAMPLES, VoiceDetector
from tests.device_check.pitch_voice import PitchDetector
from tests.device_check.sounds import ALSA, Sound, at_level, coloured, no_voice, read

RUN_S = 6.0
ROOM_DBFS = -75.0
RUNS_PER_SPEAKER = 20


def by_pitch(sound: Sound) -> float:
    """The detector that was here before."""
    detector, steps = PitchDetector(), 0
    for start in range(0, len(sound) - STEP_SAMPLES + 1, STEP_SAMPLES):
        step = sound[start : start + STEP_SAMPLES]
        steps += detector.step(step, 20 * np.log10(np.sqrt((step**2).mean()) + 1e-9))
    return steps * STEP_S


def by_model() -> Callable[[Sound], float]:
    """The appliance's detector; loaded once, as in the analyser."""
    detector = VoiceDetector()

    def measure(sound: Sound) -> float:
        detector.reset()
        starts = range(0, len(sound) - STEP_SAMPLES + 1, STEP_SAMPLES)
        return STEP_S * sum(detector.step(sound[at : at + STEP_SAMPLES]) for at in starts)

    return measure


def runs_of(folder: Path, random: np.random.Generator) -> Iterator[Sound]:
    """Runs of six seconds of one speaker, files joined with a pause, in a fixed order."""
    files = sorted(folder.rglob("*.wav"))
    random.shuffle(files)
    pause = np.zeros(RATE_HZ // 3)
    joined, made = np.zeros(0), 0
    for file in files:
        joined = np.concatenate([joined, read(file), pause])
        while len(joined) >= RUN_S * RATE_HZ and made < RUNS_PER_SPEAKER:
            cut = round(RUN_S * RATE_HZ)
            run, joined, made = joined[:cut], joined[cut:], made + 1
            if (np.abs(run) > 0.03).mean() > 0.1:  # not a beep or a file of silence
                yield run
        if made >= RUNS_PER_SPEAKER:
            return


def espoken(language: str, random: np.random.Generator) -> Iterator[Sound]:
    sentence = "Guten Tag, können Sie mich hören? Ich rufe wegen meines Antrags an."
    for pitch in (20, 50, 80):
        command = ["espeak-ng", "-v", language, "-p", str(pitch), "--stdout", sentence]
        raw = subprocess.run(command, check=True, capture_output=True).stdout[44:]
        sound = np.frombuffer(raw[: len(raw) // 2 * 2], "<i2") / 32768
        positions = np.arange(0, len(sound) - 1, 22_050 / RATE_HZ)
        run = np.interp(positions, np.arange(len(sound)), sound)
        yield np.pad(run, (RATE_HZ // 2, max(0, round(RUN_S * RATE_HZ) - len(run))))


def speech_cases(folders: list[Path]) -> Iterator[tuple[str, Sound]]:
    random = np.random.default_rng(3)
    clean = [(folder.name, run) for folder in folders for run in runs_of(folder, random)]
    clean += [("espeak", run) for run in espoken("de", random)]
    for speaker, run in clean:
        room = 10 ** (ROOM_DBFS / 20) * coloured(len(run) / RATE_HZ, 1, random)
        for level in (-20, -35, -45, -50, -55):
            yield f"speech {level} dBFS", at_level(run, level) + room
        for name, slope in (("white", 0), ("pink", 1), ("fan", 2)):
            noise = coloured(len(run) / RATE_HZ, slope, random)
            for ratio in (15, 10, 5):
                yield (
                    f"speech over {name} {ratio} dB",
                    (at_level(run, -26) + 10 ** ((-26 - ratio) / 20) * noise),
                )
        yield "speech clipped", np.clip(at_level(run, -20) * 8, -1, 1)
        yield f"speaker {speaker} -26 dBFS", at_level(run, -26) + room


def other_cases() -> Iterator[tuple[str, Sound]]:
    for seed in range(5):
        random = np.random.default_rng(100 + seed)
        for name, sound in no_voice(12.0, random).items():
            for level in (-15, -30, -45):
                room = 10 ** (ROOM_DBFS / 20) * coloured(len(sound) / RATE_HZ, 1, random)
                yield name, at_level(sound, level) + room
        yield "silence", np.zeros(12 * RATE_HZ)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("speakers", nargs="*", type=Path, default=[ALSA])
    folders = parser.parse_args().speakers
    detectors = {"pitch": by_pitch, "silero": by_model()}
    rows: dict[str, list[dict[str, bool]]] = defaultdict(list)
    cost_s: dict[str, float] = defaultdict(float)
    for cases in (speech_cases(folders), other_cases()):
        for name, sound in cases:
            heard = {}
            for detector, measure in detectors.items():
                began_s = time.process_time()
                heard[detector] = measure(sound) >= thresholds.VOICE_NEEDED_S
                cost_s[detector] += time.process_time() - began_s
            rows[name].append(heard)
    print(f"{'heard as voice':34}", "runs", *detectors, sep="\t")
    for name, results in rows.items():
        shares = [sum(result[one] for result in results) for one in detectors]
        print(f"{name:34}", len(results), *shares, sep="\t")
    print(json.dumps({"cpu_s": {name: round(spent_s, 1) for name, spent_s in cost_s.items()}}))


if __name__ == "__main__":
    main()
