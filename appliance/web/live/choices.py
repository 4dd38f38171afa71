"""What a check and the client's own word make of mode and picture; nothing is written here."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from appliance.device_check.records import CheckKind, Policy, Verdict
from appliance.device_check.report import Waiver, begins_without_picture
from appliance.visits.models import Visit
from appliance.visits.states import Mode
from appliance.web.live.check_run import CheckRun

_USABLE = frozenset({Verdict.PASSED, Verdict.WARNING})


class Choices(NamedTuple):
    """How client and adviser talk, as the visit's row keeps it."""

    mode: Mode
    sees_adviser: bool
    seen_by_adviser: bool

    @classmethod
    def of(cls, visit: Visit) -> Self:
        """As they are."""
        return cls(visit.mode, visit.sees_adviser, visit.seen_by_adviser)

    def details(self) -> dict[str, Any]:
        """As the event ``CHOICES_CHANGED`` takes them."""
        return self._asdict()


def after_check(now: Choices, run: CheckRun, policy: Policy) -> Choices:
    """Without a camera, or on a line too weak, nobody sees the client; at worst: text.

    Who had gone on without, has tested the device since and can use it gets back what was taken:
    the picture with the camera, the conversation with the microphone.
    """
    if _usable_again(run, CheckKind.MICROPHONE) and _wrote_for_want_of_it(run):
        now = Choices(Mode.VIDEO, sees_adviser=True, seen_by_adviser=now.seen_by_adviser)
    if run.report.waivers.get(CheckKind.SYSTEM) is Waiver.TEXT_ONLY:
        now = now._replace(mode=Mode.TEXT)
    if _usable_again(run, CheckKind.CAMERA):
        now = now._replace(seen_by_adviser=True)
    if begins_without_picture(run.report, policy):
        now = now._replace(seen_by_adviser=False)
    return now


def _usable_again(run: CheckRun, kind: CheckKind) -> bool:
    return kind in run.taken_up and run.report.verdict(kind) in _USABLE


def _wrote_for_want_of_it(run: CheckRun) -> bool:
    """Forgets it, too; a browser that cannot talk goes on writing, whatever its microphone does."""
    if run.report.finding(CheckKind.SYSTEM).verdict not in _USABLE:
        return False
    return run.goes_with(CheckKind.SYSTEM) or CheckKind.SYSTEM in run.taken_up


def takes_up(before: Choices, chosen: Choices, run: CheckRun) -> bool:
    """Who chooses to talk or to be seen goes on without no longer; whether that is news."""
    kinds: list[CheckKind] = []
    if before.mode is Mode.TEXT and chosen.mode is not Mode.TEXT:
        kinds += [CheckKind.SYSTEM, CheckKind.MICROPHONE]
    if chosen.seen_by_adviser and not before.seen_by_adviser:
        kinds.append(CheckKind.CAMERA)
    return run.goes_with(*kinds)
