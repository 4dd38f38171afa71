"""The words of conferences."""

from __future__ import annotations

from enum import StrEnum

PLACES = 6  # people inside at the same time
FIRST_PLACE_BESIDE = 2  # in a visit's conversation, beside client and adviser


class ConferenceMode(StrEnum):
    """Chosen before it starts."""

    VIDEO = "video"
    AUDIO = "audio"


class MemberKind(StrEnum):
    """Who somebody is."""

    STAFF = "staff"
    GUEST = "guest"  # external, by the room's link


class MemberState(StrEnum):
    """Where somebody is, seen from the room."""

    RINGING = "ringing"  # staff: called, and not answered yet
    DECLINED = "declined"
    MISSED = "missed"  # nobody answered for a minute; entering is still possible
    KNOCKING = "knocking"  # a guest before the door
    ANNOUNCED = "announced"  # to a visit's client, who has not said yes yet
    REFUSED = "refused"  # a guest who was not let in
    INSIDE = "inside"
    LEFT = "left"
    REMOVED = "removed"


PRESENT = (MemberState.INSIDE, MemberState.ANNOUNCED, MemberState.KNOCKING)  # in or before it


class LinkWay(StrEnum):
    """How the box itself sends a room's link."""

    MAIL = "mail"
    SMS = "sms"
