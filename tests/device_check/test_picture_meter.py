from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from appliance.device_check import camera
from appliance.device_check.faces import FaceFinder, Found
from appliance.device_check.picture_light import Box
from appliance.device_check.picture_meter import PictureMeter
from appliance.device_check.records import AnalyserCamera, BrowserCamera, Verdict
from tests.device_check.chroma_key import office
from tests.device_check.media_path import VENDOR, frames_of, still
from tests.device_check.views import (
    FPS,
    OWN,
    as_received,
    cause,
    filmed,
    light,
    measured,
    room_with_a_man,
)
from tests.provoking import Provoked


@pytest.fixture(scope="module")
def faces() -> Iterator[FaceFinder]:
    made = FaceFinder(VENDOR / "models")
    yield made
    made.close()


def test_it_works(faces: FaceFinder) -> None:
    record = measured(faces, frames_of("cap12_edit.mp4", 84), seconds=3.5)
    assert (record.width, record.height, record.frames) == (400, 300, 84)
    assert record.frames_per_s == pytest.approx(24, abs=1)
    assert record.faces == 1
    assert record.face_box is not None
    assert record.same_picture_s < 0.3
    assert camera.judge(OWN, record).verdict is Verdict.PASSED


@pytest.mark.provokes("camera_frozen", by="frames")
def test_frozen_after_the_codec(faces: FaceFinder, provoked: Provoked) -> None:
    moving = frames_of("cap12_edit.mp4", 24)
    stuck = as_received(moving + moving[-1:] * 96)
    record = measured(faces, stuck, seconds=4.9)
    assert record.same_picture_s > 2
    assert provoked(cause(record)) == "camera_frozen"


def test_somebody_who_sits_still_is_not_frozen(faces: FaceFinder) -> None:
    frames = as_received(frames_of("franck.mp4", 96, skip=200))
    record = measured(faces, frames, seconds=4)
    assert record.same_picture_s < 1


@pytest.mark.provokes("camera_not_arriving", by="frames")
def test_rate_falls_when_frames_stop(faces: FaceFinder, provoked: Provoked) -> None:
    meter = PictureMeter(faces)
    for number in range(48):
        meter.add(still(320, 240, 100), 50 + number / FPS)
    assert meter.record(52.0).frames_per_s == pytest.approx(24, abs=1)
    assert meter.record(54.5).frames_per_s < 5
    assert meter.record(60.0).frames_per_s == 0
    assert meter.record(60.0).silent_s == pytest.approx(60 - 50 - 47 / FPS, abs=0.01)
    stopped = OWN.model_copy(update={"frames_per_s": 0})
    assert camera.judge(stopped, meter.record(60.0)).cause == "camera_frozen"
    assert provoked(camera.judge(OWN, meter.record(60.0))) == "camera_not_arriving"


@pytest.mark.parametrize(
    ("fps", "wanted"),
    [
        pytest.param(
            4, "camera_too_slow", marks=pytest.mark.provokes("camera_too_slow", by="frames")
        ),
        pytest.param(12, "camera_slow", marks=pytest.mark.provokes("camera_slow", by="frames")),
        (24, ""),
    ],
)
def test_slow_cameras(faces: FaceFinder, fps: int, wanted: str, provoked: Provoked) -> None:
    """A man in a room, at so many pictures a second; only what arrives tells the rate."""
    frames = as_received(filmed(room_with_a_man()))
    record = measured(faces, frames, seconds=4, fps=fps)
    own = BrowserCamera(width=1280, height=720)
    assert provoked(camera.judge(own, record)) == wanted


@pytest.mark.parametrize(
    ("width", "height", "wanted"),
    [
        pytest.param(
            160,
            120,
            "camera_too_small",
            marks=pytest.mark.provokes("camera_too_small", by="frames"),
        ),
        pytest.param(
            400, 300, "camera_small", marks=pytest.mark.provokes("camera_small", by="frames")
        ),
        (640, 480, ""),
    ],
)
def test_small_pictures(
    faces: FaceFinder, width: int, height: int, wanted: str, provoked: Provoked
) -> None:
    """The same man; only what arrives tells the size."""
    frames = [frame.reformat(width=width, height=height) for frame in filmed(room_with_a_man())]
    record = measured(faces, as_received(frames), seconds=3, fps=FPS)
    assert provoked(camera.judge(BrowserCamera(frames_per_s=25), record)) == wanted


