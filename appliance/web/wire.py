"""What a page and web say to each other over the WebSocket: one JSON object per message.

Two sockets: ``/api/v1/visit/socket`` (a client's page, or an anonymous ``/test`` page with a
check grant) and ``/api/v1/console/socket`` (the adviser's desk). Pages send commands, web sends
pushes. Unknown fields and words are errors. ``kiosk_ui/protocol.d.ts`` is generated from here.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from appliance.device_check.records import BrowserRecord, CheckKind, Verdict
from appliance.visits.states import (
    IdentityMethod,
    IdentityStatus,
    Mode,
    Outcome,
    VisitState,
)

MAX_MESSAGE_BYTES = 64 * 1024
MAX_CHAT_CHARACTERS = 2000

Sdp = Annotated[str, Field(max_length=16 * 1024)]
ShortText = Annotated[str, Field(min_length=1, max_length=120)]
ChatText = Annotated[str, Field(min_length=1, max_length=MAX_CHAT_CHARACTERS)]
LineId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,40}$")]


class Wire(BaseModel):
    """Frozen, strict about unknown fields and numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


# ---- commands of both pages ----
class JoinMedia(Wire):
    """Wants a peer (a new one: an older one of this page ends when the new one is connected)."""

    type: Literal["join_media"] = "join_media"


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


class OfferChatAgain(Wire):
    """After a restart of web: the page's own lines, offered again."""

    type: Literal["offer_chat_again"] = "offer_chat_again"
    lines: Annotated[list[Chat], Field(max_length=500)]


class Alive(Wire):
    """Every 2 s, so that a vanished page is noticed after 6 s."""

    type: Literal["alive"] = "alive"


# ---- commands of the client's page ----
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


class ChooseBackground(Wire):
    """The appliance's blur in the preview (and later in the session)."""

    type: Literal["choose_background"] = "choose_background"
    mode: Literal["none", "blur", "blur_strong"]


class Echo(Wire):
    """Hear oneself."""

    type: Literal["echo"] = "echo"
    on: bool


class Waive(Wire):
    """Go on without: the consequence has been said."""

    type: Literal["waive"] = "waive"
    kind: CheckKind


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


class ChangeChoices(Wire):
    """Sound only, sound and picture, or text only; may the adviser see me, do I want to see."""

    type: Literal["change_choices"] = "change_choices"
    mode: Mode
    sees_adviser: bool
    seen_by_adviser: bool


class GoBack(Wire):
    """One stage back."""

    type: Literal["go_back"] = "go_back"


class RestartCheck(Wire):
    """Back to the check; the place in the queue is kept."""

    type: Literal["restart_check"] = "restart_check"


class RequestHelp(Wire):
    """Staff see who is stuck at what."""

    type: Literal["request_help"] = "request_help"


class WithdrawConsent(Wire):
    """Ends everything within a second."""

    type: Literal["withdraw_consent"] = "withdraw_consent"


class Leave(Wire):
    """Leaves (before the session) or ends it for both (in the session)."""

    type: Literal["leave"] = "leave"


class LeaveMessage(Wire):
    """Instead of waiting on: a message to the adviser; closes the visit."""

    type: Literal["leave_message"] = "leave_message"
    text: ChatText
    call_back: bool = False


ClientCommand = Annotated[
    JoinMedia
    | Answer
    | RestartMedia
    | Sending
    | Chat
    | OfferChatAgain
    | Alive
    | StartCheck
    | Measured
    | RunStep
    | SayNumber
    | ChooseBackground
    | Echo
    | Waive
    | FinishCheck
    | PresentCheck
    | GiveConsent
    | RefuseConsent
    | StateIdentity
    | ChangeChoices
    | GoBack
    | RestartCheck
    | RequestHelp
    | WithdrawConsent
    | Leave
    | LeaveMessage,
    Field(discriminator="type"),
]


# ---- commands of the desk ----
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


class TellBusy(Wire):
    """Tells a waiting client that it takes longer."""

    type: Literal["tell_busy"] = "tell_busy"
    visit_id: str


DeskCommand = Annotated[
    JoinMedia
    | Answer
    | RestartMedia
    | Sending
    | Chat
    | OfferChatAgain
    | Alive
    | Admit
    | ConfirmIdentity
    | RefuseIdentity
    | SendBack
    | EndVisit
    | TellBusy,
    Field(discriminator="type"),
]


# ---- parts of snapshots ----
class FindingView(Wire):
    """A judgement, with its words in the reader's language."""

    kind: CheckKind
    verdict: Verdict
    cause: str = ""
    title: str = ""  # what is
    steps: list[str] = []  # what to do


