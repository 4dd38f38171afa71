"""What a desk may ask for: what the table of rights allows, whatever id is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from appliance.advisers.rights import Action
from appliance.visits.errors import Conflict, VisitUnknown
from appliance.visits.machine import Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.states import Outcome, VisitState
from appliance.visits.writing import check_leads_none
from appliance.web import busy_messages as b
from appliance.web import commands as c
from appliance.web import conference_messages as m
from appliance.web import help_messages as h
from appliance.web import joined_messages as j
from appliance.web.live.chat import Speaker
from appliance.web.live.desk_snapshots import may
from appliance.web.live.media_commands import Place
from appliance.web.live.owners import adviser_id_of, desk_room
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.routes import SESSION_STATES
from appliance.web.live.seats import Side

if TYPE_CHECKING:
    from appliance.web.live import Live

Handler = Callable[[Page, Any], Awaitable[None]]


class DeskCommands:
    """One small method per command; ``take`` finds it by the command's type."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._handlers: dict[type[c.Wire], Handler] = {
            c.JoinMedia: self._join_media,
            c.Answer: self._answer,
            c.RestartMedia: self._restart_media,
            c.Sending: self._sending,
            c.Chat: self._chat,
            c.OfferChatAgain: self._offer_chat_again,
            c.RunStep: self._run_step,
            c.Measured: self._measured,
            c.SayNumber: self._say_number,
            c.Echo: self._echo,
            c.FinishCheck: self._finish_check,
            c.Admit: self._admit,
            c.ConfirmIdentity: self._confirm_identity,
            c.RefuseIdentity: self._refuse_identity,
            c.SendBack: self._send_back,
            c.EndVisit: self._end_visit,
            **live.live_text.handlers(Side.ADVISER),
            b.TellBusy: live.busy.tell,
            b.GoAway: live.busy.go_away,
            b.ComeBack: live.busy.come_back,
            c.HandOverTo: self._hand_over_to,
            h.WriteHelp: live.help.write,
            h.SettleHelp: live.help.settle,
            m.DeclineCall: live.conference_commands.decline,
            j.InviteColleague: live.joined_commands.invite,
            j.HandOverSession: live.joined_commands.hand_over,
            m.LetIn: live.joined_commands.let_in,
            m.TurnAway: live.joined_commands.turn_away,
            m.RemoveMember: live.joined_commands.remove,
        }

    async def take(self, page: Page, command: c.Wire) -> None:
        """Follows the command, or raises what is in its way."""
        await self._handlers[type(command)](page, command)

    # ---- waiting clients -----------------------------------------------------------------------
    async def _admit(self, page: Page, command: c.Admit) -> None:
        """Whoever is slower gets ``conflict``, and so does who asks for a stranger's visit."""
        adviser_id = _id(page)
        try:
            visit = await self._reachable(adviser_id, Action.SERVE, command.visit_id)
        except VisitUnknown as error:
            raise Conflict from error  # a colleague's by now, if it was on this desk

        def check(session: Session) -> None:
            check_leads_none(session, adviser_id)
            self._live.parts.conferences.check_outside(session, adviser_id)

        async with self._live.capacity.one_at_a_time:
            await self._live.engaged.needs_free(adviser_id)
            await self._live.capacity.needs_space(visit)
            await self._live.own_checks.end(desk_room(adviser_id))
            try:
                await self._live.parts.visits.happen(
                    command.visit_id,
                    VisitEvent.ADMITTED,
                    Actor.ADVISER,
                    actor_id=adviser_id,
                    revision=command.revision,
                    check=check,
                    adviser_id=adviser_id,
                )
            except NotAllowedNow as error:
                raise Conflict from error
        await self._live.parts.advisers.come_back(adviser_id)

    async def _hand_over_to(self, page: Page, command: c.HandOverTo) -> None:
        """Raises ``VisitUnknown``, ``NotAllowedNow`` or ``Refused``."""
        adviser_id = _id(page)
        visit = await self._reachable(adviser_id, Action.HAND_OVER, command.visit_id)
        staff = await self._live.parts.advisers.staff()
        colleagues = {one.adviser_id for one in staff.successors(adviser_id, visit.team_id)}
        if visit.state is not VisitState.WAITING or command.adviser_id not in colleagues:
            raise Refused("not_allowed_now")
        await self._happen(page, visit, VisitEvent.TRANSFERRED, adviser_id=command.adviser_id)

    # ---- the session ---------------------------------------------------------------------------
    async def _confirm_identity(self, page: Page, command: c.ConfirmIdentity) -> None:
        visit = await self._session(page)
        await self._happen(page, visit, VisitEvent.IDENTITY_CONFIRMED, how=command.how)

    async def _refuse_identity(self, page: Page, _: c.RefuseIdentity) -> None:
        await self._happen(page, await self._session(page), VisitEvent.IDENTITY_REFUSED)

    async def _send_back(self, page: Page, _: c.SendBack) -> None:
        await self._happen(page, await self._session(page), VisitEvent.SENT_BACK)

    async def _end_visit(self, page: Page, command: c.EndVisit) -> None:
        visit = await self._session(page)
        await self._happen(page, visit, VisitEvent.CLOSED, outcome=Outcome(command.outcome))

    async def _chat(self, page: Page, command: c.Chat) -> None:
        visit = await self._session(page)
        self._live.chat.say(visit, await self._speaker(page), command)

    async def _offer_chat_again(self, page: Page, command: c.OfferChatAgain) -> None:
        visit = await self.session_of(_id(page))
        if visit is not None:
            self._live.chat.again(visit, await self._speaker(page), command)

    async def _speaker(self, page: Page) -> Speaker:
        return Speaker("adviser", await self._live.parts.advisers.name(_id(page)))

    # ---- media: of the session, else of the own check ------------------------------------------
    async def _join_media(self, page: Page, command: c.JoinMedia) -> None:
        await self._live.media.join(page, await self._place(page), command)
        await self._touch(page)

    async def _answer(self, page: Page, command: c.Answer) -> None:
        await self._live.media.answer(await self._place(page), command)

    async def _restart_media(self, page: Page, _: c.RestartMedia) -> None:
        await self._live.media.restart(page, await self._place(page))

    async def _sending(self, page: Page, command: c.Sending) -> None:
        self._live.media.sending(await self._place(page), command)
        await self._touch(page)

    async def _place(self, page: Page) -> Place:
        visit = await self.session_of(_id(page))
        if visit is not None:
            return Place(self._live.rooms.of(visit.id), Side.ADVISER)
        room_id = desk_room(_id(page))
        if self._live.runs.known(room_id) is None:
            raise Refused("no_session")
        return Place(self._live.rooms.of(room_id), Side.CLIENT)

    # ---- the own device check ------------------------------------------------------------------
    async def _run_step(self, page: Page, command: c.RunStep) -> None:
        if await self.session_of(_id(page)) is not None:
            raise Refused("session_running")
        room_id = desk_room(_id(page))
        run, room = self._live.runs.of(room_id), self._live.rooms.of(room_id)
        self._live.check.run_step(room, run, command)
        await self._touch(page)

    async def _measured(self, page: Page, command: c.Measured) -> None:
        run = self._live.runs.known(desk_room(_id(page)))
        if run is not None and self._live.check.measured(run, command):
            await self._touch(page)

    async def _say_number(self, page: Page, command: c.SayNumber) -> None:
        room_id = desk_room(_id(page))
        run, room = self._live.runs.known(room_id), self._live.rooms.of(room_id)
        if run is None:
            raise Refused("not_this_step")
        await self._live.check.say_number(page, room, run, command)
        await self._touch(page)

    async def _echo(self, page: Page, command: c.Echo) -> None:
        run = self._live.runs.known(desk_room(_id(page)))
        if run is not None:
            self._live.check.echo(run, command)
            await self._touch(page)

    async def _finish_check(self, page: Page, _: c.FinishCheck) -> None:
        await self._live.own_checks.end(desk_room(_id(page)))
        await self._touch(page)

    async def account_closed(self, adviser_id: str) -> None:
        """Whom this adviser had let in waits for somebody else."""
        visit = await self.session_of(adviser_id)
        if visit is not None:
            with suppress(NotAllowedNow, Conflict):  # it has ended meanwhile
                happen = self._live.parts.visits.happen
                await happen(visit.id, VisitEvent.SENT_BACK, Actor.SYSTEM)

    # ---- what several need ---------------------------------------------------------------------
    async def session_of(self, adviser_id: str) -> Visit | None:
        """The visit that this adviser has let in."""
        for visit in await self._live.parts.visits.open_visits():
            if self._live.withdrawals.in_force(visit.id):
                continue  # only noting it is still to be done, as what it is
            if visit.admitted_by == adviser_id and visit.state in SESSION_STATES:
                return visit
        return None

    async def _session(self, page: Page) -> Visit:
        visit = await self.session_of(_id(page))
        if visit is None:
            raise Refused("no_session")
        return visit

    async def _reachable(self, adviser_id: str, action: Action, visit_id: str) -> Visit:
        visit = await self._live.parts.visits.get(visit_id)
        if not may(adviser_id, action, visit, await self._live.parts.advisers.staff()):
            raise VisitUnknown
        return visit

    async def _happen(self, page: Page, visit: Visit, event: VisitEvent, **details: Any) -> None:
        await self._live.parts.visits.happen(
            visit.id, event, Actor.ADVISER, actor_id=_id(page), **details
        )

    async def _touch(self, page: Page) -> None:
        visit = await self.session_of(_id(page))
        if visit is not None:
            self._live.touch_visit(visit.id)
        self._live.touch_desk(_id(page))


def _id(page: Page) -> str:
    adviser_id = adviser_id_of(page.owner)
    if adviser_id is None:
        raise Refused("not_allowed_now")
    return adviser_id
