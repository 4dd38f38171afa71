"""What each event changes in a visit beside its state. Pure: a visit and details in, values out.

Details are the keyword arguments of ``VisitService.happen``; an unknown or missing one is a
``TypeError`` of the caller.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from appliance.visits.errors import ConsentMissing
from appliance.visits.identity import MAX_TRIES, ExpectedIdentity, StatedIdentity, compare
from appliance.visits.machine import VisitEvent
from appliance.visits.models import NAME_MAX_LENGTH, PHONE_MAX_LENGTH, Consent, Visit
from appliance.visits.states import (
    IdentityMethod,
    IdentityStatus,
    Mode,
    Outcome,
    SecondFactor,
    VisitState,
)

T = TypeVar("T")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event on its way: the visit before it, when, by whom, and the event's details."""

    visit: Visit
    event: VisitEvent
    at: datetime
    actor_id: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """Column values to set, a consent to add, and a code for the journal's line."""

    values: Values = field(default_factory=dict)
    consent: Consent | None = None
    note: str = ""
    identity_settled: bool = True


_MISSING = object()
# What is stored on the strength of a consent, and goes with it.
_BLANK: Mapping[str, Any] = MappingProxyType(
    {"stated_name": "", "stated_phone": "", "check_report": "", "topic": ""}
)


def _take(happening: Happening, name: str, kind: type[T], default: object = _MISSING) -> T:
    value = happening.details.get(name, default)
    if value is _MISSING or not (isinstance(value, kind) or value is default):
        raise TypeError(f"{happening.event} needs {name}: {kind.__name__}")
    return value  # type: ignore[return-value]


def _admitted(happening: Happening) -> Effect:
    adviser_id = _take(happening, "adviser_id", str, happening.actor_id)
    if not adviser_id:
        raise TypeError("somebody admits")
    values: Values = {"adviser_id": adviser_id, "admitted_by": adviser_id, "media_up": False}
    return Effect({**values, "help_requested_at": None})  # now somebody is there


def _help_requested(happening: Happening) -> Effect:
    """Who asks again has been stuck since the first time."""
    return Effect({"help_requested_at": happening.visit.help_requested_at or happening.at})


def _began(happening: Happening) -> Effect:
    text = happening.event is VisitEvent.TEXT_ONLY
    values: Values = {"media_up": not text}
    if text:
        values["mode"] = Mode.TEXT
    if happening.visit.session_began_at is None:
        values["session_began_at"] = happening.at
    return Effect(values)


def _room_closed(happening: Happening) -> Effect:
    """Whom nobody has talked to yet, and who came to no one in particular, is anybody's again."""
    visit = happening.visit
    values: Values = {"admitted_by": None, "media_up": False}
    if visit.appointment_id is None and visit.session_began_at is None:
        values["adviser_id"] = None
    return Effect(values)


def _transferred(happening: Happening) -> Effect:
    adviser_id = _take(happening, "adviser_id", str)
    if happening.visit.state is VisitState.IN_SESSION:
        return Effect({"adviser_id": adviser_id, "admitted_by": adviser_id})
    return Effect({"adviser_id": adviser_id})


def _check(happening: Happening) -> Effect:
    report = _take(happening, "report", dict, None)
    if report is None or not happening.visit.consented:
        return Effect()  # the service keeps it in memory until consent
    return Effect({"check_report": json.dumps(report, sort_keys=True)})


def _consent_given(happening: Happening) -> Effect:
    consent = Consent(
        visit_id=happening.visit.id,
        text_version=_take(happening, "text_version", str),
        text_hash=_take(happening, "text_hash", str),
        language=_take(happening, "language", str),
        given_at=happening.at,
        terms_version=_take(happening, "terms_version", str, ""),
        terms_at=_take(happening, "terms_at", datetime, None),
    )
    values: Values = {
        "consent_text_version": consent.text_version,
        "consent_at": happening.at,
        "consent_withdrawn_at": None,
        "topic": _take(happening, "topic", str, "")[:NAME_MAX_LENGTH],
    }
    report = _take(happening, "report", dict, None)
    if report is not None:
        values["check_report"] = json.dumps(report, sort_keys=True)
    return Effect(values, consent=consent, note=consent.text_version[:80])


def _consent_withdrawn(happening: Happening) -> Effect:
    """The future ends here: what was stored on the strength of the consent goes at once."""
    values: Values = {**_BLANK, "topic_id": None, "media_up": False}
    return Effect({**values, "consent_withdrawn_at": happening.at})


def _identity_stated(happening: Happening) -> Effect:
    stated = _take(happening, "stated", StatedIdentity)
    expected = _take(happening, "expected", ExpectedIdentity, None)
    visit = happening.visit
    if not visit.consented:
        raise ConsentMissing
    values: Values = {
        "stated_name": stated.name.strip()[:NAME_MAX_LENGTH],
        "stated_phone": stated.phone.strip()[:PHONE_MAX_LENGTH],
        "identity_method": None,
        "identity_by": None,
        "identity_at": None,
    }
    if visit.identity_tries >= MAX_TRIES:  # no more tries, a right one neither
        return Effect({**values, "identity": IdentityStatus.MISMATCHED}, note="no_more_tries")
    status = compare(stated, expected)
    if status is not IdentityStatus.MISMATCHED:
        return Effect({**values, "identity": status}, note=status)
    tries = visit.identity_tries + 1
    settled = tries >= MAX_TRIES
    identity = IdentityStatus.MISMATCHED if settled else IdentityStatus.OPEN
    values.update(identity=identity, identity_tries=tries)
    return Effect(values, note=IdentityStatus.MISMATCHED, identity_settled=settled)