class CheckView(Wire):
    """The check as the page shows it."""

    findings: list[FindingView]
    step: CheckKind | None = None
    may_finish: bool = False
    analyser: Literal["none", "waiting", "ready", "unavailable"] = "none"
    speaker_numbers: list[str] = []  # six to tap among, while a number has been spoken
    background: Literal["none", "blur", "blur_strong"] = "none"
    signed: str = ""  # to be presented again after a reconnect, until consent


class AppointmentView(Wire):
    """What the client may know of the appointment; the topic only after identity."""

    starts_at: datetime
    starts_in_words: str
    duration_min: int
    adviser_name: str
    topic: str | None = None


class Person(Wire):
    """The other side of a session."""

    name: str
    online: bool
    media: Literal["none", "connecting", "connected", "lost"] = "none"
    microphone: bool = False
    camera: bool = False
    screen: bool = False


class ChatLine(Wire):
    """A line as shown."""

    line_id: str
    sender: Literal["client", "adviser"]
    text: str
    sent_at: datetime


class VisitSnapshot(Wire):
    """Everything that the client's page shows, whole."""

    type: Literal["snapshot"] = "snapshot"
    visit_id: str
    revision: int
    state: VisitState
    outcome: Outcome | None = None
    language: str
    server_at: datetime
    state_since: datetime
    appointment: AppointmentView | None = None
    check: CheckView | None = None
    mode: Mode
    sees_adviser: bool
    seen_by_adviser: bool
    needs: list[Literal["password", "birth_on", "customer_number"]] = []  # asked at identity
    identity: IdentityStatus
    adviser: Person | None = None  # from admission on
    adviser_busy: bool = False
    elsewhere: bool = False  # the same visit was opened in another window: this one is idle
    peer_id: str | None = None
    media: Literal["none", "connecting", "connected", "lost"] = "none"


class WaitingRow(Wire):
    """One client who has arrived, longest wait first."""

    visit_id: str
    revision: int
    name: str
    state: VisitState
    waiting_since: datetime | None
    starts_at: datetime | None
    online: bool
    readiness: Literal["green", "yellow", "red", "unknown"]
    findings: list[FindingView]
    identity: IdentityStatus
    wants_help: bool = False
    mode: Mode


class AppointmentRow(Wire):
    """One of today's appointments."""

    appointment_id: str
    starts_at: datetime
    starts_in_words: str
    duration_min: int
    client_name: str
    topic: str
    status: str
    mail: Literal["none", "waiting", "sent", "failed", "kept"]


class SessionView(Wire):
    """The session at the desk."""

    visit_id: str
    revision: int
    state: VisitState
    since: datetime
    client: Person
    stated_name: str
    file_name: str
    phone: str
    identity: IdentityStatus
    topic: str
    mode: Mode
    sees_adviser: bool
    seen_by_adviser: bool


class DeskSnapshot(Wire):
    """Everything that the desk shows, whole."""

    type: Literal["desk"] = "desk"
    revision: int
    server_at: datetime
    adviser_name: str
    today: list[AppointmentRow]
    waiting: list[WaitingRow]
    session: SessionView | None = None
    peer_id: str | None = None
    media: Literal["none", "connecting", "connected", "lost"] = "none"


# ---- pushes ----
class Offer(Wire):
    """Set as the remote description of the connection that belongs to ``peer_id``, then answer.

    A new ``peer_id`` means a new RTCPeerConnection.
    """

    type: Literal["offer"] = "offer"
    peer_id: str
    sdp: str


class Heard(Wire):
    """Live, for the meter: what the appliance hears of this page (five times a second)."""

    type: Literal["heard"] = "heard"
    level_dbfs: float
    voice: bool


class ChatPush(Wire):
    """Lines to merge by ``line_id``."""

    type: Literal["chat_lines"] = "chat_lines"
    lines: list[ChatLine]


class Problem(Wire):
    """A command did not work: stable code, plain sentence, next step; a snapshot follows."""

    type: Literal["problem"] = "problem"
    code: str
    title: str
    detail: str = ""


class PushKind(StrEnum):
    """All pushes, for the generated types."""

    SNAPSHOT = "snapshot"
    DESK = "desk"
    OFFER = "offer"
    HEARD = "heard"
    CHAT_LINES = "chat_lines"
    PROBLEM = "problem"


Push = Annotated[
    VisitSnapshot | DeskSnapshot | Offer | Heard | ChatPush | Problem,
    Field(discriminator="type"),
]
