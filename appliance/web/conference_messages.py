"""What a page in a conference and web say to each other, beside the commands about media.

Two sockets: ``/api/v1/console/conferences/socket`` (staff) and ``/api/v1/rooms/socket`` (a guest).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from appliance.conferences.states import PLACES, ConferenceMode, MemberState
from appliance.web.message import Wire

RowId = Annotated[str, Field(max_length=64)]


# ---- commands of every page ----------------------------------------------------------------------
class ShowPictures(Wire):
    """Whose pictures this page shows now: only these are sent to it."""

    type: Literal["show_pictures"] = "show_pictures"
    members: Annotated[list[RowId], Field(max_length=PLACES)]


class SpeakAgain(Wire):
    """The host had muted this page; its person has switched the microphone on again."""

    type: Literal["speak_again"] = "speak_again"


class LeaveConference(Wire):
    """Out of the room, or away from its door."""

    type: Literal["leave_conference"] = "leave_conference"


# ---- commands of staff ---------------------------------------------------------------------------
class EnterConference(Wire):
    """Into the room; also answers a call."""

    type: Literal["enter_conference"] = "enter_conference"


class LetIn(Wire):
    """The host opens the door to a guest.

    To a visit's conversation it opens once the client has said yes; they are told whether it is an
    ``interpreter`` who comes.
    """

    type: Literal["let_in"] = "let_in"
    member_id: RowId
    interpreter: bool = False


class TurnAway(Wire):
    """The host does not let a guest in."""

    type: Literal["turn_away"] = "turn_away"
    member_id: RowId


class MuteMember(Wire):
    """The host: nobody hears them until they switch their microphone on again."""

    type: Literal["mute_member"] = "mute_member"
    member_id: RowId


class RemoveMember(Wire):
    """The host: out of the room."""

    type: Literal["remove_member"] = "remove_member"
    member_id: RowId


class CallColleague(Wire):
    """The host: rings at a colleague's desk, for a minute."""

    type: Literal["call_colleague"] = "call_colleague"
    adviser_id: RowId


class CloseConference(Wire):
    """The host: over for all, and deleted."""

    type: Literal["close_conference"] = "close_conference"


InConference = (
    ShowPictures
    | SpeakAgain
    | LeaveConference
    | EnterConference
    | LetIn
    | TurnAway
    | MuteMember
    | RemoveMember
    | CallColleague
    | CloseConference
)


# ---- commands of the desk ------------------------------------------------------------------------
class DeclineCall(Wire):
    """Not now."""

    type: Literal["decline_call"] = "decline_call"
    conference_id: RowId


# ---- what web says -------------------------------------------------------------------------------
class ConferencePerson(Wire):
    """Somebody inside."""

    member_id: str
    name: str
    client: bool = False  # beside a client: this is them; the name is for colleagues alone
    staff: bool
    leads: bool
    me: bool
    slot: int | None  # where this page receives them; None: oneself
    online: bool
    media: Literal["none", "connecting", "connected", "lost"]
    microphone: bool  # can be heard
    camera: bool  # a picture can be had
    muted: bool  # by the host
    speaking: bool = False
    paused: bool = False  # the picture, because this page's own line is too slow
    screen: bool = False  # beside a client: a screen that the visit's adviser shares
    screen_paused: bool = False  # as ``paused``


class KnockingGuest(Wire):
    """Somebody before the door."""

    member_id: str
    name: str
    online: bool
    without_microphone: bool


class ColleagueToCall(Wire):
    """Somebody whom the host may call; ``state`` is None for who was not called yet."""

    adviser_id: str
    name: str
    online: bool
    state: MemberState | None


class ConferenceSnapshot(Wire):
    """Everything that a page in a conference shows, whole."""

    type: Literal["conference"] = "conference"
    conference_id: str
    revision: int = 0  # grows with each change that this page is told
    server_at: datetime
    title: str = ""
    mode: ConferenceMode = ConferenceMode.VIDEO
    text_only: bool = False  # beside a client who writes: no sound and no picture for anybody
    beside: bool = False  # in a visit's conversation, beside client and adviser
    live_text: bool = False  # beside a client: what is written is read letter by letter
    taken_over: bool = False  # it is this adviser's own now: on at the desk
    over: bool = False  # closed for all; nothing of it is stored any more
    state: MemberState = MemberState.LEFT  # of this page's person
    member_id: str = ""
    staff: bool = False
    leads: bool = False
    muted: bool = False  # by the host
    staffed: bool = False  # somebody of the agency is inside; else nobody hears anybody
    full: bool = False
    people: list[ConferencePerson] = []
    knocking: list[KnockingGuest] = []  # for the host
    colleagues: list[ColleagueToCall] = []  # for the host
    elsewhere: bool = False
    peer_id: str | None = None
    media: Literal["none", "connecting", "connected", "lost"] = "none"


class CallView(Wire):
    """A call at the desk."""

    conference_id: str
    title: str
    host_name: str
    mode: ConferenceMode
    beside: bool = False  # into a running conversation with a client
    since: datetime
