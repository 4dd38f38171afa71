"""Capture files for Chromium from what the direct tier plays: y4m keeps rate, size and grain.

Chromium plays y4m at the rate of its head, slow ones, too (13.8 of 14.8 and 2.3 of 2.3 frames a
second arrived), motion JPEG always at 30.
"""

from __future__ import annotations

import wave
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench_check import camera_cases, microphone_cases, people
from tests.bench_check.cases import Case, Picture
from tests.bench_check.sounds import named
from tests.bench_check.stage import Stage

_SECONDS = 4.0  # Chromium begins again at the end
_LONGER_S = {"camera_frozen": 16.0}  # what stands still would move again then
_TALK_S = 11.0


Made = tuple[Path, dict[str, Any]]  # the file, and what is in it: sources and strengths


def sound_file(name: str, situation: str, folder: Path, *, pauses: bool = True) -> Made:
    """48 kHz. ``name`` is the case's, by which sources and strengths are drawn."""
    case = Case(name, "microphone", frozenset())
    make = {**microphone_cases.FAULTS, **microphone_cases.HEALTHY}[situation]
    sound = make(microphone_cases.Scene(case, named(name)))
    samples = sound.samples[: int(_TALK_S * 48_000)]
    if not pauses:
        loud = np.flatnonzero(np.abs(samples) > 0.1 * np.abs(samples).max())
        samples = samples[loud[0] : loud[-1]]
    samples = samples[:, None] * np.array(sound.gains)
    file = folder / "sound.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(samples.shape[1])
        out.setsampwidth(2)
        out.setframerate(48_000)
        whole = np.clip(np.round(samples * 32768), -32768, 32767).astype("<i2")
        out.writeframes(whole.tobytes())
    return file, {"sound": situation, **case.notes}


def two_people(stage: Stage) -> Picture:
    """Two people of the half, side by side before one camera."""
    width, height = stage.size
    stage.size = (width // 2, height)
    there = [name for name in stage.sources["person"] if people.person_there(name)]
    sides = []
    for name in (stage.name, next(name for name in there if name != stage.name)):
        stage.person = people.person(name, 0)
        sides.append(stage.moving(stage.person.frames, stage.framed(0.34, 0.5, 0.48)))
    stage.size = (width, height)
    bright = stage.lit(120)
    return Picture(stage.shown(lambda at_s: np.hstack([side(at_s) for side in sides]), bright))


def picture_file(name: str, situation: str, folder: Path) -> Made:
    """Uncompressed, in the rate of the case."""
    case = Case(name, "camera", frozenset())
    more = {"camera_several_faces": two_people}
    make = {**camera_cases.FAULTS, **camera_cases.HEALTHY, **more}[situation]
    stage = Stage(case, named(name))
    if stage.size[0] > 640:  # a machine without a graphics card plays no uncompressed 720p
        stage.size = (640, 360)
    picture = make(stage)
    frames = picture.frames(_LONGER_S.get(situation, _SECONDS))
    if situation == "camera_frozen":  # one that moves at first would come to life again and again
        *moving, last = frames
        frames = iter([last] * (len(moving) + 1))
    _, first = next(frames)
    rate = Fraction(case.notes.get("real_fps", case.notes["fps"])).limit_denominator(1000)
    file = folder / "picture.y4m"
    with file.open("wb") as out:
        size = f"W{first.width} H{first.height}"
        head = f"YUV4MPEG2 {size} F{rate.numerator}:{rate.denominator} Ip A1:1 C420\n"
        out.write(head.encode())
        for _, frame in chain([(0.0, first)], frames):
            out.write(b"FRAME\n" + frame.to_ndarray().tobytes())
    return file, {"picture": situation, **case.notes}
