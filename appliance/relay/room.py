"""Rooms, their members and routes. No route, no packet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from appliance.relay import control
from appliance.relay.analyser_link import AnalyserLink, AnalyserUnavailable
from appliance.relay.capacity import Capacity, packet_cost_s
from appliance.relay.control import PeerState, Route, TrackKind
from appliance.relay.dtls import new_certificate
from appliance.relay.line import LineBudgets, LineRefused, Lines
from appliance.relay.options import Limits
from appliance.relay.peer import AnalyserPeer, BrowserPeer, Peer
from appliance.relay.pictures import route
from appliance.relay.plane import Plane
from appliance.relay.sdp import AnswerInvalid
from appliance.relay.speakers import Speakers
from appliance.relay.streams import Sink, Source
from appliance.relay.transport import BrowserTransport

PAIR: Final = 2


class Refused(Exception):
    """A request that cannot be done; ``code`` is stable."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Room:
    """Members and the routes between them."""

    def __init__(self, room_id: str) -> None:
        self.room_id = room_id
        self.peers: dict[str, Peer] = {}
        self.routes: frozenset[Route] = frozenset()
        self.speakers: Speakers | None = None  # between two people there is nothing to choose

    def browsers(self) -> list[BrowserPeer]:
        """The members that are browsers."""
        return [peer for peer in self.peers.values() if isinstance(peer, BrowserPeer)]

    def pairs(self) -> int:
        """How many twos of browsers there are of whom one receives the other."""
        browsers = {peer.peer_id for peer in self.browsers()}
        joined = {frozenset((right.source, right.target)) for right in self.routes}
        return sum(len(two) == PAIR and two <= browsers for two in joined)

    def set_routes(self, routes: frozenset[Route]) -> None:
        """Makes the list the whole truth. Raises ``Refused``, and then changes nothing."""
        wanted: dict[Sink, Source] = {}
        for right in routes:
            sink, source = self._ends(right)
            if sink in wanted:
                raise Refused("slot_taken", f"{right.target} {right.kind} {right.slot}")
            wanted[sink] = source
        for right in self.routes:
            target = self.peers.get(right.target)
            old = target.sink(right.slot, right.kind) if target is not None else None
            if old is not None and old not in wanted:
                route(old, None)
        for sink, source in wanted.items():
            route(sink, source)
        self.routes = routes

    def _ends(self, right: Route) -> tuple[Sink, Source]:
        source_peer, target_peer = self.peers.get(right.source), self.peers.get(right.target)
        if source_peer is None or target_peer is None:
            raise Refused("peer_unknown", f"{right.source} {right.target}")
        source = source_peer.sources.get(right.kind)
        sink = target_peer.sink(right.slot, right.kind)
        if source is None or sink is None:
            raise Refused("slot_unknown", f"{right.target} {right.kind} {right.slot}")
        return sink, source

    def take_in(self, peer: Peer) -> None:
        """A new member."""
        self.peers[peer.peer_id] = peer
        self._listen()

    def forget(self, peer_id: str) -> Peer | None:
        """Takes a member out, and its routes."""
        self.routes = frozenset(r for r in self.routes if peer_id not in (r.source, r.target))
        peer = self.peers.pop(peer_id, None)
        if peer is not None:
            for other in self.browsers():
                other.pictures.forget(list(peer.sources.values()))
        self._listen()
        return peer

    def _listen(self) -> None:
        browsers = self.browsers()
        several = browsers if len(browsers) > PAIR else []
        if several and self.speakers is None:
            self.speakers = Speakers()
        if self.speakers is not None:
            sources = [(one.peer_id, one.sources[TrackKind.MICROPHONE]) for one in several]
            self.speakers.listen_to(sources)

    def speaker_changed(self, now_s: float) -> bool:
        """Whether another one speaks than a moment ago, or nobody."""
        return self.speakers is not None and self.speakers.step(now_s)


OnEvent = Callable[[control.Event], None]


