"""The bench itself: a handful of real runs, honest intervals, and going on after a break."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bench_check import (
    bench,
    browser_cases,
    direct,
    handbook,
    log,
    people,
    plan,
    score,
    voices,
)
from tests.bench_check.plan import Planned, run_direct
from tests.bench_check.score import Result

CASES = (
    ("microphone", "microphone_silent/0", "microphone_silent"),
    ("microphone", "microphone_no_speech/0", "microphone_no_speech"),
    ("microphone", "microphone-healthy-quiet-room/0", ""),
    ("camera", "camera_black/0", "camera_black"),
    ("camera", "camera_covered/0", "camera_covered"),
    ("camera", "camera-healthy-good-light/0", ""),
)


@pytest.fixture(scope="module", autouse=True)
def _closed():
    yield
    direct.close()
    people.close()


@pytest.mark.parametrize(("kind", "name", "cause"), CASES)
def test_it_works(kind, name, cause):
    """Real sound and pictures, through the codecs, to the judgement."""
    expected = (cause,) if cause else ()
    result = run_direct(Planned(f"tuning/direct/{name}", kind, expected))
    assert result.right, (result.verdict, result.cause, result.notes)


def result(name: str, expected: str, cause: str, verdict: str = "failed") -> Result:
    return Result(name, "camera", (expected,) if expected else (), verdict, cause, 1.0)


FOUND = [
    result("unseen/direct/camera_black/0", "camera_black", "camera_black"),
    result("unseen/direct/camera_black/1", "camera_black", "camera_covered"),
    result("unseen/direct/camera-healthy-x/0", "", "", "passed"),
    result("unseen/direct/camera-healthy-x/1", "", "camera_dark", "warning"),
    result("unseen/direct/camera-healthy-x/2", "", "", "open"),  # never decided: an alarm, too
    result("tuning/direct/camera_black/0", "camera_black", "camera_black"),
]


def test_wrong_causes_and_false_alarms_are_counted():
    summary = bench.summary(FOUND, "scripts/bench check")
    assert summary["cases"] == 6
    assert summary["unseen"]["detection_rate"] == 0.5
    assert summary["unseen"]["noticed_rate"] == 1.0
    assert summary["unseen"]["false_alarm_rate"] == round(2 / 3, 4)
    assert summary["per_cause"]["camera_black"]["unseen"]["said_instead"] == {"camera_covered": 1}
    assert len(summary["failing"]) == 3
    assert {"median_s", "median_taps"} <= set(summary["healthy"])
    json.dumps(summary)


def test_the_interval_is_wilsons():
    low, high = score.wilson(0, 50)
    assert low == 0
    assert 0.07 < high < 0.072  # nothing in fifty is not "never"
    assert score.wilson(0, 0) == (0, 1)


def test_goes_on_where_it_was_broken_off(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "FOLDER", tmp_path)
    for one in FOUND[:2]:
        log.keep(one)
    with log.path("direct").open("a") as file:
        file.write('{"code": "half a li')
    assert set(log.kept("direct")) == {FOUND[0].name, FOUND[1].name}
    monkeypatch.setattr(log, "fingerprint", lambda _: "other code")
    assert log.kept("direct") == {}


def test_two_workers_may_make_the_same_voice(tmp_path, monkeypatch):
    monkeypatch.setattr(voices, "KEPT", tmp_path)
    with ThreadPoolExecutor(3) as workers:
        made = list(workers.map(voices.words.__wrapped__, ["espeak-de"] * 3))
    assert [len(words) for words in made] == [len(made[0])] * 3
    assert made[0]
    assert [file.name for file in tmp_path.iterdir()] == ["espeak-de.npz"]


def test_a_voice_may_be_fetched_later(tmp_path, monkeypatch):
    """What was asked for before its recordings were there is not silent for ever."""
    fetched = voices._files
    monkeypatch.setattr(voices, "KEPT", tmp_path)
    monkeypatch.setattr(voices, "_files", lambda _: [])
    assert voices.words.__wrapped__("alsa") == []
    monkeypatch.setattr(voices, "_files", fetched)
    assert voices.words.__wrapped__("alsa")


def test_enough_runs_in_each_half():
    for half in ("tuning", "unseen"):
        cases = list(plan.direct_cases(halves=(half,)))
        assert sum(bool(case.expected) for case in cases) >= 150
        assert sum(not case.expected for case in cases) >= 140
    names = [case.name for case in plan.direct_cases()]
    assert len(names) == len(set(names))


def test_enough_causes_in_the_browser():
    cases = list(browser_cases.all_cases(healthy=20))
    assert len({case.name for case in cases}) == len(cases)
    assert len({cause for case in cases for cause in case.expected}) >= 80
    assert sum(case.kind == "whole" for case in cases) >= 40
    for half in ("tuning", "unseen"):
        ours = list(browser_cases.all_cases(20, (half,)))
        assert sum(bool(case.expected) for case in ours) >= 40
        assert sum(case.kind == "whole" for case in ours) == 20


def test_the_browser_tier_may_be_broken_off():
    """Half as many runs are half of the healthy runs and as many causes, of both halves."""
    cases = list(browser_cases.all_cases(healthy=20))
    causes = {cause for case in cases for cause in case.expected}
    half = cases[: (browser_cases.IN_STEP + 40) // 2]
    healthy = [case.name for case in half if case.kind == "whole"]
    assert len(healthy) in range(19, 22)
    assert sum(name.startswith("unseen") for name in healthy) in range(9, 12)
    assert len({cause for case in half for cause in case.expected}) == len(half) - len(healthy)
    once = cases[: len(causes) + 40]
    assert {cause for case in once for cause in case.expected} == causes


def test_the_handbook_holds_both_tiers(tmp_path, monkeypatch):
    """A tier that is not run now is taken from the log, its failing cases, too."""
    monkeypatch.setattr(log, "FOLDER", tmp_path)
    pages: list[str] = []
    monkeypatch.setattr(handbook, "write", lambda *words: pages.append(handbook.page(*words)))
    log.keep(result("unseen/browser/camera_black/0", "camera_black", "camera_dark"))
    bench._handbook(FOUND, "scripts/bench check --tier direct --handbook")
    assert "| direct | unseen | 2 | 0.500 " in pages[0]
    assert "| browser | unseen | 1 | 0.000 " in pages[0]
    assert "- unseen/browser/camera_black/0: camera_dark" in pages[0]
    assert "    scripts/bench check --tier direct --handbook\n" in pages[0]
