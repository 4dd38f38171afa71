"""What a page in a conference may ask for: who it is was decided when its socket was opened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from appliance.conferences.errors import ConferenceUnknown
from appliance.conferences.models import ConferenceMember
from appliance.conferences.states import MemberState
from appliance.visits.models import Visit
from appliance.web import commands as c
from appliance.web import conference_messages as m
from appliance.web.live.chat import Speaker
from appliance.web.live.media_commands import Place
from appliance.web.live.owners import (
    adviser_id_of,
    conference_id_of,
    conference_owner,
    conference_room,
    member_id_of,
)
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.routes import SESSION_STATES
from appliance.web.live_text_messages import WriteLive

if TYPE_CHECKING:
    from appliance.web.live import Live

Handler = Callable[[Page, ConferenceMember, Any], Awaitable[None]]


class ConferenceCommands:
    """One small method per command; ``take`` finds it by the command's type."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._handlers: dict[type[c.Wire], Handler] = {
            c.JoinMedia: self._join_media,
            c.Answer: self._answer,
            c.RestartMedia: self._restart_media,
            c.Sending: self._sending,
            m.ShowPictures: self._show_pictures,
            m.SpeakAgain: self._speak_again,
            m.LeaveConference: self._leave,
            m.EnterConference: self._enter,
            m.LetIn: self._let_in,
            m.TurnAway: self._turn_away,
            m.MuteMember: self._mute,
            m.RemoveMember: self._remove,
            m.CallColleague: self._call,
            m.CloseConference: self._close,
            c.Chat: self._chat,
            c.OfferChatAgain: self._offer_chat_again,
        }

    async def take(self, page: Page, command: c.Wire) -> None:
        """Follows the command, or raises what is in its way."""
        if isinstance(command, WriteLive):
            await self._live.live_text.joined_writes(page, command)
            return
        view = await self._live.parts.conferences.get(conference_id_of(page.owner) or "")
        member = view.member(member_id_of(page.owner))
        if member is None:
            raise ConferenceUnknown
        await self._handlers[type(command)](page, member, command)
        if view.conference.visit_id is not None:
            self._live.touch_visit(view.conference.visit_id)
        else:
            self._live.touch_owner(conference_owner(member.conference_id))

    async def decline(self, page: Page, command: m.DeclineCall) -> None:
        """From the desk."""
        adviser_id = adviser_id_of(page.owner) or ""
        await self._live.parts.conferences.decline(command.conference_id, adviser_id)

    # ---- coming and going ----------------------------------------------------------------------
    async def _enter(self, _: Page, member: ConferenceMember, __: m.EnterConference) -> None:
        if not member.adviser_id:
            raise Refused("not_allowed_now")
        visit = await self._visit_of(member)
        async with self._live.capacity.one_at_a_time:
            await self._live.engaged.needs_free(member.adviser_id, member.conference_id)
            if member.state is not MemberState.INSIDE:  # who comes back is never refused
                room = visit.id if visit else conference_room(member.conference_id)
                await self._live.capacity.needs_space_in(room)
            await self._live.parts.conferences.enter(member.conference_id, member.adviser_id)

    async def _leave(self, _: Page, member: ConferenceMember, __: m.LeaveConference) -> None:
        await self._live.parts.conferences.leave(member.conference_id, member.id)

    async def _speak_again(self, _: Page, member: ConferenceMember, __: m.SpeakAgain) -> None:
        await self._live.parts.conferences.speak_again(member.conference_id, member.id)

    # ---- the host ------------------------------------------------------------------------------
    async def _let_in(self, _: Page, member: ConferenceMember, command: m.LetIn) -> None:
        conferences = self._live.parts.conferences
        await self._live.capacity.needs_space_in(conference_room(member.conference_id))
        await conferences.let_in(member.conference_id, _leader(member), command.member_id)

    async def _turn_away(self, _: Page, member: ConferenceMember, command: m.TurnAway) -> None:
        conferences = self._live.parts.conferences
        await conferences.turn_away(member.conference_id, _leader(member), command.member_id)

    async def _mute(self, _: Page, member: ConferenceMember, command: m.MuteMember) -> None:
        conferences = self._live.parts.conferences
        await conferences.mute(member.conference_id, _leader(member), command.member_id)

    async def _remove(self, _: Page, member: ConferenceMember, command: m.RemoveMember) -> None:
        conferences = self._live.parts.conferences
        await conferences.remove(member.conference_id, _leader(member), command.member_id)

    async def _call(self, _: Page, member: ConferenceMember, command: m.CallColleague) -> None:
        staff = await self._live.parts.advisers.staff()
        if command.adviser_id not in {one.adviser_id for one in staff.serving()}:
            raise Refused("not_allowed_now")
        conferences = self._live.parts.conferences
        await conferences.ring(member.conference_id, _leader(member), command.adviser_id)

    async def _close(self, _: Page, member: ConferenceMember, __: m.CloseConference) -> None:
        await self._live.parts.conferences.close(member.conference_id, _leader(member))

    # ---- media ---------------------------------------------------------------------------------
    async def _join_media(self, page: Page, member: ConferenceMember, command: c.JoinMedia) -> None:
        await self._live.media.join(page, await self._place(member), command)

    async def _answer(self, _: Page, member: ConferenceMember, command: c.Answer) -> None:
        await self._live.media.answer(await self._place(member), command)

    async def _restart_media(self, page: Page, member: ConferenceMember, _: c.RestartMedia) -> None:
        await self._live.media.restart(page, await self._place(member))

    async def _sending(self, _: Page, member: ConferenceMember, command: c.Sending) -> None:
        self._live.media.sending(await self._place(member), command)

    async def _show_pictures(
        self, _: Page, member: ConferenceMember, command: m.ShowPictures
    ) -> None:
        place = await self._place(member)
        place.room.seats[place.side].views = frozenset(command.members)

    async def _place(self, member: ConferenceMember) -> Place:
        if member.state is not MemberState.INSIDE:
            raise Refused("not_allowed_now")
        visit = await self._visit_of(member)
        if visit is not None and visit.state not in SESSION_STATES:
            raise Refused("not_allowed_now")  # it ends, and they with it
        room_id = visit.id if visit else conference_room(member.conference_id)
        room = self._live.rooms.of(room_id)
        room.seat(member.id)
        return Place(room, member.id)

    async def _visit_of(self, member: ConferenceMember) -> Visit | None:
        """In whose conversation somebody sits, if it is one with a client."""
        view = await self._live.parts.conferences.get(member.conference_id)
        if view.conference.visit_id is None:
            return None
        visit = await self._live.parts.visits.get(view.conference.visit_id)
        return self._live.withdrawals.applied(visit)

    # ---- chat: beside a client -----------------------------------------------------------------
    async def _chat(self, _: Page, member: ConferenceMember, command: c.Chat) -> None:
        self._live.chat.say(await self._talk(member), await self._speaker(member), command)

    async def _offer_chat_again(
        self, _: Page, member: ConferenceMember, command: c.OfferChatAgain
    ) -> None:
        self._live.chat.again(await self._talk(member), await self._speaker(member), command)

    async def _talk(self, member: ConferenceMember) -> Visit:
        visit = await self._visit_of(member)
        if visit is None or visit.state not in SESSION_STATES:
            raise Refused("not_allowed_now")
        if member.state is not MemberState.INSIDE:
            raise Refused("not_allowed_now")
        return visit

    async def _speaker(self, member: ConferenceMember) -> Speaker:
        name = member.name or await self._live.parts.advisers.name(member.adviser_id)
        return Speaker("joined", name)


def _leader(member: ConferenceMember) -> str:
    """The adviser who asks; the service says whether they lead. Not inside: leads nothing."""
    return member.adviser_id if member.state is MemberState.INSIDE else ""
