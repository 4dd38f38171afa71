"""Visits, brought to where a test needs them by the events that lead there."""

from __future__ import annotations

from datetime import date
from typing import Any

from appliance.visits.identity import ExpectedIdentity, StatedIdentity
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Entry, Visit
from appliance.visits.service import Arrival, VisitService
from appliance.visits.states import IdentityMethod, Mode, Outcome, VisitState

PASSWORD = "K7MQ2XWP"
STATED = StatedIdentity("Erika Mustermann", "030 555", PASSWORD)
EXPECTED = ExpectedIdentity(password=PASSWORD)
WRONG = StatedIdentity("Erika Mustermann", "030 555", "AAAA2222")
CONSENT = {"text_version": "2026-11", "text_hash": "ab" * 32, "language": "de"}
REPORT = {"microphone": {"verdict": "passed"}, "camera": {"verdict": "failed", "cause": "dark"}}

DETAILS: dict[VisitEvent, dict[str, Any]] = {
    VisitEvent.CHECK_STARTED: {"terms_version": "t1"},
    VisitEvent.CHECK_RECORDED: {"report": REPORT},
    VisitEvent.CHECK_FINISHED: {"report": REPORT},
    VisitEvent.CONSENT_GIVEN: CONSENT,
    VisitEvent.IDENTITY_STATED: {"stated": STATED, "expected": EXPECTED},
    VisitEvent.IDENTITY_CONFIRMED: {"how": IdentityMethod.DOCUMENT_SEEN},
    VisitEvent.ADMITTED: {"adviser_id": "adviser-1"},
    VisitEvent.TRANSFERRED: {"adviser_id": "adviser-2"},
    VisitEvent.CHOICES_CHANGED: {
        "mode": Mode.AUDIO,
        "sees_adviser": True,
        "seen_by_adviser": False,
    },
    VisitEvent.CLOSED: {"outcome": Outcome.TELEPHONE},
    VisitEvent.MESSAGE_LEFT: {"call_back": True},
}

WAY: tuple[tuple[VisitState, VisitEvent, Actor], ...] = (
    (VisitState.DEVICE_CHECK, VisitEvent.CHECK_STARTED, Actor.CLIENT),
    (VisitState.CONSENT, VisitEvent.CHECK_FINISHED, Actor.CLIENT),
    (VisitState.IDENTITY, VisitEvent.CONSENT_GIVEN, Actor.CLIENT),
    (VisitState.WAITING, VisitEvent.IDENTITY_STATED, Actor.CLIENT),
    (VisitState.ADMITTED, VisitEvent.ADMITTED, Actor.ADVISER),
    (VisitState.IN_SESSION, VisitEvent.MEDIA_CONNECTED, Actor.SYSTEM),
    (VisitState.CLOSED, VisitEvent.ENDED, Actor.CLIENT),
)


def arrival(appointment_id: str | None = "appointment-1", entry: Entry = Entry.LINK) -> Arrival:
    """A client at the door of an appointment."""
    return Arrival(entry, "de", appointment_id=appointment_id, adviser_id="adviser-1")


async def visit_in(
    visits: VisitService, state: VisitState, appointment_id: str | None = None
) -> Visit:
    """A new visit that has come to ``state``."""
    visit = await visits.arrive(arrival(appointment_id))
    for after, event, actor in WAY:
        if visit.state is state:
            break
        visit = await visits.happen(visit.id, event, actor, **DETAILS.get(event, {}))
        assert visit.state is after
    assert visit.state is state
    return visit


def born(year: int = 1980) -> date:
    """A birth date."""
    return date(year, 3, 9)
