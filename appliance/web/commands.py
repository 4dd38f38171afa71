"""What a page asks of web: commands of the client's page and of the desk.

One JSON object per message; unknown fields and words are errors. See ``wire.py`` for the answers.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from appliance.device_check.records import BrowserRecord, CheckKind
from appliance.device_check.watched import WatchedFault
from appliance.visits.states import IdentityMethod, Mode
from appliance.web.busy_messages import ComeBack, GoAway, LeaveMessage, TellBusy
from appliance.web.conference_messages import DeclineCall, InConference
from appliance.web.help_messages import (
    HelpDone,
    HelpLine,
    MoveToDevice,
    RequestHelp,
    SettleHelp,
    WriteHelp,
)
from appliance.web.joined_messages import AnswerPerson, DeskOnJoined
from appliance.web.live_text_messages import LiveTextCommand, WriteLive
from appliance.web.message import ChatText, LineId, Sdp, ShortText
from appliance.web.message import Wire as Wire  # noqa: PLC0414 - each command is one, also of others


# ---- commands of both pages --------------------------------------------------
class JoinMedia(Wire):
    """Wants a peer (a new one: an older one of this page ends when the new one is connected).

    ``peer_id``: what the page still has, after its socket was away. If the relay knows it as
    connected, it is kept and no offer follows.
    """

    type: Literal["join_media"] = "join_media"
    peer_id: Annotated[str, Field(max_length=64)] | None = None


class Answer(Wire):
    """The answer to the newest offer."""

    type: Literal["answer"] = "answer"
    peer_id: str
    sdp: Sdp


class RestartMedia(Wire):
    """The page sees its connection as disconnected and wants an ICE restart."""

    type: Literal["restart_media"] = "restart_media"


class Sending(Wire):
    """What the page sends right now; mute is said, never guessed."""

    type: Literal["sending"] = "sending"
    microphone: bool
    camera: bool
    screen: bool = False


class Chat(Wire):
    """A line; ``line_id`` is made by the page, so that a repeated send is not a second line."""

    type: Literal["chat"] = "chat"
    line_id: LineId
    text: ChatText


class LineAgain(Wire):
    """One of the page's own lines, with the time that web once gave it."""

    line_id: LineId
    text: ChatText
    sent_at: AwareDatetime | None = None


class OfferChatAgain(Wire):
    """After a restart of web: the page's own lines, offered again."""

    type: Literal["offer_chat_again"] = "offer_chat_again"
    lines: Annotated[list[LineAgain], Field(max_length=500)]


class Alive(Wire):
    """Every 2 s, so that a vanished page is noticed after 6 s."""

    type: Literal["alive"] = "alive"


class ContinueHere(Wire):
    """In a window that was told ``elsewhere``: go on here, the other one becomes idle."""

    type: Literal["continue_here"] = "continue_here"


# ---- commands of the client's page --------------------------------------------------
class StartCheck(Wire):
    """Accepts the terms of use and the check notice (``terms_version`` as shown)."""

    type: Literal["start_check"] = "start_check"
    terms_version: ShortText


class Measured(Wire):
    """A browser's measurement, for the step that is running."""

    type: Literal["measured"] = "measured"
    record: BrowserRecord


class RunStep(Wire):
    """The page is at this step: the analyser reports for it, the judgement starts anew."""

    type: Literal["run_step"] = "run_step"
    kind: CheckKind


class SayNumber(Wire):
    """Speaker test: speak a new three-digit number now (also: again, the same one)."""

    type: Literal["say_number"] = "say_number"
    again: bool = False


class FillLine(Wire):
    """Line test: one phase in which the relay sends padding (0: none) and counts what arrives.

    Answered with ``line_filled`` when it is over, or at once when it is refused.
    """

    type: Literal["fill_line"] = "fill_line"
    down_kbps: Annotated[int, Field(ge=0, le=2000)] = 0
    for_ms: Annotated[int, Field(ge=100, le=2000)]


class ChooseBackground(Wire):
    """What stands behind the client, in the preview and in the session; as long as it is open.

    ``mode`` is the appliance's blur: only where the browser cannot, and the client has agreed that
    the real picture reaches the appliance. ``look`` is what the browser paints by itself.
    """

    type: Literal["choose_background"] = "choose_background"
    mode: Literal["none", "blur", "blur_strong"]
    look: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,40}$")] = ""


class Echo(Wire):
    """Hear oneself."""

    type: Literal["echo"] = "echo"
    on: bool


class Waive(Wire):
    """Go on without: the consequence has been said."""

    type: Literal["waive"] = "waive"
    kind: CheckKind
    text: bool = False  # of the speaker: they hear badly or not at all, and write


class FinishCheck(Wire):
    """On to consent."""

    type: Literal["finish_check"] = "finish_check"


class PresentCheck(Wire):
    """After a reconnect before consent: the signed verdicts that web gave this page."""

    type: Literal["present_check"] = "present_check"
    record: Annotated[str, Field(max_length=4096)]


