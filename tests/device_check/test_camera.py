import pytest

from appliance.device_check import camera
from appliance.device_check.records import AnalyserCamera, BrowserCamera, DeviceError, Verdict

BROWSER = BrowserCamera(width=1280, height=720, frames_per_s=30, duration_s=6)
ANALYSER = AnalyserCamera(
    duration_s=5,
    frames=120,
    frames_per_s=24,
    width=640,
    height=360,
    mean_luma=120,
    luma_deviation=50,
    edge_ratio=0.06,
    faces=1,
    face_luma=130,
    surround_luma=110,
)


def judged(
    browser: dict[str, object] | None = None, analyser: dict[str, object] | None = None
) -> tuple[Verdict, str]:
    finding = camera.judge(
        BROWSER.model_copy(update=browser or {}), ANALYSER.model_copy(update=analyser or {})
    )
    return finding.verdict, finding.cause


def test_it_works() -> None:
    assert judged() == (Verdict.PASSED, "")


def test_open_before_enough_frames() -> None:
    assert camera.judge(None, None).verdict is Verdict.OPEN
    assert judged({"duration_s": 1}, {"duration_s": 1.9}) == (Verdict.OPEN, "")
    assert judged({"duration_s": 1}, {"frames": 4}) == (Verdict.OPEN, "")


@pytest.mark.parametrize("error", list(DeviceError))
def test_no_track(error: DeviceError) -> None:
    finding = camera.judge(BrowserCamera(error=error), None)
    assert (finding.verdict, finding.cause) == (Verdict.FAILED, f"camera_{error}")


@pytest.mark.parametrize(
    ("browser", "analyser", "cause"),
    [
        ({}, {"black_ratio": 0.34}, "camera_black"),
        ({}, {"luma_deviation": 4.9, "edge_ratio": 0.0019}, "camera_covered"),
        ({}, {"same_picture_s": 2.1}, "camera_frozen"),
        ({"frames_per_s": 4.9}, {"frames_per_s": 4.9}, "camera_too_slow"),
        ({"width": 319, "height": 240}, {}, "camera_too_small"),
        ({"width": 320, "height": 239}, {}, "camera_too_small"),
        ({"width": 0}, {"width": 160, "height": 120}, "camera_too_small"),
        ({}, {"frames": 0, "listening_s": 5}, "camera_not_arriving"),
        ({"frames_per_s": 0}, {"frames": 0, "listening_s": 5}, "camera_frozen"),
        ({"duration_s": 5, "track_muted": True}, {"frames": 0}, "camera_muted"),
    ],
)
def test_faults(browser: dict[str, object], analyser: dict[str, object], cause: str) -> None:
    assert judged(browser, analyser) == (Verdict.FAILED, cause)


@pytest.mark.parametrize(
    ("browser", "analyser", "cause"),
    [
        ({}, {"mean_luma": 49.9}, "camera_dark"),
        ({}, {"faces": 0, "face_luma": None}, "camera_no_face"),
        ({}, {"face_luma": 60, "surround_luma": 120.1}, "camera_backlit"),
        ({}, {"face_cut_off": True}, "camera_face_cut_off"),
        ({"width": 639, "height": 480}, {}, "camera_small"),
        ({"width": 640, "height": 359}, {}, "camera_small"),
        ({"frames_per_s": 19.9}, {"frames_per_s": 19.9}, "camera_slow"),
    ],
)
def test_warnings(browser: dict[str, object], analyser: dict[str, object], cause: str) -> None:
    assert judged(browser, analyser) == (Verdict.WARNING, cause)


@pytest.mark.parametrize(
    ("browser", "analyser"),
    [
        ({}, {"black_ratio": 1 / 3}),
        ({}, {"luma_deviation": 4.9, "edge_ratio": 0.002}),
        ({}, {"luma_deviation": 5, "edge_ratio": 0.0}),
        ({}, {"same_picture_s": 2.0}),
        ({"frames_per_s": 20}, {"frames_per_s": 12}),
        ({"frames_per_s": 3}, {"frames_per_s": 3, "duration_s": 2.9}),
        ({"width": 360, "height": 640}, {}),
        ({}, {"mean_luma": 50}),
        ({}, {"face_luma": 60, "surround_luma": 120}),
        ({}, {"faces": 3}),
        ({"duration_s": 4.9, "track_muted": True}, {}),
    ],
)
def test_the_edge_still_passes(browser: dict[str, object], analyser: dict[str, object]) -> None:
    assert judged(browser, analyser) == (Verdict.PASSED, "")


def test_whoever_waits_for_an_analyser_is_not_blamed() -> None:
    assert camera.judge(BROWSER.model_copy(update={"duration_s": 60}), None).cause == ""
    just_there = {"frames": 0, "listening_s": 4.9}
    assert judged({"duration_s": 60}, just_there) == (Verdict.OPEN, "")


def test_the_analyser_alone_is_enough_to_judge() -> None:
    assert camera.judge(None, ANALYSER).verdict is Verdict.PASSED
