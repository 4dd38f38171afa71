import pytest

from appliance.device_check import system
from appliance.device_check.records import BrowserSystem, Verdict
from appliance.device_check.system import Item

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
        ({"page_permitted": False}, "system_page_forbidden"),
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
        ({"battery": 0.19, "charging": False}, "system_battery_low"),
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
        {"path_connected": False, "path_wait_s": 15.0},
        {"battery": 0.19, "charging": True},
        {"battery": 0.2, "charging": False},
        {"web_gl": False},
        {"web_assembly": False},
        {"screen": "refused"},
    ],
)
def test_the_edge_still_passes(changes: dict[str, object]) -> None:
    assert cause_of(**changes) == (Verdict.PASSED, "")


def ticked(**changes: object) -> dict[Item, tuple[Verdict, str]]:
    found = system.ticks(GOOD.model_copy(update=changes))
    assert [tick.item for tick in found] == list(Item)
    return {tick.item: (tick.verdict, tick.cause) for tick in found}


def test_every_line_is_ticked_or_not_known() -> None:
    found = ticked()
    assert found.pop(Item.BATTERY) == (Verdict.OPEN, "")  # this browser does not say
    assert found.pop(Item.KIOSK) == (Verdict.OPEN, "")  # and is none
    assert set(found.values()) == {(Verdict.PASSED, "")}
    assert ticked(battery=0.9)[Item.BATTERY] == (Verdict.PASSED, "")


def test_lines_that_are_told_but_stop_nobody() -> None:
    found = ticked(web_gl=False, screen="refused")
    assert found[Item.BLUR] == (Verdict.WARNING, "system_no_blur")
    assert found[Item.SCREEN] == (Verdict.WARNING, "system_screen_sleeps")


def test_one_reason_is_said_once() -> None:
    found = ticked(secure_context=False, media_devices=False)
    assert found[Item.SECURE_PAGE] == (Verdict.FAILED, "system_insecure_page")
    assert found[Item.DEVICES] == (Verdict.OPEN, "")
    found = ticked(web_rtc=False, in_app_browser=True, opus=False)
    assert found[Item.BROWSER] == (Verdict.FAILED, "system_in_app_browser")
    assert found[Item.CALLS] == found[Item.CODECS] == found[Item.PATH] == (Verdict.OPEN, "")


def test_the_path_is_open_until_it_took_too_long() -> None:
    assert ticked(path_connected=False, path_wait_s=3.0)[Item.PATH] == (Verdict.OPEN, "")
    assert ticked(path_connected=False, path_wait_s=20.0)[Item.PATH][0] is Verdict.FAILED
