"""Commands about a page's own peer, alike for client and adviser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from appliance.relay.client import RelayError
from appliance.relay.control import PeerState
from appliance.web.commands import Answer, JoinMedia, Sending
from appliance.web.live.pages_online import Page
from appliance.web.live.routes import Sends
from appliance.web.live.seats import Room

if TYPE_CHECKING:
    from appliance.web.live import Live

_RELAY_AWAY = frozenset({"relay_unavailable", "timeout"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page sits."""

    room: Room
    side: str


class MediaCommands:
    """The relay being away is no error here: the page gets its offer when it is back."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def join(self, page: Page, place: Place, command: JoinMedia) -> None:
        """Keeps the peer that the page still has, if it is alive; else offers a new one."""
        seat = place.room.seats[place.side]
        seat.wanted = True
        if command.peer_id is not None and command.peer_id == seat.active:
            if seat.state is PeerState.LOST or seat.restart_offer:
                await self.restart(page, place)  # perhaps offered to a page out of reach
            return
        await self._offer(page, place)

    async def answer(self, place: Place, command: Answer) -> None:
        """An answer to an offer that was replaced meanwhile is no news."""
        seat = place.room.seats[place.side]
        if command.peer_id not in {seat.active, seat.coming}:
            return
        seat.restart_offer = False
        try:
            await self._live.rooms.answer(command.peer_id, command.sdp)
        except RelayError as error:
            if error.code != "peer_unknown":
                raise
            seat.vanished(command.peer_id)  # the relay has given up waiting: a new offer follows
            self._live.touch_room(place.room.room_id)

    async def restart(self, page: Page, place: Place) -> None:
        """New ICE credentials for the peer in use; a new peer where there is none."""
        seat = place.room.seats[place.side]
        seat.wanted = True
        peer_id = seat.active
        if peer_id is None or not self._live.rooms.ready:
            await self._offer(page, place)
            return
        try:
            sdp = await self._live.rooms.restart(peer_id)
            page.push(self._live.offer(place.room, place.side, peer_id, sdp))
        except RelayError as error:
            if error.code in _RELAY_AWAY:
                return
            seat.vanished(peer_id)
            await self._offer(page, place)

    def sending(self, place: Place, command: Sending) -> None:
        """What the page sends from now on."""
        place.room.seats[place.side].sends = Sends(
            microphone=command.microphone, camera=command.camera, screen=command.screen
        )

    async def _offer(self, page: Page, place: Place) -> None:
        try:
            async with place.room.lock:
                peer_id, sdp = await self._live.rooms.join(place.room, place.side)
        except RelayError as error:
            if error.code not in _RELAY_AWAY:
                raise
            return
        page.push(self._live.offer(place.room, place.side, peer_id, sdp))
