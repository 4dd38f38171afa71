"""How an event gets into the database: functions of one session, one transaction.

``service`` alone calls them. The row is changed by a conditional update, the journal's line is
written beside it, and the news is announced for after the commit.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, func, select

from appliance.events import VisitChanged
from appliance.storage.database import announce
from appliance.visits import deadlines
from appliance.visits.effects import EFFECTS, Effect, Happening, check_details, outcome_of
from appliance.visits.errors import Conflict, VisitUnknown, WaitingRoomFull
from appliance.visits.machine import (
    OPEN_STATES,
    Actor,
    Facts,
    VisitEvent,
    allowed,
    destination,
)
from appliance.visits.models import Consent, Entry, JournalEntry, Visit, VisitAccess
from appliance.visits.states import IdentityStatus, SecondFactor, VisitState

_ENTRY_EVENTS = {
    Entry.LINK: VisitEvent.LINK_OPENED,
    Entry.NUMBER: VisitEvent.NUMBER_ENTERED,
    Entry.WALK_IN: VisitEvent.WALKED_IN,
    Entry.PUBLIC: VisitEvent.PUBLIC_ENTERED,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody stands at the door; whether it is open has been judged already."""

    entry: Entry
    language: str
    appointment_id: str | None = None
    adviser_id: str | None = None
    team_id: str | None = None
    slot_starts_at: datetime | None = None
    slot_ends_at: datetime | None = None
    second_factor: SecondFactor = SecondFactor.PASSWORD
    topic_id: str | None = None
    most: int | None = None  # visits of this topic at once
    kiosk_id: str | None = None


def load(session: Session, visit_id: str) -> Visit:
    """The visit. Raises ``VisitUnknown``."""
    visit = session.get(Visit, visit_id)
    if visit is None:
        raise VisitUnknown
    return visit


def open_visit_of(session: Session, appointment_id: str | None) -> Visit | None:
    """The appointment's open visit; there is never more than one."""
    if appointment_id is None:
        return None
    mine = col(Visit.appointment_id) == appointment_id
    return session.exec(select(Visit).where(mine, col(Visit.state).in_(OPEN_STATES))).first()


def hash_of(secret: str) -> bytes:
    """How a cookie's secret is stored: 256 random bit need no slow hash (ASVS 6.5.2)."""
    return hashlib.sha256(secret.encode()).digest()


def holder(session: Session, secret: str, now: datetime) -> str | None:
    """Id of the visit that a cookie's secret opens now."""
    same = col(VisitAccess.secret_hash) == hash_of(secret)
    access = session.exec(select(VisitAccess).where(same)).first()
    if access is None or access.revoked_at is not None:
        return None
    if now - access.created_at > timedelta(seconds=deadlines.ACCESS_S):
        return None
    return access.visit_id


def revoke_accesses(session: Session, visit_id: str, now: datetime) -> None:
    """No browser that holds the visit until now holds it any more."""
    held = (col(VisitAccess.visit_id) == visit_id, col(VisitAccess.revoked_at).is_(None))
    session.execute(update(VisitAccess).where(*held).values(revoked_at=now))


def crowd(session: Session, topic_id: str, now: datetime) -> int:
    """How many have come from home without an appointment for this topic, and were seen lately.

    A kiosk is one place on site: who sits there takes none of those away.
    """
    mine = (
        col(Visit.entry) == Entry.PUBLIC,
        col(Visit.topic_id) == topic_id,
        col(Visit.state).in_(OPEN_STATES),
        col(Visit.client_seen_at) > now - timedelta(seconds=deadlines.SEEN_LATELY_S),
    )
    return session.exec(select(func.count()).select_from(Visit).where(*mine)).one()


def begin(session: Session, arrival: Arrival, now: datetime) -> Visit:
    """A new visit with its first journal line. Raises ``WaitingRoomFull``."""
    topic_id, most = arrival.topic_id, arrival.most
    if topic_id is not None and most is not None and crowd(session, topic_id, now) >= most:
        raise WaitingRoomFull
    event = _ENTRY_EVENTS[arrival.entry]
    transition = allowed(None, event, Actor.CLIENT)
    visit = Visit(
        entry=arrival.entry,
        second_factor=arrival.second_factor,
        language=arrival.language,
        appointment_id=arrival.appointment_id,
        adviser_id=arrival.adviser_id,
        team_id=arrival.team_id,
        topic_id=arrival.topic_id,
        kiosk_id=arrival.kiosk_id,
        slot_starts_at=arrival.slot_starts_at,
        slot_ends_at=arrival.slot_ends_at,
        state=transition.to[0],
        state_since=now,
        client_seen_at=now,
        created_at=now,
    )
    visit.deadline_at = deadlines.fresh_deadline(timing_of(visit), now)
    session.add(visit)
    session.flush()
    _record(session, Happening(visit, event, now, "", {}), Actor.CLIENT, None, "")
    return visit


def sits_at(session: Session, visit: Visit, kiosk_id: str | None) -> None:
    """On which device the client goes on: a kiosk is the agency's, every other one their own."""
    if visit.kiosk_id != kiosk_id:
        visit.kiosk_id = kiosk_id
        announce(session, VisitChanged(visit.id, visit.revision, "kiosk"))


