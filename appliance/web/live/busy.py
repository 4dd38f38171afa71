"""Advisers who have no time now: what they say, and what clients leave instead of waiting on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from appliance.advisers.rights import Action
from appliance.appointments.wanted import Clerk
from appliance.messages.service import Reader
from appliance.visits.errors import ConsentMissing, VisitError, VisitUnknown
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.states import VisitState
from appliance.web import busy_messages as b
from appliance.web.live.chat import clean
from appliance.web.live.desk_snapshots import adviser_of, may
from appliance.web.live.owners import adviser_id_of, visit_id_of
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.wire import BusyView

if TYPE_CHECKING:
    from appliance.appointments.models import Appointment
    from appliance.web.live import Live

FEWEST_DIGITS = 3  # as short as 115; the office looks at the rest


@dataclass(frozen=True, slots=True)
class _Said:
    phrase: b.BusyPhrase
    text: str


class BusyCommands:
    """What was said is in memory; that it was, and since when, stands in the visit's row."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._said: dict[str, _Said] = {}

    # ---- the adviser ---------------------------------------------------------------------------
    async def tell(self, page: Page, command: b.TellBusy) -> None:
        """To clients whom they may help. Raises ``VisitUnknown``."""
        parts, adviser_id = self._live.parts, _adviser_id(page)
        visit = await parts.visits.get(command.visit_id)
        if not may(adviser_id, Action.HELP, visit, await parts.advisers.staff()):
            raise VisitUnknown
        event = VisitEvent.BUSY_TOLD
        await parts.visits.happen(visit.id, event, Actor.ADVISER, actor_id=adviser_id)
        self._said[visit.id] = _Said(command.phrase, clean(command.text))
        self._live.touch_visit(visit.id)

    async def go_away(self, page: Page, command: b.GoAway) -> None:
        """Whoever waits for this adviser is told."""
        await self._live.parts.advisers.go_away(_adviser_id(page), clean(command.text))

    async def come_back(self, page: Page, _: b.ComeBack) -> None:
        """The same the other way round."""
        await self._live.parts.advisers.come_back(_adviser_id(page))

    # ---- the client ----------------------------------------------------------------------------
    async def leave_message(self, page: Page, command: b.LeaveMessage) -> None:
        """Kept before the visit ends with it, so that none is lost; taken back if it does not."""
        live, text, phone = self._live, clean(command.text), clean(command.phone)
        visit = await live.parts.visits.get(visit_id_of(page.owner) or "")
        if not visit.is_open:
            raise Refused("not_allowed_now")  # a second click; the first one's message stays
        if not (text or command.call_back):
            raise Refused("chat_empty")
        if not visit.consented:
            raise ConsentMissing
        appointment = await live.facts.appointment_of(visit)
        if command.call_back:
            phone = phone or known_phone(visit, appointment)
            if sum(character.isdigit() for character in phone) < FEWEST_DIGITS:
                raise Refused("call_back_number_missing")
        staff = await live.parts.advisers.staff()
        message_id = await live.parts.messages.leave(
            visit.id, adviser_of(visit, staff), text=text, phone=phone, wants_call=command.call_back
        )
        try:
            await live.parts.visits.happen(
                visit.id, VisitEvent.MESSAGE_LEFT, Actor.CLIENT, call_back=command.call_back
            )
        except VisitError:
            await live.parts.messages.take_back(message_id)
            raise

    # ---- views ---------------------------------------------------------------------------------
    async def for_client(
        self, visit: Visit, adviser_id: str | None, *, staffed: bool
    ) -> BusyView | None:
        """``adviser_id``: whom they wait for; ``staffed``: who came to no one in particular.

        None: nobody has said that it takes longer.
        """
        if visit.state is not VisitState.WAITING:
            return None
        away = await self._live.parts.advisers.away_words(adviser_id) if adviser_id else None
        if away is not None:
            return BusyView(reason="away", text=away)
        if not staffed:
            return BusyView(reason="away")
        if visit.busy_told_at is None:
            return None
        said = self._said.get(visit.id) or _Said("longer", "")  # web was restarted since
        return BusyView(reason="busy", phrase=said.phrase, text=said.text)

    async def open_messages(self, adviser_id: str) -> int:
        """How many this adviser could take."""
        return await self._live.parts.messages.open_count(await self.reader(adviser_id))

    async def open_requests(self, adviser_id: str) -> int:
        """How many requests and wishes this adviser could answer."""
        parts, staff = self._live.parts, await self._live.parts.advisers.staff()
        clerk = Clerk(adviser_id, partial(staff.may, adviser_id, Action.BOOK))
        return await parts.requests.open_count(clerk) + len(await parts.wishes.open(clerk))

    async def reader(self, adviser_id: str) -> Reader:
        """Who works on messages of clients whom they may help, as at the desk."""
        staff = await self._live.parts.advisers.staff()
        return Reader(adviser_id, partial(staff.may, adviser_id, Action.HELP))

    def forget(self, visit_id: str) -> None:
        """The visit has closed, or its client has been let in."""
        self._said.pop(visit_id, None)


def known_phone(visit: Visit, appointment: Appointment | None) -> str:
    """Where the client can be called, as they or the booking said."""
    return visit.stated_phone or (appointment.client_phone if appointment else "")


def _adviser_id(page: Page) -> str:
    adviser_id = adviser_id_of(page.owner)
    if adviser_id is None:
        raise Refused("not_allowed_now")
    return adviser_id
