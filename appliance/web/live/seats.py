"""A room as web knows it: who sits in it with which peer, and how their transports are.

Pure bookkeeping; ``rooms.py`` does the talking with the relay.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from appliance.device_check.watched import WatchedFault
from appliance.relay.control import PausedPicture, PeerState, Route, TrackKind
from appliance.storage.ids import ID_LENGTH
from appliance.web.live.owners import conference_owner, is_conference_room, owner_of_room
from appliance.web.live.routes import Members, Sends

MediaWord = Literal["none", "connecting", "connected", "lost"]


class Side(StrEnum):
    """Who sits where. An adviser's own check and a test page sit on the client's seat."""

    CLIENT = "client"
    ADVISER = "adviser"


_PREFIXES = {Side.CLIENT: "c", Side.ADVISER: "a"}
MOST_SLOTS = 5  # how many others a page in a room of several receives
_ANALYSER_PREFIX = "x"
_MEMBER_PREFIX = "m"


def new_peer_id(prefix: str = _ANALYSER_PREFIX) -> str:
    """Fresh and unguessable; what it begins with tells whose it is after a restart of web."""
    return f"{prefix}-{secrets.token_urlsafe(12)}"


@dataclass(slots=True)
class Seat:
    """One side's peers: the one in use, and one that replaces it once it is connected."""

    wanted: bool = False  # the page has asked for media
    active: str | None = None
    state: PeerState = PeerState.CONNECTING  # of the active one
    coming: str | None = None
    was_connected: bool = False
    next_try_s: float = 0.0
    restart_offer: bool = False  # to the active one, not answered: it may not have got it
    slots: int = 1  # how many others the active one receives
    coming_slots: int = 0
    sends: Sends | None = None  # None: the page has not said yet
    paused: frozenset[PausedPicture] = frozenset()  # what its line does not carry
    views: frozenset[str] | None = None  # in a conference: whose pictures the page shows
    fault: WatchedFault | None = None  # of the devices, by the page's own word, in a session
    replaced: list[str] = field(default_factory=list)  # to be removed from the relay

    @property
    def connected(self) -> bool:
        """Whether the peer in use is."""
        return self.active is not None and self.state is PeerState.CONNECTED

    @property
    def newest(self) -> str | None:
        """The peer that the page should know."""
        return self.coming or self.active

    @property
    def routed(self) -> str | None:
        """The peer that routes name."""
        return self.active or self.coming

    def media(self, *, relay_ready: bool) -> MediaWord:
        """The word for both pages."""
        if self.connected and relay_ready:
            return "connected"
        if self.was_connected:
            return "lost"
        return "connecting" if self.wanted or self.newest else "none"

    def expect(self, peer_id: str) -> None:
        """A new peer was offered. One that was never connected is replaced at once."""
        if self.coming is not None:
            self.replaced.append(self.coming)
        if self.active is not None and not self.connected:
            self.replaced.append(self.active)
            self.active = None
        self.coming = peer_id

    def changed(self, peer_id: str, state: PeerState) -> None:
        """The relay says how a peer's transport is."""
        if state is PeerState.FAILED:
            self.vanished(peer_id)
        elif peer_id == self.coming and state is PeerState.CONNECTED:
            if self.active is not None:
                self.replaced.append(self.active)
            self.active, self.coming, self.restart_offer = peer_id, None, False
            self.slots = self.coming_slots
            self.paused = frozenset()
            self.state, self.was_connected = state, True
        elif peer_id == self.active:
            self.state = state
            self.was_connected = self.was_connected or state is PeerState.CONNECTED

    def vanished(self, peer_id: str) -> None:
        """The relay does not know this peer any more."""
        if peer_id == self.active:
            self.active, self.state = None, PeerState.CONNECTING
            self.paused = frozenset()
        elif peer_id == self.coming:
            self.coming = None

    def pictures_paused(self, peer_id: str, paused: Collection[PausedPicture]) -> None:
        """The relay says what a peer's line does not carry, of all that is routed to it."""
        if peer_id == self.active:
            self.paused = frozenset(paused)

    def paused_in(self, slot: int) -> set[TrackKind]:
        """Which pictures of this slot."""
        return {picture.kind for picture in self.paused if picture.slot == slot}


