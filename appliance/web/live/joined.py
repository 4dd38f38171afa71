"""Who sits beside client and adviser: read with the visit, seated in its room, told what they see.

A conference with a visit's id says who (``conferences/beside``); there is no second room. The
visit's work calls this; pages of such a conference show what is known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from appliance.conferences.errors import ConferenceUnknown
from appliance.conferences.rows import View
from appliance.conferences.states import MemberState
from appliance.relay.control import Route
from appliance.storage.errors import DatabaseError
from appliance.visits.errors import VisitUnknown
from appliance.visits.models import Visit
from appliance.web.joined_messages import JoinedView, SessionPerson
from appliance.web.live.conference_snapshots import colleagues_of, knocking_of, sittings
from appliance.web.live.joined_routes import joined_routes
from appliance.web.live.joined_snapshots import JoinedFacts, joined_snapshot, session_people
from appliance.web.live.owners import (
    conference_id_of,
    conference_owner,
    desk_owner,
    member_id_of,
)
from appliance.web.live.pages_online import Page
from appliance.web.live.routes import SESSION_STATES, Rights
from appliance.web.live.seats import MOST_SLOTS, Room, Side
from appliance.web.live.snapshots import rights_of
from appliance.web.wire import ChatPush

if TYPE_CHECKING:
    from appliance.web.live import Live

log = structlog.get_logger()


class Joined:
    """``_views``: those who were asked to a visit, as they were when its work last looked."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._views: dict[str, View] = {}
        self._over: set[str] = set()  # visits: to be noted in the database

    # ---- with the visit's work -----------------------------------------------------------------
    async def look(self, visit: Visit) -> None:
        """Reads who was asked to this conversation; with it, that ends, too."""
        if visit.state not in SESSION_STATES:
            await self.dismiss(visit.id)
            return
        conferences = self._live.parts.conferences
        view = await conferences.of_visit(visit.id)
        if view is not None and visit.admitted_by not in (None, view.conference.host_id):
            try:
                await conferences.led_by(visit.id, visit.admitted_by)
            except DatabaseError as error:  # the room is brought in line, whatever is noted
                log.warning("database_failed", code=error.code, visit_id=visit.id)
            view = await conferences.of_visit(visit.id)
        if view is None:
            self._views.pop(visit.id, None)
        else:
            self._views[visit.id] = view

    async def dismiss(self, visit_id: str) -> None:
        """Nobody sits beside them any more; their pages are told, whatever the database does."""
        view = self._views.pop(visit_id, None)
        if view is not None:
            self._over.add(visit_id)
            self._live.conference_work.forget_speaker(visit_id)
            await self._live.conference_work.over(view.conference.id)

    async def note_end(self, visit_id: str) -> None:
        """Nothing is kept of who sat beside them; with the media closed and everybody told."""
        if visit_id not in self._over:
            return
        self._over.discard(visit_id)
        try:
            await self._live.parts.conferences.end_beside(visit_id)
        except DatabaseError as error:  # ``tidy`` comes by
            log.warning("database_failed", code=error.code, visit_id=visit_id)

    async def tidy(self) -> None:
        """For a loop: what a kill or a busy database has left of conversations that are over."""
        for visit_id in await self._live.parts.conferences.visits():
            try:
                visit = await self._live.parts.visits.get(visit_id)
                talks = self._live.withdrawals.applied(visit).state in SESSION_STATES
            except VisitUnknown:
                talks = False
            if not talks:
                await self._live.parts.conferences.end_beside(visit_id)

    async def seat(self, visit_id: str, room: Room) -> None:
        """Takes seats from who has none any more, and wants room for all. Raises ``RelayError``."""
        view = self._views.get(visit_id)
        if view is not None:
            room.beside, room.slots = view.conference.id, MOST_SLOTS
        inside = {one.id for one in view.inside()} if view else set()
        for member_id in room.members_seated() - inside:
            await self._live.rooms.empty_seat(room, member_id)
            del room.seats[member_id]

    def owners(self, visit_id: str, room: Room) -> dict[str, str]:
        """Whose windows belong to the seats beside the two."""
        view = self._views.get(visit_id)
        found = view.inside() if view else []
        return {
            one.id: conference_owner(one.conference_id, one.id)
            for one in found
            if one.id in room.seats
        }

    def routes(self, visit: Visit, room: Room, rights: Rights) -> list[Route]:
        """Who hears and sees whom in this visit's room."""
        view = self._views.get(visit.id)
        return joined_routes(room.members, rights, sittings(view, room) if view else [])

    # ---- what pages show -----------------------------------------------------------------------
    async def people(self, visit: Visit, side: Side) -> list[SessionPerson]:
        """For the client's page or the adviser's desk."""
        facts = await self._facts(visit)
        return session_people(facts, side) if facts else []

    async def at_desk(self, visit: Visit) -> JoinedView:
        """With what the visit's adviser can do about it."""
        live, view = self._live, self._views.get(visit.id)
        staff = await live.parts.advisers.staff()
        serving = [(one.adviser_id, one.name) for one in staff.serving()]
        return JoinedView(
            conference_id=view.conference.id if view else "",
            people=await self.people(visit, Side.ADVISER),
            knocking=knocking_of(view, live.pages.online) if view else [],
            colleagues=colleagues_of(
                view.members if view else [],
                serving,
                lambda adviser_id: live.pages.online(desk_owner(adviser_id)),
                visit.admitted_by or "",
            ),
        )

    async def show(self, visit: Visit) -> None:
        """To the windows of those who sit, or want to sit, beside the two."""
        facts = await self._facts(visit)
        if facts is None:
            return
        work, view = self._live.conference_work, facts.view
        for owner in work.owners(view.conference.id):
            member = view.member(member_id_of(owner))
            for page in self._live.pages.of(owner):
                if member is not None:
                    work.tell(page, joined_snapshot(facts, member, elsewhere=page.idle))
        if visit.admitted_by is not None:
            self._live.touch_desk(visit.admitted_by)

    async def _facts(self, visit: Visit) -> JoinedFacts | None:
        live, view = self._live, self._views.get(visit.id)
        if view is None or visit.state not in SESSION_STATES:
            return None
        room = live.rooms.known(visit.id)
        run = live.runs.of_visit(visit)
        return JoinedFacts(
            visit=visit,
            view=view,
            room=room,
            rights=rights_of(visit, run, room or Room(visit.id)),
            staff=await live.parts.advisers.staff(),
            relay_ready=live.rooms.ready,
            online=live.pages.online,
            now=live.parts.clock(),
            speaking=live.conference_work.speaker(visit.id),
            live_text=live.live_text.word(visit.id) is True,
        )

    # ---- who is inside, without the database ---------------------------------------------------
    def inside(self, visit_id: str) -> list[str]:
        """The ids of those whom the client has there."""
        view = self._views.get(visit_id)
        return [one.id for one in view.inside()] if view else []

    def where_inside(self, conference_id: str, member_id: str) -> str:
        """The visit in whose conversation a window's person sits; empty while in none."""
        for visit_id, view in self._views.items():
            if view.conference.id == conference_id and member_id in self.inside(visit_id):
                return visit_id
        return ""

    def owner(self, visit_id: str, member_id: str) -> str:
        """Whose windows are a member's; empty once nobody sits beside the two."""
        view = self._views.get(visit_id)
        return conference_owner(view.conference.id, member_id) if view else ""

    def pages_inside(self, visit_id: str) -> list[Page]:
        """The windows of those inside."""
        owners = [self.owner(visit_id, one) for one in self.inside(visit_id)]
        return [page for owner in owners for page in self._live.pages.of(owner)]

    # ---- chat ----------------------------------------------------------------------------------
    async def name(self, visit_id: str, member_id: str) -> str:
        """As the others read it."""
        view = self._views.get(visit_id)
        member = view.member(member_id) if view else None
        if member is None:
            return ""
        return member.name or await self._live.parts.advisers.name(member.adviser_id)

    async def greet(self, page: Page) -> None:
        """What was written since they came; what was said before was not said to them."""
        try:
            view = await self._live.parts.conferences.get(conference_id_of(page.owner) or "")
        except ConferenceUnknown:
            return  # over meanwhile; the page is told
        member = view.member(member_id_of(page.owner))
        if view.conference.visit_id is None or member is None or page.idle:
            return
        lines = self._live.chats.lines(view.conference.visit_id)
        heard = [one for one in lines if one.sent_at >= member.changed_at]
        if member.state is MemberState.INSIDE:
            if heard:
                page.push(ChatPush(lines=heard))
            self._live.live_text.greet(page, view.conference.visit_id)
