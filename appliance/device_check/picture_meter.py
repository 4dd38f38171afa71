"""Measures pictures: light, edges, movement, rate, size, faces. New frames only."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from appliance.device_check import thresholds
from appliance.device_check.records import AnalyserCamera
from appliance.device_check.vision_tasks import BaseOptions, mediapipe, vision

FACE_MODEL = "face_detection_short_range.tflite"
_SMALL_PX = (160, 90)
_LOOKED_AT_PX = 320
_FACES_PX = 480
_LOOK_EVERY_S = 0.1
_FACE_EVERY_S = 0.5
_WINDOW_S = 3.0
_LEAST_FACE_SCORE = 0.6
_EDGE_LOW, _EDGE_HIGH = 60, 120
_CHANGED_MEAN = 0.08  # levels, mean over the small picture; codecs refine a still by < 0.06
_CHANGED_SPOT = 6.0  # levels, in the one cell that changed most; a still < 5, a blink > 9
_CUT_OFF_SHARE = 0.02  # of the picture: a face this close to the rim goes on behind it

Luma = NDArray[np.float32]
Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the picture


@dataclass(frozen=True, slots=True)
class Look:
    """One frame that was looked at."""

    at_s: float
    mean: float
    deviation: float
    edge_ratio: float


class FaceFinder:
    """MediaPipe's short-range face detector: faces within two metres or so."""

    def __init__(self, models: Path) -> None:
        options = vision.FaceDetectorOptions(
            base_options=BaseOptions(model_asset_buffer=(models / FACE_MODEL).read_bytes()),
            min_detection_confidence=_LEAST_FACE_SCORE,
        )
        self._detector = vision.FaceDetector.create_from_options(options)

    def find(self, frame: av.VideoFrame) -> list[Box]:
        """Largest first."""
        width, height = _within(frame, _FACES_PX)
        small = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=small)
        boxes = []
        for detection in self._detector.detect(image).detections:
            box = detection.bounding_box
            left, top = box.origin_x / width, box.origin_y / height
            boxes.append((left, top, left + box.width / width, top + box.height / height))
        return sorted(boxes, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]), reverse=True)

    def close(self) -> None:
        """Ends MediaPipe's threads."""
        self._detector.close()


