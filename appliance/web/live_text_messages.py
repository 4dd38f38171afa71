"""Real-time text: what is being written is read by the others letter by letter.

It goes through web's memory to the other pages, is kept there until the next letter, and nowhere
else. EN 301 549 V3.2.1, 6.2: at the other side within 500 ms.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from appliance.web.message import MAX_CHAT_CHARACTERS, Wire


class SwitchLiveText(Wire):
    """Client or adviser switches it on or off, for all who are in the conversation.

    From the client's page it is also the client's yes: their own letters wait for it.
    """

    type: Literal["switch_live_text"] = "switch_live_text"
    on: bool


class WriteLive(Wire):
    """All that stands in the page's field now, so that what is deleted is gone there, too.

    At most ten times a second. Nothing while it is off. A client who has not said yes is answered
    with ``live_text_waits``.
    """

    type: Literal["write_live"] = "write_live"
    text: Annotated[str, Field(max_length=MAX_CHAT_CHARACTERS)] = ""


class LiveDraft(Wire):
    """What somebody else is writing, whole; empty: nothing any more."""

    type: Literal["live_draft"] = "live_draft"
    sender: Literal["client", "adviser", "joined"]
    member_id: str = ""  # of somebody beside the two
    name: str = ""  # of who writes, but for the client
    text: str


LiveTextCommand = SwitchLiveText | WriteLive
