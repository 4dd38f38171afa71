"""Brings everything around one conference in line with its rows: room, routes, pages.

It looks at the facts as they are, so it may run at any time and any number of times.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from appliance.conferences.errors import ConferenceUnknown, MemberUnknown
from appliance.conferences.models import ConferenceMember
from appliance.conferences.rows import View
from appliance.conferences.states import PRESENT, MemberState
from appliance.relay.client import RelayError
from appliance.storage.errors import DatabaseError
from appliance.web.conference_messages import CallView, ConferenceSnapshot
from appliance.web.live.conference_routes import conference_routes
from appliance.web.live.conference_snapshots import (
    ConferenceFacts,
    conference_snapshot,
    sittings,
)
from appliance.web.live.owners import (
    conference_id_of,
    conference_owner,
    conference_room,
    desk_owner,
    member_id_of,
)
from appliance.web.live.pages_online import Page
from appliance.web.live.seats import ConferenceRoom

if TYPE_CHECKING:
    from appliance.web.live import Live

log = structlog.get_logger()

LEFT_AFTER_S = 60.0  # without a window: whoever closes it leaves, a reload does not


class ConferenceWork:
    """``run`` is what ``Touched`` calls for a conference's id."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._revision = 0
        self._told: dict[tuple[str, bool], ConferenceSnapshot] = {}  # the newest, by window
        self._speakers: dict[str, str] = {}  # by room: the member who speaks

    async def run(self, conference_id: str) -> None:
        """Raises ``RelayError`` when the relay could not be asked; it is touched again."""
        try:
            view = await self._live.parts.conferences.get(conference_id)
        except ConferenceUnknown:
            await self.over(conference_id)
            return
        await self._leave_for_the_gone(view)
        if view.conference.visit_id is not None:
            self._live.touch_visit(view.conference.visit_id)  # that has the room, and tells pages
            return
        trouble: RelayError | None = None
        try:
            await self._order_room(view)
        except RelayError as error:
            trouble = error
            room = self._room(conference_id)
            if error.code == "room_unknown" and room is not None:
                room.reset()  # opened anew at the next try
        await self._show(view)
        if trouble is not None:
            raise trouble

    async def calls(self, adviser_id: str) -> list[CallView]:
        """What rings at this desk."""
        parts = self._live.parts
        found = await parts.conferences.of_adviser(adviser_id)
        return [
            CallView(
                conference_id=conference.id,
                title=conference.title,
                host_name=await parts.advisers.name(conference.host_id),
                mode=conference.mode,
                beside=conference.visit_id is not None,
                since=member.changed_at,
            )
            for conference, member in found
            if member.state is MemberState.RINGING
        ]

    async def account_closed(self, adviser_id: str) -> None:
        """Out of every conference at once: nobody is heard or seen without an account."""
        conferences = self._live.parts.conferences
        for conference, member in await conferences.of_adviser(adviser_id):
            if member.state in PRESENT:
                with suppress(ConferenceUnknown, MemberUnknown):  # over, or left meanwhile
                    await conferences.leave(conference.id, member.id)

    def speaker(self, room_id: str) -> str:
        """Who speaks in a room; empty: nobody."""
        return self._speakers.get(room_id, "")

    def forget_speaker(self, room_id: str) -> None:
        """That conversation is over."""
        self._speakers.pop(room_id, None)

    def speaker_changed(self, room_id: str, peer_id: str | None) -> None:
        """The relay says who speaks; None: nobody.

        It says so of a visit's room too, while a third peer replaces one there: no news.
        """
        room = self._live.rooms.known(room_id)
        if room is None or room.slots == 1:
            return
        member_id = room.side_of(peer_id) if peer_id else None
        self._speakers[room_id] = member_id or ""
        self._live.touch_room(room_id)

    # ---- the room ------------------------------------------------------------------------------
    def _room(self, conference_id: str) -> ConferenceRoom | None:
        room = self._live.rooms.known(conference_room(conference_id))
        return room if isinstance(room, ConferenceRoom) else None

    async def _order_room(self, view: View) -> None:
        rooms, room = self._live.rooms, self._room(view.conference.id)
        if room is None or not rooms.ready:
            return
        async with room.lock:
            inside = {one.id for one in view.inside()}
            if not inside:
                await self._close(room)
                return
            for member_id in set(room.seats) - inside:
                await rooms.empty_seat(room, member_id)
                del room.seats[member_id]
            trouble = await self._offer_again(view, room)
            people = sittings(view, room)
            await rooms.set_routes(room, conference_routes(people, view.conference.mode))
            await rooms.sweep(room)
        if trouble is not None:
            raise trouble

    async def _close(self, room: ConferenceRoom) -> None:
        await self._live.rooms.close(room.room_id)
        room.seats.clear()  # whoever waits for the lock finds no seat
        self._speakers.pop(room.room_id, None)

    async def _offer_again(self, view: View, room: ConferenceRoom) -> RelayError | None:
        """A page that wants media and has lost its peer gets a new offer without asking.

        Gives the last refusal, to be raised when everybody else has been looked after.
        """
        trouble: RelayError | None = None
        for member_id, seat in room.seats.items():
            page = self._live.pages.active(conference_owner(view.conference.id, member_id))
            if page and seat.wanted and self._live.rooms.may_try_again(room, member_id):
                try:
                    peer_id, sdp = await self._live.rooms.join(room, member_id)
                except RelayError as error:
                    trouble = error
                else:
                    page.push(self._live.offer(room, member_id, peer_id, sdp))
        return trouble

    async def _leave_for_the_gone(self, view: View) -> None:
        """Whoever has closed the window has left; the row says so after a minute."""
        for member in view.members:
            if member.state in PRESENT and self._gone(member):
                try:
                    await self._live.parts.conferences.leave(view.conference.id, member.id)
                except (ConferenceUnknown, MemberUnknown):
                    pass  # over, or left meanwhile
                except DatabaseError as error:  # the others' room and pages do not wait for it
                    log.warning("database_failed", code=error.code)

    def _gone(self, member: ConferenceMember) -> bool:
        pages, owner = self._live.pages, conference_owner(member.conference_id, member.id)
        since = self._live.parts.clock() - member.changed_at
        long_ago = since > timedelta(seconds=LEFT_AFTER_S)
        return long_ago and not pages.of(owner) and pages.absent_s(owner) > LEFT_AFTER_S

    # ---- pages ---------------------------------------------------------------------------------
    def owners(self, conference_id: str) -> list[str]:
        """Everybody with a window in or before it."""
        return [
            owner for owner in self._live.pages.owners() if conference_id_of(owner) == conference_id
        ]

    async def _show(self, view: View) -> None:
        owners = self.owners(view.conference.id)
        if not owners:
            return
        facts = await self._facts(view)
        for owner in owners:
            member = view.member(member_id_of(owner))
            for page in self._live.pages.of(owner):
                if member is None:
                    self.tell(page, self._ended(view.conference.id))
                else:
                    self.tell(page, conference_snapshot(facts, member, elsewhere=page.idle))

    def tell(self, page: Page, snapshot: ConferenceSnapshot) -> None:
        """With a new revision if anything is new: what a page has already is not sent again."""
        before = self._told.get((page.owner, page.idle))
        if before is not None and _same(before, snapshot):
            page.show(before)
            return
        snapshot = snapshot.model_copy(update={"revision": self._next_revision()})
        self._told[page.owner, page.idle] = snapshot
        page.show(snapshot)

    async def _facts(self, view: View) -> ConferenceFacts:
        live, conference_id = self._live, view.conference.id
        staff = await live.parts.advisers.staff()
        speaker = self._speakers.get(conference_room(conference_id), "")
        return ConferenceFacts(
            view=view,
            now=live.parts.clock(),
            names={one: staff.name(one) for one in staff},
            serving=[(one.adviser_id, one.name) for one in staff.serving()],
            room=self._room(conference_id),
            relay_ready=live.rooms.ready,
            online_at=live.pages.online,
            at_desk=lambda adviser_id: live.pages.online(desk_owner(adviser_id)),
            speaking=(speaker,),
        )

    def _ended(self, conference_id: str) -> ConferenceSnapshot:
        return ConferenceSnapshot(
            conference_id=conference_id,
            server_at=self._live.parts.clock(),
            over=True,
        )

    def _next_revision(self) -> int:
        # Grows over a restart too, so that a page never takes an old snapshot for a newer one.
        now_ms = int(self._live.parts.clock().timestamp() * 1000)
        self._revision = max(self._revision + 1, now_ms)
        return self._revision

    async def over(self, conference_id: str) -> None:
        """Media first, then the pages are told."""
        room = self._room(conference_id)
        try:
            if room is not None:
                async with room.lock:
                    await self._close(room)
        finally:
            for owner in self.owners(conference_id):
                for page in self._live.pages.of(owner):
                    self.tell(page, self._ended(conference_id))
            ours = [key for key in self._told if conference_id_of(key[0]) == conference_id]
            for key in ours:
                del self._told[key]


def _same(one: ConferenceSnapshot, other: ConferenceSnapshot) -> bool:
    """But for revision and time."""
    timeless = {"revision": 0, "server_at": None}
    return one.model_copy(update=timeless) == other.model_copy(update=timeless)
