"""Finds faces: where they are, and whether the picture stands on its side or its head."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from appliance.device_check.picture_light import Box, within
from appliance.device_check.vision_tasks import BaseOptions, mediapipe, vision

FACE_MODEL = "face_detection_short_range.tflite"
_FACES_PX = 480
_LEAST_FACE_SCORE = 0.6
# The detector also finds faces that stand on their head, eyes above mouth, but is less sure: at
# most 0.80, and at least 0.85 of the same ones upright (33 faces).
_SURE_SCORE = 0.85
_LEAST_TURNED_SCORE = 0.82
_SURER_BY = 0.08
_LEAST_FAR_SCORE = 0.75
_MIDDLE = (0.2, 0.8, 0.1, 0.7)  # left, right, top, bottom: where somebody far away is
_UPRIGHT_DEG = 55  # heads lean; pictures turn by right angles
_RIGHT_EYE, _LEFT_EYE, _MOUTH = 0, 1, 3  # MediaPipe's keypoints
_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Found:
    """Boxes of faces, largest first, and by how much clockwise the picture must be turned."""

    boxes: tuple[Box, ...] = ()
    turn_deg: int = 0


class FaceFinder:
    """MediaPipe's short-range face detector: faces within two metres or so."""

    def __init__(self, models: Path) -> None:
        options = vision.FaceDetectorOptions(
            base_options=BaseOptions(model_asset_buffer=(models / FACE_MODEL).read_bytes()),
            min_detection_confidence=_LEAST_FACE_SCORE,
        )
        self._detector = vision.FaceDetector.create_from_options(options)

    def find(self, frame: av.VideoFrame) -> Found:
        """Upright faces; else those of a turned picture; else small ones in the middle."""
        width, height = within(frame.width, frame.height, _FACES_PX)
        scaled = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
        small = np.asarray(scaled, dtype=np.uint8)
        score, boxes = self._upright(small)
        if score >= _SURE_SCORE:
            return Found(boxes)
        for turn_deg, turn in _TURNS.items():
            turned = np.asarray(cv2.rotate(small, turn), dtype=np.uint8)
            turned_score, turned_boxes = self._upright(turned)
            if turned_score >= max(_LEAST_TURNED_SCORE, score + _SURER_BY):
                return Found(turned_boxes, turn_deg)
        return Found(boxes or self._far(small))

    def _far(self, picture: Pixels) -> tuple[Box, ...]:
        """Faces too small for the detector, which makes 128 px of any picture: the middle alone."""
        height, width = picture.shape[:2]
        left, right, top, bottom = _MIDDLE
        rows = slice(round(top * height), round(bottom * height))
        columns = slice(round(left * width), round(right * width))
        score, boxes = self._upright(picture[rows, columns])
        if score < _LEAST_FAR_SCORE:
            return ()
        wide, tall = right - left, bottom - top
        return tuple(
            (left + b[0] * wide, top + b[1] * tall, left + b[2] * wide, top + b[3] * tall)
            for b in boxes
        )

    def _upright(self, picture: Pixels) -> tuple[float, tuple[Box, ...]]:
        """The best score, and boxes in shares of the picture, largest first."""
        height, width = picture.shape[:2]
        image = mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture)
        )
        best, boxes = 0.0, []
        for detection in self._detector.detect(image).detections:
            if not _is_upright(detection.keypoints, width, height):
                continue
            best = max(best, float(detection.categories[0].score))
            box = detection.bounding_box
            left, top = box.origin_x / width, box.origin_y / height
            boxes.append((left, top, left + box.width / width, top + box.height / height))
        return best, tuple(sorted(boxes, key=_area, reverse=True))

    def close(self) -> None:
        """Ends MediaPipe's threads."""
        self._detector.close()


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _is_upright(points: Sequence[Any], width: int, height: int) -> bool:
    """Whether the mouth is below the eyes."""
    right, left, mouth = points[_RIGHT_EYE], points[_LEFT_EYE], points[_MOUTH]
    across = (mouth.x - (right.x + left.x) / 2) * width
    down = (mouth.y - (right.y + left.y) / 2) * height
    return abs(math.degrees(math.atan2(across, down))) <= _UPRIGHT_DEG
