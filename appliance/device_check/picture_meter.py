"""Measures pictures over time: light, sharpness, movement, rate, size, faces. New frames only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import av
import cv2
import numpy as np

from appliance.device_check import thresholds
from appliance.device_check.faces import FaceFinder, Found, overlap
from appliance.device_check.picture_light import (
    Box,
    FaceLook,
    Look,
    Luma,
    look_at,
    look_at_face,
    luma_of,
)
from appliance.device_check.records import AnalyserCamera

__all__ = ["FaceFinder", "PictureMeter"]

_SMALL_PX = (160, 90)
_LOOK_EVERY_S = 0.1
_FACE_EVERY_S = 0.5
_WINDOW_S = 3.0
_LIGHT_S = 1.0  # who switches on a lamp wants to see at once that it helped
_REMEMBERED_S = 3.0  # a hand before the face; longer, and the face is gone
_BOXES = 3  # their median is where the face is: one search may take a collar for a chin
_TURNED_LOOKS = 2  # one glance at a turned face may be an error, or a head that leans
_SHARP_PERCENT = 20  # who moves, or whose picture has just begun, is blurred for a moment
# Compared with a second ago: who breathes has moved by then, however still they sit (in one cell by
# 21 levels and more; in the dark or against the light by 5).
_CHANGED_AFTER_S = 1.0
_MOVED_SPOT = 9.0  # levels, in the one cell that changed most; a still picture that is coded < 6
# Noise and small movements come anew; what a codec refines of a still picture dies out.
_CHANGED_MEAN = 0.15  # levels, mean over the small picture
_DIES_OUT = 0.7  # of what it was a second before
_CODED_AFTER_S = 0.5  # a codec's first pictures are coarse: their refinement is no movement

Seen = TypeVar("Seen", Look, FaceLook)


@dataclass(frozen=True, slots=True)
class _Small:
    """A small picture, and by how much it differed from the one a second before."""

    at_s: float
    luma: Luma
    changed_mean: float | None  # None: there was none


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
        self._face_looks: deque[FaceLook] = deque(maxlen=round(_LIGHT_S / _FACE_EVERY_S))
        self._moved_at_s = 0.0
        self._smalls: deque[_Small] = deque()  # of the last second, and one before
        self._size = (0, 0)
        self._found = Found()
        self._missed = False  # the newest search found nobody, the one before did
        self._boxes: deque[Box] = deque(maxlen=_BOXES)  # of the largest face
        self._sure = Found()  # the newest that needed no memory of the one before
        self._sure_at_s = 0.0
        self._turned = 0
        self._searches = 0

    def add(self, frame: av.VideoFrame, now_s: float) -> None:
        """Takes one new frame, yuv420p."""
        if self._first_at_s is None:
            self._first_at_s = now_s
            # Nobody can have seen it stand before.
            self._moved_at_s = now_s + _CHANGED_AFTER_S
            self._changed_at_s = now_s + _CODED_AFTER_S + _CHANGED_AFTER_S
        self._newest_at_s = now_s
        self._frames += 1
        self._times.append(now_s)
        self._size = (frame.width, frame.height)
        if self._looks and now_s - self._looks[-1].at_s < _LOOK_EVERY_S:
            return
        luma = luma_of(frame)
        self._looks.append(look_at(luma, now_s))
        self._notice_change(luma, now_s)
        if now_s - self._face_at_s >= _FACE_EVERY_S:
            self._face_at_s = now_s
            self._find_faces(frame, luma, now_s)

    def record(self, now_s: float) -> AnalyserCamera:
        """What was seen so far; light over the last second, rate over the last three."""
        if self._first_at_s is None:
            return AnalyserCamera(listening_s=round(now_s - self._began_at_s, 2))
        looks = list(self._looks)
        now = [look for look in looks if look.at_s > looks[-1].at_s - _LIGHT_S]
        dark = sum(1 for look in looks if look.mean < thresholds.BLACK_LUMA)
        return AnalyserCamera(
            duration_s=round(now_s - self._first_at_s, 2),
            frames=self._frames,
            frames_per_s=round(self._rate(now_s), 1),
            width=self._size[0],
            height=self._size[1],
            mean_luma=_mean(now, lambda look: look.mean),
            luma_deviation=_mean(now, lambda look: look.deviation),
            edge_ratio=_mean(now, lambda look: look.edge_ratio, 4),
            structure=_mean(now, lambda look: look.structure, 2),
            highlight_luma=_mean(now, lambda look: look.highlight),
            clipped_ratio=_mean(now, lambda look: look.clipped_ratio, 3),
            blur=_sharpest([look.blur for look in looks]),
            black_ratio=round(dark / len(looks), 3),
            same_picture_s=round(max(0.0, self._newest_at_s - self._changed_at_s), 2),
            unmoved_s=round(max(0.0, self._newest_at_s - self._moved_at_s), 2),
            silent_s=round(now_s - self._newest_at_s, 2),
            listening_s=round(now_s - self._began_at_s, 2),
        ).model_copy(update=self._faces_record())

    def _faces_record(self) -> dict[str, object]:
        """Where the largest face is now; the light on it over the last second."""
        found, looks = self._found, list(self._face_looks)
        turned = found.turn_deg != 0
        if not found.boxes or (turned and self._turned < _TURNED_LOOKS):
            return {}
        if turned:
            return {"turned_deg": found.turn_deg}
        blurs = [look.blur for look in looks if look.blur is not None]
        record: dict[str, object] = {
            "faces": len(found.boxes),
            "face_box": tuple(round(float(side), 3) for side in np.median(self._boxes, axis=0)),
        }
        if looks:
            record |= {
                "face_luma": _mean(looks, lambda look: look.luma),
                "face_highlight_luma": _mean(looks, lambda look: look.highlight),
                "face_clipped_ratio": _mean(looks, lambda look: look.clipped_ratio, 3),
                "face_shine": _mean(looks, lambda look: look.shine, 2),
                "surround_luma": _known([look.surround for look in looks]),
                "window_luma": _known([look.window for look in looks]),
                "room_luma": _known([look.room for look in looks]),
                "chest_luma": _known([look.chest for look in looks]),
                "surround_clipped_ratio": _mean(looks, lambda look: look.surround_clipped_ratio, 3),
                "face_blur": _sharpest(blurs) if blurs else None,
            }
        return record

    def _rate(self, now_s: float) -> float:
        """Frames of the last three seconds, or of the time since the first one."""
        span_s = min(_WINDOW_S, now_s - (self._first_at_s or now_s))
        if span_s < _LOOK_EVERY_S:
            return 0.0
        return sum(1 for at_s in self._times if at_s > now_s - span_s) / span_s

    def _notice_change(self, luma: Luma, now_s: float) -> None:
        """Looks for life: something that moved clearly, or small changes that do not die out."""
        if now_s - (self._first_at_s or 0.0) < _CODED_AFTER_S:
            return
        small = np.asarray(
            cv2.resize(luma, _SMALL_PX, interpolation=cv2.INTER_AREA), dtype=np.float32
        )
        kept = self._smalls
        while len(kept) > 1 and kept[1].at_s <= now_s - _CHANGED_AFTER_S:
            kept.popleft()
        mean: float | None = None
        if kept and kept[0].at_s <= now_s - _CHANGED_AFTER_S:
            since, before = np.abs(small - kept[0].luma), kept[0].changed_mean
            mean = float(since.mean())
            lives = before is not None and mean >= max(_CHANGED_MEAN, _DIES_OUT * before)
            if since.max() >= _MOVED_SPOT:
                self._moved_at_s = self._changed_at_s = now_s
            elif lives:
                self._changed_at_s = now_s
        kept.append(_Small(now_s, small, mean))

    def _find_faces(self, frame: av.VideoFrame, luma: Luma, now_s: float) -> None:
        before = self._found
        # Turned copies cost more than all the rest: every second search, or to look once more.
        turns = self._searches % 2 == 0 or before.turn_deg != 0
        self._searches += 1
        known = self._sure.boxes if now_s - self._sure_at_s < _REMEMBERED_S else ()
        found = self._faces.find(frame, known, turns=turns, turned_before=before.turn_deg)
        lost = not found.boxes and bool(before.boxes) and before.turn_deg == 0
        self._missed = lost and not self._missed
        if self._missed:
            return  # once is none: somebody nods
        self._found = found
        if self._found.sure:
            self._sure, self._sure_at_s = self._found, now_s
        if self._found.turn_deg == 0:
            self._turned = 0
        else:
            same = before.turn_deg == self._found.turn_deg
            self._turned = self._turned + 1 if same else 1
        if self._found.boxes and self._found.turn_deg == 0:
            if self._boxes and not overlap(self._boxes[-1], self._found.boxes[0]):
                self._boxes.clear()
            self._boxes.append(self._found.boxes[0])
            look = look_at_face(luma, self._found.boxes[0])
            if look is not None:
                self._face_looks.append(look)
        else:
            self._face_looks.clear()
            self._boxes.clear()


def _mean(seen: Iterable[Seen], of: Callable[[Seen], float], digits: int = 1) -> float:
    return round(float(np.mean([of(one) for one in seen])), digits)


def _known(seen: list[float | None]) -> float | None:
    """The mean of what was in the picture."""
    known = [one for one in seen if one is not None]
    return round(float(np.mean(known)), 1) if known else None


def _sharpest(blurs: list[float]) -> float:
    """The sharper ones of the last seconds count."""
    return round(float(np.percentile(blurs, _SHARP_PERCENT)), 3)
