"""Finds faces: where they are, and whether the picture stands on its side or its head.

Two models that were trained apart must agree: one that knows faces up to five metres away proposes
places in the whole picture, the one for selfies looks at an enlargement of each. Either alone sees
faces in cups and cats, and misses those that are far away or cut off.
"""

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

FAR_MODEL = "face_detection_full_range_sparse.tflite"
NEAR_MODEL = "face_detection_short_range.tflite"
_FACES_PX = 640
_PLACES = 3  # of a picture that are looked at; of a turned one the likeliest alone
_LEAST_SCORE = 0.2
# Sums of both models' scores, 0-2, on the bench's tuning half: faces in sight from 1.23, at most
# places 1.6 and more; what is none up to 1.06.
_LEAST = 1.15
_LEAST_CUT = 0.88  # half a face is half as likely: from 0.89; none of the others is at the rim
# Where more than a third is cut off, the second model looks at the whole picture, too: all three
# words together have from 1.08 with a face, at most 0.91 without one.
_DOUBTFUL_CUT = 0.6
_LEAST_CUT_OF_THREE = 1.0
_LEAST_KEPT = 0.7  # where a face was a moment ago: a hand before it does not make it vanish
_SURE = 1.65
_LEAST_ALONE = 0.85  # upside-down faces taken for upright ones have at most 0.80 (33 faces)
# Turned: right ones have 1.56 and more, wrong ones at most 1.3, or less than the right one.
_LEAST_TURNED = 1.45
_LEAST_TURNED_KEPT = 1.25  # the same way round as a moment ago
_SURER_BY = 0.1
_SURER_WHERE = 0.06
_ENLARGED = 1.8  # side of what is looked at again, in faces
_ENLARGED_PX = 256
_SAME = 0.2  # overlap of two boxes, shared area over all
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
    """Boxes of faces, largest first, and by how much clockwise the picture must be turned.

    Boxes of faces that are cut off reach beyond the picture: below 0 or above 1.
    """

    boxes: tuple[Box, ...] = ()
    turn_deg: int = 0
    sure: bool = False  # the largest is found without knowing where it was before


@dataclass(frozen=True, slots=True)
class _Seen:
    """One model's word, or both models' agreement; box in shares of the picture."""

    score: float
    box: Box


class FaceFinder:
    """MediaPipe's two face detectors, on the processor."""

    def __init__(self, models: Path) -> None:
        self._far = _load(models / FAR_MODEL)
        self._near = _load(models / NEAR_MODEL)

    def find(
        self,
        frame: av.VideoFrame,
        before: Sequence[Box] = (),
        *,
        turns: bool = True,
        turned_before: int = 0,
    ) -> Found:
        """Upright faces; else, where ``turns`` allows the work, those of a turned picture.

        ``before``: where faces were a moment ago; ``turned_before``: how it was turned then.
        """
        width, height = within(frame.width, frame.height, _FACES_PX)
        scaled = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
        picture = np.asarray(scaled, dtype=np.uint8)
        seen = self._agreed(picture, before) or self._alone(picture)
        best = max((one.score for one in seen), default=0.0)
        if turns and best < _SURE:
            turned = self._turned(picture, best, turned_before)
            if turned is not None:
                return turned
        faces = [one for one in seen if one.score >= _least(one.box, before)]
        faces = faces or self._cut_off(picture, seen)
        if not faces:
            return Found()
        faces.sort(key=lambda one: _area(one.box), reverse=True)
        sure = faces[0].score >= _least(faces[0].box, ())
        return Found(tuple(one.box for one in faces), sure=sure)

    def _turned(self, picture: Pixels, upright: float, before: int) -> Found | None:
        """The surest of the turned copies, if it is a good deal surer than the picture as it is."""
        best, best_deg = _Seen(0.0, (0.0, 0.0, 0.0, 0.0)), 0
        for turn_deg, turn in _TURNS.items():
            seen = self._agreed(np.asarray(cv2.rotate(picture, turn), dtype=np.uint8), (), 1)
            if seen and seen[0].score > best.score:
                best, best_deg = seen[0], turn_deg
        least = _LEAST_TURNED_KEPT if best_deg == before else _LEAST_TURNED
        if best.score < max(least, upright + _SURER_BY):
            return None
        return Found((best.box,), best_deg)

    def _agreed(self, picture: Pixels, before: Sequence[Box], places: int = _PLACES) -> list[_Seen]:
        """What both models see, with the sum of their scores."""
        proposed = sorted(self._detect(self._far, picture), key=lambda one: -one[0].score)[:places]
        likely = [one for one, _ in proposed]
        likely += [_Seen(0.0, box) for box in before if not _any_same(box, likely)][:places]
        agreed: list[_Seen] = []
        for one in likely:
            near = self._look_closer(picture, one.box)
            if near is not None and not _any_same(near.box, agreed):
                # The enlargement says best where a face ends, but not of a blurred one; the other
                # model's boxes of small faces are up to 1.8 times too large.
                doubtful = one.score > near.score + _SURER_WHERE
                box = _between(one.box, near.box) if doubtful else near.box
                agreed.append(_Seen(one.score + near.score, box))
        return agreed

    def _alone(self, picture: Pixels) -> list[_Seen]:
        """What the model for selfies is sure of by itself; its word counts for both."""
        found = self._detect(self._near, picture)
        return [
            _Seen(2 * one.score, one.box)
            for one, upright in found
            if upright and one.score >= _LEAST_ALONE
        ]

    def _cut_off(self, picture: Pixels, doubtful: Sequence[_Seen]) -> list[_Seen]:
        """Those at the rim of which a third look at the whole picture makes faces."""
        likely = [
            one for one in doubtful if _DOUBTFUL_CUT <= one.score < _LEAST_CUT and _at_rim(one.box)
        ]
        if not likely:
            return []
        whole = [one for one, upright in self._detect(self._near, picture) if upright]
        faces = []
        for one in likely:
            same = [other.score for other in whole if overlap(one.box, other.box) > _SAME]
            if one.score + max(same, default=0.0) >= _LEAST_CUT_OF_THREE:
                faces.append(_Seen(_LEAST_CUT, one.box))
        return faces

    def _look_closer(self, picture: Pixels, box: Box) -> _Seen | None:
        """The upright face at the place, by the other model; what is beyond the rim is made up."""
        height, width = picture.shape[:2]
        left, top, right, bottom = (box[n] * (width, height)[n % 2] for n in range(4))
        side = max(16, round(_ENLARGED * max(right - left, bottom - top)))
        x, y = round((left + right - side) / 2), round((top + bottom - side) / 2)
        if min(x + side, y + side, width - x, height - y) <= 0:
            return None
        enlarged = _cut_out(picture, x, y, side)
        here = [
            (_Seen(one.score, _placed(one.box, x, y, side, width, height)), upright)
            for one, upright in self._detect(self._near, enlarged)
        ]
        here = [one for one in here if overlap(one[0].box, box) > _SAME]
        seen, upright = max(here, key=lambda one: one[0].score, default=(None, False))
        return seen if upright else None

    def _detect(self, model: Any, picture: Pixels) -> list[tuple[_Seen, bool]]:
        """Faces, and whether each is upright: small ones' features are too coarse to say so."""
        height, width = picture.shape[:2]
        image = mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture)
        )
        found = []
        for detection in model.detect(image).detections:
            box = detection.bounding_box
            left, top = box.origin_x / width, box.origin_y / height
            sides = (left, top, left + box.width / width, top + box.height / height)
            seen = _Seen(float(detection.categories[0].score), sides)
            found.append((seen, _is_upright(detection.keypoints, width, height)))
        return found

    def close(self) -> None:
        """Ends MediaPipe's threads."""
        self._far.close()
        self._near.close()


