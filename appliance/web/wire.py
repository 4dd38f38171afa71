"""What web says to a page over the WebSocket: one JSON object per message.

Two sockets: ``/api/v1/visit/socket`` (a client's page, or an anonymous ``/test`` page with a
check grant) and ``/api/v1/console/socket`` (the adviser's desk). Pages send ``commands.py``, web
sends pushes. ``kiosk_ui/protocol.d.ts`` is generated from both.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from appliance.device_check.advice import Advice
from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.report import LineAdvice
from appliance.device_check.system import Item
from appliance.relay.control import TrackKind
from appliance.visits.states import IdentityStatus, Mode, Outcome, VisitState
from appliance.web.busy_messages import BusyPhrase
from appliance.web.conference_messages import CallView, ConferenceSnapshot
from appliance.web.joined_messages import JoinedView, SessionPerson
from appliance.web.live_text_messages import LiveDraft
from appliance.web.message import Wire


# ---- parts of snapshots ------------------------------------------------------------
class FindingView(Wire):
    """A judgement, with its words in the reader's language."""

    kind: CheckKind
    verdict: Verdict
    cause: str = ""
    title: str = ""  # what is
    steps: list[str] = []  # what to do
    drawing: str = ""  # name of a drawing of where to click; empty: none


class TickView(Wire):
    """One line of the system check; ``title`` says what is wrong, empty where nothing is."""

    item: Item
    verdict: Verdict
    title: str = ""


class CheckView(Wire):
    """The check as the page shows it."""

    findings: list[FindingView]
    ticks: list[TickView] = []  # of the system check
    step: CheckKind | None = None
    may_finish: bool = False
    without_microphone: bool = False  # the client goes on without: it is off until they want it
    analyser: Literal["none", "waiting", "ready", "unavailable"] = "none"
    # A kiosk hears itself: at first, and once more on the system's own output.
    speaker_loop: Literal["none", "wanted", "again"] = "none"
    speaker_numbers: list[str] = []  # six to tap among, while a number has been spoken
    background: Literal["none", "blur", "blur_strong"] = "none"  # by the appliance
    look: str = ""  # by the browser: what this page paints behind the client
    kiosk: bool = False  # the device is the agency's
    signed: str = ""  # to be presented again after a reconnect, until consent
    line_advice: LineAdvice = LineAdvice.NONE  # what the agency's policy makes of the line
    line_overrule: bool = True  # whether the client may go on with picture in spite of it


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
    paused: list[TrackKind] = []  # of these: held back, because this page's own line is too slow


class ChatLine(Wire):
    """A line as shown."""

    line_id: str
    sender: Literal["client", "adviser", "joined"]
    name: str = ""  # of who wrote it, but for the client
    text: str
    sent_at: datetime


class HelpView(Wire):
    """Help before the session, as the client's page shows it. See ``help_calls``."""

    since: datetime | None  # asked for and not settled yet
    answer: Literal["write", "call"] = "write"
    called_at: datetime | None = None
    staffed: bool  # somebody is at the desk who sees it
    lines: list[ChatLine] = []


class HelpCallView(Wire):
    """The same as the desk shows it, with the number to call."""

    since: datetime | None
    answer: Literal["write", "call"] = "write"
    phone: str = ""
    phone_from: Literal["client", "appointment", "nobody"] = "nobody"
    called_at: datetime | None = None
    lines: list[ChatLine] = []


class BusyView(Wire):
    """The adviser has no time now; ``text`` are their own words, instead of the phrase."""

    reason: Literal["busy", "away"]
    phrase: BusyPhrase = "longer"
    text: str = ""


class EntryView(Wire):
    """The door of those who have come without an appointment."""

    until_in_words: str  # when it closes; empty: it has closed since
    staffed: bool  # somebody is there who can ask them in
    here: bool = False  # they stand at the agency's own kiosk, where no door closes


Need = Literal["password", "session_number", "birth_on", "customer_number"]


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
    needs: list[Need] = []  # asked at identity
    identity: IdentityStatus
    adviser: Person | None = None  # from admission on
    people: list[SessionPerson] = []  # who else is there, or wants to come and waits for a word
    busy: BusyView | None = None  # in the waiting room
    entry: EntryView | None = None  # who has an appointment knows their time
    ahead: int | None = None  # who waits longer; None where a place in the queue would be no truth
    phone_known: bool = False  # whether the office could call back without asking
    help: HelpView | None = None  # until the session
    # At the end: what could be judged, and when the client's next appointment is.
    judges: list[Literal["sound", "picture"]] = []
    next_in_words: str = ""
    live_text: bool | None = None  # letter by letter; None: not switched since web has started
    live_text_agreed: bool = False  # by the client: else their own letters are not passed on
    elsewhere: bool = False  # the same visit was opened in another window: this one is idle
    moved: bool = False  # and that window is on the device that read this one's code
    peer_id: str | None = None
    media: Literal["none", "connecting", "connected", "lost"] = "none"


