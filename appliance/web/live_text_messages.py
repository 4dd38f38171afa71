"""Real-time text: what is being written is read at the other side letter by letter.

It goes through web's memory to the other page, is kept there until the next letter, and nowhere
else. EN 301 549 V3.2.1, 6.2: at the other side within 500 ms.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from appliance.web.message import MAX_CHAT_CHARACTERS, Wire


class SwitchLiveText(Wire):
    """Either person switches it on or off, for both."""

    type: Literal["switch_live_text"] = "switch_live_text"
    on: bool


class WriteLive(Wire):
    """All that stands in the page's field now, so that what is deleted is gone there, too.

    At most ten times a second. Nothing while it is off.
    """

    type: Literal["write_live"] = "write_live"
    text: Annotated[str, Field(max_length=MAX_CHAT_CHARACTERS)] = ""


class LiveDraft(Wire):
    """What the other side is writing, whole; empty: nothing any more."""

    type: Literal["live_draft"] = "live_draft"
    sender: Literal["client", "adviser"]
    text: str


LiveTextCommand = SwitchLiveText | WriteLive
