"""Every cause has a test that makes its fault, or a reason why that cannot be done here."""

import pytest

from appliance.device_check.remedies import CAUSES
from tests.provoking import (
    CANNOT_BE_PROVOKED_HERE,
    MARK,
    Provocation,
    described,
    faults_of_the_rule,
    invented,
    marks,
)
from tests.rules.sources import sources

TESTS = [file for file in sources(".py", under=("tests",)) if file.name.startswith("test_")]


def test_each_cause_is_provoked_or_has_its_reason():
    found = [one for file in TESTS for one in marks(file, file.read_text(encoding="utf-8"))]
    assert faults_of_the_rule(CAUSES, found, CANNOT_BE_PROVOKED_HERE) == []


def test_what_is_seen_is_what_came_out():
    places = [place for file in TESTS for place in invented(file, file.read_text(encoding="utf-8"))]
    assert places == []


def test_what_is_measured_is_not_written_down():
    places = [one for file in TESTS for one in described(file, file.read_text(encoding="utf-8"))]
    assert places == []


def mark(cause, by):
    return Provocation(cause, by, "test_it.py:1")


WHY = "nobody has a device that does so"


@pytest.mark.parametrize(
    ("marked", "reasons", "wrong"),
    [
        ([], {}, "a: no test makes this fault"),
        ([mark("a", "numbers")], {}, "a: figures are no proof"),
        ([mark("a", "line"), mark("a", "numbers")], {"a": WHY}, "a: provoked, and said"),
        ([], {"a": WHY}, "a: impossible here, and not judged"),
        ([mark("a", "numbers")], {"a": "no"}, "a: not a reason"),
        ([mark("a", "line"), mark("b", "line")], {}, "test_it.py:1: unknown: b"),
        ([mark("a", "magic")], {}, "test_it.py:1: unknown: a by magic"),
        ([mark("a", "line"), mark("b", "numbers")], {"b": WHY}, "b: no such cause"),
    ],
)
def test_what_breaks_the_rule_is_noticed(marked, reasons, wrong):
    assert any(one.startswith(wrong) for one in faults_of_the_rule({"a"}, marked, reasons))


def test_what_keeps_the_rule_is_not():
    assert faults_of_the_rule({"a"}, [mark("a", "line")], {}) == []
    assert faults_of_the_rule({"a"}, [mark("a", "numbers")], {"a": WHY}) == []


def test_a_vague_mark_or_an_invented_cause_is_noticed():
    for words in ("(by='line')", "(CAUSE, by='line')", "('a')"):
        with pytest.raises(ValueError, match="test_"):
            list(marks(TESTS[0], f"@pytest.mark.{MARK}{words}\ndef test_it(): ..."))
    assert invented(TESTS[0], "provoked('camera_black')")
    assert not invented(TESTS[0], "provoked(camera.judge(None, seen))")
    test = f"@pytest.mark.{MARK}('a', by=BY)\ndef test_it():\n    judge(AnalyserCamera(faces=2))"
    assert described(TESTS[0], test.replace("BY", "'frames'"))
    assert not described(TESTS[0], test.replace("BY", "'numbers'"))
    assert not described(TESTS[0], test.replace("BY", "'frames'").replace("faces=2", "**seen"))
    [one] = marks(TESTS[0], f"pytest.param(1, marks=pytest.mark.{MARK}('a', by='line'))")
    assert (one.cause, one.by) == ("a", "line")