@pytest.mark.parametrize("size", [(2, 1000), (1000, 2), (16, 16), (1088, 1920)])
def test_any_shape_costs_the_same(faces: FaceFinder, size: tuple[int, int]) -> None:
    meter = PictureMeter(faces)
    meter.add(still(*size, 100), 1.0)
    record = meter.record(1.5)
    assert (record.width, record.height) == size
    assert record.mean_luma == pytest.approx((100 - 16) * 255 / 219, abs=0.5)


def test_restart_forgets(faces: FaceFinder) -> None:
    meter = PictureMeter(faces)
    meter.add(still(320, 240, 16), 1.0)
    meter.restart(1.5)
    assert meter.record(2.0) == AnalyserCamera(listening_s=0.5)


@pytest.mark.provokes("camera_frozen", by="frames")
@pytest.mark.parametrize("bitrate_bps", [300_000, 1_200_000])
def test_frozen_from_the_start(faces: FaceFinder, bitrate_bps: int, provoked: Provoked) -> None:
    """The codec refines the picture for two seconds; that is no life."""
    stuck = as_received(frames_of("cap12_edit.mp4", 1) * 100, bitrate_bps)
    early = measured(faces, stuck, seconds=2.2)
    assert early.unmoved_s >= 1
    assert camera.judge(OWN, early).verdict is not Verdict.PASSED
    assert provoked(cause(measured(faces, stuck, seconds=3.9))) == "camera_frozen"


@pytest.mark.parametrize("gain", [0.05, 0.2])
def test_somebody_who_sits_still_in_the_dark_is_not_frozen(faces: FaceFinder, gain: float) -> None:
    pictures = [frame.to_ndarray(format="bgr24") for frame in frames_of("franck.mp4", 96, skip=200)]
    dim = [light(picture, gain) for picture in pictures]
    record = measured(faces, as_received(filmed(dim)), seconds=4)
    assert record.same_picture_s < 1.6


def test_an_empty_chair_is_not_frozen(faces: FaceFinder) -> None:
    """Nobody moves; the sensor's noise does."""
    chair = np.asarray(office(), np.float32)
    frames = as_received(filmed([chair] * 96))
    assert measured(faces, frames, seconds=4).same_picture_s < 1.6


class Scripted:
    """A finder that finds what it is told."""

    def __init__(self, *boxes: Box | None) -> None:
        self.found = [Found((box,), sure=True) if box else Found() for box in boxes]

    def find(self, *_: object, **__: object) -> Found:
        return self.found.pop(0)


def seen_by(*boxes: Box | None) -> AnalyserCamera:
    """After as many searches, two in a second."""
    meter = PictureMeter(Scripted(*boxes))  # type: ignore[arg-type]
    for number in range(len(boxes)):
        meter.add(still(640, 360, 100), 50 + number / 2)
    return meter.record(50 + len(boxes) / 2)


HERE, LARGER, ELSEWHERE = (0.4, 0.3, 0.6, 0.7), (0.3, 0.1, 0.7, 0.9), (0.7, 0.3, 0.9, 0.7)


def test_one_search_alone_does_not_move_a_face() -> None:
    assert seen_by(HERE, HERE, LARGER).face_box == HERE
    assert seen_by(HERE, HERE, LARGER, LARGER).face_box == LARGER
    assert seen_by(HERE, HERE, ELSEWHERE).face_box == ELSEWHERE


def test_one_search_alone_does_not_lose_a_face() -> None:
    assert seen_by(HERE, None).faces == 1
    assert seen_by(HERE, None, None).faces == 0
    assert seen_by(HERE, None, HERE, None).face_box == HERE
