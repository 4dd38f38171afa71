"""Ten seconds of a real conversation as WebRTC sends it: VP8 720p30 and Opus, in payloads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av

from tests.e2e import clips

FRAMES_PER_SECOND: Final = 30
SOUNDS_PER_SECOND: Final = 50
SECONDS: Final = 10
PAYLOAD_BYTES: Final = 1100  # of a picture's packets, as browsers cut them
BITS_PER_SECOND: Final = 660_000  # what is set; libvpx in real time makes twice as much, 1.3 Mbit/s
STAMP_BYTES: Final = 8
CACHE: Final = Path(__file__).resolve().parents[3] / ".cache" / "bench-relay"


@dataclass(frozen=True, slots=True)
class Clip:
    """``frames[i]`` is one picture in payloads, the first a key frame; ``sounds[i]`` is 20 ms."""

    frames: list[list[bytes]]
    sounds: list[bytes]


def load() -> Clip:
    """Encodes the clip once and keeps the payloads."""
    kept = CACHE / "clip.json"
    if not kept.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        made = {"frames": _frames(), "sounds": _sounds()}
        part = kept.with_suffix(".part")
        part.write_text(json.dumps(made))
        part.rename(kept)
    read = json.loads(kept.read_text())
    frames = [_payloads(bytes.fromhex(frame), i) for i, frame in enumerate(read["frames"])]
    return Clip(frames, [bytes.fromhex(sound) for sound in read["sounds"]])


def _payloads(frame: bytes, index: int) -> list[bytes]:
    """Cuts a picture into payloads of equal size, each with its VP8 descriptor (RFC 7741, 4.2)."""
    parts = -(-len(frame) // PAYLOAD_BYTES)
    size = -(-len(frame) // parts)
    picture = (0x8000 | index & 0x7FFF).to_bytes(2)
    return [
        bytes([0x90 if at == 0 else 0x80, 0x80]) + picture + frame[at : at + size]
        for at in range(0, len(frame), size)
    ]


def _frames() -> list[str]:
    encoder: Any = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 1280, 720, "yuv420p"
    encoder.bit_rate, encoder.gop_size, encoder.framerate = BITS_PER_SECOND, 3000, FRAMES_PER_SECOND
    encoder.time_base = Fraction(1, FRAMES_PER_SECOND)
    rate = str(BITS_PER_SECOND)
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    encoder.options |= {"minrate": rate, "maxrate": rate, "bufsize": str(BITS_PER_SECOND // 2)}
    frames: list[str] = []
    with av.open(str(clips.picture("client"))) as source:
        for index, picture in enumerate(source.decode(video=0)):
            shown = picture.reformat(1280, 720, "yuv420p")
            for step in range(2):  # the clip has 15 pictures a second
                shown.pts, shown.time_base = 2 * index + step, encoder.time_base
                frames += [bytes(packet).hex() for packet in encoder.encode(shown)]
    return frames[: SECONDS * FRAMES_PER_SECOND]


def _sounds() -> list[str]:
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48000, "mono", "s16"
    encoder.bit_rate = 32000
    resampler = av.AudioResampler("s16", "mono", 48000, frame_size=960)
    sounds: list[str] = []
    with av.open(str(clips.speech("client"))) as source:
        for heard in source.decode(audio=0):
            for piece in resampler.resample(heard):
                sounds += [bytes(packet).hex() for packet in encoder.encode(piece)]
    times = -(-SECONDS * SOUNDS_PER_SECOND // len(sounds))
    return (sounds * times)[: SECONDS * SOUNDS_PER_SECOND]
