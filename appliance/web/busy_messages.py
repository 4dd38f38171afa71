"""Commands about an adviser who has no time now, and what the client makes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from appliance.web.message import MAX_CHAT_CHARACTERS, Wire

MAX_BUSY_CHARACTERS = 300

# Said in the client's own language; none of them is a promise but the last.
BusyPhrase = Literal["longer", "in_talk", "soon", "ten_minutes"]
BusyText = Annotated[str, Field(max_length=MAX_BUSY_CHARACTERS)]


# ---- of the client's page ------------------------------------------------------------
class LeaveMessage(Wire):
    """Instead of waiting on: a message, or the wish to be called back; closes the visit.

    ``phone``: where to call; empty means the number that is known.
    """

    type: Literal["leave_message"] = "leave_message"
    text: Annotated[str, Field(max_length=MAX_CHAT_CHARACTERS)] = ""
    call_back: bool = False
    phone: Annotated[str, Field(max_length=40)] = ""


# ---- of the desk ---------------------------------------------------------------------
class TellBusy(Wire):
    """Tells a waiting client that it takes longer; ``text`` instead of the phrase, as written."""

    type: Literal["tell_busy"] = "tell_busy"
    visit_id: str
    phrase: BusyPhrase = "longer"
    text: BusyText = ""


class GoAway(Wire):
    """Not at the desk for a while: everybody who waits for this adviser is told, with ``text``."""

    type: Literal["go_away"] = "go_away"
    text: BusyText = ""


class ComeBack(Wire):
    """At the desk again. Letting somebody in says it, too."""

    type: Literal["come_back"] = "come_back"
