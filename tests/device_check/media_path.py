"""What stands at the near end of an analyser in tests: real clips and speech as real RTP."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
from aiortc.codecs.opus import OpusDecoder, OpusEncoder
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtp import RtpPacket

from appliance.device_check.analyser_rtp import PictureOrder, Sender, parse
from appliance.settings import Settings

HOUSE = Path(__file__).parent.parent.parent
CLIPS = HOUSE / ".cache" / "test-media"
VENDOR = Settings().vendor_dir
REAL_SPEECH = sorted(Path("/usr/share/sounds/alsa").glob("*_*.wav"))
FPS = 24


def frames_of(clip: str, count: int, skip: int = 0) -> list[av.VideoFrame]:
    with av.open(str(CLIPS / clip)) as container:
        decoded = islice(container.decode(video=0), skip, skip + count)
        return [frame.reformat(format="yuv420p") for frame in decoded]


def still(width: int, height: int, luma: int, noise: float = 0.0) -> av.VideoFrame:
    random = np.random.default_rng(1)
    packed = np.full((height * 3 // 2, width), 128, dtype=np.uint8)
    grain = random.normal(luma, noise, (height, width)) if noise else luma
    packed[:height] = np.clip(grain, 16, 235)
    return av.VideoFrame.from_ndarray(packed, format="yuv420p")


@cache
def speech() -> np.ndarray:
    """Real recorded phrases with pauses, 48 kHz mono, about 13 s."""
    parts: list[np.ndarray] = []
    for file in REAL_SPEECH:
        with av.open(str(file)) as container:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
            for frame in container.decode(audio=0):
                parts += [part.to_ndarray().reshape(-1) for part in resampler.resample(frame)]
        parts.append(np.zeros(12_000, dtype=np.int16))
    return np.concatenate(parts)


@dataclass
class Camera:
    """Encodes frames like a browser does."""

    bitrate_bps: int = 1_200_000
    sender: Sender = field(default_factory=lambda: Sender(96))
    sent: int = 0

    def __post_init__(self) -> None:
        self.encoder = Vp8Encoder()
        self.encoder.target_bitrate = self.bitrate_bps

    def packets(self, frame: av.VideoFrame, keyframe: bool = False) -> list[bytes]:
        timestamp = self.sent * 90_000 // FPS
        frame.pts, frame.time_base = timestamp, Fraction(1, 90_000)
        self.sent += 1
        payloads, _ = self.encoder.encode(frame, force_keyframe=keyframe)
        return self.sender.packets(payloads, timestamp)


@dataclass
class Microphone:
    """Encodes 16-bit mono sound at 48 kHz in packets of 20 ms."""

    sender: Sender = field(default_factory=lambda: Sender(111))
    encoder: OpusEncoder = field(default_factory=OpusEncoder)
    sent: int = 0

    def packets(self, samples: np.ndarray) -> list[bytes]:
        frame = av.AudioFrame.from_ndarray(
            samples.astype(np.int16).reshape(1, -1), format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts = 48_000, self.sent * 960
        frame.time_base = Fraction(1, 48_000)
        payloads, _ = self.encoder.encode(frame)
        out = []
        for payload in payloads:
            out += self.sender.packets([payload], self.sent * 960)
            self.sent += 1
        return out


@dataclass
class FarEnd:
    """An analyser process, and everything that it has said."""

    connection: socket.socket
    process: subprocess.Popen[bytes] | None = None
    words: list[dict[str, Any]] = field(default_factory=list)
    sound: list[RtpPacket] = field(default_factory=list)
    picture: list[RtpPacket] = field(default_factory=list)

    def send(self, data: bytes) -> None:
        self.connection.settimeout(5)
        self.connection.send(data)

    def say(self, **word: Any) -> None:
        self.send(b"\x00" + json.dumps(word).encode())

    def listen(self, until_s: float) -> None:
        while (left_s := until_s - time.monotonic()) > 0:
            self.connection.settimeout(left_s)
            try:
                data = self.connection.recv(65_536)
            except TimeoutError:
                return
            if not data:
                raise ConnectionResetError
            if data[0] == 0:
                self.words.append(json.loads(data[1:]))
            else:
                packet = RtpPacket.parse(data[1:])
                (self.sound if data[0] == 1 else self.picture).append(packet)

    def wait_for(self, kind: str, within_s: float = 10.0) -> dict[str, Any]:
        until_s = time.monotonic() + within_s
        while time.monotonic() < until_s:
            for word in self.words:
                if word["type"] == kind:
                    return word
            self.listen(time.monotonic() + 0.02)
        raise TimeoutError(kind)

    def play(
        self,
        seconds: float,
        sound: np.ndarray | None = None,
        frames: list[av.VideoFrame] | None = None,
        camera: Camera | None = None,
        drop_every: int = 0,
    ) -> None:
        """In real time: sound from its start, frames over and over."""
        microphone, camera = Microphone(), camera or Camera()
        began_s = time.monotonic()
        sound_due = picture_due = counted = 0
        while (passed_s := time.monotonic() - began_s) < seconds:
            while sound is not None and sound_due * 0.02 <= passed_s:
                chunk = sound[sound_due * 960 : sound_due * 960 + 960]
                sound_due += 1
                for packet in microphone.packets(np.pad(chunk, (0, 960 - len(chunk)))):
                    counted += 1
                    if not drop_every or counted % drop_every:
                        self.send(b"\x01" + packet)
            while frames and picture_due / FPS <= passed_s:
                wanted = any(word["type"] == "keyframe_request" for word in self.words)
                self.words = [word for word in self.words if word["type"] != "keyframe_request"]
                for packet in camera.packets(frames[picture_due % len(frames)], wanted):
                    self.send(b"\x02" + packet)
                picture_due += 1
            self.listen(time.monotonic() + 0.01)

    def newest(self, kind: str) -> dict[str, Any]:
        """The newest record of a kind."""
        return next(
            word["record"]
            for word in reversed(self.words)
            if word["type"] == "measured" and word["kind"] == kind
        )

    def seen(self) -> list[av.VideoFrame]:
        """The pictures that it sent, decoded."""
        order, decoder, frames = PictureOrder(), Vp8Decoder(), []
        for packet in self.picture:
            encoded = order.add(parse(packet.serialize()), 0.0)  # type: ignore[arg-type]
            if encoded is not None:
                frames += decoder.decode(encoded)
        return frames

    def heard(self) -> np.ndarray:
        """The sound that it sent, decoded to mono floats."""
        decoder, parts = OpusDecoder(), []
        for packet in self.sound:
            frames = decoder.decode(JitterFrame(packet.payload, packet.timestamp))
            parts += [frame.to_ndarray().reshape(-1, 2).mean(axis=1) / 32768 for frame in frames]
        return np.concatenate(parts) if parts else np.zeros(0)

    def close(self) -> int:
        self.connection.close()
        assert self.process is not None
        return self.process.wait(5)


def analyser(*extra: str) -> FarEnd:
    """A fresh process on one end of a socket pair."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [*extra, sys.executable, "-m", "appliance.device_check.analyser"]
    command += ["--descriptor", str(far.fileno()), "--vendor", str(VENDOR)]
    process = subprocess.Popen(command, pass_fds=(far.fileno(),), cwd=HOUSE)
    far.close()
    end = FarEnd(near, process)
    end.say(type="hello", language="de")
    end.wait_for("ready")
    return end
