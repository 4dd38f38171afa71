"""Brings everything around one visit in line with the visit: room, routes, analyser, pages.

It looks at the facts as they are, not at what happened, so it may run at any time and any number
of times. The visit's state is decided elsewhere; only ``media_connected`` and ``text_only``, which
nobody else can know, are made to happen here.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from appliance.device_check.records import CheckKind
from appliance.relay.client import RelayError
from appliance.visits.errors import Conflict, VisitUnknown
from appliance.visits.machine import Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.states import Mode, VisitState
from appliance.web.live.analysers import Turn, Wish
from appliance.web.live.check_run import CheckRun
from appliance.web.live.owners import desk_owner, visit_owner
from appliance.web.live.routes import SESSION_STATES
from appliance.web.live.seats import Room, Side
from appliance.web.live.snapshots import rights_of, visit_snapshot
from appliance.web.wire import VisitSnapshot

if TYPE_CHECKING:
    from appliance.web.live import Live

# An idle window may belong to a browser that has lost the visit: it is told that, nothing else.
NOT_SHOWN_IDLE: dict[str, Any] = {
    "appointment": None,
    "check": None,
    "adviser": None,
    "needs": [],
    "help": None,
    "busy": None,
    "ahead": None,
    "entry": None,
    "next_in_words": "",
}
ABANDONED_AFTER_S = 60.0  # a room whose client has vanished before the session (G7)


class VisitWork:
    """``run`` is what ``Touched`` calls for a visit's id."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def run(self, visit_id: str) -> None:
        """Raises ``RelayError`` when the relay could not be asked; the visit is touched again."""
        live = self._live
        if live.withdrawals.in_force(visit_id):  # before the database is asked for anything
            with suppress(RelayError):  # asked again below
                await self._forget(visit_id)
        try:
            visit = await live.parts.visits.get(visit_id)
            live.withdrawals.tell_desk(visit)
            visit = live.withdrawals.applied(visit)
        except VisitUnknown:
            await self._forget(visit_id)
            return
        trouble: RelayError | None = None
        try:
            if visit.is_open:
                await live.joined.look(visit)
                visit = await self._note_facts(visit)
                await self._order_room(visit)
            else:
                await self._forget(visit.id)
        except RelayError as error:
            trouble = error
            if error.code == "room_unknown" and (room := live.rooms.known(visit_id)) is not None:
                room.reset()  # opened anew at the next try
        await self._show(visit, ordered=trouble is None)
        await live.joined.show(visit)
        await live.withdrawals.note(visit_id)
        await live.joined.note_end(visit_id)
        if trouble is not None:
            raise trouble

    async def _show(self, visit: Visit, *, ordered: bool) -> None:
        for page in self._live.pages.of(visit_owner(visit.id)):
            snapshot = visit_snapshot(await self._live.facts.client(visit, page))
            if not ordered and visit.state in SESSION_STATES:
                snapshot = _not_hidden_yet(snapshot)
            page.show(snapshot.model_copy(update=NOT_SHOWN_IDLE) if page.idle else snapshot)

    async def _forget(self, visit_id: str) -> None:
        """The visit has ended: its media first and within a second, then what is remembered."""
        live = self._live
        run = live.runs.known(visit_id)
        live.chats.forget(visit_id)
        live.live_text.forget(visit_id)
        live.help_calls.forget(visit_id)
        live.busy.forget(visit_id)
        live.facts.queued.discard(visit_id)
        live.hand_overs.forget(visit_id)
        live.second_entries.forget(visit_id)
        live.runs.forget(visit_id)
        try:
            await self.end_media(visit_id)
            await live.joined.dismiss(visit_id)
        finally:  # the database may be slow, or busy with a purge: nobody's picture waits for it
            await live.check_counts.ended(run)

    async def end_media(self, visit_id: str) -> None:
        """No sound and no picture from now on. Raises ``RelayError``."""
        live = self._live
        room = live.rooms.known(visit_id)
        if room is not None:
            async with room.lock:
                await live.rooms.close(visit_id)
                for member_id in room.members_seated():
                    del room.seats[member_id]  # whoever waits for the lock finds no seat
                await live.analysers.apply(room, None)
                live.analysers.next_please()

    # ---- facts about media and presence --------------------------------------------------------
    async def _note_facts(self, visit: Visit) -> Visit:
        if visit.state is VisitState.ADMITTED and (event := self._began(visit)) is not None:
            try:
                return await self._live.parts.visits.happen(visit.id, event, Actor.SYSTEM)
            except (NotAllowedNow, Conflict):
                return await self._live.parts.visits.get(visit.id)
        if visit.state is VisitState.IN_SESSION and visit.mode is not Mode.TEXT:
            up = self._media_up(visit)
            if up != visit.media_up:
                await self._live.parts.visits.media(visit.id, up)
                return await self._live.parts.visits.get(visit.id)
        return visit

    def _began(self, visit: Visit) -> VisitEvent | None:
        if visit.mode is not Mode.TEXT:
            return VisitEvent.MEDIA_CONNECTED if self._media_up(visit) else None
        online = self._live.pages.online
        both = online(visit_owner(visit.id)) and online(desk_owner(visit.admitted_by or ""))
        return VisitEvent.TEXT_ONLY if both else None

    def _media_up(self, visit: Visit) -> bool:
        room = self._live.rooms.known(visit.id)
        if room is None or not self._live.rooms.ready:
            return False
        return all(room.seats[side].connected for side in Side)

    # ---- the room ------------------------------------------------------------------------------
    async def _order_room(self, visit: Visit) -> None:
        live = self._live
        live.live_text.follow(visit)
        if visit.state not in SESSION_STATES:
            live.chats.forget(visit.id)
        else:
            live.help_calls.forget(visit.id)
            live.busy.forget(visit.id)
        room = live.rooms.known(visit.id)
        if room is None or not live.rooms.ready:
            return
        async with room.lock:
            if self._abandoned(visit):
                await live.analysers.apply(room, None)
                await live.rooms.close(visit.id)
                return
            run = live.runs.of_visit(visit)
            if visit.state not in SESSION_STATES:
                room.seats[Side.CLIENT].fault = None
            if visit.state is not VisitState.DEVICE_CHECK:
                run.leave_steps()
            owner = desk_owner(visit.admitted_by) if visit.admitted_by else ""
            if visit.state not in SESSION_STATES or room.adviser_owner not in ("", owner):
                await live.rooms.empty_seat(
                    room, Side.ADVISER
                )  # also of an adviser before this one
            room.adviser_owner = owner
            await live.joined.seat(visit.id, room)
            await self._offer_again(visit, room)
            gone = live.pages.gone(visit_owner(visit.id))
            left = gone and visit.state is VisitState.DEVICE_CHECK  # others wait for the analyser
            await live.analysers.apply(room, None if left else wish_of(visit, run))
            rights = rights_of(visit, run, room)
            await live.rooms.set_routes(room, live.joined.routes(visit, room, rights))
            await live.rooms.sweep(room)

    def _abandoned(self, visit: Visit) -> bool:
        absent_s = self._live.pages.absent_s(visit_owner(visit.id))
        return visit.state not in SESSION_STATES and absent_s > ABANDONED_AFTER_S

    async def _offer_again(self, visit: Visit, room: Room) -> None:
        """A page that wants media and has lost its peer gets a new offer without asking.

        And one whose peer receives fewer people than there may be now.
        """
        owners: dict[str, str] = {
            Side.CLIENT: visit_owner(visit.id),
            Side.ADVISER: room.adviser_owner,
            **self._live.joined.owners(visit.id, room),
        }
        for side, owner in owners.items():
            page = self._live.pages.active(owner)
            wanted = room.seats[side].wanted
            if page is not None and wanted and self._live.rooms.may_try_again(room, side):
                peer_id, sdp = await self._live.rooms.join(room, side)
                page.push(self._live.offer(room, side, peer_id, sdp))


def _not_hidden_yet(snapshot: VisitSnapshot) -> VisitSnapshot:
    """The routes may still lead to the adviser: no page is to send a raw picture on our word."""
    if snapshot.check is None:
        return snapshot
    check = snapshot.check.model_copy(update={"background": "none"})
    return snapshot.model_copy(update={"check": check})


def wish_of(visit: Visit, run: CheckRun) -> Wish | None:
    """What the visit wants of an analyser: the running step, or a hidden room in the session."""
    if visit.state is VisitState.DEVICE_CHECK and run.wants_analyser:
        return wish_of_check(run, visit.language)
    hidden = run.background != "none" and visit.mode is Mode.VIDEO and visit.seen_by_adviser
    if visit.state in SESSION_STATES and hidden:
        return Wish(background=run.background, language=visit.language, turn=Turn.SESSION)
    return None


def wish_of_check(run: CheckRun, language: str, turn: Turn = Turn.EXPECTED) -> Wish:
    """What the running step wants of an analyser."""
    return Wish(
        kinds=tuple(run.kinds_to_measure),
        background=run.background if run.step is CheckKind.BACKGROUND else "none",
        echo=run.echo,
        reads_code=run.reads_code,
        language=language,
        turn=turn,
    )
