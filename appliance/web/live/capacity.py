"""Whether the box carries one more conversation. Beyond that people wait; what runs goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from appliance.relay.client import RelayError
from appliance.visits.models import Visit
from appliance.visits.states import Mode
from appliance.web.live.problems import Refused
from appliance.web.live.routes import SESSION_STATES

if TYPE_CHECKING:
    from appliance.web.live import Live


class Capacity:
    """Asked before each admission."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self.one_at_a_time = asyncio.Lock()  # held until the admission is written

    async def needs_space(self, visit: Visit) -> None:
        """Raises ``Refused("box_full")``. A conversation by text costs nothing."""
        if visit.mode is not Mode.TEXT and await self._is_full(visit.id):
            raise Refused("box_full")

    async def needs_space_in(self, room_id: str) -> None:
        """For one more in a conference: nobody inside is to be hurt. Raises like the other."""
        if await self._works_to_its_limit(room_id):
            raise Refused("box_full")

    async def _is_full(self, room_id: str) -> bool:
        most = self._live.parts.settings.media.max_sessions
        if most:
            visits = await self._live.parts.visits.open_visits()
            running = [v for v in visits if v.state in SESSION_STATES and v.mode is not Mode.TEXT]
            return len(running) >= most
        return await self._works_to_its_limit(room_id)

    async def _works_to_its_limit(self, room_id: str) -> bool:
        room = self._live.rooms.known(room_id)
        if room is None or not room.opened:
            return False  # it will be opened where there is least to do
        try:
            return (await self._live.parts.relay.load(room_id)).full
        except RelayError:
            return False  # it is being started again: everybody reconnects then
