"""What pages and web say about whoever comes to a visit's conversation beside client and adviser.

They sit in pages of conferences (``conference_messages``); here is what the client's page and the
adviser's desk say and show of them.
"""

from __future__ import annotations

from typing import Literal

from appliance.web.conference_messages import (
    ColleagueToCall,
    KnockingGuest,
    LetIn,
    RemoveMember,
    RowId,
    TurnAway,
)
from appliance.web.message import Wire

JoinedRole = Literal["colleague", "interpreter", "guest"]


class AnswerPerson(Wire):
    """The client's word on somebody who wants to come, or is there: a no ends it at any time."""

    type: Literal["answer_person"] = "answer_person"
    member_id: RowId
    welcome: bool


class InviteColleague(Wire):
    """Rings at a colleague's desk, for a minute. The client is asked once they have answered."""

    type: Literal["invite_colleague"] = "invite_colleague"
    adviser_id: RowId


class HandOverSession(Wire):
    """Gives the running conversation to a colleague who is inside; whoever says it leaves."""

    type: Literal["hand_over_session"] = "hand_over_session"
    member_id: RowId


DeskOnJoined = InviteColleague | HandOverSession | LetIn | TurnAway | RemoveMember


class SessionPerson(Wire):
    """Somebody beside client and adviser, as these two see them."""

    member_id: str
    role: JoinedRole
    name: str
    inside: bool  # else the client is being asked: no sound, no picture, neither way
    slot: int  # where this page receives them
    online: bool
    media: Literal["none", "connecting", "connected", "lost"] = "none"
    microphone: bool = False  # can be heard here
    camera: bool = False  # can be seen here
    paused: bool = False  # the picture, because this page's own line is too slow
    may_take_over: bool = False  # at the desk: a colleague who could have the client


class JoinedView(Wire):
    """What the desk shows of it; only once the client is confirmed."""

    conference_id: str = ""  # of the guests' link; empty until somebody was asked
    people: list[SessionPerson] = []
    knocking: list[KnockingGuest] = []
    colleagues: list[ColleagueToCall] = []