@dataclass(eq=False, slots=True)
class Room:
    """One room of the relay: two seats, by ``Side``, and perhaps an analyser.

    Whoever comes to a visit's conversation beside the two sits on a seat by member id.
    """

    room_id: str
    seats: dict[str, Seat] = field(default_factory=lambda: {side: Seat() for side in Side})
    slots: int = 1  # how many others each page receives
    adviser_owner: str = ""  # whose desk the adviser's seat is
    beside: str = ""  # the conference of those who sit beside the two
    analyser: str | None = None
    analyser_ready: bool = False
    analyser_told: dict[str, object] = field(default_factory=dict)  # our wishes that it knows
    round: int = 0  # of measuring; reports of an earlier one speak of another device perhaps
    opened: bool = False  # in the relay
    routes: list[Route] | None = None  # as the relay has them; None: not known
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def members(self) -> Members:
        """Who can be named in routes now."""
        return Members(
            client=self.seats[Side.CLIENT].routed,
            adviser=self.seats[Side.ADVISER].routed,
            analyser=self.analyser if self.analyser_ready else None,
        )

    def peer_prefix(self, side: str) -> str:
        """What the ids of a side's peers begin with: a restarted web knows whose they are."""
        return _PREFIXES[Side(side)] if side in _PREFIXES else f"{_MEMBER_PREFIX}-{side}"

    def seat(self, member_id: str) -> Seat:
        """The member's, made when there is none yet."""
        return self.seats.setdefault(member_id, Seat())

    def members_seated(self) -> set[str]:
        """The ids of all who are neither client nor adviser."""
        return {side for side in self.seats if side not in _PREFIXES}

    def receives(self, peer_id: str, slots: int) -> None:
        """How many others a peer does that was found in the relay."""
        side = self.side_of(peer_id)
        if side is not None and self.seats[side].active == peer_id:
            self.seats[side].slots = slots
            if slots > 1:
                self.slots = MOST_SLOTS

    def lacks(self, seat: Seat) -> bool:
        """Whether the seat's page wants a connection, or one that receives more people."""
        if seat.newest is None:
            return seat.wanted
        return seat.connected and seat.coming is None and seat.slots < self.slots

    def side_of(self, peer_id: str) -> str | None:
        """Whose peer it is; None for the analyser's and unknown ones."""
        for side, seat in self.seats.items():
            if peer_id in {seat.active, seat.coming}:
                return side
        return None

    def lose_analyser(self) -> None:
        """It has gone, or was taken away."""
        self.analyser = None
        self.analyser_ready = False
        self.analyser_told = {}

    def reset(self) -> None:
        """The relay does not know this room any more."""
        self.opened = False
        self.routes = None
        self.lose_analyser()
        for seat in self.seats.values():
            seat.active = seat.coming = None
            seat.paused = frozenset()
            seat.replaced.clear()

    def compare(self, theirs: Mapping[str, PeerState]) -> list[str]:
        """Takes over what the relay still has; gives peers back that nobody needs any more."""
        self.opened = True
        self.routes = None
        if self.analyser is not None and self.analyser not in theirs:
            self.lose_analyser()
        for seat in self.seats.values():
            for peer_id in (seat.active, seat.coming):
                if peer_id is not None:
                    seat.changed(peer_id, theirs.get(peer_id, PeerState.FAILED))
        return [peer for peer, state in theirs.items() if not self._takes(peer, state)]

    def _takes(self, peer_id: str, state: PeerState) -> bool:
        if peer_id == self.analyser or self.side_of(peer_id) is not None:
            return True
        if state not in {PeerState.CONNECTED, PeerState.LOST}:
            return False
        if peer_id.startswith(f"{_ANALYSER_PREFIX}-") and self.analyser is None:
            self.analyser, self.analyser_ready = peer_id, True
            return True
        seat = self._seat_of(peer_id)
        if seat is None or seat.active is not None:
            return False
        seat.active, seat.state, seat.was_connected = peer_id, state, True
        return True

    def _seat_of(self, peer_id: str) -> Seat | None:
        """Whose seat an unknown peer must have been, by its id."""
        member = f"{_MEMBER_PREFIX}-"
        if peer_id.startswith(member):
            return self.seat(peer_id.removeprefix(member)[:ID_LENGTH])
        for side, seat in self.seats.items():
            if peer_id.startswith(f"{self.peer_prefix(side)}-"):
                return seat
        return None


@dataclass(eq=False, slots=True)
class ConferenceRoom(Room):
    """A room with a seat for each member, by member id; seats come and go with them."""

    seats: dict[str, Seat] = field(default_factory=dict)
    slots: int = MOST_SLOTS


def owner_at(room: Room, side: str) -> str:
    """Whose window belongs to a seat."""
    owner = owner_of_room(room.room_id)
    if isinstance(room, ConferenceRoom):
        return owner + side
    if side in room.members_seated():
        return conference_owner(room.beside, side)
    return room.adviser_owner if side == Side.ADVISER else owner


def new_room(room_id: str) -> Room:
    """Of the kind that its id tells."""
    return ConferenceRoom(room_id) if is_conference_room(room_id) else Room(room_id)