class Colleague(Wire):
    """Somebody who can take a client over."""

    adviser_id: str
    name: str
    online: bool


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
    gravest: CheckKind | None = None  # the one thing to know first; not judged is a reason too
    findings: list[FindingView]
    identity: IdentityStatus
    at_step: CheckKind | None = None  # where the check is right now
    at_step_since: datetime | None = None
    at_step_tries: int = 0
    wants_help: bool = False
    help: HelpCallView | None = None
    second_entry: bool = False  # another browser has opened the link, too
    without_appointment: bool = False
    topic: str = ""  # that a client without an appointment has chosen
    mode: Mode
    adviser_name: str = ""  # of the colleague whose client it is; empty: one's own, or nobody's
    may_admit: bool = True  # the front desk helps, but asks nobody in
    colleagues: list[Colleague] = []  # to whom one may hand the client over


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
    alternative: Literal["none", "telephone", "visit"] = "none"  # what the client would rather have
    adviser_name: str = ""  # of the colleague whose appointment it is; empty: one's own


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
    second_entry: bool = False  # another browser has opened the link, too
    fault: str = ""  # what the client's page sees wrong with their devices right now, for staff
    topic: str
    mode: Mode
    sees_adviser: bool
    seen_by_adviser: bool
    joined: JoinedView | None = None  # who else; None: it is too early to ask anybody
    live_text: bool | None = None  # as in ``VisitSnapshot``


class DeskSnapshot(Wire):
    """Everything that the desk shows, whole."""

    type: Literal["desk"] = "desk"
    revision: int
    server_at: datetime
    adviser_name: str
    today: list[AppointmentRow]
    waiting: list[WaitingRow]
    session: SessionView | None = None
    calls: list[CallView] = []  # into a conference
    check: CheckView | None = None  # the adviser's own device check, while it runs
    away: str | None = None  # told to whoever waits; None: at the desk
    messages_open: int = 0  # messages and call-backs that nobody has taken
    requests_open: int = 0  # requests and wishes that nobody has answered
    elsewhere: bool = False  # the desk was opened in another window: this one is idle
    # Is old data deleted? late: not for 26 hours; traces: something was left, or in a backup.
    deletion: Literal["ok", "late", "traces"] = "ok"
    peer_id: str | None = None
    media: Literal["none", "connecting", "connected", "lost"] = "none"


# ---- pushes ------------------------------------------------------------
class IceServer(Wire):
    """The agency's detour, as ``RTCConfiguration.iceServers`` wants it; good for ten minutes."""

    urls: list[str]
    username: str
    credential: str


class Offer(Wire):
    """Set as the remote description of the connection that belongs to ``peer_id``, then answer.

    A new ``peer_id`` means a new RTCPeerConnection. ``ice_servers`` are this page's own and fresh:
    set them before the description.
    """

    type: Literal["offer"] = "offer"
    peer_id: str
    sdp: str
    ice_servers: list[IceServer] = []


class Heard(Wire):
    """Live, for the meter: what the appliance hears of this page (five times a second)."""

    type: Literal["heard"] = "heard"
    level_dbfs: float
    voice: bool


class LineFilled(Wire):
    """A phase of the line test is over: what the relay has counted (``relay/control.py``)."""

    type: Literal["line_filled"] = "line_filled"
    refused: Literal["", "busy", "later"] = ""  # busy: conversations come first
    took_ms: int = 0
    sent_packets: int = 0
    received_octets: int = 0
    expected_packets: int = 0
    lost_packets: int = 0
    jitter_ms: float = 0.0
    round_trips_ms: list[float] = []
    estimate_kbps: int = 0


class Seen(Wire):
    """Live, at the camera's step: the one thing that would help most now (five times a second)."""

    type: Literal["seen"] = "seen"
    advice: Advice | None  # nothing that moving would mend


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


class HandOver(Wire):
    """The code that moves this check to another device, for the window that has asked."""

    type: Literal["hand_over"] = "hand_over"
    picture: str  # a ``data:`` address
    valid_s: int


class Answering(Wire):
    """To each ``alive`` of a page: a page that gets none for 10 s opens a new socket."""

    type: Literal["alive"] = "alive"


class PushKind(StrEnum):
    """All pushes, for the generated types."""

    SNAPSHOT = "snapshot"
    DESK = "desk"
    CONFERENCE = "conference"
    OFFER = "offer"
    HEARD = "heard"
    LINE_FILLED = "line_filled"
    SEEN = "seen"
    CHAT_LINES = "chat_lines"
    LIVE_DRAFT = "live_draft"
    PROBLEM = "problem"
    HAND_OVER = "hand_over"
    ALIVE = "alive"


class CodeRead(Wire):
    """What the appliance has read in a kiosk's camera: a link's secret; empty: no link of ours."""

    type: Literal["code_read"] = "code_read"
    secret: str = ""


Push = Annotated[
    VisitSnapshot
    | DeskSnapshot
    | ConferenceSnapshot
    | Offer
    | Heard
    | Seen
    | CodeRead
    | LineFilled
    | ChatPush
    | LiveDraft
    | Problem
    | HandOver
    | Answering,
    Field(discriminator="type"),
]
