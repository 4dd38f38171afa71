from appliance.device_check.advice import Advice
from appliance.device_check.camera_watch import CameraWatch
from appliance.device_check.records import AnalyserCamera, Verdict
from tests.device_check.test_camera import ANALYSER, BROWSER


def seen(at_s: float, **what: object) -> AnalyserCamera:
    return ANALYSER.model_copy(update={**what, "listening_s": at_s})


def test_it_works() -> None:
    watch = CameraWatch()
    assert watch.judge(BROWSER, seen(2)).verdict is Verdict.PASSED
    assert watch.advice is Advice.GOOD
    near = (0.1, 0.05, 0.9, 0.95)
    assert watch.judge(BROWSER, seen(3, face_box=near)).verdict is Verdict.PASSED
    assert watch.judge(BROWSER, seen(4.1, face_box=near)).verdict is Verdict.PASSED
    assert watch.judge(BROWSER, seen(4.3, face_box=near)).cause == "camera_face_too_near"
    assert watch.advice is Advice.BACK


def test_another_analyser_counts_anew() -> None:
    watch = CameraWatch()
    watch.judge(BROWSER, seen(60))
    assert watch.judge(BROWSER, seen(2, black_ratio=1)).cause == "camera_black"
    assert watch.advice is Advice.UNCOVER


def test_a_camera_that_stands_still_gets_no_praise() -> None:
    watch = CameraWatch()
    assert watch.judge(BROWSER, seen(4, same_picture_s=3)).cause == "camera_frozen"
    assert watch.advice is None
