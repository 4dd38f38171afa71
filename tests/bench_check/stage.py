"""Puts a person of one half before the camera: framing, light, grain, rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import av
import cv2
import numpy as np

from tests.bench_check import people
from tests.bench_check.cases import Case
from tests.bench_check.split import split

SIZES = (*[(640, 360), (640, 480)] * 4, (1280, 720))
Change = Callable[[np.ndarray, float], np.ndarray]  # BGR picture, seconds -> BGR picture


class Stage:
    """Chance, sources and framing of one run."""

    def __init__(self, case: Case, random: np.random.Generator) -> None:
        self.case, self.random, self.sources = case, random, split()[case.half]
        self.number = int(case.name.rsplit("/", 1)[1])
        there = [name for name in self.sources["person"] if people.person_there(name)]
        self.name = there[(self.number + int(random.integers(2))) % len(there)]
        self.person = people.person(self.name, int(random.integers(4)))
        self.size = SIZES[int(random.integers(len(SIZES)))]
        self.fps = float(random.choice((24, 25, 30)))
        self.still = self.person.still
        case.notes |= {"person": self.name, "size": self.size, "fps": self.fps}

    def between(self, low: float, high: float, name: str) -> float:
        """A strength, noted."""
        value = round(float(self.random.uniform(low, high)), 3)
        self.case.notes[name] = value
        return value

    def place(self, without: tuple[str, ...] = ()) -> list[np.ndarray]:
        """A place of the half where nobody is."""
        there = [name for name in self.sources["place"] if people.place_there(name)]
        there = [name for name in there if name not in without]
        name = there[self.number % len(there)]
        self.case.notes["place"] = name
        return people.place(name)

    def framed(self, share: float, x: float, y: float) -> np.ndarray:
        """The affine map that makes the face ``share`` of the height, its middle at (x, y)."""
        width, height = self.size
        left, top, right, bottom = self.person.face
        scale = share * height / self.person.face_height
        middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
        self.face_px = share * height
        self.face_at = (x * width, y * height)
        shift = (x * width - scale * middle_x, y * height - scale * middle_y)
        return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float64)

    def sensible(self) -> np.ndarray:
        """A framing that nobody would change."""
        return self.framed(
            self.between(0.24, 0.46, "face_share"),
            self.between(0.4, 0.6, "face_x"),
            self.between(0.42, 0.52, "face_y"),
        )

    def moving(self, frames: list[np.ndarray], affine: np.ndarray) -> Callable[[float], np.ndarray]:
        """The picture at a time; photographs sway like somebody who sits."""
        width, height = self.size
        phase = self.random.uniform(0, 6, 3)
        still = len(frames) == 1

        def at(time_s: float) -> np.ndarray:
            back_and_forth = int(time_s * 24) % max(1, 2 * len(frames) - 2)
            index = min(back_and_forth, 2 * len(frames) - 2 - back_and_forth) if not still else 0
            moved = affine.copy()
            if still:
                moved[:, 2] += 0.006 * width * np.sin(np.array([1.3, 1.9]) * time_s + phase[:2])
                turn = cv2.getRotationMatrix2D(
                    (width / 2, height), 0.8 * float(np.sin(1.1 * time_s + phase[2])), 1.0
                )
                moved = turn @ np.vstack([moved, [0, 0, 1]])
            shrinks = abs(moved[0, 0]) < 0.7
            return cv2.warpAffine(
                frames[index],
                moved,
                (width, height),
                flags=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )

        return at

    def face_luma(self, share: float | None = None) -> float:
        """Luma of the face in the material: the mean, or a percentile."""
        left, top, right, bottom = (max(0, int(value)) for value in self.person.face)
        face = self.person.frames[0][top:bottom, left:right]
        if share is None:
            return luma(face)
        return float(np.percentile(cv2.cvtColor(face, cv2.COLOR_BGR2GRAY), share))

    def lit(self, target: float) -> Change:
        """Made brighter or darker to a mean luma, by the first picture; the face stays a face."""
        gain: list[float] = []
        most = min(1.6, max(1.0, _BRIGHTEST_FACE / self.face_luma(95)))

        def change(bgr: np.ndarray, _: float) -> np.ndarray:
            if not gain:
                gain.append(min(most, target / max(1.0, luma(bgr))))
            return bgr.astype(np.float32) * gain[0]

        return change

    def empty(self, without: tuple[str, ...] = ()) -> Callable[[float], np.ndarray]:
        """A place that fills the picture."""
        frames, (width, height) = self.place(without), self.size
        scale = 1.06 * max(width / frames[0].shape[1], height / frames[0].shape[0])
        shift = [-0.03 * width, -0.03 * height]
        affine = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float64)
        return self.moving(frames, affine)

    def shown(
        self,
        at: Callable[[float], np.ndarray],
        change: Change | None = None,
        grain: tuple[float, float] = (0.6, 2.5),
        fps: float | None = None,
    ) -> Callable[[float], Iterator[tuple[float, av.VideoFrame]]]:
        """Frames over time: ``change`` is the fault, grain the sensor's noise after it."""
        sigma = self.between(*grain, "grain") if grain[1] else 0.0
        width, height = self.size
        fields = self.random.normal(0, sigma, (5, height, width)).astype(np.float32)
        rate = fps or self.fps

        def frames(seconds: float) -> Iterator[tuple[float, av.VideoFrame]]:
            for number in range(int(seconds * rate)):
                time_s = number / rate
                picture = at(time_s)
                if change is not None:
                    picture = change(picture, time_s)
                yield time_s, as_frame(picture, fields, number, self.random if sigma else None)

        return frames


_BRIGHTEST_FACE = 215.0  # its lit side: a dark wall behind is no reason to make a face white


def as_frame(
    bgr: np.ndarray, fields: np.ndarray, number: int, random: np.random.Generator | None
) -> av.VideoFrame:
    """YUV with grain on the luma; the grain is never the same twice."""
    packed = np.ascontiguousarray(np.clip(bgr, 0, 255).astype(np.uint8))
    frame = av.VideoFrame.from_ndarray(packed, format="bgr24").reformat(format="yuv420p")
    if random is None:
        return frame
    planes = frame.to_ndarray()
    height, width = bgr.shape[:2]
    shift = tuple(int(value) for value in random.integers(0, (height, width)))
    noise = np.roll(fields[number % len(fields)], shift, (0, 1))[:height, :width]
    planes[:height, :width] = np.clip(planes[:height, :width] + noise * 219 / 255, 16, 235)
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def luma(bgr: np.ndarray) -> float:
    """Mean, full range."""
    blue, green, red = (float(bgr[..., channel].mean()) for channel in range(3))
    return 0.114 * blue + 0.587 * green + 0.299 * red
