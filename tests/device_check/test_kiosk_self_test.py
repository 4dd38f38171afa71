"""What a kiosk's look at itself comes to."""

import pytest

from appliance.device_check.kiosk_self_test import FAULT_WORDS, SelfTest, faults_of, out_of_order
from appliance.device_check.records import LoopBack

HEARD = LoopBack(over_median_db=60, gain_db=-20, delay_s=0.3, set_up_gain_db=-20)
GOOD = SelfTest(picture="good", loop=HEARD, path=True, touch_points=10, touch_expected=True)


def found(**changes):
    return faults_of(GOOD.model_copy(update=changes))


def test_it_works():
    assert found() == []
    assert not out_of_order([])


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"path": False}, "path"),
        ({"missing": ["camera"]}, "camera_missing"),
        ({"missing": ["microphone"], "loop": LoopBack(error="not_found")}, "microphone_missing"),
        ({"missing": ["speaker"]}, "speaker_missing"),
        ({"touch_points": 0}, "touch_missing"),
        ({"picture": "dark"}, "picture_dark"),
        ({"picture": "still"}, "picture_still"),
        ({"picture": "none"}, "no_picture"),
        ({"loop": LoopBack(error="not_found")}, "not_listening"),
        ({"loop": LoopBack(over_median_db=3)}, "left_muted"),
    ],
)
def test_out_of_order(changes, fault):
    assert found(**changes) == [fault]
    assert out_of_order([fault])


def test_a_soft_kiosk_stays_in_use():
    softer = HEARD.model_copy(update={"gain_db": -60.0})
    assert found(loop=softer) == ["turned_down"]
    assert not out_of_order(["turned_down"])


def test_the_gravest_comes_first_and_fits_into_the_row():
    assert found(path=False, picture="dark", missing=["speaker"]) == [
        "path",
        "speaker_missing",
        "picture_dark",
    ]
    assert len(" ".join(FAULT_WORDS)) <= 400
