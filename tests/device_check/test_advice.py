from itertools import pairwise

import pytest

from appliance.device_check.advice import Advice, Adviser, advice
from appliance.device_check.records import AnalyserCamera
from tests.device_check.test_camera import ANALYSER, NOBODY


def seen(at_s: float = 5.0, **what: object) -> AnalyserCamera:
    return ANALYSER.model_copy(update={**what, "listening_s": at_s, "duration_s": at_s})


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ({}, Advice.GOOD),
        ({"black_ratio": 1}, Advice.UNCOVER),
        (NOBODY | {"structure": 1}, Advice.UNCOVER),
        (NOBODY | {"turned_deg": 90}, Advice.TURN_CAMERA),
        ({"mean_luma": 30, "face_highlight_luma": 60}, Advice.MORE_LIGHT),
        ({"face_clipped_ratio": 0.5}, Advice.LESS_LIGHT),
        (NOBODY, Advice.INTO_PICTURE),
        ({"face_highlight_luma": 50, "surround_luma": 200}, Advice.LIGHT_IN_FRONT),
        ({"face_box": (0.2, 0.05, 0.8, 0.9)}, Advice.BACK),
        ({"face_box": (0.45, 0.4, 0.55, 0.5)}, Advice.NEARER),
        ({"face_box": (-0.1, 0.3, 0.2, 0.7)}, Advice.LEFT),  # at the picture's left: move left
        ({"face_box": (0.8, 0.3, 1.1, 0.7)}, Advice.RIGHT),
        ({"face_box": (0.05, 0.3, 0.4, 0.7)}, Advice.LEFT),  # whole, but far from the middle
        ({"face_box": (0.4, -0.05, 0.6, 0.3)}, Advice.CAMERA_UP),
        ({"face_box": (0.4, 0.7, 0.6, 1.05)}, Advice.CAMERA_DOWN),
        ({"face_blur": 0.7, "blur": 0.7}, Advice.WIPE_LENS),
        (NOBODY | {"blur": 0.7}, Advice.WIPE_LENS),
    ],
)
def test_one_thing_at_a_time(what: dict[str, object], wanted: Advice) -> None:
    assert advice(seen(**what)) is wanted


def test_every_advice_can_be_given() -> None:
    marks = test_one_thing_at_a_time.pytestmark  # type: ignore[attr-defined]
    assert {wanted for _, wanted in marks[0].args[1]} == set(Advice)


def test_the_gravest_comes_first() -> None:
    both = seen(face_box=(0.8, 0.3, 1.1, 0.7), face_highlight_luma=50, surround_luma=200)
    assert advice(both) is Advice.LIGHT_IN_FRONT
    assert advice(both, Advice.RIGHT) is Advice.LIGHT_IN_FRONT


def test_what_was_said_is_not_taken_back_at_the_limit() -> None:
    just_right = seen(face_box=(0.2, 0.3, 0.32, 0.7))  # its middle at 0.26
    assert advice(just_right) is Advice.GOOD
    assert advice(just_right, Advice.LEFT) is Advice.LEFT
    assert advice(seen(face_box=(0.22, 0.3, 0.34, 0.7)), Advice.LEFT) is Advice.GOOD


def test_words_change_at_most_every_one_and_a_half_seconds() -> None:
    adviser = Adviser()
    left, right = (0.05, 0.3, 0.4, 0.7), (0.6, 0.3, 0.95, 0.7)
    said = []
    for number in range(100):
        at_s = 1 + number / 5
        box = left if number // 4 % 2 else right  # somebody who rocks
        word = adviser.advise(seen(at_s, face_box=box))
        if not said or said[-1][1] is not word:
            said.append((at_s, word))
    times = [at_s for at_s, _ in said]
    assert min(b - a for a, b in pairwise(times)) >= 1.5
    assert len(said) > 2


def test_a_word_is_there_soon_and_stays() -> None:
    adviser = Adviser()
    assert adviser.advise(seen(0.5)) is None
    assert adviser.advise(seen(1.0)) is Advice.GOOD
    dark = {"mean_luma": 30, "face_highlight_luma": 60}
    assert adviser.advise(seen(3.0, **dark)) is Advice.GOOD
    assert adviser.advise(seen(3.6, **dark)) is Advice.MORE_LIGHT
    assert adviser.advise(seen(3.8)) is Advice.MORE_LIGHT
    adviser.restart()
    assert adviser.advise(seen(1.0, **dark)) is Advice.MORE_LIGHT
