"""What happens because time passes: presence, lost peers, the line for analysers, failed work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from appliance.storage.errors import DatabaseError
from appliance.web.live.owners import is_conference_room, owner_of_room, visit_id_of

if TYPE_CHECKING:
    from appliance.web.live import Live

log = structlog.get_logger()

TICK_S = 0.5
SEEN_EVERY_S = 5.0


class Ticker:
    """``tick`` is called twice a second, and by tests."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._task: asyncio.Task[None] | None = None
        self._next_seen_s = 0.0

    def start(self) -> None:
        """Begins to tick."""
        self._task = asyncio.create_task(self._for_ever(), name="live-ticker")

    async def stop(self) -> None:
        """Ends ticking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def tick(self) -> None:
        """Touches whoever time has changed something for."""
        live = self._live
        live.touch_failed()
        turned = live.pages.turned()
        for owner in turned:
            live.touch_owner(owner)
        if turned:
            live.touch_sessions()
            live.touch_desks()
            for visit_id in live.facts.queued:  # who could ask them in may have come or gone
                live.touch_visit(visit_id)
        if live.parts.deletion.turned():
            live.touch_desks()
        live.pages.close_silent()
        live.withdrawals.tick()
        live.live_text.tick()
        live.analysers.tick()
        self._rooms_in_need()
        await self._note_presence()

    def _rooms_in_need(self) -> None:
        """A page lacks its peer, or a client has been away for long."""
        live = self._live
        for room_id in live.rooms.ids():
            room = live.rooms.of(room_id)
            lacks = any(room.lacks(seat) for seat in room.seats.values())
            alone = not is_conference_room(room_id)  # others are looked after by a slower loop
            if lacks or (alone and not live.pages.online(owner_of_room(room_id))):
                live.touch_room(room_id)

    async def _note_presence(self) -> None:
        live = self._live
        if live.now_s() < self._next_seen_s:
            return
        self._next_seen_s = live.now_s() + SEEN_EVERY_S
        for owner in live.pages.owners():
            visit_id = visit_id_of(owner)
            if visit_id is None or not live.pages.online(owner):
                continue
            try:
                await live.parts.visits.seen(visit_id, live.parts.clock())
            except DatabaseError as error:
                log.warning("database_failed", code=error.code, visit_id=visit_id)

    async def _for_ever(self) -> None:
        while True:
            try:
                await self.tick()
            except Exception:
                log.exception("live_work_failed")
            await asyncio.sleep(TICK_S)
