"""Blurs what is behind a person, on YUV 4:2:0 planes, and fails closed.

Before the first mask, and when the newest is older than half a second, the whole picture is
blurred; the raw picture never leaves. A mask is the pixelwise minimum of the square and the
landscape selfie model (it never leaks more than either), without small islands, and smoothed in
time so that background returns at once and the person slowly. The person is cut out before
blurring, or a dark halo would stand round the head.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from appliance.device_check import thresholds
from appliance.device_check.vision_tasks import BaseOptions, mediapipe, vision

SQUARE_MODEL = "selfie_segmentation.tflite"
LANDSCAPE_MODEL = "selfie_segmentation_landscape.tflite"
SQUARE_PX = (256, 256)
LANDSCAPE_PX = (256, 144)
_GRID = 8  # the background is blurred on a grid of 8 luma pixels: lettering becomes a smear
_SIGMA_CELLS = {"blur": 1.8, "blur_strong": 4.0}
_CLOSED_SIGMA_CELLS = 5.0
_ISLAND_SHARE = 0.25  # of the largest part; smaller ones are lamps and chairs, not people
_RISE = 0.15
_KEEP = 0.35
_SURE_BACKGROUND = 0.3
_SURE_PERSON = 0.7

Plane = NDArray[np.uint8]
Mask = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Planes:
    """A picture as luma and two chroma planes of half its size."""

    y: Plane
    u: Plane
    v: Plane

    @classmethod
    def of(cls, frame: av.VideoFrame) -> Planes:
        """``frame`` is yuv420p with even sides."""
        packed = np.asarray(frame.to_ndarray(format="yuv420p"), dtype=np.uint8)
        height, width = frame.height, frame.width
        chroma = packed[height:].reshape(2, height // 2, width // 2)
        return cls(packed[:height], chroma[0], chroma[1])

    def frame(self) -> av.VideoFrame:
        """As a frame for the encoder."""
        rows = self.y.shape[1]
        chroma = np.stack([self.u, self.v]).reshape(-1, rows)
        packed = np.ascontiguousarray(np.concatenate([self.y, chroma]))
        return av.VideoFrame.from_ndarray(packed, format="yuv420p")


class Segmenter(Protocol):
    """Says for each pixel how sure it is that it shows a person."""

    def person(self, frame: av.VideoFrame) -> Mask:
        """Values of 0..1 in any size that covers the picture. May raise ``RuntimeError``."""
        ...


class SelfieSegmenter:
    """Both selfie models of MediaPipe, on the processor."""

    def __init__(self, models: Path) -> None:
        self._square = _load(models / SQUARE_MODEL)
        self._landscape = _load(models / LANDSCAPE_MODEL)

    def person(self, frame: av.VideoFrame) -> Mask:
        """Upright pictures get the square model alone: squeezed, the other one sees little."""
        if frame.height > frame.width:
            return _segment(self._square, frame, SQUARE_PX)
        landscape = _segment(self._landscape, frame, LANDSCAPE_PX)
        square = _segment(self._square, frame, SQUARE_PX)
        larger = cv2.resize(landscape, SQUARE_PX, interpolation=cv2.INTER_LINEAR)
        return np.minimum(square, larger)

    def close(self) -> None:
        """Ends MediaPipe's threads."""
        self._square.close()
        self._landscape.close()


def _load(model: Path) -> vision.ImageSegmenter:
    options = vision.ImageSegmenterOptions(
        base_options=BaseOptions(model_asset_buffer=model.read_bytes()),
        output_confidence_masks=True,
        output_category_mask=False,
    )
    return vision.ImageSegmenter.create_from_options(options)


def _segment(model: vision.ImageSegmenter, frame: av.VideoFrame, size: tuple[int, int]) -> Mask:
    small = frame.reformat(width=size[0], height=size[1], format="rgb24").to_ndarray()
    image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=small)
    mask = model.segment(image).confidence_masks[0].numpy_view()
    return np.array(mask, dtype=np.float32).reshape(size[1], size[0])


