"""Device checks without a visit: an adviser's own, and anybody's on the test page.

The checked person sits on the client's seat of a room of its own; nobody else ever does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from appliance.visits.states import IdentityStatus, Mode, VisitState
from appliance.web.live.analysers import Turn
from appliance.web.live.owners import adviser_id_of, owner_of_room
from appliance.web.live.pages_online import Page
from appliance.web.live.routes import Rights, routes
from appliance.web.live.seats import Side
from appliance.web.live.snapshots import check_view, media_word
from appliance.web.live.visit_work import ABANDONED_AFTER_S, wish_of_check
from appliance.web.wire import VisitSnapshot

if TYPE_CHECKING:
    from appliance.web.live import Live


class OwnChecks:
    """Rooms by the ids of ``owners.check_room_of``."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def order_room(self, room_id: str) -> None:
        """Offers, analyser and routes as the running step wants them. Raises ``RelayError``."""
        live = self._live
        room = live.rooms.known(room_id)
        if room is None or not live.rooms.ready:
            return
        run, owner = live.runs.known(room_id), owner_of_room(room_id)
        if run is None or live.pages.absent_s(owner) > ABANDONED_AFTER_S:
            await self.end(room_id)
            return
        page = live.pages.active(owner)
        async with room.lock:
            seat = room.seats[Side.CLIENT]
            if page and seat.wanted and live.rooms.may_try_again(room, Side.CLIENT):
                peer_id, sdp = await live.rooms.join(room, Side.CLIENT)
                page.push(live.offer(room, Side.CLIENT, peer_id, sdp))
            language = page.language if page else live.parts.settings.agency.language
            turn = Turn.ANYBODY if adviser_id_of(owner) is None else Turn.EXPECTED
            wants = run.wants_analyser and not live.pages.gone(owner)  # others wait for it
            wish = wish_of_check(run, language, turn) if wants else None
            await live.analysers.apply(room, wish)
            rights = Rights(VisitState.DEVICE_CHECK, step=run.step)
            await live.rooms.set_routes(room, routes(room.members, rights))
            await live.rooms.sweep(room)

    async def end(self, room_id: str) -> None:
        """The check is over: nothing of it is kept."""
        live = self._live
        live.runs.forget(room_id)
        room = live.rooms.known(room_id)
        if room is not None:
            async with room.lock:
                await live.rooms.close(room_id)
                await live.analysers.apply(room, None)
                live.analysers.next_please()

    def test_snapshot(self, page: Page, room_id: str) -> VisitSnapshot:
        """What the test page shows: the check of a visit that does not exist."""
        live = self._live
        room, run = live.rooms.known(room_id), live.runs.known(room_id)
        now, policy = live.parts.clock(), live.parts.settings.check.policy
        seat = room.seats[Side.CLIENT] if room else None
        analyser = live.analysers.word(room)
        return VisitSnapshot(
            visit_id="test",
            revision=0,
            state=VisitState.ARRIVED if run is None else VisitState.DEVICE_CHECK,
            language=page.language,
            server_at=now,
            state_since=page.since,
            check=check_view(run, policy, page.language, analyser=analyser) if run else None,
            mode=Mode.VIDEO,
            sees_adviser=True,
            seen_by_adviser=True,
            identity=IdentityStatus.OPEN,
            elsewhere=page.idle,
            peer_id=seat.newest if seat else None,
            media=media_word(seat, relay_ready=live.rooms.ready),
        )
