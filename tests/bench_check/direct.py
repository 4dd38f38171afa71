"""Media through the real codecs into the analyser's and the page's own measuring, then ``judge``.

Time is simulated: twelve seconds of listening cost less than one. Everything else is what runs in
production: Opus and VP8, RTP, depayloading, decoding, meters, the page's modules under node.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder

from appliance.device_check import analyser_picture, camera, microphone
from appliance.device_check.analyser_picture import PictureWorker
from appliance.device_check.analyser_rtp import Sender
from appliance.device_check.analyser_sound import SoundIn
from appliance.device_check.picture_meter import FaceFinder, PictureMeter
from appliance.device_check.records import BrowserCamera, BrowserMicrophone, Finding, Verdict
from appliance.device_check.voice import VoiceDetector
from tests.bench_check.cases import Outcome, Picture, Sound
from tests.device_check.media_path import VENDOR

LOOK_EVERY_S = 0.5  # the page's MEASURE_MS
QUIET_S = 1.0  # the page's QUIET_MS: the room alone, before anybody is asked to speak
RATE_HZ = 48_000
PACKET = 960
BITRATE_BPS = 1_200_000


@dataclass
class PageMeter:
    """The page's level modules in one node process."""

    process: subprocess.Popen[str] = field(
        default_factory=lambda: subprocess.Popen(
            ["node", str(Path(__file__).parent / "levels.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )

    def figures(self, samples: np.ndarray, gains: tuple[float, ...]) -> list[dict[str, Any] | None]:
        """After each half second; nothing during the quiet phase. 48 kHz mono floats."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with tempfile.NamedTemporaryFile(suffix=".f32") as file:
            samples.astype("<f4").tofile(file.name)
            wanted = {"file": file.name, "rate_hz": RATE_HZ, "every_s": LOOK_EVERY_S}
            wanted |= {"quiet_s": QUIET_S, "gains": gains}
            self.process.stdin.write(json.dumps(wanted) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())


@dataclass
class OpusSender:
    """Packets of 20 ms. Both channels are given, for making two of one costs the encoder 3 dB."""

    encoder: OpusEncoder = field(default_factory=OpusEncoder)
    sender: Sender = field(default_factory=lambda: Sender(111))
    sent: int = 0

    def packets(self, samples: np.ndarray) -> list[bytes]:
        """``samples``: 960 of int16."""
        both = np.repeat(samples, 2).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = RATE_HZ, self.sent * PACKET
        frame.time_base = Fraction(1, RATE_HZ)
        payloads, _ = self.encoder.encode(frame)
        out = []
        for payload in payloads:
            out += self.sender.packets([payload], self.sent * PACKET)
            self.sent += 1
        return out


@cache
def page_meter() -> PageMeter:
    """One for all runs of this process."""
    return PageMeter()


@cache
def voice_detector() -> VoiceDetector:
    """One for all runs of this process; each meter begins it anew."""
    return VoiceDetector()


@cache
def face_finder() -> FaceFinder:
    """One for all runs of this process."""
    return FaceFinder(VENDOR / "models")


def close() -> None:
    """Ends node and MediaPipe's threads."""
    if page_meter.cache_info().currsize:
        page_meter().process.kill()
        page_meter().process.wait(5)
        page_meter.cache_clear()
    if face_finder.cache_info().currsize:
        face_finder().close()
        face_finder.cache_clear()


def hear(sound: Sound) -> Outcome:
    """Runs the microphone's step: the first pass ends it, as in the page."""
    captured = np.clip(np.round(sound.samples * 32768), -32768, 32767)
    figures = page_meter().figures((captured / 32768).astype(np.float32), sound.gains)
    integers = np.round(captured * float(np.mean(sound.gains))).astype(np.int16)
    analyser, encoder = SoundIn(voice_detector()), OpusSender()
    said = _Said()
    number = 0
    for look, figure in enumerate(figures, 1):
        now_s = look * LOOK_EVERY_S
        while (number + 1) * 0.02 <= now_s:
            chunk = integers[number * PACKET : (number + 1) * PACKET]
            for packet in encoder.packets(np.pad(chunk, (0, PACKET - len(chunk)))):
                if sound.arrives and number not in sound.lost:
                    analyser.add(packet)
            number += 1
        if figure is None:
            continue
        browser = BrowserMicrophone.model_validate({"kind": "microphone", **figure, **sound.about})
        record = analyser.record(now_s)
        if said.add(microphone.judge(browser, record), now_s):
            break
    return said.outcome({"browser": browser.model_dump(), "analyser": record.model_dump()})


class _Said:
    """What was said over time."""

    def __init__(self) -> None:
        self._newest = Finding(kind="microphone", verdict=Verdict.OPEN)
        self._since_s = 0.0

    def add(self, finding: Finding, now_s: float) -> bool:
        """Whether it has passed."""
        if (finding.verdict, finding.cause) != (self._newest.verdict, self._newest.cause):
            self._newest, self._since_s = finding, now_s
        return finding.verdict is Verdict.PASSED

    def outcome(self, record: dict[str, Any]) -> Outcome:
        newest = self._newest
        return Outcome(str(newest.verdict), newest.cause, round(self._since_s, 1), record)


class SimulatedTime:
    """Stands where the picture's worker looks for the module ``time``."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.now_s


def see(picture: Picture) -> Outcome:
    """Runs the camera's step to its end: the page shows what is found as long as one looks."""
    clock = SimulatedTime()
    kept = analyser_picture.time
    analyser_picture.time = clock  # type: ignore[assignment]
    try:
        return _see(picture, clock)
    finally:
        analyser_picture.time = kept


def _see(picture: Picture, clock: SimulatedTime) -> Outcome:
    worker = PictureWorker(
        PictureMeter(face_finder()),
        None,  # type: ignore[arg-type]  # nothing is blurred
        lambda _: None,
        lambda: None,
    )
    worker.measure(camera=True, background=False)
    encoder, sender, said = Vp8Encoder(), Sender(96), _Said()
    encoder.target_bitrate = BITRATE_BPS
    due_s, seen = LOOK_EVERY_S, 0
    end: tuple[float, av.VideoFrame | None] = (picture.seconds, None)
    for at_s, frame in chain(picture.frames(picture.seconds), [end]):
        while due_s <= at_s:
            clock.now_s = due_s
            browser = _browser_camera(picture, seen, due_s)
            record = worker.camera_record()
            said.add(camera.judge(browser, record), due_s)
            due_s += LOOK_EVERY_S
        clock.now_s = at_s
        if frame is not None and picture.arrives:
            for data in _packets(encoder, sender, frame, at_s, worker):
                worker._take(data)
        seen += frame is not None
    return said.outcome({"browser": browser.model_dump(), "analyser": record.model_dump()})


def _packets(
    encoder: Any, sender: Sender, frame: av.VideoFrame, at_s: float, worker: PictureWorker
) -> list[bytes]:
    frame.pts, frame.time_base = int(at_s * 90_000), Fraction(1, 90_000)
    payloads, timestamp = encoder.encode(frame, force_keyframe=worker._order.wants_keyframe)
    return sender.packets(payloads, timestamp)


def _browser_camera(picture: Picture, seen: int, now_s: float) -> BrowserCamera:
    known = {"duration_s": now_s, "frames_per_s": round(seen / now_s, 1)}
    return BrowserCamera.model_validate({"kind": "camera", **known, **picture.about})
