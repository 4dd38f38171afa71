"""What web and media say to each other: one JSON object per line over a Unix stream socket.

Web sends requests ``{"id": 7, "do": "open_room", ...}`` and gets ``{"id": 7, "ok": {...}}`` or
``{"id": 7, "error": {"code": "room_unknown", "detail": "..."}}``. Media sends events
``{"event": "peer_state", ...}`` at any time. Ids of rooms and peers are opaque strings made by web
(at most 64 of ``[A-Za-z0-9_-]``). Unknown fields and unknown words are errors.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL = 1
MAX_LINE_BYTES = 256 * 1024

OpaqueId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Message(BaseModel):
    """Frozen, and strict about unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TrackKind(StrEnum):
    """What a peer can send: one of each, in the fixed order of the offer's sections."""

    MICROPHONE = "microphone"  # mid 0, Opus
    CAMERA = "camera"  # mid 1, VP8
    SCREEN = "screen"  # mid 2, VP8


class PeerState(StrEnum):
    """How a peer's transport is; never a visit's state."""

    CONNECTING = "connecting"  # offered; answer, checks or DTLS outstanding
    CONNECTED = "connected"  # DTLS done, consent checks arrive
    LOST = "lost"  # no check for 5 s; the relay has offered an ICE restart
    FAILED = "failed"  # gave up; the relay has removed the peer


class Route(Message):
    """One right: what ``source`` sends as ``kind`` goes to ``target``'s receiving ``slot``.

    No route, no packet: who may see whom is nothing but the list of routes.
    """

    source: OpaqueId
    kind: TrackKind
    target: OpaqueId
    slot: Annotated[int, Field(ge=0, le=4)] = 0


# ---- requests (web -> media) -------------------------------------------------------------------
class Hello(Message):
    """First request on a connection; answered with ``HelloReply``."""

    do: Literal["hello"] = "hello"
    protocol: int = PROTOCOL


class OpenRoom(Message):
    """Idempotent."""

    do: Literal["open_room"] = "open_room"
    room_id: OpaqueId


class CloseRoom(Message):
    """Removes its peers. Closing an unknown room is no error."""

    do: Literal["close_room"] = "close_room"
    room_id: OpaqueId


class AddPeer(Message):
    """A browser joins; answered with ``OfferReply``. ``slots`` receiving slots are offered."""

    do: Literal["add_peer"] = "add_peer"
    room_id: OpaqueId
    peer_id: OpaqueId
    slots: Annotated[int, Field(ge=1, le=5)] = 1


class AddAnalyser(Message):
    """An analyser process joins as the peer ``peer_id``; ``hello`` is handed to it unread."""

    do: Literal["add_analyser"] = "add_analyser"
    room_id: OpaqueId
    peer_id: OpaqueId
    hello: dict[str, Any]


class TellAnalyser(Message):
    """Hands ``message`` to the analyser unread."""

    do: Literal["tell_analyser"] = "tell_analyser"
    peer_id: OpaqueId
    message: dict[str, Any]


class AcceptAnswer(Message):
    """The browser's SDP answer to the newest offer of this peer (at most 16 KiB)."""

    do: Literal["accept_answer"] = "accept_answer"
    peer_id: OpaqueId
    answer: Annotated[str, Field(max_length=16 * 1024)]


class SetRoutes(Message):
    """The whole truth for a room: routes not listed end now. Routes to unknown peers are errors."""

    do: Literal["set_routes"] = "set_routes"
    room_id: OpaqueId
    routes: Annotated[list[Route], Field(max_length=90)]


class RestartIce(Message):
    """New ICE credentials, DTLS and SRTP kept; answered with ``OfferReply``."""

    do: Literal["restart_ice"] = "restart_ice"
    peer_id: OpaqueId


class FillLine(Message):
    """Loads a browser's line for a moment; what came of it follows as ``LineFilled``.

    ``down_kbps`` of padding for ``for_ms``; 0: the relay only watches what arrives. Errors:
    ``busy`` (conversations come first), ``line_busy``, ``line_budget`` (of the room),
    ``not_alone``.
    """

    do: Literal["fill_line"] = "fill_line"
    peer_id: OpaqueId
    down_kbps: Annotated[int, Field(ge=0, le=2000)] = 0
    for_ms: Annotated[int, Field(ge=100, le=2000)]


class RemovePeer(Message):
    """Removing an unknown peer is no error."""

    do: Literal["remove_peer"] = "remove_peer"
    peer_id: OpaqueId


