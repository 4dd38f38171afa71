"""The rooms in the relay: opened, joined, routed and closed as web wishes.

Nothing is asked of the relay before it has said which rooms it has kept (``found``), so that a
restart on either side is never mistaken for an empty house.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from appliance.relay.client import RelayClient, RelayError
from appliance.relay.control import HelloReply, PausedPicture, PeerState, Route
from appliance.web.live.problems import Refused
from appliance.web.live.seats import Room, new_peer_id, new_room

RETRY_S = 1.0


class Rooms:
    """All rooms by id. Methods that ask the relay raise ``RelayError``."""

    def __init__(self, relay: RelayClient, now_s: Callable[[], float]) -> None:
        self._relay = relay
        self._now_s = now_s
        self._rooms: dict[str, Room] = {}
        self._unneeded: list[str] = []
        self.ready = False

    def of(self, room_id: str) -> Room:
        """The room, known to the relay or not yet."""
        return self._rooms.get(room_id) or self._rooms.setdefault(room_id, new_room(room_id))

    def known(self, room_id: str) -> Room | None:
        """The room if web has it in memory."""
        return self._rooms.get(room_id)

    def ids(self) -> list[str]:
        """All rooms in memory."""
        return list(self._rooms)

    # ---- what the relay says -------------------------------------------------------------------
    def lost(self) -> None:
        """The connection to the relay is gone; its rooms may go on without us."""
        self.ready = False

    def found(self, hello: HelloReply) -> None:
        """The relay is there (again): what it has kept counts, what it has not is gone."""
        kept = {
            room.room_id: {peer.peer_id: peer.state for peer in room.peers} for room in hello.rooms
        }
        for room_id, room in self._rooms.items():
            if room_id not in kept and not self._relay.holds(room_id):
                room.reset()
        for room_id, peers in kept.items():
            self._unneeded += self.of(room_id).compare(peers)
        for info in hello.rooms:
            for peer in info.peers:
                self.pictures_paused(info.room_id, peer.peer_id, peer.paused)
                self.of(info.room_id).receives(peer.peer_id, peer.slots)
        self.ready = True

    def peer_changed(self, room_id: str, peer_id: str, state: PeerState) -> None:
        """A transport's state; unknown peers are no news."""
        room = self._rooms.get(room_id)
        side = room.side_of(peer_id) if room else None
        if room is not None and side is not None:
            room.seats[side].changed(peer_id, state)
            if state is PeerState.FAILED:
                room.routes = None

    def pictures_paused(self, room_id: str, peer_id: str, paused: Sequence[PausedPicture]) -> None:
        """What a peer's line does not carry, whole."""
        room = self._rooms.get(room_id)
        side = room.side_of(peer_id) if room else None
        if room is not None and side is not None:
            room.seats[side].pictures_paused(peer_id, paused)

    # ---- what web wishes -----------------------------------------------------------------------
    async def join(self, room: Room, side: str) -> tuple[str, str]:
        """A new peer for a side: its id and the offer for the page.

        Raises ``Refused("not_allowed_now")`` where the seat has been taken away meanwhile.
        """
        self._needs_relay()
        seat = room.seats.get(side)
        if seat is None:
            raise Refused("not_allowed_now")
        seat.next_try_s = self._now_s() + RETRY_S
        await self._open(room)
        peer_id = new_peer_id(room.peer_prefix(side))
        slots = room.slots
        reply = await self._relay.add_peer(room.room_id, peer_id, slots)
        seat.expect(peer_id)
        seat.coming_slots = slots
        await self.sweep(room)
        return peer_id, reply.offer

    def may_try_again(self, room: Room, side: str) -> bool:
        """Whether a page that wants media should get a new offer now.

        It has no peer, or one that receives fewer than now talk; that one stays until the new one
        carries.
        """
        seat = room.seats[side]
        return self.ready and room.lacks(seat) and self._now_s() >= seat.next_try_s

    async def answer(self, peer_id: str, sdp: str) -> None:
        """The page's answer to its newest offer."""
        self._needs_relay()
        await self._relay.accept_answer(peer_id, sdp)

    async def restart(self, peer_id: str) -> str:
        """New ICE credentials for a peer: the offer."""
        self._needs_relay()
        return (await self._relay.restart_ice(peer_id)).offer

    async def fill_line(self, peer_id: str, down_kbps: int, for_ms: int) -> None:
        """One phase of a peer's line test; what came of it follows as an event."""
        self._needs_relay()
        await self._relay.fill_line(peer_id, down_kbps, for_ms)

    async def set_routes(self, room: Room, routes: list[Route]) -> None:
        """Sets them unless the relay has just these."""
        if not self.ready or not room.opened or room.routes == routes:
            return
        room.routes = None
        await self._relay.set_routes(room.room_id, routes)
        room.routes = routes

    async def add_analyser(self, room: Room, hello: dict[str, Any]) -> None:
        """Raises ``RelayError``: ``analyser_busy`` (all in use), ``analyser_unavailable``."""
        self._needs_relay()
        await self._open(room)
        peer_id = new_peer_id()
        room.lose_analyser()
        room.analyser = peer_id  # known before it can say "ready", which may outrun the reply
        try:
            await self._relay.add_analyser(room.room_id, peer_id, hello)
        except BaseException:
            if room.analyser == peer_id:
                room.lose_analyser()
            raise

    async def remove_analyser(self, room: Room) -> None:
        """Gives it back to those who wait in line."""
        peer_id = room.analyser
        room.lose_analyser()
        if peer_id is not None:
            room.routes = None
            await self._remove(peer_id)

    async def tell_analyser(self, room: Room, message: dict[str, Any]) -> None:
        """One JSON object; nothing without an analyser."""
        if room.analyser is not None and self.ready:
            await self._relay.tell_analyser(room.analyser, message)

    async def sweep(self, room: Room) -> None:
        """Removes peers that were replaced."""
        for seat in room.seats.values():
            while seat.replaced:
                room.routes = None
                await self._remove(seat.replaced.pop())
        while self._unneeded:
            await self._remove(self._unneeded.pop())

    async def empty_seat(self, room: Room, side: str) -> None:
        """Removes the peers of a side that has no business here any more."""
        seat = room.seats[side]
        room.seats[side] = type(seat)()
        for peer_id in (seat.active, seat.coming, *seat.replaced):
            if peer_id is not None:
                room.routes = None
                await self._remove(peer_id)

    async def close(self, room_id: str) -> None:
        """For good. When the relay is away, it forgets the room by itself, or is told later."""
        if self.ready:
            await self._relay.close_room(room_id)
        self._rooms.pop(room_id, None)

    async def _open(self, room: Room) -> None:
        if not room.opened:
            await self._relay.open_room(room.room_id)
            room.opened = True

    async def _remove(self, peer_id: str) -> None:
        if self.ready:
            await self._relay.remove_peer(peer_id)

    def _needs_relay(self) -> None:
        if not self.ready:
            raise RelayError("relay_unavailable")