def came_by(session: Session, visit: Visit, second_factor: SecondFactor) -> Visit:
    """The same browser by another door: what belongs to that one is asked, if still to be asked."""
    if visit.identity is IdentityStatus.OPEN and visit.second_factor is not second_factor:
        visit.second_factor = second_factor
        announce(session, VisitChanged(visit.id, visit.revision, "second_factor"))
    return visit


def apply(session: Session, happening: Happening, actor: Actor, revision: int | None) -> Visit:
    """The whole of one event. Raises ``NotAllowedNow``, ``Conflict``, ``ConsentMissing``."""
    visit, event = happening.visit, happening.event
    was, known = visit.state, visit.revision
    transition = allowed(was, event, actor)
    if revision is not None and revision != known:
        raise Conflict
    check_details(happening)
    effect = EFFECTS[event](happening)
    after = destination(transition, event, _facts(visit, effect))
    changes = {"state": after, "revision": known + 1, **effect.values}
    changes.update(_times(happening, actor, changes))
    if after is VisitState.CLOSED:
        changes["outcome"] = outcome_of(happening)
        if not visit.consented:
            changes["topic_id"] = None  # what somebody came about is kept with their consent alone
    same = (col(Visit.id) == visit.id, col(Visit.state) == was, col(Visit.revision) == known)
    result = session.execute(update(Visit).where(*same).values(**changes))
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise Conflict
    session.refresh(visit)
    if effect.consent is not None:
        session.add(effect.consent)
    if event is VisitEvent.CONSENT_WITHDRAWN:
        withdraw_consents(session, visit.id, happening.at)
    _record(session, happening, actor, was, effect.note or (visit.outcome or ""))
    return visit


def check_leads_none(session: Session, adviser_id: str) -> None:
    """Nobody leads two conversations at once. Raises ``Conflict``."""
    others = (
        col(Visit.admitted_by) == adviser_id,
        col(Visit.state).in_((VisitState.ADMITTED, VisitState.IN_SESSION)),
    )
    if session.exec(select(Visit.id).where(*others).limit(1)).first() is not None:
        raise Conflict


def withdraw_consents(session: Session, visit_id: str, at: datetime) -> None:
    """Writes into every consent of the visit when it was taken back."""
    given = (col(Consent.visit_id) == visit_id, col(Consent.withdrawn_at).is_(None))
    session.execute(update(Consent).where(*given).values(withdrawn_at=at))


def due(session: Session, now: datetime) -> list[Visit]:
    """Open visits whose deadline has passed, most overdue first."""
    passed = (col(Visit.deadline_at) <= now, col(Visit.state).in_(OPEN_STATES))
    return list(session.exec(select(Visit).where(*passed).order_by(col(Visit.deadline_at))))


def fire(session: Session, visit_id: str, now: datetime) -> Visit | None:
    """The clock's event of one visit, if it is still due; looked at again in the transaction."""
    visit = session.get(Visit, visit_id)
    if visit is None or not visit.is_open or visit.deadline_at is None or visit.deadline_at > now:
        return None
    event = deadlines.event_at_deadline(timing_of(visit))
    return apply(session, Happening(visit, event, now, "", {}), Actor.CLOCK, None)


def timing_of(visit: Visit, changes: dict[str, Any] | None = None) -> deadlines.Timing:
    """What the deadline hangs on, with changes that are about to be written."""
    new = changes or {}
    began = new.get("session_began_at", visit.session_began_at)
    return deadlines.Timing(
        state=new.get("state", visit.state),
        mode=new.get("mode", visit.mode),
        media_up=new.get("media_up", visit.media_up),
        session_began=began is not None,
    )


def _facts(visit: Visit, effect: Effect) -> Facts:
    return Facts(
        consented=visit.consented,
        identified=visit.identity not in (IdentityStatus.OPEN, IdentityStatus.REFUSED),
        identity_settled=effect.identity_settled,
    )


def _times(happening: Happening, actor: Actor, changes: dict[str, Any]) -> dict[str, Any]:
    """State, presence and deadline: when each of them is from."""
    visit, now = happening.visit, happening.at
    times: dict[str, Any] = {}
    before, after = timing_of(visit), timing_of(visit, changes)
    if actor is Actor.CLIENT:
        times["client_seen_at"] = now
        unseen = deadlines.unseen_deadline(after, now)
        if unseen is not None:
            times["deadline_at"] = unseen
    if after != before:
        times["deadline_at"] = deadlines.fresh_deadline(after, now)
    if after.state is not before.state:
        times["state_since"] = now
        if after.state is VisitState.WAITING and visit.waiting_since is None:
            times["waiting_since"] = now
        if after.state is VisitState.CLOSED:
            # Noticed late (the appliance was off), it still ended when its time was up.
            expired = happening.event is VisitEvent.EXPIRED
            times["closed_at"] = (expired and visit.deadline_at) or now
    return times


def _record(
    session: Session, happening: Happening, actor: Actor, was: VisitState | None, note: str
) -> None:
    visit = happening.visit
    line = JournalEntry(
        visit_id=visit.id,
        at=happening.at,
        event=happening.event,
        actor=actor,
        actor_id=happening.actor_id,
        state_from=was,
        state_to=visit.state,
        revision=visit.revision,
        note=note,
    )
    session.add(line)
    announce(session, VisitChanged(visit.id, visit.revision, happening.event))
