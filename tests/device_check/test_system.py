import pytest

from appliance.device_check import system
from appliance.device_check.records import BrowserSystem, Verdict

GOOD = BrowserSystem(
    secure_context=True,
    media_devices=True,
    web_rtc=True,
    opus=True,
    vp8=True,
    web_assembly=True,
    audio_context=True,
    browser="firefox",
    browser_version=128,
    os="linux",
    in_app_browser=False,
)


def cause_of(**changes) -> tuple[Verdict, str]:
    finding = system.judge(GOOD.model_copy(update=changes))
    return finding.verdict, finding.cause


def test_it_works() -> None:
    assert cause_of() == (Verdict.PASSED, "")


def test_open_before_the_page_has_said_anything() -> None:
    assert system.judge(None).verdict is Verdict.OPEN


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"secure_context": False, "media_devices": False}, "system_insecure_page"),
        ({"media_devices": False}, "system_no_web_rtc"),
        ({"web_rtc": False}, "system_no_web_rtc"),
        ({"web_rtc": False, "in_app_browser": True}, "system_in_app_browser"),
        ({"web_rtc": False, "browser_version": 60}, "system_old_browser"),
        ({"opus": False}, "system_no_codec"),
        ({"vp8": False}, "system_no_codec"),
    ],
)
def test_what_is_missing_fails(changes: dict[str, object], cause: str) -> None:
    assert cause_of(**changes) == (Verdict.FAILED, cause)


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"in_app_browser": True}, "system_in_app_browser_doubtful"),
        ({"browser_version": 101}, "system_old_browser_doubtful"),
        ({"browser": "chromium", "browser_version": 99}, "system_old_browser_doubtful"),
        ({"browser": "safari", "browser_version": 14}, "system_old_browser_doubtful"),
        ({"clock_offset_s": 300.1}, "system_clock_wrong"),
        ({"clock_offset_s": -301}, "system_clock_wrong"),
    ],
)
def test_what_is_doubtful_warns(changes: dict[str, object], cause: str) -> None:
    assert cause_of(**changes) == (Verdict.WARNING, cause)


@pytest.mark.parametrize(
    "changes",
    [
        {"browser_version": 102},
        {"browser": "chromium", "browser_version": 100},
        {"browser": "safari", "browser_version": 15},
        {"browser": "other", "browser_version": 1},
        {"browser_version": 0},
        {"clock_offset_s": 300},
    ],
)
def test_the_edge_still_passes(changes: dict[str, object]) -> None:
    assert cause_of(**changes) == (Verdict.PASSED, "")
