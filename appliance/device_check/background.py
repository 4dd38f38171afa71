"""Judges whether a blurred picture comes, and often enough."""

from __future__ import annotations

from appliance.device_check import thresholds
from appliance.device_check.records import AnalyserBackground, CheckKind, Finding, Verdict


def judge(analyser: AnalyserBackground | None) -> Finding:
    """Never ``FAILED``: without a blurred background one can still talk, and is asked first."""
    if analyser is None:
        return _finding(Verdict.OPEN)
    if analyser.mode == "none":
        return _finding(Verdict.PASSED)
    if not analyser.ready:
        if analyser.waiting_s < thresholds.BACKGROUND_WAIT_S:
            return _finding(Verdict.OPEN)
        return _finding(Verdict.WARNING, "background_not_available")
    if analyser.running_s < thresholds.SLOW_AFTER_S:
        return _finding(Verdict.OPEN)
    if analyser.frames_per_s < _least_fps(analyser.source_frames_per_s):
        return _finding(Verdict.WARNING, "background_too_slow")
    return _finding(Verdict.PASSED)


def _least_fps(source_fps: float) -> float:
    """A camera that is slow itself must not make the blur look slow."""
    if source_fps <= 0:
        return thresholds.BACKGROUND_FPS
    return min(thresholds.BACKGROUND_FPS, thresholds.BACKGROUND_RATIO * source_fps)


def _finding(verdict: Verdict, cause: str = "") -> Finding:
    return Finding(kind=CheckKind.BACKGROUND, verdict=verdict, cause=cause)
