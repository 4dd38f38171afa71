"""Reading a conference's rows, and the rules that several wishes share. All in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from appliance.conferences.errors import (
    ConferenceFull,
    ConferenceUnknown,
    MemberUnknown,
    NotHost,
    RoomUnknown,
)
from appliance.conferences.models import Conference, ConferenceMember
from appliance.conferences.names import secret_hash
from appliance.conferences.states import FIRST_PLACE_BESIDE, PLACES, MemberKind, MemberState


@dataclass(frozen=True, slots=True)
class View:
    """One conference with everybody in, before, or called into it."""

    conference: Conference
    members: Sequence[ConferenceMember]

    def inside(self) -> list[ConferenceMember]:
        """Those in the room, by their places."""
        found = [one for one in self.members if one.state is MemberState.INSIDE]
        return sorted(found, key=lambda one: one.place)

    def member(self, member_id: str) -> ConferenceMember | None:
        """By id."""
        return next((one for one in self.members if one.id == member_id), None)

    def of_adviser(self, adviser_id: str) -> ConferenceMember | None:
        """An adviser's row."""
        staff = (one for one in self.members if one.kind is MemberKind.STAFF)
        return next((one for one in staff if one.adviser_id == adviser_id), None)


def view_of(session: Session, conference_id: str) -> View:
    """Raises ``ConferenceUnknown``."""
    conference = session.get(Conference, conference_id)
    if conference is None:
        raise ConferenceUnknown
    query = (
        select(ConferenceMember)
        .where(col(ConferenceMember.conference_id) == conference_id)
        .order_by(col(ConferenceMember.changed_at), col(ConferenceMember.id))
    )
    return View(conference, list(session.exec(query)))


def hosted(session: Session, conference_id: str, host_id: str) -> View:
    """Raises ``ConferenceUnknown``, ``NotHost``."""
    view = view_of(session, conference_id)
    if view.conference.host_id != host_id:
        raise NotHost
    return view


def view_by_link(session: Session, name: str, secret: str) -> View:
    """Raises ``RoomUnknown``, whatever is wrong."""
    query = select(Conference).where(
        col(Conference.name) == name, col(Conference.secret_hash) == secret_hash(secret)
    )
    conference = session.exec(query).first()
    if conference is None or not conference.secret_hash:
        raise RoomUnknown
    return view_of(session, conference.id)


def known(view: View, member_id: str, *states: MemberState) -> ConferenceMember:
    """Somebody in one of these states. Raises ``MemberUnknown``."""
    member = view.member(member_id)
    if member is None or member.state not in states:
        raise MemberUnknown
    return member


def elsewhere(session: Session, adviser_id: str, here: str = "") -> bool:
    """Whether an adviser is in a conference but ``here``, or announced to a visit's client."""
    query = select(ConferenceMember.id).where(
        col(ConferenceMember.kind) == MemberKind.STAFF,
        col(ConferenceMember.adviser_id) == adviser_id,
        col(ConferenceMember.conference_id) != here,
        col(ConferenceMember.state).in_((MemberState.INSIDE, MemberState.ANNOUNCED)),
    )
    return session.exec(query.limit(1)).first() is not None


def go_inside(view: View, member: ConferenceMember, now: datetime) -> None:
    """Takes the lowest free place. Raises ``ConferenceFull``."""
    if member.state is MemberState.INSIDE:
        return
    member.place, member.muted = free_place(view), False
    change(member, MemberState.INSIDE, now)


def announce_to_client(view: View, member: ConferenceMember, now: datetime) -> None:
    """Before a visit's conversation, until its client has answered. Raises ``ConferenceFull``."""
    if member.state not in (MemberState.INSIDE, MemberState.ANNOUNCED):
        free_place(view)
        change(member, MemberState.ANNOUNCED, now)


def free_place(view: View) -> int:
    """The lowest. Raises ``ConferenceFull``."""
    taken = {one.place for one in view.inside()}
    first = 0 if view.conference.visit_id is None else FIRST_PLACE_BESIDE
    free = [place for place in range(first, PLACES) if place not in taken]
    if not free:
        raise ConferenceFull
    return free[0]


def change(member: ConferenceMember, state: MemberState, now: datetime) -> None:
    """The member's new state, with its time."""
    member.state, member.changed_at = state, now


def pass_host_on(view: View) -> None:
    """Whoever of staff has been inside for longest leads, when the host has gone.

    In a visit's conversation the visit says who leads.
    """
    if view.conference.visit_id is not None:
        return
    staff = [one for one in view.inside() if one.kind is MemberKind.STAFF]
    if staff and view.conference.host_id not in {one.adviser_id for one in staff}:
        view.conference.host_id = min(staff, key=lambda one: one.changed_at).adviser_id
