"""Judges the camera.

Errors and the device's own size come from the browser; the picture itself is judged on what
arrives at the analyser, on new frames only.
"""

from __future__ import annotations

from collections.abc import Callable

from appliance.device_check import camera_view as view
from appliance.device_check import thresholds
from appliance.device_check.records import (
    AnalyserCamera,
    BrowserCamera,
    CheckKind,
    Finding,
    Verdict,
)


def judge(browser: BrowserCamera | None, analyser: AnalyserCamera | None) -> Finding:
    """``OPEN`` until enough frames have arrived; then faults before warnings, praise last."""
    if browser is not None and browser.error is not None:
        return _finding(Verdict.FAILED, f"camera_{browser.error}")
    if cause := _nothing_to_see(browser, analyser):
        return _finding(Verdict.FAILED, cause)
    muted = browser is not None and browser.track_muted  # for how long decides; never praised
    if analyser is None or muted or not _enough(analyser):
        return _finding(Verdict.OPEN)
    notes = _notes(browser, analyser)
    if cause := _fault(browser, analyser):
        return _finding(Verdict.FAILED, cause, notes)
    if cause := _flaw(browser, analyser):
        return _finding(Verdict.WARNING, cause, notes)
    if not _sure(browser, analyser):
        return _finding(Verdict.OPEN)
    return _finding(Verdict.PASSED, notes=notes)


def _finding(verdict: Verdict, cause: str = "", notes: tuple[str, ...] = ()) -> Finding:
    return Finding(kind=CheckKind.CAMERA, verdict=verdict, cause=cause, notes=notes)


def _notes(browser: BrowserCamera | None, analyser: AnalyserCamera) -> tuple[str, ...]:
    """What staff wants to know before it looks at papers; no fault of anybody's."""
    notes = []
    if browser is not None and browser.virtual:
        notes.append("camera_virtual")
    if view.several_faces(analyser):
        notes.append("camera_several_faces")
    return tuple(notes)


def _enough(analyser: AnalyserCamera) -> bool:
    return (
        analyser.duration_s >= thresholds.CAMERA_WAIT_S
        and analyser.frames >= thresholds.CAMERA_FRAMES
    )


def _sure(browser: BrowserCamera | None, analyser: AnalyserCamera) -> bool:
    """Whether rate and movement are known: the page goes on soon after the praise.

    A fault of light is seen at once; that a camera is slow or stands still takes time to be true.
    Without a page that sees raw frames it takes longer: a codec refines a still picture first.
    """
    unchanged_s = max(_unchanged_s(browser, analyser), analyser.silent_s)
    moved = analyser.unmoved_s < thresholds.STILL_S
    return (
        analyser.duration_s >= thresholds.SLOW_AFTER_S
        and unchanged_s < thresholds.STILL_S
        and (moved or analyser.duration_s >= thresholds.ALIVE_WAIT_S)
    )


def _nothing_to_see(browser: BrowserCamera | None, analyser: AnalyserCamera | None) -> str:
    """Without an analyser (there is a line for them) nobody knows what arrives."""
    if browser is not None and browser.track_muted:
        return "camera_muted" if browser.duration_s >= thresholds.ARRIVAL_WAIT_S else ""
    if analyser is None:
        return ""
    silent_s = analyser.silent_s if analyser.frames else analyser.listening_s
    limit_s = thresholds.STOPPED_S if analyser.frames else thresholds.ARRIVAL_WAIT_S
    if silent_s < limit_s:
        return ""
    stands_still = browser is not None and browser.duration_s > 0 and browser.frames_per_s == 0
    return "camera_frozen" if stands_still else "camera_not_arriving"


def _fault(browser: BrowserCamera | None, analyser: AnalyserCamera) -> str:
    if view.black(analyser):
        return "camera_black"
    if view.covered(analyser):
        return "camera_covered"
    if _unchanged_s(browser, analyser) > thresholds.FROZEN_S:
        return "camera_frozen"
    if _slower_than(browser, analyser, thresholds.TOO_SLOW_FPS):
        return "camera_too_slow"
    if _smaller_than(
        browser, analyser, thresholds.TOO_SMALL_LONG_PX, thresholds.TOO_SMALL_SHORT_PX
    ):
        return "camera_too_small"
    return ""


def _flaw(browser: BrowserCamera | None, analyser: AnalyserCamera) -> str:
    """The gravest first: what keeps a face from being seen, then what spoils how it is seen."""
    for flaw, cause in _FLAWS:
        if flaw(analyser):
            return cause
    if _smaller_than(browser, analyser, thresholds.SMALL_LONG_PX, thresholds.SMALL_SHORT_PX):
        return "camera_small"
    if _slower_than(browser, analyser, thresholds.SLOW_FPS):
        return "camera_slow"
    return ""


_FLAWS: tuple[tuple[Callable[[AnalyserCamera], bool], str], ...] = (
    (view.turned, "camera_turned"),
    (view.dark, "camera_dark"),
    (view.too_bright, "camera_too_bright"),
    (view.blurred_without_face, "camera_blurred"),
    (view.no_face, "camera_no_face"),
    (view.backlit, "camera_backlit"),
    (view.too_near, "camera_face_too_near"),
    (view.cut_off, "camera_face_cut_off"),
    (view.too_far, "camera_face_too_far"),
    (view.blurred, "camera_blurred"),
)


def _unchanged_s(browser: BrowserCamera | None, analyser: AnalyserCamera) -> float:
    """By the raw frames where the page sees them: in the first seconds a codec sharpens a still."""
    own_s = browser.same_picture_s if browser is not None else 0.0
    return max(own_s, analyser.same_picture_s)


def _slower_than(browser: BrowserCamera | None, analyser: AnalyserCamera, limit_fps: float) -> bool:
    """The camera's own rate where the page knows it: a sender may still be starting slowly."""
    if analyser.duration_s < thresholds.SLOW_AFTER_S:
        return False
    own_fps = browser.frames_per_s if browser is not None else 0.0
    return max(own_fps, analyser.frames_per_s) < limit_fps


def _smaller_than(
    browser: BrowserCamera | None, analyser: AnalyserCamera, long_px: float, short_px: float
) -> bool:
    """The camera's own size where the page knows it: senders shrink the picture at first."""
    width, height = analyser.width, analyser.height
    if browser is not None and browser.width and browser.height:
        width, height = browser.width, browser.height
    return max(width, height) < long_px or min(width, height) < short_px