class Relay:
    """All rooms of the process, as web's requests change them."""

    def __init__(
        self,
        plane: Plane,
        addresses: list[str],
        analyser_socket: str,
        on_event: OnEvent,
        limits: Limits | None = None,
    ) -> None:
        self.plane = plane
        self.rooms: dict[str, Room] = {}
        self.room_of: dict[str, Room] = {}
        self.on_event = on_event
        self.limits = limits or Limits()
        self._addresses = addresses
        self._analyser_socket = analyser_socket
        self._certificate = new_certificate()
        self._closing: set[asyncio.Task[None]] = set()
        self.lines = Lines(self._line_filled)
        self.line_budgets = LineBudgets()
        self.capacity = Capacity(packet_cost_s(), self.lines.cpu)

    # ---- rooms ---------------------------------------------------------------------------------
    def open_room(self, room_id: str) -> None:
        """Idempotent."""
        if room_id not in self.rooms:
            if len(self.rooms) >= self.limits.rooms:
                raise Refused("busy", "rooms")
            self.rooms[room_id] = Room(room_id)

    def close_room(self, room_id: str) -> None:
        """Idempotent."""
        room = self.rooms.pop(room_id, None)
        for peer_id in list(room.peers) if room is not None else []:
            self.remove_peer(peer_id)

    def room(self, room_id: str) -> Room:
        """Raises ``Refused("room_unknown")``."""
        try:
            return self.rooms[room_id]
        except KeyError:
            raise Refused("room_unknown", room_id) from None

    def known(self) -> list[control.RoomInfo]:
        """What a web process that has just connected is told."""
        return [
            control.RoomInfo(
                room_id=room.room_id,
                peers=[_told_of(peer) for peer in room.peers.values()],
            )
            for room in self.rooms.values()
        ]

    def load(self) -> control.LoadReply:
        """Whether one more conversation may begin."""
        return self.capacity.load(sum(room.pairs() for room in self.rooms.values()))

    # ---- members -------------------------------------------------------------------------------
    def add_peer(self, room_id: str, peer_id: str, slots: int) -> str:
        """A browser joins; the offer for it."""
        room = self.room(room_id)
        self._make_space(room, peer_id)
        peer = BrowserPeer(
            peer_id,
            slots,
            self.plane,
            self._certificate,
            self._addresses,
            self._state_changed,
            time.monotonic(),
        )
        self._enter(room, peer)
        return peer.offer()

    def _make_space(self, room: Room, peer_id: str) -> None:
        if peer_id in self.room_of:
            raise Refused("peer_exists", peer_id)
        browsers = [peer for each in self.rooms.values() for peer in each.browsers()]
        pending = [peer for peer in browsers if peer.state is PeerState.CONNECTING]
        here = [peer for peer in pending if self.room_of[peer.peer_id] is room]
        limits = self.limits
        if len(self.room_of) >= limits.peers or len(pending) >= limits.pending:
            raise Refused("busy", "peers")
        if len(room.peers) >= limits.peers_per_room or len(here) >= limits.pending_per_room:
            raise Refused("room_full", room.room_id)

    def _enter(self, room: Room, peer: Peer) -> None:
        room.take_in(peer)
        self.room_of[peer.peer_id] = room

    def add_analyser(self, room_id: str, peer_id: str, hello: dict[str, Any]) -> None:
        """An analyser process joins."""
        room = self.room(room_id)
        self._make_space(room, peer_id)

        def said(message: dict[str, Any]) -> None:
            self.on_event(control.AnalyserSaid(room_id=room_id, peer_id=peer_id, message=message))

        def gone(reason: str) -> None:
            self.on_event(control.AnalyserGone(room_id=room_id, peer_id=peer_id, reason=reason))
            self.remove_peer(peer_id)

        link = AnalyserLink(self.plane, said, gone)
        try:
            link.connect(self._analyser_socket)
        except AnalyserUnavailable as error:
            raise Refused(error.code) from None
        self._enter(room, AnalyserPeer(peer_id, link))
        link.tell(hello)

    def peer(self, peer_id: str) -> Peer:
        """Raises ``Refused("peer_unknown")``."""
        room = self.room_of.get(peer_id)
        if room is None:
            raise Refused("peer_unknown", peer_id)
        return room.peers[peer_id]

    def _browser(self, peer_id: str) -> BrowserPeer:
        peer = self.peer(peer_id)
        if not isinstance(peer, BrowserPeer):
            raise Refused("not_a_browser", peer_id)
        return peer

    def tell_analyser(self, peer_id: str, message: dict[str, Any]) -> None:
        """Hands a message over."""
        peer = self.peer(peer_id)
        if not isinstance(peer, AnalyserPeer):
            raise Refused("not_an_analyser", peer_id)
        peer.link.tell(message)

    def accept_answer(self, peer_id: str, answer: str) -> None:
        """Takes a browser's answer."""
        try:
            self._browser(peer_id).accept(answer)
        except AnswerInvalid as error:
            raise Refused("answer_invalid", str(error)) from None

    def restart_ice(self, peer_id: str) -> str:
        """The offer of an ICE restart."""
        return self._browser(peer_id).restart_ice(time.monotonic())

    def fill_line(self, peer_id: str, kbps: int, for_s: float) -> None:
        """Loads a browser's line for a moment; only where nobody else is in the room."""
        peer = self._browser(peer_id)
        room = self.room_of[peer_id]
        connected = [one for one in room.browsers() if one.state is not PeerState.CONNECTING]
        if connected != [peer]:
            raise Refused("not_alone", peer_id)
        try:
            self.lines.fill(peer, self.line_budgets.of(room.room_id), kbps, for_s)
        except LineRefused as refused:
            raise Refused(refused.code, peer_id) from None

    def set_routes(self, room_id: str, routes: frozenset[Route]) -> None:
        """Replaces a room's routes."""
        self.room(room_id).set_routes(routes)

    def remove_peer(self, peer_id: str) -> None:
        """Idempotent. The browser is told good-bye in a task of its own."""
        room = self.room_of.pop(peer_id, None)
        peer = room.forget(peer_id) if room is not None else None
        if peer is not None:
            self.lines.stop(peer_id)
            peer.detach()
            task = asyncio.get_running_loop().create_task(peer.close(), name="close-peer")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Removes everything."""
        for room_id in list(self.rooms):
            self.close_room(room_id)
        while self._closing:
            await asyncio.wait(self._closing)

    # ---- what happens by itself ----------------------------------------------------------------
    def _state_changed(self, peer: BrowserPeer, state: PeerState) -> None:
        room = self.room_of.get(peer.peer_id)
        if room is None:
            return
        ids = {"room_id": room.room_id, "peer_id": peer.peer_id}
        self.on_event(control.PeerChanged(**ids, state=state))
        if state is PeerState.CONNECTED:
            self._end_tests(room)
        if state is PeerState.LOST:
            self._offer_restart(room, peer, time.monotonic())
        elif state is PeerState.FAILED:
            self.remove_peer(peer.peer_id)

    def _offer_restart(self, room: Room, peer: BrowserPeer, now_s: float) -> None:
        ids = {"room_id": room.room_id, "peer_id": peer.peer_id}
        self.on_event(control.RestartOffered(**ids, offer=peer.restart_ice(now_s)))

    def _end_tests(self, room: Room) -> None:
        """A conversation may begin: nobody's line is loaded beside it."""
        connected = [one for one in room.browsers() if one.state is PeerState.CONNECTED]
        for peer in connected if len(connected) > 1 else []:
            self.lines.stop(peer.peer_id)

    def _line_filled(self, told: control.LineFilled) -> None:
        room = self.room_of.get(told.peer_id)
        if room is not None:
            self.on_event(told.model_copy(update={"room_id": room.room_id}))

    def judge(self, now_s: float) -> None:
        """Looks at every member twice a second: silence, and whether media flow."""
        self.lines.cpu.step(now_s)
        self.line_budgets.forget_full(now_s)
        for room in list(self.rooms.values()):
            for peer in list(room.peers.values()):
                if isinstance(peer, BrowserPeer):
                    peer.judge(now_s, self.limits.connect_within_s)
                    if peer.fell_silent(now_s):
                        self._offer_restart(room, peer, now_s)
                self._judge_flow(room, peer, now_s)

    def listen(self, now_s: float) -> None:
        """Tells who speaks, in rooms of several; some ten times a second."""
        for room in self.rooms.values():
            if room.speaker_changed(now_s) and room.speakers is not None:
                speaker = room.speakers.speaker
                self.on_event(control.SpeakerChanged(room_id=room.room_id, peer_id=speaker))

    def judge_pictures(self, now_s: float) -> None:
        """Whose line carries its pictures; every half second."""
        for room in self.rooms.values():
            for peer in room.browsers():
                peer.pictures.step(now_s)
                paused = peer.pictures.paused()
                if paused != peer.pictures.told:
                    peer.pictures.told = paused
                    ids = {"room_id": room.room_id, "peer_id": peer.peer_id}
                    self.on_event(control.PicturesPaused(**ids, paused=paused))

    def pour(self, now_s: float) -> None:
        """Padding for lines that may carry a picture again."""
        for room in self.rooms.values():
            for peer in room.browsers():
                peer.pictures.pour(now_s)

    def _judge_flow(self, room: Room, peer: Peer, now_s: float) -> None:
        for kind, source in peer.sources.items():
            flows = now_s - source.packet_at_s < self.limits.flow_stops_after_s
            if flows != source.flowing:
                source.flowing = flows
                self.on_event(
                    control.MediaFlow(
                        room_id=room.room_id, peer_id=peer.peer_id, kind=kind, flowing=flows
                    )
                )

    def sources(self) -> list[Source]:
        """What all members send, analysers included."""
        peers = [peer for room in self.rooms.values() for peer in room.peers.values()]
        return [source for peer in peers for source in peer.sources.values()]

    def transports(self) -> list[BrowserTransport]:
        """Transports of connected browsers."""
        return [
            peer.transport
            for room in self.rooms.values()
            for peer in room.browsers()
            if peer.transport.inbound is not None
        ]


def _told_of(peer: Peer) -> control.PeerInfo:
    if not isinstance(peer, BrowserPeer):
        return control.PeerInfo(peer_id=peer.peer_id, state=peer.state)
    paused = peer.pictures.paused()
    return control.PeerInfo(
        peer_id=peer.peer_id, state=peer.state, slots=peer.receives, paused=paused
    )