class PictureMeter:
    """Every frame counts for the rate; ten in a second are looked at, two searched for faces."""

    def __init__(self, faces: FaceFinder) -> None:
        self._faces = faces
        self.restart(0.0)

    def restart(self, now_s: float) -> None:
        """Measures from nothing."""
        self._began_at_s = now_s
        self._first_at_s: float | None = None
        self._newest_at_s = 0.0
        self._changed_at_s = 0.0
        self._face_at_s = -_FACE_EVERY_S
        self._frames = 0
        self._times: deque[float] = deque(maxlen=400)
        self._looks: deque[Look] = deque(maxlen=round(_WINDOW_S / _LOOK_EVERY_S))
        self._small: Luma | None = None
        self._size = (0, 0)
        self._boxes: list[Box] = []
        self._face_luma: float | None = None
        self._surround_luma: float | None = None

    def add(self, frame: av.VideoFrame, now_s: float) -> None:
        """Takes one new frame, yuv420p."""
        if self._first_at_s is None:
            self._first_at_s = self._changed_at_s = now_s
        self._newest_at_s = now_s
        self._frames += 1
        self._times.append(now_s)
        self._size = (frame.width, frame.height)
        if self._looks and now_s - self._looks[-1].at_s < _LOOK_EVERY_S:
            return
        luma = _luma(frame)
        self._looks.append(_look(luma, now_s))
        self._notice_change(luma, now_s)
        if now_s - self._face_at_s >= _FACE_EVERY_S:
            self._face_at_s = now_s
            self._find_faces(frame, luma)

    def record(self, now_s: float) -> AnalyserCamera:
        """What was seen so far; light and rate over the last three seconds."""
        if self._first_at_s is None:
            return AnalyserCamera(listening_s=round(now_s - self._began_at_s, 2))
        looks = list(self._looks)
        dark = sum(1 for look in looks if look.mean < thresholds.BLACK_LUMA)
        return AnalyserCamera(
            duration_s=round(now_s - self._first_at_s, 2),
            frames=self._frames,
            frames_per_s=round(self._rate(now_s), 1),
            width=self._size[0],
            height=self._size[1],
            mean_luma=round(float(np.mean([look.mean for look in looks])), 1),
            luma_deviation=round(float(np.mean([look.deviation for look in looks])), 1),
            edge_ratio=round(float(np.mean([look.edge_ratio for look in looks])), 4),
            black_ratio=round(dark / len(looks), 3),
            same_picture_s=round(self._newest_at_s - self._changed_at_s, 2),
            faces=len(self._boxes),
            face_luma=self._face_luma,
            surround_luma=self._surround_luma,
            face_cut_off=bool(self._boxes) and _is_cut_off(self._boxes[0]),
            listening_s=round(now_s - self._began_at_s, 2),
        )

    def _rate(self, now_s: float) -> float:
        """Frames of the last three seconds, or of the time since the first one."""
        span_s = min(_WINDOW_S, now_s - (self._first_at_s or now_s))
        if span_s < _LOOK_EVERY_S:
            return 0.0
        return sum(1 for at_s in self._times if at_s > now_s - span_s) / span_s

    def _notice_change(self, luma: Luma, now_s: float) -> None:
        small = np.asarray(
            cv2.resize(luma, _SMALL_PX, interpolation=cv2.INTER_AREA), dtype=np.float32
        )
        previous, self._small = self._small, small
        if previous is None:
            return
        difference = np.abs(small - previous)
        if difference.mean() >= _CHANGED_MEAN or difference.max() >= _CHANGED_SPOT:
            self._changed_at_s = now_s

    def _find_faces(self, frame: av.VideoFrame, luma: Luma) -> None:
        self._boxes = self._faces.find(frame)
        self._face_luma = self._surround_luma = None
        if not self._boxes:
            return
        face, surround = _face_and_surround(luma, self._boxes[0])
        if face.size and surround.size:
            self._face_luma = round(float(face.mean()), 1)
            self._surround_luma = round(float(surround.mean()), 1)


def _within(frame: av.VideoFrame, side_px: int) -> tuple[int, int]:
    """Width and height within a square, whatever shape a stranger's picture has."""
    scale = side_px / max(frame.width, frame.height)
    return max(8, round(frame.width * scale)), max(8, round(frame.height * scale))


def _luma(frame: av.VideoFrame) -> Luma:
    """Full range 0-255 within 320 px; video carries 16-235."""
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(frame.height, plane.line_size)
    picture = rows[:, : frame.width]
    small = cv2.resize(picture, _within(frame, _LOOKED_AT_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip((small.astype(np.float32) - 16) * (255 / 219), 0, 255))


def _look(luma: Luma, now_s: float) -> Look:
    edges = cv2.Canny(luma.astype(np.uint8), _EDGE_LOW, _EDGE_HIGH)
    return Look(
        at_s=now_s,
        mean=float(luma.mean()),
        deviation=float(luma.std()),
        edge_ratio=float(np.count_nonzero(edges)) / edges.size,
    )


def _face_and_surround(luma: Luma, box: Box) -> tuple[Luma, Luma]:
    """The pixels of the face, and those well outside it (hair and shoulders say nothing)."""
    height, width = luma.shape
    left, top, right, bottom = box
    rows = slice(max(0, int(top * height)), max(0, int(bottom * height)))
    columns = slice(max(0, int(left * width)), max(0, int(right * width)))
    face = luma[rows, columns]
    wide, tall = right - left, bottom - top
    outside = np.ones(luma.shape, dtype=bool)
    outside[
        max(0, int((top - tall / 2) * height)) :,
        max(0, int((left - wide) * width)) : max(0, int((right + wide) * width)),
    ] = False
    return face, luma[outside]


def _is_cut_off(box: Box) -> bool:
    left, top, right, bottom = box
    return min(left, top) < _CUT_OFF_SHARE or max(right, bottom) > 1 - _CUT_OFF_SHARE
