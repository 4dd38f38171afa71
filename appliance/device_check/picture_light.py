"""Pure measures of one picture: light, structure, sharpness. Luma is float32, 0-255, full range.

No thresholds here: what the numbers mean is judged in ``camera``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

LOOKED_AT_PX = 320
_EDGE_LOW, _EDGE_HIGH = 60, 120
_COARSE_PX = (32, 18)
_BRIGHTEST_PERCENT = 98  # a lamp in the corner says nothing, a forehead does
_CLIPPED_LUMA = 250.0  # 235 in video range is 255; codecs ring by a few levels
_REBLUR_PX = 9  # Crete et al. 2007
_LEAST_SHADE = 1e-6
_NOISE_SIGMA_PX = 0.8
_STRONG_EDGES = 0.02  # with somebody before a wall there are few
_STRONG_EDGES_OF_FACE = 0.05
_FOREHEAD_PERCENT = 90
_CHEEK = 0.2
_LEAST_FACE_PX = 40
_HAIR = 0.35  # of the face's width or height: what may be hair or a scarf
_LEAST_SURROUND = 0.015  # of the picture; fewer pixels say nothing
_WINDOW_PERCENT, _ROOM_PERCENT = 75, 25  # of the surround: a window may fill a part of it
_SHINE_PERCENT = 99  # of the face's middle, against the forehead's
_SHINE_SIGMA_PX = 0.8  # a sensor's noise does not shine
_CHEST_FROM, _CHEST_TO, _CHEST_WIDER = 0.25, 1.3, 0.3  # in faces, from the chin and beside it
_CHEST_PERCENT = 90

Luma = NDArray[np.float32]
Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the picture


@dataclass(frozen=True, slots=True)
class Look:
    """One frame that was looked at."""

    at_s: float
    mean: float
    deviation: float
    edge_ratio: float
    structure: float  # deviation of a coarse picture from the gentlest slope through it
    highlight: float  # 98th percentile
    clipped_ratio: float
    blur: float  # 0 sharp to 1 without any detail


@dataclass(frozen=True, slots=True)
class FaceLook:
    """The light on a face, and around it."""

    luma: float
    highlight: float  # 90th percentile: what the light does, whatever the colour of the skin
    clipped_ratio: float
    blur: float | None  # None: too few pixels of it arrive
    surround: float | None  # None: the face fills the picture
    surround_clipped_ratio: float
    window: float | None  # 75th percentile of the surround
    room: float | None  # 25th percentile of it
    shine: float  # the brightest spots over the highlight: skin shines if light comes from ahead
    chest: float | None  # 90th percentile below the chin; None: it is not in the picture


def luma_of(frame: av.VideoFrame) -> Luma:
    """Full range 0-255 within 320 px, never enlarged; video carries 16-235."""
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(frame.height, plane.line_size)
    picture = rows[:, : frame.width]
    side_px = min(LOOKED_AT_PX, max(frame.width, frame.height))
    size = within(frame.width, frame.height, side_px)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return _floats(np.clip((small.astype(np.float32) - 16) * (255 / 219), 0, 255))


def within(width: int, height: int, side_px: int) -> tuple[int, int]:
    """Width and height within a square, whatever shape a stranger's picture has."""
    scale = side_px / max(width, height)
    return max(8, round(width * scale)), max(8, round(height * scale))


def look_at(luma: Luma, now_s: float) -> Look:
    """Measures one picture as a whole."""
    edges = cv2.Canny(luma.astype(np.uint8), _EDGE_LOW, _EDGE_HIGH)
    return Look(
        at_s=now_s,
        mean=float(luma.mean()),
        deviation=float(luma.std()),
        edge_ratio=float(np.count_nonzero(edges)) / edges.size,
        structure=structure(luma),
        highlight=float(np.percentile(luma, _BRIGHTEST_PERCENT)),
        clipped_ratio=_clipped(luma),
        blur=blur(luma, _STRONG_EDGES),
    )


def structure(luma: Luma) -> float:
    """How much there is to see once noise is averaged away and a gentle slope of light taken off.

    A taped lens shows noise and at most a glow from one side; anything else has shapes.
    """
    coarse = _floats(cv2.resize(luma, _COARSE_PX, interpolation=cv2.INTER_AREA)).reshape(-1)
    slope, *_ = np.linalg.lstsq(_SLOPES, coarse, rcond=None)
    return float((coarse - _SLOPES @ slope).std())


