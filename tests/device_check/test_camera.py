import pytest

from appliance.device_check import camera
from appliance.device_check.records import AnalyserCamera, BrowserCamera, DeviceError, Verdict
from tests.provoking import Provoked

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
    structure=40,
    highlight_luma=220,
    blur=0.4,
    faces=1,
    face_box=(0.4, 0.25, 0.6, 0.6),
    face_luma=130,
    face_highlight_luma=200,
    face_blur=0.3,
    surround_luma=110,
)


NOBODY: dict[str, object] = {
    "faces": 0,
    "face_box": None,
    "face_luma": None,
    "face_highlight_luma": None,
    "face_blur": None,
    "surround_luma": None,
}


SHADE: dict[str, object] = {
    "face_highlight_luma": 75,
    "surround_luma": 185,
    "window_luma": 190,
    "room_luma": 180,
    "face_shine": 1.1,
    "chest_luma": 90,
}
WINDOW: dict[str, object] = {"surround_luma": 150, "window_luma": 240, "room_luma": 149}


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


def test_open_while_nothing_has_moved() -> None:
    assert judged(None, {"duration_s": 4.9, "unmoved_s": 1}) == (Verdict.OPEN, "")
    assert judged(None, {"duration_s": 3.9, "same_picture_s": 2.1})[1] == "camera_frozen"
    assert judged(None, NOBODY | {"duration_s": 3.9, "unmoved_s": 1})[1] == "camera_no_face"


@pytest.mark.parametrize("error", list(DeviceError))
def test_no_track(error: DeviceError) -> None:
    finding = camera.judge(BrowserCamera(error=error), None)
    assert (finding.verdict, finding.cause) == (Verdict.FAILED, f"camera_{error}")


@pytest.mark.parametrize(
    ("browser", "analyser", "cause"),
    [
        ({}, {"black_ratio": 0.34}, "camera_black"),
        ({}, NOBODY | {"structure": 2.9}, "camera_covered"),
        ({}, {"same_picture_s": 2.1}, "camera_frozen"),
        ({"same_picture_s": 2.1}, {}, "camera_frozen"),  # the codec still sharpens it
        ({"frames_per_s": 0}, {"silent_s": 3}, "camera_frozen"),
        ({}, {"silent_s": 3}, "camera_not_arriving"),
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
        ({}, NOBODY | {"turned_deg": 90}, "camera_turned"),
        ({}, NOBODY | {"mean_luma": 49.9}, "camera_dark"),
        ({}, {"mean_luma": 49.9, "face_highlight_luma": 89.9}, "camera_dark"),
        ({}, {"face_clipped_ratio": 0.21}, "camera_too_bright"),
        ({}, {"face_luma": 225.1}, "camera_too_bright"),
        ({}, NOBODY | {"clipped_ratio": 0.51}, "camera_too_bright"),
        ({}, NOBODY, "camera_no_face"),
        ({}, NOBODY | {"blur": 0.66}, "camera_blurred"),
        ({}, {"face_highlight_luma": 54, "surround_luma": 190}, "camera_backlit"),
        ({}, {"face_highlight_luma": 119, "surround_luma": 231}, "camera_backlit"),
        ({}, SHADE, "camera_backlit"),
        ({}, SHADE | WINDOW, "camera_backlit"),
        (
            {},
            {"face_highlight_luma": 100, "surround_luma": 181, "surround_clipped_ratio": 0.11},
            "camera_backlit",
        ),
        ({}, {"face_box": (0.01, 0.3, 0.3, 0.6)}, "camera_face_cut_off"),
        ({}, {"face_box": (0.4, 0.7, 0.6, 0.99)}, "camera_face_cut_off"),
        ({}, {"face_box": (0.3, 0.1, 0.7, 0.79)}, "camera_face_too_near"),
        ({}, {"face_box": (0.01, 0.3, 0.99, 0.9)}, "camera_face_too_near"),
        ({}, {"face_box": (0.4, 0.4, 0.5, 0.51)}, "camera_face_too_far"),
        ({}, {"face_blur": 0.46, "blur": 0.63}, "camera_blurred"),
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
        ({}, {"structure": 2.9}),  # somebody is seen
        ({}, {"silent_s": 0.9}),
        ({}, {"same_picture_s": 0.9}),
        ({}, {"duration_s": 3.0}),
        ({"frames_per_s": 20}, {"frames_per_s": 12}),
        ({"width": 360, "height": 640}, {}),
        ({}, {"mean_luma": 49, "face_highlight_luma": 90}),  # well lit before a dark wall
        ({}, {"mean_luma": 50, "face_highlight_luma": 89, "surround_luma": 60}),
        ({}, {"face_highlight_luma": 66, "surround_luma": 229}),  # dark skin, white wall
        ({}, {"face_highlight_luma": 40, "surround_luma": 110}),  # the same in the evening
        ({}, {"surround_luma": 255, "face_highlight_luma": 120}),  # the face is well lit
        (
            {},
            {"surround_luma": 231, "face_highlight_luma": 110, "chest_luma": 155},
        ),  # light clothes
        ({}, SHADE | {"face_shine": 1.21}),  # light from ahead on dark skin
        ({}, SHADE | {"chest_luma": 105}),  # and on clothes
        ({}, SHADE | {"surround_luma": 174}),
        ({}, SHADE | {"face_shine": None}),
        ({}, SHADE | {"chest_luma": None}),
        ({}, SHADE | WINDOW | {"room_luma": 151}),  # a bright room, with a window in it
        ({}, SHADE | WINDOW | {"chest_luma": 96}),
        ({}, {"unmoved_s": 3, "duration_s": 5}),  # who is that still
        ({}, {"unmoved_s": 0.9, "duration_s": 3}),
        ({}, {"clipped_ratio": 0.6}),  # the sky behind
        ({}, {"face_blur": 0.7, "blur": 0.62}),  # somebody moves
        ({}, {"face_blur": 0.45, "blur": 0.9}),  # a soft background
        ({}, {"face_box": (0.02, 0.3, 0.3, 0.6)}),
        ({}, {"surround_luma": None, "face_blur": None, "blur": 0.9}),
        ({}, {"faces": 3}),
    ],
)
def test_the_edge_still_passes(browser: dict[str, object], analyser: dict[str, object]) -> None:
    assert judged(browser, analyser) == (Verdict.PASSED, "")


