import pytest

from appliance.device_check import background
from appliance.device_check.records import AnalyserBackground, Verdict

RUNNING = AnalyserBackground(
    mode="blur", ready=True, frames_per_s=20, source_frames_per_s=24, running_s=4
)


def judged(**changes) -> tuple[Verdict, str]:
    finding = background.judge(RUNNING.model_copy(update=changes))
    return finding.verdict, finding.cause


def test_it_works() -> None:
    assert judged() == (Verdict.PASSED, "")


def test_without_blur_there_is_nothing_to_judge() -> None:
    assert judged(mode="none", ready=False) == (Verdict.PASSED, "")


def test_open_until_it_has_run_for_a_while() -> None:
    assert background.judge(None).verdict is Verdict.OPEN
    assert judged(ready=False, waiting_s=7.9) == (Verdict.OPEN, "")
    assert judged(running_s=2.9, frames_per_s=1) == (Verdict.OPEN, "")


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"ready": False, "waiting_s": 8}, "background_not_available"),
        ({"frames_per_s": 14.3}, "background_too_slow"),
        ({"frames_per_s": 5.9, "source_frames_per_s": 10}, "background_too_slow"),
        ({"frames_per_s": 14.9, "source_frames_per_s": 0}, "background_too_slow"),
    ],
)
def test_warnings(changes: dict[str, object], cause: str) -> None:
    assert judged(**changes) == (Verdict.WARNING, cause)


@pytest.mark.parametrize(
    "changes",
    [
        {"frames_per_s": 15, "source_frames_per_s": 30},
        {"frames_per_s": 6, "source_frames_per_s": 10},
    ],
)
def test_the_edge_still_passes(changes: dict[str, object]) -> None:
    assert judged(**changes) == (Verdict.PASSED, "")
