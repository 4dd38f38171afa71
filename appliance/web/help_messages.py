"""Commands about help before the session, and about going on with another device."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from appliance.web.message import MAX_HELP_CHARACTERS, HelpText, LineId, Wire


# ---- of the client's page ------------------------------------------------------------
class RequestHelp(Wire):
    """Staff see who is stuck at what. Asked again, the newer wishes count.

    ``note``: what is wrong, in the client's words. ``phone``: where to call; empty means the
    appointment's number.
    """

    type: Literal["request_help"] = "request_help"
    note: Annotated[str, Field(max_length=MAX_HELP_CHARACTERS)] = ""
    answer: Literal["write", "call"] = "write"
    phone: Annotated[str, Field(max_length=40)] = ""


class HelpLine(Wire):
    """A line to whoever helps, before the session; ``line_id`` as in ``chat``."""

    type: Literal["help_line"] = "help_line"
    line_id: LineId
    text: HelpText


class HelpDone(Wire):
    """It works now: nobody needs to help, and the talk about it is forgotten."""

    type: Literal["help_done"] = "help_done"


class MoveToDevice(Wire):
    """``on``: wants a code for the phone, answered with ``hand_over``; else goes on here."""

    type: Literal["move_to_device"] = "move_to_device"
    on: bool


# ---- of the desk ---------------------------------------------------------------------
class WriteHelp(Wire):
    """A line to a client who has not been let in yet, asked for or not."""

    type: Literal["write_help"] = "write_help"
    visit_id: str
    line_id: LineId
    text: HelpText


class SettleHelp(Wire):
    """Ticked off: somebody has called, or no help is needed any more."""

    type: Literal["settle_help"] = "settle_help"
    visit_id: str
    called: bool
