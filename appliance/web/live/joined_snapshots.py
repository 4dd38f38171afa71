"""What pages show of those who sit beside client and adviser, from plain facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appliance.advisers.rights import Staff
from appliance.conferences.models import ConferenceMember
from appliance.conferences.rows import View
from appliance.conferences.states import (
    PLACES,
    ConferenceMode,
    MemberKind,
    MemberState,
)
from appliance.relay.control import TrackKind
from appliance.visits.models import Visit
from appliance.visits.states import Mode
from appliance.web.conference_messages import ConferencePerson, ConferenceSnapshot
from appliance.web.joined_messages import JoinedRole, SessionPerson
from appliance.web.live.conference_routes import Sitting, slot_of
from appliance.web.live.conference_snapshots import sitting_of
from appliance.web.live.joined_routes import ADVISER, CLIENT, kinds_between, seated
from appliance.web.live.owners import conference_owner, desk_owner, visit_owner
from appliance.web.live.routes import Members, Rights
from appliance.web.live.seats import Room, Seat, Side

SHOWN = (MemberState.ANNOUNCED, MemberState.INSIDE)


@dataclass(frozen=True, slots=True)
class JoinedFacts:
    """Everything that snapshots of one conversation's others are made from."""

    visit: Visit
    view: View
    room: Room | None
    rights: Rights
    staff: Staff
    relay_ready: bool
    online: Callable[[str], bool]  # by a window's owner
    now: datetime
    speaking: str = ""  # a member's id, "client" or "adviser"
    live_text: bool = False

    def seat(self, member_id: str) -> Seat | None:
        """Of a member, or by ``Side``."""
        return self.room.seats.get(member_id) if self.room else None

    def people(self) -> list[Sitting]:
        """Everybody inside, client and adviser first."""
        members = self.room.members if self.room else Members()
        inside = [sitting_of(one, self.seat(one.id)) for one in self.view.inside()]
        return seated(members, self.rights, inside)


def session_people(facts: JoinedFacts, side: Side) -> list[SessionPerson]:
    """For the client's page or the desk: everybody beside the two, by their places."""
    heirs = facts.staff.successors(facts.visit.admitted_by or "", facts.visit.team_id)
    heir_ids = {one.adviser_id for one in heirs}
    there = [one for one in facts.view.members if one.state in SHOWN]
    there.sort(key=lambda one: (one.state is not MemberState.INSIDE, one.place))
    return [_session_person(facts, one, side, heir_ids) for one in there]


def _session_person(
    facts: JoinedFacts, member: ConferenceMember, side: Side, heirs: set[str]
) -> SessionPerson:
    inside = member.state is MemberState.INSIDE
    seat, own = facts.seat(member.id), facts.seat(side)
    (me,) = [one for one in facts.people() if one.member_id == side]
    source = sitting_of(member, seat)
    slot = slot_of(source, me) if inside else 0
    kinds = kinds_between(source, me, facts.rights) if inside and seat else []
    return SessionPerson(
        member_id=member.id,
        role=role_of(member),
        name=member.name or facts.staff.name(member.adviser_id),
        inside=inside,
        slot=slot,
        online=facts.online(conference_owner(member.conference_id, member.id)),
        media=seat.media(relay_ready=facts.relay_ready) if seat else "none",
        microphone=TrackKind.MICROPHONE in kinds,
        camera=TrackKind.CAMERA in kinds,
        paused=inside and own is not None and TrackKind.CAMERA in own.paused_in(slot),
        may_take_over=inside and member.adviser_id in heirs,
    )


def role_of(member: ConferenceMember) -> JoinedRole:
    """What stands beside the name."""
    if member.kind is MemberKind.STAFF:
        return "colleague"
    return "interpreter" if member.interpreter else "guest"


def joined_snapshot(
    facts: JoinedFacts, member: ConferenceMember, *, elsewhere: bool
) -> ConferenceSnapshot:
    """For the window of somebody who sits, or wants to sit, beside the two."""
    inside = member.state is MemberState.INSIDE
    seat = facts.seat(member.id)
    people = facts.people()
    return ConferenceSnapshot(
        conference_id=facts.view.conference.id,
        server_at=facts.now,
        mode=ConferenceMode.VIDEO if facts.rights.mode is Mode.VIDEO else ConferenceMode.AUDIO,
        text_only=facts.rights.mode is Mode.TEXT,
        beside=True,
        taken_over=member.adviser_id not in ("", None)
        and member.adviser_id == facts.visit.admitted_by,
        state=member.state,
        member_id=member.id,
        staff=member.kind is MemberKind.STAFF,
        muted=member.muted,
        staffed=facts.rights.mode is Mode.TEXT or any(one.staff and one.peer for one in people),
        full=len(people) >= PLACES,
        people=[_person(facts, one, member) for one in people] if inside else [],
        live_text=inside and facts.live_text,
        elsewhere=elsewhere,
        peer_id=seat.newest if seat else None,
        media=seat.media(relay_ready=facts.relay_ready) if seat else "none",
    )


def _person(facts: JoinedFacts, one: Sitting, viewer: ConferenceMember) -> ConferencePerson:
    seat, own = facts.seat(one.member_id), facts.seat(viewer.id)
    me = sitting_of(viewer, own)
    mine = one.member_id == viewer.id
    slot = None if mine else slot_of(one, me)
    kinds = kinds_between(one, me, facts.rights) if seat else []
    paused = own.paused_in(slot) if own is not None and slot is not None else set()
    return ConferencePerson(
        member_id=one.member_id,
        name=_name(facts, one, viewer),
        client=one.member_id == CLIENT,
        staff=one.staff,
        leads=one.member_id == ADVISER,
        me=mine,
        slot=slot,
        online=facts.online(_owner(facts, one.member_id)),
        media=seat.media(relay_ready=facts.relay_ready) if seat else "none",
        microphone=TrackKind.MICROPHONE in kinds,
        camera=TrackKind.CAMERA in kinds,
        muted=one.muted,
        speaking=one.member_id == facts.speaking,
        paused=TrackKind.CAMERA in paused,
        screen=TrackKind.SCREEN in kinds and seat is not None and seat.sends is not None,
        screen_paused=TrackKind.SCREEN in paused,
    )


def _name(facts: JoinedFacts, one: Sitting, viewer: ConferenceMember) -> str:
    """The client's for colleagues alone: guests learn it from nobody but the client."""
    if one.member_id == CLIENT:
        return facts.visit.stated_name if viewer.kind is MemberKind.STAFF else ""
    if one.member_id == ADVISER:
        return facts.staff.name(facts.visit.admitted_by)
    member = facts.view.member(one.member_id)
    return (member.name or facts.staff.name(member.adviser_id)) if member else ""


def _owner(facts: JoinedFacts, member_id: str) -> str:
    if member_id == CLIENT:
        return visit_owner(facts.visit.id)
    if member_id == ADVISER:
        return desk_owner(facts.visit.admitted_by or "")
    return conference_owner(facts.view.conference.id, member_id)