def blur(luma: Luma, strongest: float) -> float:
    """How little is lost by blurring once more: 0 sharp, 1 without detail (Crete et al. 2007).

    A sensor's noise is sharp however blurred the rest is. So it is smoothed first, and only the
    ``strongest`` edges are asked, a share of all pixels: noise does not come up to a head's edge.
    """
    worst = 0.0
    luma = _floats(cv2.GaussianBlur(luma, (0, 0), _NOISE_SIGMA_PX))
    for axis in (0, 1):
        size = (1, _REBLUR_PX) if axis == 0 else (_REBLUR_PX, 1)
        again = _floats(cv2.blur(luma, size))
        before = np.abs(np.diff(luma, axis=axis))
        lost = np.maximum(0, before - np.abs(np.diff(again, axis=axis)))
        edges = before >= np.percentile(before, 100 * (1 - strongest))
        shade = float(before[edges].sum())
        left = shade - float(lost[edges].sum())
        worst = max(worst, left / shade if shade > _LEAST_SHADE else 1.0)
    return min(1.0, worst)


def look_at_face(luma: Luma, box: Box) -> FaceLook | None:
    """The light on the face in ``box``; ``None`` when nothing of it is within the picture."""
    face, surround = _face_and_surround(luma, box)
    inner = face[_middle(face.shape[0]), _middle(face.shape[1])]
    if not inner.size:
        return None
    least = _LEAST_SURROUND * luma.size
    behind = surround if surround.size >= least else None
    chest = _chest(luma, box)
    return FaceLook(
        luma=float(inner.mean()),
        highlight=float(np.percentile(inner, _FOREHEAD_PERCENT)),
        clipped_ratio=_clipped(inner),
        blur=blur(face, _STRONG_EDGES_OF_FACE) if min(face.shape) >= _LEAST_FACE_PX else None,
        surround=None if behind is None else float(behind.mean()),
        surround_clipped_ratio=_clipped(surround) if surround.size else 0.0,
        window=None if behind is None else float(np.percentile(behind, _WINDOW_PERCENT)),
        room=None if behind is None else float(np.percentile(behind, _ROOM_PERCENT)),
        shine=_shine(inner),
        chest=float(np.percentile(chest, _CHEST_PERCENT)) if chest.size >= least else None,
    )


def _shine(inner: Luma) -> float:
    """1 and more. Skin, eyes and teeth mirror a light that comes from ahead, whatever their colour.

    The darker the skin, the more its highlights stand out; in the shade nothing does.
    """
    smooth = cv2.GaussianBlur(inner, (0, 0), _SHINE_SIGMA_PX)
    brightest, forehead = np.percentile(smooth, (_SHINE_PERCENT, _FOREHEAD_PERCENT))
    return float(brightest / max(1.0, forehead))


def _chest(luma: Luma, box: Box) -> Luma:
    """The pixels below the chin: what somebody wears is in the same light as the face."""
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    chest = (
        left - wide * _CHEST_WIDER,
        bottom + tall * _CHEST_FROM,
        right + wide * _CHEST_WIDER,
        bottom + tall * _CHEST_TO,
    )
    rows, columns = _inside(chest, *luma.shape)
    return luma[rows, columns]


def _middle(length: int) -> slice:
    """Of a side of the face's box: its corners show what is behind the face."""
    return slice(round(length * _CHEEK), round(length * (1 - _CHEEK)))


def _face_and_surround(luma: Luma, box: Box) -> tuple[Luma, Luma]:
    """The pixels of the face, and those beside and above the head, down to the chin.

    Hair and shoulders say nothing about the light behind somebody.
    """
    height, width = luma.shape
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    outside = np.ones(luma.shape, dtype=bool)
    outside[max(0, int(bottom * height)) :] = False
    outside[
        max(0, int((top - tall * _HAIR) * height)) :,
        max(0, int((left - wide * _HAIR) * width)) : max(0, int((right + wide * _HAIR) * width)),
    ] = False
    rows, columns = _inside(box, height, width)
    return luma[rows, columns], luma[outside]


def _inside(box: Box, height: int, width: int) -> tuple[slice, slice]:
    left, top, right, bottom = box
    rows = slice(max(0, int(top * height)), max(0, int(bottom * height)))
    columns = slice(max(0, int(left * width)), max(0, int(right * width)))
    return rows, columns


def _clipped(luma: Luma) -> float:
    return float(np.count_nonzero(luma >= _CLIPPED_LUMA)) / luma.size


def _floats(array: Any) -> Luma:
    return np.asarray(array, dtype=np.float32)


def _slopes() -> Luma:
    """Constant, linear and square terms over the coarse picture, one column each."""
    across, down = np.meshgrid(np.linspace(-1, 1, _COARSE_PX[0]), np.linspace(-1, 1, _COARSE_PX[1]))
    x, y = across.reshape(-1), down.reshape(-1)
    return _floats(np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1))


_SLOPES = _slopes()