class Blur:
    """Turns frames into frames whose background is blurred."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._mask: Mask | None = None
        self._mask_at_s = 0.0

    def restart(self) -> None:
        """Forgets the mask: another picture comes."""
        self._mask = None

    def apply(self, frame: av.VideoFrame, mode: str, now_s: float) -> tuple[av.VideoFrame, bool]:
        """The generated frame, and whether the person is in it; yuv420p with even sides."""
        self._renew_mask(frame, now_s)
        planes = Planes.of(frame)
        if self._mask is None or now_s - self._mask_at_s > thresholds.BACKGROUND_MASK_AGE_S:
            return _closed(planes).frame(), False
        height, width = planes.y.shape
        enlarged = cv2.resize(_sure(self._mask), (width, height), interpolation=cv2.INTER_LINEAR)
        mask = np.asarray(enlarged, dtype=np.float32)
        return _composite(planes, mask, _SIGMA_CELLS[mode]).frame(), True

    def _renew_mask(self, frame: av.VideoFrame, now_s: float) -> None:
        try:
            mask = without_islands(self._segmenter.person(frame))
        except RuntimeError:
            return  # the old mask serves for half a second, then the picture closes
        previous = self._mask
        if previous is not None and previous.shape == mask.shape:
            mask = np.minimum(mask + _RISE, _KEEP * previous + (1 - _KEEP) * mask)
        self._mask = mask
        self._mask_at_s = now_s


def without_islands(mask: Mask) -> Mask:
    """Keeps the largest part of the mask and those that are a fair share of it."""
    solid = (mask > _SURE_BACKGROUND).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    if count <= 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = areas >= _ISLAND_SHARE * areas.max()
    kept[0] = True
    return np.where(kept[labels], mask, np.float32(0))


def _sure(mask: Mask) -> Mask:
    """Smoothstep: what is rather background is background."""
    share = np.clip((mask - _SURE_BACKGROUND) / (_SURE_PERSON - _SURE_BACKGROUND), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), dtype=np.float32)


def _composite(planes: Planes, mask: Mask, sigma_cells: float) -> Planes:
    background = _blurred(planes, mask, sigma_cells)
    chroma_size = (planes.u.shape[1], planes.u.shape[0])
    luma_mask = (mask * 255).astype(np.uint8)
    smaller = cv2.resize(luma_mask, chroma_size, interpolation=cv2.INTER_AREA)
    chroma_mask = np.asarray(smaller, dtype=np.uint8)
    return Planes(
        _mixed(planes.y, background.y, luma_mask),
        _mixed(planes.u, background.u, chroma_mask),
        _mixed(planes.v, background.v, chroma_mask),
    )


def _mixed(person: Plane, background: Plane, mask: Plane) -> Plane:
    front = cv2.multiply(person, mask, scale=1 / 255)
    back = cv2.multiply(background, cv2.bitwise_not(mask), scale=1 / 255)
    return np.asarray(cv2.add(front, back), dtype=np.uint8)


def _closed(planes: Planes) -> Planes:
    nobody = np.zeros(planes.y.shape, dtype=np.float32)
    return _blurred(planes, nobody, _CLOSED_SIGMA_CELLS)


def _blurred(planes: Planes, mask: Mask, sigma_cells: float) -> Planes:
    """The background, spread over the place of the person too, on a grid of 8 luma pixels."""
    height, width = planes.y.shape
    cells = (max(1, width // _GRID), max(1, height // _GRID))
    weight = 1 - cv2.resize(mask, cells, interpolation=cv2.INTER_AREA)
    channels = [
        cv2.resize(plane, cells, interpolation=cv2.INTER_AREA).astype(np.float32) * weight
        for plane in (planes.y, planes.u, planes.v)
    ]
    stacked = cv2.GaussianBlur(np.dstack([*channels, weight]), (0, 0), sigma_cells)
    spread = stacked[..., :3] / np.maximum(stacked[..., 3:], 1e-3)
    small = np.clip(spread + 0.5, 0, 255).astype(np.uint8)
    return Planes(
        _enlarged(small[..., 0], planes.y),
        _enlarged(small[..., 1], planes.u),
        _enlarged(small[..., 2], planes.v),
    )


def _enlarged(small: NDArray[np.uint8], like: Plane) -> Plane:
    size = (like.shape[1], like.shape[0])
    enlarged = cv2.resize(np.ascontiguousarray(small), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(enlarged, dtype=np.uint8)
