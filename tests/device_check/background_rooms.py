"""Rooms for the background bench that no figure was tuned on, each of 640 x 360 (BGR)."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from tests.device_check.chroma_key import HEIGHT, WIDTH
from tests.device_check.media_path import frames_of


def webcam_wall() -> np.ndarray:
    """The edge of another real webcam clip, mirrored to fill the picture."""
    frame = frames_of("cap13_edit2.mp4", 1)[0].to_ndarray(format="bgr24")
    strip = frame[:, : frame.shape[1] // 5]
    wide = np.hstack([strip, strip[:, ::-1]] * 3)[:, :400]
    return cv2.resize(wide, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def blinds() -> np.ndarray:
    """A bright window with blinds and a dark frame."""
    rows = (np.arange(HEIGHT) // 9 % 2)[:, None]
    picture = np.where(rows, 235, 150).repeat(WIDTH, axis=1).astype(np.uint8)
    picture = cv2.merge([picture, picture, (picture * 0.93).astype(np.uint8)])
    for left in range(0, WIDTH, 160):
        cv2.rectangle(picture, (left, 0), (left + 14, HEIGHT), (60, 66, 74), -1)
    return picture


def books() -> np.ndarray:
    """Shelves full of spines of many colours, some of them like skin and hair."""
    random = np.random.default_rng(11)
    picture = np.full((HEIGHT, WIDTH, 3), (70, 95, 125), np.uint8)
    for top in range(6, HEIGHT, 88):
        left = 0
        while left < WIDTH:
            wide, tall = int(random.integers(9, 26)), int(random.integers(52, 80))
            colour = tuple(int(value) for value in random.integers(25, 225, 3))
            corner = (left + wide - 2, top + 80)
            cv2.rectangle(picture, (left, top + 80 - tall), corner, colour, -1)
            left += wide
    return picture


def lamps() -> np.ndarray:
    """A dark room with round bright lamps."""
    random = np.random.default_rng(5)
    picture = np.full((HEIGHT, WIDTH, 3), (38, 30, 26), np.uint8)
    for _ in range(16):
        place = (int(random.integers(0, WIDTH)), int(random.integers(0, HEIGHT)))
        cv2.circle(picture, place, int(random.integers(8, 42)), (150, 205, 245), -1)
    return cv2.GaussianBlur(picture, (0, 0), 1.5)


def portraits() -> np.ndarray:
    """Another person's face, hung up four times: what a model may take for the client."""
    frame = frames_of("cap13_edit2.mp4", 1)[0].to_ndarray(format="bgr24")
    small = cv2.resize(frame, (150, 112))
    picture = np.full((HEIGHT, WIDTH, 3), (188, 196, 202), np.uint8)
    for left, top in ((8, 30), (480, 30), (8, 210), (480, 210)):
        picture[top : top + 112, left : left + 150] = small
    return picture


ROOMS: dict[str, Callable[[], np.ndarray]] = {
    one.__name__: one for one in (webcam_wall, blinds, books, lamps, portraits)
}
