"""Judges the speaker: a spoken three-digit number, tapped among six. It proves itself.

While the number is spoken the page compares it with what the microphone hears, as it is sent: what
comes back there the office would hear as its own echo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from appliance.device_check import thresholds
from appliance.device_check.records import (
    CheckKind,
    DeviceError,
    Finding,
    SpeakerAnswer,
    Verdict,
)

CHOICES = 6


@dataclass(frozen=True, slots=True)
class Attempt:
    """One number that was spoken, and what the client answered."""

    spoken: str
    answer: SpeakerAnswer


def judge(attempts: Sequence[Attempt]) -> Finding:
    """``OPEN`` before the first answer and after one wrong number (a new one is spoken)."""
    if not attempts:
        return _finding(Verdict.OPEN)
    newest = attempts[-1]
    if newest.answer.error is DeviceError.NOT_FOUND:
        return _finding(Verdict.FAILED, "speaker_no_output")
    if newest.answer.error is not None:
        return _finding(Verdict.FAILED, "speaker_not_playing")
    if newest.answer.heard_nothing:
        return _finding(Verdict.FAILED, "speaker_not_heard")
    if newest.answer.tapped == newest.spoken:
        return _heard(newest.answer)
    wrong = sum(1 for attempt in attempts if _is_wrong(attempt))
    if wrong >= thresholds.WRONG_NUMBERS:
        return _finding(Verdict.FAILED, "speaker_wrong_number")
    return _finding(Verdict.OPEN)


def text_wanted() -> Finding:
    """Said by a client who hears badly or not at all: nothing has to fail first."""
    return _finding(Verdict.WAIVED, "speaker_text_wanted")


def new_number(random: Random) -> str:
    """Three different digits, so that a swallowed or repeated one is noticed.

    Give ``random.SystemRandom()``: a number that can be foreseen proves nothing.
    """
    return "".join(random.sample("0123456789", 3))


def choices(spoken: str, random: Random) -> list[str]:
    """Six numbers in random order: the spoken one, and others that share digits with it."""
    numbers = {spoken}
    while len(numbers) < CHOICES:
        digits = list(spoken)
        for position in random.sample(range(3), random.choice((1, 2))):
            digits[position] = random.choice("0123456789")
        numbers.add("".join(digits))
    shuffled = sorted(numbers)
    random.shuffle(shuffled)
    return shuffled


def _heard(answer: SpeakerAnswer) -> Finding:
    """A warning at most: whoever hears an echo is at the other end."""
    if answer.echo_match is None or answer.echo_loss_db is None:
        return _finding(Verdict.PASSED)
    returns = answer.echo_match >= thresholds.ECHO_MATCH
    if returns and answer.echo_loss_db < thresholds.ECHO_LOSS_DB:
        return _finding(Verdict.WARNING, "speaker_echo")
    return _finding(Verdict.PASSED)


def _is_wrong(attempt: Attempt) -> bool:
    return attempt.answer.tapped is not None and attempt.answer.tapped != attempt.spoken


def _finding(verdict: Verdict, cause: str = "") -> Finding:
    return Finding(kind=CheckKind.SPEAKER, verdict=verdict, cause=cause)
