"""Whether the box carries one more conversation. Beyond that people wait; what runs goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from appliance.relay.client import RelayError
from appliance.relay.control import LoadReply
from appliance.visits.models import Visit
from appliance.visits.states import Mode
from appliance.web.live.problems import Refused
from appliance.web.live.routes import SESSION_STATES

if TYPE_CHECKING:
    from appliance.web.live import Live


class Capacity:
    """Asked before each admission, and before writing becomes talking."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self.one_at_a_time = asyncio.Lock()  # held until the admission is written

    async def needs_space(self, visit: Visit) -> None:
        """Raises ``Refused("box_full")``. A conversation by text costs nothing."""
        if visit.mode is not Mode.TEXT and await self._is_full(visit.id):
            raise Refused("box_full")

    @asynccontextmanager
    async def to_talk(self, visit_id: str) -> AsyncIterator[None]:
        """While a visit by text becomes one with sound. Raises ``Refused("box_full_text")``."""
        async with self.one_at_a_time:
            visit = await self._live.parts.visits.get(visit_id)
            if visit.state in SESSION_STATES and await self._is_full(visit_id):
                raise Refused("box_full_text")
            yield

    async def needs_space_in(self, room_id: str) -> None:
        """For one more in a conference: nobody inside is to be hurt. Raises like the first."""
        if allowed := self._live.parts.settings.media.max_sessions:
            if await self._running(and_more=1) > allowed:
                raise Refused("box_full")
            return
        room = self._live.rooms.known(room_id)
        if room is None or not room.opened:
            return  # it will be opened where there is least to do
        load = await self._load(room_id)
        if load is not None and load.full:
            raise Refused("box_full")

    async def _is_full(self, room_id: str) -> bool:
        media = self._live.parts.settings.media
        if media.max_sessions:
            return await self._running() >= media.max_sessions
        load = await self._load(room_id)
        if load is None:
            return False  # it is being started again: everybody reconnects then
        # Media counts who is connected; whoever has just been let in will be.
        share = -(-await self._running() // media.workers)
        return load.full or share >= load.limit

    async def _running(self, and_more: int = 0) -> int:
        """Conversations that are let in, connected yet or not; two in a conference are one."""
        parts = self._live.parts
        visits = await parts.visits.open_visits()
        running = [v for v in visits if v.state in SESSION_STATES and v.mode is not Mode.TEXT]
        people = await parts.conferences.people_inside() + and_more
        return len(running) + (people + 1) // 2

    async def _load(self, room_id: str) -> LoadReply | None:
        """Of the process that has this room; not opened yet: of the one with least to do."""
        rooms = self._live.rooms
        opened = [one for one in rooms.ids() if rooms.of(one).opened]
        found = []
        for one in [room_id] if room_id in opened else opened:
            with suppress(RelayError):
                found.append(await self._live.parts.relay.load(one))
        return min(found, key=lambda load: (load.full, load.sessions), default=None)
