"""The analyser's picture: decoded, measured, and sent back blurred. Runs in its own thread.

Packets wait in a bounded queue. Frames that come while one is being blurred are decoded (later ones
need them) and measured, but not blurred: late frames are dropped, never queued.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder
from aiortc.jitterbuffer import JitterFrame

from appliance.device_check.analyser_rtp import (
    PICTURE_PAYLOAD_TYPE,
    Arrivals,
    PictureOrder,
    Sender,
    fits,
    parse,
)
from appliance.device_check.analyser_words import BackgroundMode
from appliance.device_check.blur import Blur
from appliance.device_check.code_reader import CodeReader
from appliance.device_check.picture_meter import PictureMeter
from appliance.device_check.preview_meter import PreviewMeter
from appliance.device_check.records import AnalyserBackground, AnalyserCamera

PREVIEW_LONG_PX = 640
PREVIEW_SHORT_PX = 360
PREVIEW_FPS_MAX = 24
PREVIEW_BITRATE_BPS = 900_000
CLOCK_HZ = 90_000
_QUEUE_PACKETS = 1500  # two seconds of a generous camera; more means that we cannot keep up
_KEYFRAME_REQUEST_EVERY_S = 0.5
_IDLE_S = 0.25

Send = Callable[[bytes], None]
Ask = Callable[[], None]


class PictureWorker:
    """Fed from the analyser's loop by ``add``; everything else happens in ``run``'s thread."""

    def __init__(self, meter: PictureMeter, blur: Blur, send: Send, ask_keyframe: Ask) -> None:
        self._meter = meter
        self._blur = blur
        self._send = send
        self._ask_keyframe = ask_keyframe
        self._packets: deque[bytes] = deque()
        self._news = threading.Condition()
        self._closed = False
        self._failed = False
        self._measuring = False
        self._mode: BackgroundMode = "none"
        self._tell_code: Callable[[str], None] | None = None
        self._codes = CodeReader()
        self._encoder_keyframe = True
        self._asked_at_s = -_KEYFRAME_REQUEST_EVERY_S
        self._order = PictureOrder()
        self._arrivals = Arrivals()
        self._decoder = Vp8Decoder()
        self._encoder = _encoder()
        self._sender = Sender(PICTURE_PAYLOAD_TYPE)
        self._preview = PreviewMeter()
        self._newest: av.VideoFrame | None = None
        self._sent_at_s = 0.0
        self._thread = threading.Thread(target=self._run, name="picture", daemon=True)

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    @property
    def failed(self) -> bool:
        """The thread has ended by an error: this analyser is of no use any more."""
        return self._failed

    def close(self) -> None:
        """Ends the thread after the frame it works on."""
        with self._news:
            self._closed = True
            self._news.notify()

    def add(self, data: bytes) -> None:
        """Takes one RTP packet; ignored while nobody measures or wants a picture."""
        with self._news:
            if not self._measuring and self._mode == "none" and self._tell_code is None:
                return
            if len(self._packets) >= _QUEUE_PACKETS:
                self._packets.clear()
            self._packets.append(data)
            self._news.notify()

    def measure(self, *, camera: bool, background: bool) -> None:
        """Whether to measure the raw picture; what is named here starts from nothing."""
        now_s = time.monotonic()
        with self._news:
            self._measuring = camera
            if camera:
                self._meter.restart(now_s)
            if background:
                self._preview.restart(now_s)

    def read_codes(self, tell: Callable[[str], None] | None) -> None:
        """Whom to tell what stands in a QR code; None: nobody wants to know any more."""
        with self._news:
            self._tell_code, self._codes = tell, CodeReader()

    def set_mode(self, mode: BackgroundMode) -> None:
        """Which picture to send back; a new mode begins with a keyframe."""
        with self._news:
            self._mode = mode
            self._encoder_keyframe = True
            self._preview.restart(time.monotonic())

    def whole_picture(self) -> None:
        """The next frame that is sent is a keyframe."""
        self._encoder_keyframe = True

    def camera_record(self) -> AnalyserCamera:
        """What was measured so far."""
        with self._news:
            return self._meter.record(time.monotonic())

    def background_record(self) -> AnalyserBackground:
        """How the blurred picture does."""
        with self._news:
            return self._preview.record(self._mode, time.monotonic())

    def _run(self) -> None:
        try:
            while not self._closed:
                self._work()
        except Exception:
            self._failed = True
            raise

    def _work(self) -> None:
        with self._news:
            if not self._packets:
                self._news.wait(_IDLE_S)
            waiting = list(self._packets)
            self._packets.clear()
            mode = self._mode
        for data in waiting:
            self._take(data)
        now_s = time.monotonic()
        if waiting and self._order.wants_keyframe:
            self._request_keyframe(now_s)
        if mode == "none":
            self._newest = None
        elif self._newest is not None and self._is_time(now_s):
            self._send_preview(self._newest, mode, now_s)
            self._newest = None

    def _take(self, data: bytes) -> None:
        packet = parse(data)
        if packet is None or packet.payload_type != PICTURE_PAYLOAD_TYPE:
            return
        if not self._arrivals.add(packet.sequence_number, packet.ssrc):
            return
        now_s = time.monotonic()
        encoded = self._order.add(packet, now_s)
        if encoded is None or not encoded.data:
            return
        for frame in self._decoded(encoded):
            self._newest = frame
            with self._news:
                self._preview.source(now_s)
                if self._measuring:
                    self._meter.add(frame, now_s)
            self._read_code(frame, now_s)

    def _read_code(self, frame: av.VideoFrame, now_s: float) -> None:
        tell, codes = self._tell_code, self._codes
        if tell is not None and (text := codes.look(frame, now_s)):
            tell(text)

    def _decoded(self, encoded: JitterFrame) -> list[av.VideoFrame]:
        try:
            frames = self._decoder.decode(encoded)
        except av.FFmpegError:
            self._order.wants_keyframe = True
            return []
        return [
            frame
            for frame in frames
            if isinstance(frame, av.VideoFrame) and fits(frame.width, frame.height)
        ]

    def _request_keyframe(self, now_s: float) -> None:
        if now_s - self._asked_at_s >= _KEYFRAME_REQUEST_EVERY_S:
            self._asked_at_s = now_s
            self._ask_keyframe()

    def _is_time(self, now_s: float) -> bool:
        """At most 24 in a second, with some patience for cameras of 25 or 30."""
        return now_s - self._sent_at_s >= 0.8 / PREVIEW_FPS_MAX

    def _send_preview(self, frame: av.VideoFrame, mode: BackgroundMode, now_s: float) -> None:
        began_s = time.monotonic()
        width, height = preview_size(frame.width, frame.height)
        small = frame.reformat(width=width, height=height, format="yuv420p")
        generated, masked = self._blur.apply(small, mode, now_s)
        generated.pts = int(now_s * CLOCK_HZ)
        generated.time_base = Fraction(1, CLOCK_HZ)
        force, self._encoder_keyframe = self._encoder_keyframe, False
        payloads, timestamp = self._encoder.encode(generated, force_keyframe=force)
        for data in self._sender.packets(payloads, timestamp):
            self._send(data)
        self._sent_at_s = now_s
        with self._news:
            self._preview.sent(now_s, time.monotonic() - began_s, masked)


def preview_size(width: int, height: int) -> tuple[int, int]:
    """Even sides within 640x360, lying or upright; never larger than the picture is."""
    long_px, short_px = max(width, height), min(width, height)
    scale = min(1.0, PREVIEW_LONG_PX / long_px, PREVIEW_SHORT_PX / short_px)
    return max(16, int(width * scale) // 2 * 2), max(16, int(height * scale) // 2 * 2)


def _encoder() -> Any:
    encoder = Vp8Encoder()
    encoder.target_bitrate = PREVIEW_BITRATE_BPS
    return encoder
