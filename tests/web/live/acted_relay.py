"""A relay that plays along: it does in memory what the media process does."""

from __future__ import annotations

from typing import Any

from appliance.relay.client import RelayClient, RelayError
from appliance.relay.control import (
    AnalyserGone,
    AnalyserSaid,
    HelloReply,
    OfferReply,
    PeerChanged,
    PeerInfo,
    PeerState,
    RoomInfo,
    Route,
)


class ActedRelay(RelayClient):
    """Does in memory what the media process does; a test says how transports fare."""

    def __init__(self) -> None:
        super().__init__("/nowhere")
        self.rooms: dict[str, dict[str, PeerState]] = {}
        self.routes: dict[str, list[Route]] = {}
        self.analysers: dict[str, list[dict[str, Any]]] = {}
        self.analysers_free = 2
        self.analysers_run = True
        self.ready_at_once = False  # its word outruns the reply
        self.answers: dict[str, str] = {}
        self.closed: list[str] = []
        self.filled: list[tuple[str, int, int]] = []
        self.line_refuses = ""
        self.slots: dict[str, int] = {}
        self.up = False

    def _needs_up(self) -> None:
        if not self.up:
            raise RelayError("relay_unavailable")

    # ---- requests
    async def open_room(self, room_id: str) -> None:
        self._needs_up()
        self.rooms.setdefault(room_id, {})

    async def close_room(self, room_id: str) -> None:
        self._needs_up()
        for peer_id in list(self.rooms.pop(room_id, {})):
            self._take_away(peer_id)
        self.routes.pop(room_id, None)
        self.closed.append(room_id)

    async def add_peer(self, room_id: str, peer_id: str, slots: int = 1) -> OfferReply:
        self._needs_up()
        self.rooms[room_id][peer_id] = PeerState.CONNECTING
        self.slots[peer_id] = slots
        return OfferReply(offer=f"offer for {peer_id}")

    async def add_analyser(self, room_id: str, peer_id: str, hello: dict[str, Any]) -> None:
        self._needs_up()
        if not self.analysers_run:
            raise RelayError("analyser_unavailable")
        if len(self.analysers) >= self.analysers_free:
            raise RelayError("analyser_busy")
        self.rooms[room_id][peer_id] = PeerState.CONNECTED
        self.analysers[peer_id] = [hello]
        if self.ready_at_once:
            await self.analyser_says(room_id, {"type": "ready"})

    async def tell_analyser(self, peer_id: str, message: dict[str, Any]) -> None:
        self.analysers[peer_id].append(message)

    async def accept_answer(self, peer_id: str, answer: str) -> None:
        self._needs_up()
        if answer == "nonsense":
            raise RelayError("answer_invalid")
        self.answers[peer_id] = answer

    async def set_routes(self, room_id: str, routes: Any) -> None:
        self._needs_up()
        for route in routes:
            if {route.source, route.target} - set(self.rooms[room_id]):
                raise RelayError("peer_unknown")
        self.routes[room_id] = list(routes)

    async def restart_ice(self, peer_id: str) -> OfferReply:
        self._needs_up()
        if not any(peer_id in peers for peers in self.rooms.values()):
            raise RelayError("peer_unknown")
        return OfferReply(offer=f"restart for {peer_id}")

    async def fill_line(self, peer_id: str, down_kbps: int, for_ms: int) -> None:
        self._needs_up()
        if self.line_refuses:
            raise RelayError(self.line_refuses)
        self.filled.append((peer_id, down_kbps, for_ms))

    async def remove_peer(self, peer_id: str) -> None:
        self._needs_up()
        for room_id, peers in self.rooms.items():
            peers.pop(peer_id, None)
            kept = [r for r in self.routes.get(room_id, []) if peer_id not in {r.source, r.target}]
            self.routes[room_id] = kept
        self._take_away(peer_id)

    def _take_away(self, peer_id: str) -> None:
        self.analysers.pop(peer_id, None)

    # ---- what happens to it
    async def appear(self) -> None:
        self.up = True
        rooms = [
            RoomInfo(
                room_id=room_id,
                peers=[
                    PeerInfo(peer_id=peer, state=state, slots=self.slots.get(peer, 1))
                    for peer, state in peers.items()
                ],
            )
            for room_id, peers in self.rooms.items()
        ]
        await self.on_connected(HelloReply(protocol=1, rooms=rooms))

    async def vanish(self, *, forgets: bool) -> None:
        self.up = False
        if forgets:
            self.rooms, self.routes, self.analysers = {}, {}, {}
        await self.on_disconnected()

    async def change(self, peer_id: str, state: PeerState) -> None:
        room_id = next(room for room, peers in self.rooms.items() if peer_id in peers)
        self.rooms[room_id][peer_id] = state
        if state is PeerState.FAILED:
            await self.remove_peer(peer_id)
        await self.on_event(PeerChanged(room_id=room_id, peer_id=peer_id, state=state))

    async def analyser_says(self, room_id: str, message: dict[str, Any]) -> None:
        peer_id = self.analyser_in(room_id)
        if message.get("type") == "measured":
            rounds = [m["round"] for m in self.analysers[peer_id] if m["type"] == "measure"]
            message = {"round": rounds[-1] if rounds else 0, **message}
        await self.on_event(AnalyserSaid(room_id=room_id, peer_id=peer_id, message=message))

    async def analyser_dies(self, room_id: str) -> None:
        peer_id = self.analyser_in(room_id)
        await self.remove_peer(peer_id)
        await self.on_event(AnalyserGone(room_id=room_id, peer_id=peer_id, reason="crashed"))

    def analyser_in(self, room_id: str) -> str:
        return next(peer for peer in self.rooms[room_id] if peer in self.analysers)

    def words(self, room_id: str) -> set[str]:
        """Routes as ``c>a camera``, by the first letters of peers."""
        return {f"{r.source[0]}>{r.target[0]} {r.kind}" for r in self.routes.get(room_id, [])}
