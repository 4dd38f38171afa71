"""Judges whether a picture with a hidden room comes, and often enough."""

from __future__ import annotations

from appliance.device_check import thresholds
from appliance.device_check.records import (
    AnalyserBackground,
    BrowserBackground,
    CheckKind,
    Finding,
    Verdict,
)


def judge(engine: AnalyserBackground | BrowserBackground | None) -> Finding:
    """Of the engine that was chosen, the browser's or the appliance's.

    Never ``FAILED``: without a hidden background one can still talk, and is asked first.
    """
    if engine is None:
        return _finding(Verdict.OPEN)
    if engine.mode == "none":
        return _finding(Verdict.PASSED)
    if isinstance(engine, BrowserBackground) and engine.trouble:
        lost = engine.trouble == "lost"
        return _finding(Verdict.WARNING, "background_lost" if lost else "background_unable")
    if not engine.ready:
        if engine.waiting_s < thresholds.BACKGROUND_WAIT_S:
            return _finding(Verdict.OPEN)
        return _finding(Verdict.WARNING, "background_not_available")
    if engine.running_s < thresholds.SLOW_AFTER_S:
        return _finding(Verdict.OPEN)
    if engine.frames_per_s < _least_fps(engine.source_frames_per_s):
        return _finding(Verdict.WARNING, "background_too_slow")
    return _finding(Verdict.PASSED)


def _least_fps(source_fps: float) -> float:
    """A camera that is slow itself must not make the blur look slow."""
    if source_fps <= 0:
        return thresholds.BACKGROUND_FPS
    return min(thresholds.BACKGROUND_FPS, thresholds.BACKGROUND_RATIO * source_fps)


def _finding(verdict: Verdict, cause: str = "") -> Finding:
    return Finding(kind=CheckKind.BACKGROUND, verdict=verdict, cause=cause)