def _identity_judged(happening: Happening) -> Effect:
    confirmed = happening.event is VisitEvent.IDENTITY_CONFIRMED
    values: Values = {
        "identity": IdentityStatus.CONFIRMED if confirmed else IdentityStatus.REFUSED,
        "identity_by": happening.actor_id,
        "identity_at": happening.at,
    }
    if not confirmed:
        return Effect(values)
    how = _take(happening, "how", IdentityMethod)
    return Effect({**values, "identity_method": how}, note=how)


def _entered_again(happening: Happening) -> Effect:
    """A browser that has only the link: it states that link's second factor itself.

    Who sits there has agreed to nothing yet; what was agreed to before stays in ``consent``.
    """
    factor = _take(happening, "second_factor", SecondFactor, None)
    values: Values = {**_BLANK, "consent_at": None, "consent_text_version": ""}
    if factor is not None:
        values["second_factor"] = factor
    if happening.visit.identity_tries < MAX_TRIES:
        values["identity"] = IdentityStatus.OPEN
    language = _take(happening, "language", str, None)
    if language is not None:
        values["language"] = language
    return Effect(values)


def _choices_changed(happening: Happening) -> Effect:
    mode = _take(happening, "mode", Mode)
    values: Values = {
        "mode": mode,
        "sees_adviser": _take(happening, "sees_adviser", bool),
        "seen_by_adviser": _take(happening, "seen_by_adviser", bool),
    }
    return Effect(values, note=mode)


def _nothing(happening: Happening) -> Effect:  # noqa: ARG001 - the journal's line says it all
    return Effect()


EFFECTS: Mapping[VisitEvent, Callable[[Happening], Effect]] = {
    **dict.fromkeys(VisitEvent, _nothing),
    VisitEvent.ENTERED_AGAIN: _entered_again,
    VisitEvent.CHECK_RECORDED: _check,
    VisitEvent.CHECK_FINISHED: _check,
    VisitEvent.CONSENT_GIVEN: _consent_given,
    VisitEvent.CONSENT_WITHDRAWN: _consent_withdrawn,
    VisitEvent.IDENTITY_STATED: _identity_stated,
    VisitEvent.IDENTITY_CONFIRMED: _identity_judged,
    VisitEvent.IDENTITY_REFUSED: _identity_judged,
    VisitEvent.ADMITTED: _admitted,
    VisitEvent.MEDIA_CONNECTED: _began,
    VisitEvent.TEXT_ONLY: _began,
    VisitEvent.ADMISSION_LAPSED: _room_closed,
    VisitEvent.SENT_BACK: _room_closed,
    VisitEvent.TRANSFERRED: _transferred,
    VisitEvent.MEDIA_LOST_TOO_LONG: _room_closed,
    VisitEvent.CHOICES_CHANGED: _choices_changed,
    VisitEvent.HELP_REQUESTED: _help_requested,
    VisitEvent.HELP_SETTLED: lambda _: Effect({"help_requested_at": None}),
    VisitEvent.BUSY_TOLD: lambda happening: Effect({"busy_told_at": happening.at}),
}

_DETAILS: Mapping[VisitEvent, frozenset[str]] = {
    VisitEvent.ENTERED_AGAIN: frozenset({"language", "second_factor"}),
    VisitEvent.CHECK_STARTED: frozenset({"terms_version"}),
    VisitEvent.CHECK_RECORDED: frozenset({"report"}),
    VisitEvent.CHECK_FINISHED: frozenset({"report"}),
    VisitEvent.CONSENT_GIVEN: frozenset(
        {"text_version", "text_hash", "language", "terms_version", "terms_at", "report", "topic"}
    ),
    VisitEvent.IDENTITY_STATED: frozenset({"stated", "expected"}),
    VisitEvent.IDENTITY_CONFIRMED: frozenset({"how"}),
    VisitEvent.ADMITTED: frozenset({"adviser_id"}),
    VisitEvent.TRANSFERRED: frozenset({"adviser_id"}),
    VisitEvent.CHOICES_CHANGED: frozenset({"mode", "sees_adviser", "seen_by_adviser"}),
    VisitEvent.MESSAGE_LEFT: frozenset({"call_back"}),
    VisitEvent.CLOSED: frozenset({"outcome"}),
}


def check_details(happening: Happening) -> None:
    """Raises ``TypeError`` for a detail that the event does not have."""
    unknown = set(happening.details) - _DETAILS.get(happening.event, frozenset())
    if unknown:
        raise TypeError(f"{happening.event} has no {', '.join(sorted(unknown))}")


ADVISERS_OUTCOMES = (Outcome.COMPLETED, Outcome.TELEPHONE, Outcome.CALL_BACK, Outcome.FAILED)

_OUTCOMES: Mapping[VisitEvent, Outcome] = {
    VisitEvent.CONSENT_REFUSED: Outcome.DECLINED,
    VisitEvent.CONSENT_WITHDRAWN: Outcome.WITHDRAWN,
    VisitEvent.IDENTITY_REFUSED: Outcome.FAILED,
    VisitEvent.CANCELLED: Outcome.CANCELLED,
}


def outcome_of(happening: Happening) -> Outcome:
    """How a closing event ends the visit. A conversation that had begun counts as completed."""
    event, visit = happening.event, happening.visit
    if event is VisitEvent.CLOSED:
        outcome = _take(happening, "outcome", Outcome, Outcome.COMPLETED)
        if outcome not in ADVISERS_OUTCOMES:
            raise TypeError(f"an adviser does not close a visit as {outcome}")
        return outcome
    if event is VisitEvent.MESSAGE_LEFT:
        return Outcome.CALL_BACK if _take(happening, "call_back", bool, False) else Outcome.MESSAGE
    if event in _OUTCOMES:
        return _OUTCOMES[event]
    return Outcome.LEFT if visit.session_began_at is None else Outcome.COMPLETED