def _load(model: Path) -> Any:
    options = vision.FaceDetectorOptions(
        base_options=BaseOptions(model_asset_buffer=model.read_bytes()),
        min_detection_confidence=_LEAST_SCORE,
    )
    return vision.FaceDetector.create_from_options(options)


def _least(box: Box, before: Sequence[Box]) -> float:
    """How sure both must be together."""
    if any(overlap(box, other) > _SAME for other in before):
        return _LEAST_KEPT
    return _LEAST_CUT if _at_rim(box) else _LEAST


def _at_rim(box: Box) -> bool:
    return min(box) <= 0 or max(box) >= 1


def _cut_out(picture: Pixels, x: int, y: int, side: int) -> Pixels:
    """A square of the picture; the rim's pixels go on where it reaches beyond."""
    height, width = picture.shape[:2]
    above, below = max(0, -y), max(0, y + side - height)
    before, behind = max(0, -x), max(0, x + side - width)
    inside = picture[max(0, y) : y + side, max(0, x) : x + side]
    square = cv2.copyMakeBorder(inside, above, below, before, behind, cv2.BORDER_REPLICATE)
    how = cv2.INTER_AREA if side > _ENLARGED_PX else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (_ENLARGED_PX, _ENLARGED_PX), interpolation=how), np.uint8)


def _placed(box: Box, x: int, y: int, side: int, width: int, height: int) -> Box:
    """From shares of the square to shares of the picture."""
    left, top, right, bottom = (value * side for value in box)
    return (x + left) / width, (y + top) / height, (x + right) / width, (y + bottom) / height


def _between(one: Box, other: Box) -> Box:
    left, top, right, bottom = ((a + b) / 2 for a, b in zip(one, other, strict=True))
    return left, top, right, bottom


def _any_same(box: Box, others: Sequence[_Seen]) -> bool:
    return any(overlap(box, other.box) > _SAME for other in others)


def overlap(one: Box, other: Box) -> float:
    """Shared area over all area, 0-1."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0.0, wide) * max(0.0, tall)
    return shared / (_area(one) + _area(other) - shared) if shared else 0.0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _is_upright(points: Sequence[Any], width: int, height: int) -> bool:
    """Whether the mouth is below the eyes."""
    right, left, mouth = points[_RIGHT_EYE], points[_LEFT_EYE], points[_MOUTH]
    across = (mouth.x - (right.x + left.x) / 2) * width
    down = (mouth.y - (right.y + left.y) / 2) * height
    return abs(math.degrees(math.atan2(across, down))) <= _UPRIGHT_DEG
