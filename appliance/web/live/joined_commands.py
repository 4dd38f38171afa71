"""What is asked for around those who sit beside client and adviser.

Only the visit's adviser asks somebody, and only once the client is confirmed; nobody comes in
before the client has said yes; and the client may say no at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session

from appliance.conferences.errors import MemberUnknown
from appliance.conferences.rows import View
from appliance.conferences.states import MemberState
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.states import IdentityStatus, VisitState
from appliance.visits.writing import check_leads_none
from appliance.web.conference_messages import LetIn, RemoveMember, TurnAway
from appliance.web.joined_messages import AnswerPerson, HandOverSession, InviteColleague
from appliance.web.live.owners import adviser_id_of, desk_room, visit_id_of
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.routes import SESSION_STATES

if TYPE_CHECKING:
    from appliance.web.live import Live


class JoinedCommands:
    """Commands of the desk but for ``answer``, the client's."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def invite(self, page: Page, command: InviteColleague) -> None:
        """Rings at a colleague's desk."""
        adviser_id = adviser_id_of(page.owner) or ""
        staff = await self._live.parts.advisers.staff()
        others = {one.adviser_id for one in staff.serving()} - {adviser_id}
        if command.adviser_id not in others:
            raise Refused("not_allowed_now")
        conference_id = await self.open(adviser_id)
        await self._live.parts.conferences.ring(conference_id, adviser_id, command.adviser_id)

    async def open(self, adviser_id: str) -> str:
        """The conference of those who may come to this adviser's running conversation."""
        visit = await self._session(adviser_id)
        if visit.identity is not IdentityStatus.CONFIRMED:
            raise Refused("not_confirmed_yet")
        return await self._live.parts.conferences.open_beside(visit.id, adviser_id)

    async def let_in(self, page: Page, command: LetIn) -> None:
        """A guest who knocks; the client is asked."""
        visit, view = await self._view(page)
        await self._live.capacity.needs_space_in(visit.id)
        await self._live.parts.conferences.let_in(
            view.conference.id,
            adviser_id_of(page.owner) or "",
            command.member_id,
            interpreter=command.interpreter,
        )

    async def turn_away(self, page: Page, command: TurnAway) -> None:
        """Somebody who knocks, or of whom the client has been asked."""
        _, view = await self._view(page)
        conferences, by = self._live.parts.conferences, adviser_id_of(page.owner) or ""
        await conferences.turn_away(view.conference.id, by, command.member_id)

    async def remove(self, page: Page, command: RemoveMember) -> None:
        """Somebody inside; the two go on."""
        _, view = await self._view(page)
        conferences, by = self._live.parts.conferences, adviser_id_of(page.owner) or ""
        await conferences.remove(view.conference.id, by, command.member_id)

    async def hand_over(self, page: Page, command: HandOverSession) -> None:
        """To a colleague inside who could have the client; the conversation goes on."""
        adviser_id = adviser_id_of(page.owner) or ""
        visit, view = await self._view(page)
        member = view.member(command.member_id)
        if member is None or member.state is not MemberState.INSIDE:
            raise MemberUnknown
        staff = await self._live.parts.advisers.staff()
        heirs = {one.adviser_id for one in staff.successors(adviser_id, visit.team_id)}
        if member.adviser_id not in heirs - {adviser_id}:
            raise Refused("not_allowed_now")

        def check(session: Session) -> None:
            check_leads_none(session, member.adviser_id)
            self._live.parts.conferences.check_inside(session, view.conference.id, member.id)

        async with self._live.capacity.one_at_a_time:
            if await self._live.engaged.word(member.adviser_id, view.conference.id):
                raise Refused("not_allowed_now")
            await self._live.own_checks.end(desk_room(member.adviser_id))
            await self._live.parts.visits.happen(
                visit.id,
                VisitEvent.TRANSFERRED,
                Actor.ADVISER,
                actor_id=adviser_id,
                check=check,
                adviser_id=member.adviser_id,
            )
        await self._live.parts.advisers.come_back(member.adviser_id)

    async def answer(self, page: Page, command: AnswerPerson) -> None:
        """The client's yes or no to somebody."""
        visit = await self._live.parts.visits.get(visit_id_of(page.owner) or "")
        if visit.state not in SESSION_STATES:
            raise Refused("not_allowed_now")
        conferences = self._live.parts.conferences
        if not command.welcome:
            await conferences.unwelcome(visit.id, command.member_id)
            return
        async with self._live.capacity.one_at_a_time:
            await self._may_come(visit.id, command.member_id)
            await conferences.welcome(visit.id, command.member_id)

    async def _may_come(self, visit_id: str, member_id: str) -> None:
        """A colleague who is in another conversation by now is not announced any more."""
        conferences = self._live.parts.conferences
        view = await conferences.of_visit(visit_id)
        member = view.member(member_id) if view else None
        if view is None or member is None or member.state is MemberState.INSIDE:
            return
        try:
            await self._live.capacity.needs_space_in(visit_id)
        except Refused as error:
            raise Refused("box_full_text") from error  # in words for clients
        if member.adviser_id and await self._live.engaged.word(
            member.adviser_id, view.conference.id
        ):
            await conferences.leave(view.conference.id, member.id)
            raise MemberUnknown

    async def _session(self, adviser_id: str) -> Visit:
        visit = await self._live.desk_commands.session_of(adviser_id)
        if visit is None:
            raise Refused("no_session")
        if visit.state is not VisitState.IN_SESSION:
            raise Refused("not_allowed_now")
        return visit

    async def _view(self, page: Page) -> tuple[Visit, View]:
        visit = await self._session(adviser_id_of(page.owner) or "")
        view = await self._live.parts.conferences.of_visit(visit.id)
        if view is None:
            raise MemberUnknown
        return visit, view