class GiveConsent(Wire):
    """All three statements; version and hash of the text as shown."""

    type: Literal["give_consent"] = "give_consent"
    privacy: Literal[True]
    identity_check: Literal[True]
    session: Literal[True]
    text_version: ShortText


class RefuseConsent(Wire):
    """Leads to the alternatives."""

    type: Literal["refuse_consent"] = "refuse_consent"


class StateIdentity(Wire):
    """Name, telephone for call-backs, and the second factor."""

    type: Literal["state_identity"] = "state_identity"
    name: Annotated[str, Field(min_length=1, max_length=120)]
    phone: Annotated[str, Field(max_length=40)] = ""
    password: Annotated[str, Field(max_length=40)] = ""
    birth_on: date | None = None
    customer_number: Annotated[str, Field(max_length=40)] = ""
    session_number: Annotated[str, Field(max_length=40)] = ""


class ChangeChoices(Wire):
    """Sound only, sound and picture, or text only; may the adviser see me, do I want to see."""

    type: Literal["change_choices"] = "change_choices"
    mode: Mode
    sees_adviser: bool
    seen_by_adviser: bool


class Watched(Wire):
    """In the session: what the page sees wrong with the client's devices, until it says otherwise.

    Said when it changes, and anew when the socket opens; nothing outside the session.
    """

    type: Literal["watched"] = "watched"
    cause: WatchedFault | None


class GoBack(Wire):
    """One stage back."""

    type: Literal["go_back"] = "go_back"


class RestartCheck(Wire):
    """Back to the check; the place in the queue is kept."""

    type: Literal["restart_check"] = "restart_check"


class WithdrawConsent(Wire):
    """Ends everything within a second."""

    type: Literal["withdraw_consent"] = "withdraw_consent"


class ReadCode(Wire):
    """A kiosk's camera, before a visit: what stands in the QR code that it is shown."""

    type: Literal["read_code"] = "read_code"


class Leave(Wire):
    """Leaves (before the session) or ends it for both (in the session)."""

    type: Literal["leave"] = "leave"


ClientCommand = Annotated[
    JoinMedia
    | LiveTextCommand
    | Answer
    | RestartMedia
    | Sending
    | Chat
    | OfferChatAgain
    | Alive
    | ContinueHere
    | StartCheck
    | Measured
    | RunStep
    | SayNumber
    | FillLine
    | ChooseBackground
    | Echo
    | Waive
    | FinishCheck
    | PresentCheck
    | GiveConsent
    | RefuseConsent
    | StateIdentity
    | ChangeChoices
    | Watched
    | GoBack
    | RestartCheck
    | RequestHelp
    | HelpLine
    | HelpDone
    | MoveToDevice
    | WithdrawConsent
    | Leave
    | ReadCode
    | LeaveMessage
    | AnswerPerson,
    Field(discriminator="type"),
]


# ---- commands of the desk ------------------------------------------------------------
class Admit(Wire):
    """One adviser wins; ``revision`` as shown on the desk."""

    type: Literal["admit"] = "admit"
    visit_id: str
    revision: int


class ConfirmIdentity(Wire):
    """How it was checked; never an image."""

    type: Literal["confirm_identity"] = "confirm_identity"
    how: IdentityMethod


class RefuseIdentity(Wire):
    """Closes the visit."""

    type: Literal["refuse_identity"] = "refuse_identity"


class SendBack(Wire):
    """Back to the waiting room, place kept."""

    type: Literal["send_back"] = "send_back"


class EndVisit(Wire):
    """Ends it for all. ``telephone``: go on by phone."""

    type: Literal["end_visit"] = "end_visit"
    outcome: Literal["completed", "telephone", "call_back", "failed"] = "completed"


class HandOverTo(Wire):
    """Gives a waiting client to a colleague, who is one of the row's; the place is kept."""

    type: Literal["hand_over_to"] = "hand_over_to"
    visit_id: str
    adviser_id: str


DeskCommand = Annotated[
    JoinMedia
    | LiveTextCommand
    | Answer
    | RestartMedia
    | Sending
    | Chat
    | OfferChatAgain
    | Alive
    | ContinueHere
    | RunStep
    | Measured
    | SayNumber
    | Echo
    | FinishCheck
    | Admit
    | ConfirmIdentity
    | RefuseIdentity
    | SendBack
    | EndVisit
    | TellBusy
    | GoAway
    | ComeBack
    | HandOverTo
    | WriteHelp
    | SettleHelp
    | DeclineCall
    | DeskOnJoined,
    Field(discriminator="type"),
]


# ---- commands of a page in a conference --------------------------------------------------
ConferenceCommand = Annotated[
    JoinMedia
    | Answer
    | RestartMedia
    | Sending
    | Alive
    | ContinueHere
    | InConference
    | Chat
    | OfferChatAgain
    | WriteLive,
    Field(discriminator="type"),
]
