"""On a phone or tablet nobody is told to click, to unplug or to look at a laptop."""

import re

import pytest

from appliance.device_check.remedies import CAUSES, explain
from appliance.device_check.remedies_kiosk import KIOSK
from appliance.i18n import EASY_GERMAN, SOURCE_LANGUAGE, translations
from tests.rules.test_three_languages import BROWSERS

NOT_ON_TOUCH = {
    SOURCE_LANGUAGE: re.compile(
        r"[Kk]lick|\b\w*[Kk]abel\b(?<!Ladekabel)|[Zz]iehen Sie|abziehen|Stecken Sie(?! (jetzt )?das"
        r" Lade)|Laptop|USB|\bMaus|Tastatur|Router|Netzteil|Smartphone|Programme\b|Reiter|\bRing\b"
    ),
    EASY_GERMAN: re.compile(
        r"[Kk]lick|\b\w*[Kk]abel\b(?<!Lade-Kabel)|[Zz]iehen Sie|Laptop|USB|\bMaus|Tastatur|Router"
        r"|Netzteil|Smartphone|Programme\b"
    ),
    "en": re.compile(
        r"[Cc]lick|[Cc]able|[Uu]nplug|Plug in(?! the charger)|[Ll]aptop|USB|\b[Mm]ouse|[Kk]eyboard"
        r"|[Rr]outer|[Ss]martphone|programs\b|\bring\b"
    ),
}
DRAWN_FOR_DESKS = {
    "plug",
    "keyboard_mute",
    "keyboard_camera",
    "camera_shutter",
    "system_switches",
    "safari_menu",
    "firefox_blocked",
    "tune",
    "volume",
}
AT_HOME = [cause for cause in CAUSES.values() if cause not in KIOSK]


@pytest.mark.parametrize("os", ["android", "ios"])
@pytest.mark.parametrize("cause", AT_HOME, ids=lambda cause: cause.code)
def test_it_works(cause, os):
    for language, never in NOT_ON_TOUCH.items():
        for browser in BROWSERS:
            told = explain(cause.code, browser, os, translations(language).gettext)
            said = [told.title, *told.steps]
            assert [one for one in said if never.search(one)] == [], (language, browser)
            assert told.drawing not in DRAWN_FOR_DESKS


def test_each_system_has_its_own_drawing_of_its_own_settings():
    drawn = {
        os: explain("camera_denied_by_system", "chromium", os, str).drawing
        for os in ("android", "ios", "windows")
    }
    assert len(set(drawn.values())) == len(drawn)


@pytest.mark.parametrize("code", ["microphone_clipping", "speaker_not_heard"])
def test_linux_has_its_own_way_to_the_sound_settings(code):
    ways = {os: tuple(explain(code, "firefox", os, str).steps) for os in ("linux", "other")}
    assert ways["linux"] != ways["other"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (SOURCE_LANGUAGE, "Ziehen Sie die Kamera ab."),
        (SOURCE_LANGUAGE, "Nehmen Sie ein Netzwerkkabel."),
        (EASY_GERMAN, "Klicken Sie darauf."),
        ("en", "Unplug the camera."),
    ],
)
def test_the_rule_catches_a_desk(language, said):
    assert NOT_ON_TOUCH[language].search(said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (SOURCE_LANGUAGE, "Stecken Sie jetzt das Ladekabel ein."),
        ("en", "Plug in the charger now."),
    ],
)
def test_a_charger_is_allowed(language, said):
    assert not NOT_ON_TOUCH[language].search(said)
