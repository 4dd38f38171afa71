"""Judges what a kiosk finds out about itself, without anybody in front of it.

Pure functions, for the check of whoever sits there and for a hardware test without a visit.
"""

from __future__ import annotations

from appliance.device_check import thresholds
from appliance.device_check.records import (
    BrowserSystem,
    CheckKind,
    Finding,
    KioskDevice,
    LoopBack,
    Verdict,
)

_BY_THE_CLIENT = frozenset({"speaker_not_heard", "speaker_wrong_number"})

_MISSING: dict[KioskDevice, str] = {  # gravest first
    "microphone": "kiosk_microphone_missing",
    "speaker": "kiosk_speaker_missing",
    "camera": "kiosk_camera_missing",
}


def missing_device(browser: BrowserSystem) -> str:
    """The cause for the gravest of the devices that are gone; empty when all are there."""
    gone = browser.kiosk_missing or []
    return next((cause for kind, cause in _MISSING.items() if kind in gone), "")


def notes(browser: BrowserSystem) -> tuple[str, ...]:
    """What is mended already, and for staff and IT alone."""
    return ("kiosk_traces",) if browser.kiosk_traces else ()


def judge_loop(loop: LoopBack) -> Finding:
    """``OPEN`` where the kiosk could not listen: the microphone's own test says why."""
    if loop.error is not None:
        return Finding(kind=CheckKind.SPEAKER, verdict=Verdict.OPEN)
    cause = _why_not_heard(loop)
    verdict = Verdict.FAILED if cause else Verdict.PASSED
    return Finding(kind=CheckKind.SPEAKER, verdict=verdict, cause=cause)


def heard_by_microphone(loop: LoopBack) -> Finding | None:
    """A kiosk that has heard itself has a microphone that hears: nobody needs to speak to it."""
    if judge_loop(loop).verdict is not Verdict.PASSED:
        return None
    return Finding(kind=CheckKind.MICROPHONE, verdict=Verdict.PASSED)


def with_loop(answered: Finding, loop: LoopBack) -> Finding:
    """The client's answer to the spoken number, together with what the kiosk heard of itself.

    What the machine has not heard is no verdict while a person may still hear it: it is a note for
    staff where they do, and names the cause where they do not.
    """
    own = judge_loop(loop)
    if answered.verdict is Verdict.OPEN:
        return own if own.verdict is Verdict.PASSED else answered
    if own.cause and answered.verdict is Verdict.PASSED:
        return answered.model_copy(update={"notes": (*answered.notes, own.cause)})
    if own.cause and answered.cause in _BY_THE_CLIENT:
        return own
    return answered


def another_try(loops: int, newest: LoopBack) -> bool:
    """Whether the kiosk plays its tone once more, on the system's own output, before it asks."""
    missed = judge_loop(newest).cause == "kiosk_left_muted"
    return missed and loops < thresholds.KIOSK_LOOP_TRIES


def _why_not_heard(loop: LoopBack) -> str:
    if loop.over_median_db < thresholds.CHIRP_OVER_MEDIAN_DB:
        return "kiosk_left_muted"
    if loop.set_up_gain_db is None:
        return ""
    weaker_db = loop.set_up_gain_db - loop.gain_db
    return "kiosk_turned_down" if weaker_db > thresholds.KIOSK_WEAKER_DB else ""
