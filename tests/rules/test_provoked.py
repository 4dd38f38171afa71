"""Every cause has a test that makes its fault, or a reason why that cannot be done here."""

import pytest

from appliance.device_check.remedies import CAUSES
from tests.provoking import (
    AWAITED,
    CANNOT_BE_PROVOKED_HERE,
    MARK,
    MEANS,
    NUMBERS,
    Provocation,
    invented,
    marks,
)
from tests.rules.sources import sources

TESTS = [file for file in sources(".py", under=("tests",)) if file.name.startswith("test_")]


def found() -> list[Provocation]:
    return [one for file in TESTS for one in marks(file, file.read_text(encoding="utf-8"))]


def really(marked: list[Provocation]) -> set[str]:
    return {one.cause for one in marked if one.by in MEANS}


def test_each_cause_is_provoked_or_has_its_reason():
    assert sorted(set(CAUSES) - really(found()) - set(CANNOT_BE_PROVOKED_HERE) - AWAITED) == []


def test_no_cause_is_both():
    assert sorted(really(found()) & {*CANNOT_BE_PROVOKED_HERE, *AWAITED}) == []


def test_what_cannot_be_provoked_is_at_least_judged():
    """Figures count for these alone, and each of these has a test with figures."""
    by_numbers = {one.cause for one in found() if one.by == NUMBERS}
    assert by_numbers == set(CANNOT_BE_PROVOKED_HERE)
    assert [cause for cause, why in CANNOT_BE_PROVOKED_HERE.items() if len(why.split()) < 5] == []


def test_marks_name_causes_and_means_that_exist():
    known = {*MEANS, NUMBERS}
    wrong = [one for one in found() if one.cause not in CAUSES or one.by not in known]
    assert wrong == []


def test_what_is_seen_is_what_came_out():
    places = [place for file in TESTS for place in invented(file, file.read_text(encoding="utf-8"))]
    assert places == []


def test_an_idle_or_vague_mark_is_noticed():
    vague = ("provokes(by='line')", "provokes(CAUSE, by='line')", "provokes('a')")
    for words in vague:
        with pytest.raises(ValueError, match="test_"):
            list(marks(TESTS[0], f"@pytest.mark.{words}\ndef test_it(): ..."))
    assert invented(TESTS[0], "provoked('camera_black')")
    assert not invented(TESTS[0], "provoked(camera.judge(None, seen))")
    [one] = marks(TESTS[0], f"pytest.param(1, marks=pytest.mark.{MARK}('a', by='line'))")
    assert (one.cause, one.by) == ("a", "line")
