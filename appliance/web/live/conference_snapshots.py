"""What a page in a conference shows, whole, from plain facts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from appliance.conferences.models import ConferenceMember
from appliance.conferences.rows import View
from appliance.conferences.states import PLACES, MemberKind, MemberState
from appliance.relay.control import TrackKind
from appliance.web.conference_messages import (
    ColleagueToCall,
    ConferencePerson,
    ConferenceSnapshot,
    KnockingGuest,
)
from appliance.web.live.conference_routes import Sitting, sent, slot_of
from appliance.web.live.owners import conference_owner
from appliance.web.live.seats import ConferenceRoom, Room, Seat


@dataclass(frozen=True, slots=True)
class ConferenceFacts:
    """Everything that all snapshots of one conference are made from."""

    view: View
    now: datetime
    names: Mapping[str, str]  # of all colleagues, by adviser id
    room: ConferenceRoom | None
    relay_ready: bool
    online_at: Callable[[str], bool]  # by a window's owner
    at_desk: Callable[[str], bool]  # by adviser id
    serving: Sequence[tuple[str, str]] = ()  # who can be called: ids and names
    speaking: Collection[str] = ()  # member ids

    def name(self, member: ConferenceMember) -> str:
        """A guest's as typed, a colleague's as in the account."""
        return member.name or self.names.get(member.adviser_id, "")


def sittings(view: View, room: Room | None) -> list[Sitting]:
    """Those inside, as routes see them."""
    return [sitting_of(one, room.seats.get(one.id) if room else None) for one in view.inside()]


def conference_snapshot(
    facts: ConferenceFacts, member: ConferenceMember, *, elsewhere: bool
) -> ConferenceSnapshot:
    """For one person's window. Who is not inside learns the title alone."""
    view = facts.view
    inside = member.state is MemberState.INSIDE
    leads = inside and _leads(view, member)
    seat = facts.room.seats.get(member.id) if facts.room else None
    return ConferenceSnapshot(
        conference_id=view.conference.id,
        server_at=facts.now,
        title=view.conference.title,
        mode=view.conference.mode,
        state=member.state,
        member_id=member.id,
        staff=member.kind is MemberKind.STAFF,
        leads=leads,
        muted=member.muted,
        staffed=any(one.kind is MemberKind.STAFF for one in view.inside()),
        full=len(view.inside()) >= PLACES,
        people=_people(facts, member) if inside else [],
        knocking=knocking_of(view, facts.online_at) if leads else [],
        colleagues=colleagues_of(view.members, facts.serving, facts.at_desk, member.adviser_id)
        if leads
        else [],
        elsewhere=elsewhere,
        peer_id=seat.newest if seat else None,
        media=seat.media(relay_ready=facts.relay_ready) if seat else "none",
    )


def sitting_of(member: ConferenceMember, seat: Seat | None) -> Sitting:
    """A member as routes see them."""
    return Sitting(
        member_id=member.id,
        place=member.place,
        staff=member.kind is MemberKind.STAFF,
        peer=seat.routed if seat else None,
        muted=member.muted,
        sends=seat.sends if seat else None,
        views=seat.views if seat else None,
    )


def _leads(view: View, member: ConferenceMember) -> bool:
    return bool(member.adviser_id) and member.adviser_id == view.conference.host_id


def _people(facts: ConferenceFacts, me: ConferenceMember) -> list[ConferencePerson]:
    sitting = {one.member_id: one for one in sittings(facts.view, facts.room)}
    found = []
    own = facts.room.seats.get(me.id) if facts.room else None
    for one in facts.view.inside():
        slot = None if one.id == me.id else slot_of(sitting[one.id], sitting[me.id])
        paused = own.paused_in(slot) if own is not None and slot is not None else set()
        seat = facts.room.seats.get(one.id) if facts.room else None
        kinds = sent(sitting[one.id], facts.view.conference.mode) if seat else set()
        found.append(
            ConferencePerson(
                member_id=one.id,
                name=facts.name(one),
                staff=one.kind is MemberKind.STAFF,
                leads=_leads(facts.view, one),
                me=one.id == me.id,
                slot=slot,
                online=facts.online_at(conference_owner(one.conference_id, one.id)),
                media=seat.media(relay_ready=facts.relay_ready) if seat else "none",
                microphone=TrackKind.MICROPHONE in kinds,
                camera=TrackKind.CAMERA in kinds,
                muted=one.muted,
                speaking=one.id in facts.speaking,
                paused=TrackKind.CAMERA in paused,
            )
        )
    return found


def knocking_of(view: View, online_at: Callable[[str], bool]) -> list[KnockingGuest]:
    """Who stands before the door. ``online_at``: by a window's owner."""
    return [
        KnockingGuest(
            member_id=one.id,
            name=one.name,
            online=online_at(conference_owner(one.conference_id, one.id)),
            without_microphone=one.without_microphone,
        )
        for one in view.members
        if one.state is MemberState.KNOCKING
    ]


def colleagues_of(
    members: Sequence[ConferenceMember],
    serving: Sequence[tuple[str, str]],
    at_desk: Callable[[str], bool],
    me: str,
) -> list[ColleagueToCall]:
    """Whom ``me`` may call. ``serving``: ids and names; ``at_desk``: by adviser id."""
    states = {one.adviser_id: one.state for one in members}
    return [
        ColleagueToCall(
            adviser_id=adviser_id,
            name=name,
            online=at_desk(adviser_id),
            state=states.get(adviser_id),
        )
        for adviser_id, name in serving
        if adviser_id != me
    ]