@pytest.mark.parametrize(
    ("browser", "analyser"),
    [
        ({}, {"duration_s": 2.9}),
        ({"frames_per_s": 3}, {"frames_per_s": 3, "duration_s": 2.9}),
        ({}, {"same_picture_s": 1.0}),
        ({"same_picture_s": 1.0}, {}),
        ({}, {"same_picture_s": 2.0}),
        ({}, {"silent_s": 1.0}),
        ({}, {"silent_s": 2.9}),
        ({"duration_s": 4.9, "track_muted": True}, {}),
    ],
)
def test_no_praise_before_rate_and_movement_are_known(
    browser: dict[str, object], analyser: dict[str, object]
) -> None:
    """The page would be gone when the fault is found."""
    assert judged(browser, analyser) == (Verdict.OPEN, "")


@pytest.mark.parametrize("dim", [{"mean_luma": 30.0, "face_highlight_luma": 60.0}, {"blur": 0.9}])
def test_what_is_seen_at_once_is_said_at_once(dim: dict[str, object]) -> None:
    assert judged({}, {**NOBODY, **dim, "duration_s": 2.0})[0] is Verdict.WARNING


def test_whoever_waits_for_an_analyser_is_not_blamed() -> None:
    assert camera.judge(BROWSER.model_copy(update={"duration_s": 60}), None).cause == ""
    just_there = {"frames": 0, "listening_s": 4.9}
    assert judged({"duration_s": 60}, just_there) == (Verdict.OPEN, "")


def test_the_analyser_alone_is_enough_to_judge() -> None:
    assert camera.judge(None, ANALYSER).verdict is Verdict.PASSED


def test_what_staff_may_want_to_know_changes_no_verdict() -> None:
    virtual = BROWSER.model_copy(update={"virtual": True})
    finding = camera.judge(virtual, ANALYSER.model_copy(update={"faces": 2}))
    assert (finding.verdict, finding.cause) == (Verdict.PASSED, "")
    assert finding.notes == ("camera_virtual", "camera_several_faces")
    assert camera.judge(BROWSER, ANALYSER).notes == ()


@pytest.mark.provokes("camera_overconstrained", by="numbers")
def test_a_device_that_fits_no_wish_at_all_would_be_named(provoked: Provoked) -> None:
    """The page asks again without wishes; whoever says so all the same is still understood."""
    refused = BROWSER.model_copy(update={"error": DeviceError.OVERCONSTRAINED})
    assert provoked(camera.judge(refused, None)) == "camera_overconstrained"