class Load(Message):
    """How busy the process is that has this room; answered with ``LoadReply``."""

    do: Literal["load"] = "load"
    room_id: OpaqueId


class Stats(Message):
    """Counters of the process, its rooms and peers; no personal data."""

    do: Literal["stats"] = "stats"


Request = Annotated[
    Hello
    | OpenRoom
    | CloseRoom
    | AddPeer
    | AddAnalyser
    | TellAnalyser
    | AcceptAnswer
    | SetRoutes
    | RestartIce
    | FillLine
    | RemovePeer
    | Load
    | Stats,
    Field(discriminator="do"),
]


# ---- replies -----------------------------------------------------------------------------------
class PausedPicture(Message):
    """A picture that is routed to a receiver, and held back because its line is too slow."""

    slot: int
    kind: TrackKind


class PeerInfo(Message):
    """A peer that media still knows, for a web process that was restarted."""

    peer_id: OpaqueId
    state: PeerState
    slots: Annotated[int, Field(ge=1, le=5)] = 1  # as it was added with; nothing of an analyser's
    paused: list[PausedPicture] = []


class RoomInfo(Message):
    """A room that media still knows (rooms live for 120 s without web)."""

    room_id: OpaqueId
    peers: list[PeerInfo]


class HelloReply(Message):
    """What media has kept."""

    protocol: int
    rooms: list[RoomInfo]


class OfferReply(Message):
    """An SDP offer for the browser."""

    offer: str


class LoadReply(Message):
    """How many conversations the process carries, and how many it can."""

    sessions: int  # pairs that routes join: two people are one, six are fifteen
    limit: int  # measured at the start
    full: bool  # no further one should begin


# ---- events (media -> web) ---------------------------------------------------------------------
class PeerChanged(Message):
    """A transport's state changed."""

    event: Literal["peer_state"] = "peer_state"
    room_id: OpaqueId
    peer_id: OpaqueId
    state: PeerState


class RestartOffered(Message):
    """A peer fell silent, so the relay restarts ICE by itself; hand the offer to the browser."""

    event: Literal["restart_offered"] = "restart_offered"
    room_id: OpaqueId
    peer_id: OpaqueId
    offer: str


class MediaFlow(Message):
    """The first packet of a track has come, or none has come for 2 s."""

    event: Literal["media_flow"] = "media_flow"
    room_id: OpaqueId
    peer_id: OpaqueId
    kind: TrackKind
    flowing: bool


class PicturesPaused(Message):
    """A receiver's line is too slow for all of its pictures, or carries them again.

    ``paused`` is the whole truth for this peer. Sound is never held back.
    """

    event: Literal["pictures_paused"] = "pictures_paused"
    room_id: OpaqueId
    peer_id: OpaqueId
    paused: list[PausedPicture]


class SpeakerChanged(Message):
    """Somebody else speaks, or nobody; only in rooms of three browsers and more.

    At most twice a second. ``peer_id`` is None while nobody speaks.
    """

    event: Literal["speaker_changed"] = "speaker_changed"
    room_id: OpaqueId
    peer_id: OpaqueId | None


class AnalyserSaid(Message):
    """A JSON message of an analyser, unread."""

    event: Literal["analyser_said"] = "analyser_said"
    room_id: OpaqueId
    peer_id: OpaqueId
    message: dict[str, Any]


class AnalyserGone(Message):
    """The analyser's process has ended; ``reason`` is a stable word."""

    event: Literal["analyser_gone"] = "analyser_gone"
    room_id: OpaqueId
    peer_id: OpaqueId
    reason: str


class LineFilled(Message):
    """A phase of a line test is over; counted at the relay while it ran.

    Packets and octets are RTP packets and their payload, without padding and retransmissions.
    """

    event: Literal["line_filled"] = "line_filled"
    room_id: str
    peer_id: OpaqueId
    down_kbps: int
    took_ms: int
    sent_packets: int  # padding
    received_packets: int
    received_octets: int
    expected_packets: int
    lost_packets: int  # of those expected
    jitter_ms: float  # of the screen's section, which carries the test picture
    round_trips_ms: list[float]  # as the browser's reports told, oldest first
    estimate_kbps: int  # the browser's own (REMB); 0 without one


Event = Annotated[
    PeerChanged
    | RestartOffered
    | MediaFlow
    | PicturesPaused
    | SpeakerChanged
    | AnalyserSaid
    | AnalyserGone
    | LineFilled,
    Field(discriminator="event"),
]
