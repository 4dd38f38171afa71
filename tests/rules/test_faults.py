"""The fault catalogue is whole: nothing unanswered, nothing invented, nothing untranslated."""

import re
import subprocess
import sys

import pytest

from appliance.device_check import faults_unanswered as unanswered
from appliance.device_check.faults import FAULTS
from appliance.device_check.remedies import CAUSES
from appliance.device_check.remedy import ANY, DESKTOP, TOUCH
from appliance.device_check.thresholds import THRESHOLDS
from tests.rules.sources import ROOT

BROWSERS = {ANY, "chromium", "edge", "firefox", "safari", "samsung", "other"}
PLACES = {ANY, DESKTOP, TOUCH, "windows", "macos", "linux", "android", "ios"}
NO_CAUSE = {
    **unanswered.NOT_DETECTABLE,
    **unanswered.TOLD_ELSEWHERE,
    **unanswered.NOT_YET,
}


def answered() -> set[str]:
    return {cause.fault for cause in CAUSES.values()}


def test_the_catalogue_has_all_its_rows():
    assert len(FAULTS) >= 71


def test_each_fault_is_answered_or_has_its_reason():
    assert set(FAULTS) - answered() - set(NO_CAUSE) == set()


def test_no_answered_fault_is_said_to_be_unanswered():
    """A fault that has got its first cause leaves ``faults_unanswered``."""
    assert answered() & set(NO_CAUSE) == set()


def test_a_reason_stands_in_one_list_only():
    lists = (unanswered.NOT_DETECTABLE, unanswered.TOLD_ELSEWHERE, unanswered.NOT_YET)
    assert sum(len(one) for one in lists) == len(NO_CAUSE)
    assert set(NO_CAUSE) - set(FAULTS) == set()


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_each_cause_names_things_that_exist(cause):
    assert cause.fault in FAULTS
    assert set(cause.rests_on) - set(THRESHOLDS) == set()
    assert cause.remedy
    for browser, place in (*cause.variants, *cause.drawings):
        assert browser in BROWSERS
        assert place in PLACES


def test_the_handbook_page_is_fresh():
    done = subprocess.run(
        [sys.executable, "scripts/write-faults", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout


def test_each_drawing_is_drawn_and_used():
    page = (ROOT / "kiosk_ui/pages/partials/drawings.html").read_text(encoding="utf-8")
    drawn = set(re.findall(r'drawing\("(\w+)"', page))
    used = {name for cause in CAUSES.values() for name in cause.drawings.values()}
    assert drawn == used
