"""Help before the session: a client calls for it, the office writes or calls back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appliance.advisers.rights import Action
from appliance.visits.errors import VisitUnknown
from appliance.visits.machine import Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.states import VisitState
from appliance.web import help_messages as h
from appliance.web.live.chat import Sender, clean
from appliance.web.live.desk_snapshots import may
from appliance.web.live.owners import adviser_id_of, desk_owner, visit_id_of
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.routes import SESSION_STATES
from appliance.web.wire import HelpCallView, HelpView

if TYPE_CHECKING:
    from appliance.appointments.models import Appointment
    from appliance.web.live import Live


class HelpCommands:
    """Methods of the client take the client's page, those of staff an adviser's."""

    def __init__(self, live: Live) -> None:
        self._live = live

    # ---- the client ----------------------------------------------------------------------------
    async def ask(self, page: Page, command: h.RequestHelp) -> None:
        """Raises ``Refused`` where a call is wanted and no number is known."""
        visit = await self._of_client(page)
        phone = clean(command.phone)
        if command.answer == "call" and not (phone or await self._number_on_file(visit)):
            raise Refused("help_number_missing")
        if visit.help_requested_at is None:
            await self._happen(visit, VisitEvent.HELP_REQUESTED, Actor.CLIENT)
        self._live.help_calls.ask(visit.id, command.answer, phone)
        self._shown_anew(visit)  # a note that is refused keeps the call itself from nobody
        if clean(command.note):
            self._say(visit, "client", command.note)

    async def client_says(self, page: Page, command: h.HelpLine) -> None:
        """A reply. Raises ``ChatRefused``."""
        visit = await self._of_client(page)
        self._say(visit, "client", command.text, command.line_id)
        self._shown_anew(visit)

    async def done(self, page: Page, _: h.HelpDone) -> None:
        """It works now."""
        visit = await self._of_client(page)
        self._live.help_calls.forget(visit.id)
        if visit.help_requested_at is not None:
            await self._happen(visit, VisitEvent.HELP_SETTLED, Actor.CLIENT)
        self._shown_anew(visit)

    # ---- staff ---------------------------------------------------------------------------------
    async def write(self, page: Page, command: h.WriteHelp) -> None:
        """To own clients and those of nobody yet. Raises ``VisitUnknown``, ``ChatRefused``."""
        visit = await self._of_staff(page, command.visit_id)
        self._say(visit, "adviser", command.text, command.line_id)
        self._shown_anew(visit)

    async def settle(self, page: Page, command: h.SettleHelp) -> None:
        """Ticks it off, and keeps for both sides that somebody has called."""
        visit = await self._of_staff(page, command.visit_id)
        if command.called:
            self._live.help_calls.called(visit.id, self._live.parts.clock())
        if visit.help_requested_at is not None:
            adviser_id = adviser_id_of(page.owner) or ""
            await self._happen(visit, VisitEvent.HELP_SETTLED, Actor.ADVISER, actor_id=adviser_id)
        self._shown_anew(visit)

    # ---- views ---------------------------------------------------------------------------------
    def for_client(
        self, visit: Visit, adviser_id: str | None, *, staffed: bool | None = None
    ) -> HelpView | None:
        """None when nothing has been asked, written or called.

        ``adviser_id``: whom they wait for; None for anybody. ``staffed``: of who came to a team.
        """
        calls = self._live.help_calls
        if visit.help_requested_at is None and not calls.known(visit.id):
            return None
        call = calls.of(visit.id)
        return HelpView(
            since=visit.help_requested_at,
            answer=call.answer,
            called_at=call.called_at,
            staffed=self._staffed(adviser_id) if staffed is None else staffed,
            lines=calls.lines(visit.id),
        )

    def for_desk(self, visit: Visit, appointment: Appointment | None) -> HelpCallView:
        """Always: an adviser may offer help that nobody has asked for."""
        call = self._live.help_calls.of(visit.id)
        said = call.phone or visit.stated_phone
        on_file = appointment.client_phone if appointment else ""
        return HelpCallView(
            since=visit.help_requested_at,
            answer=call.answer,
            phone=said or on_file,
            phone_from="client" if said else "appointment" if on_file else "nobody",
            called_at=call.called_at,
            lines=self._live.help_calls.lines(visit.id),
        )

    # ---- what several need ---------------------------------------------------------------------
    def _say(self, visit: Visit, sender: Sender, text: str, line_id: str = "") -> None:
        now, now_s = self._live.parts.clock(), self._live.now_s()
        self._live.help_calls.say(visit.id, sender, text, sent_at=now, now_s=now_s, line_id=line_id)

    async def _of_client(self, page: Page) -> Visit:
        visit_id = visit_id_of(page.owner)
        if visit_id is None:
            raise Refused("not_allowed_now")
        return self._helpable(await self._live.parts.visits.get(visit_id))

    async def _of_staff(self, page: Page, visit_id: str) -> Visit:
        visit = await self._live.parts.visits.get(visit_id)
        staff = await self._live.parts.advisers.staff()
        if not may(adviser_id_of(page.owner) or "", Action.HELP, visit, staff):
            raise VisitUnknown
        return self._helpable(visit)

    def _helpable(self, visit: Visit) -> Visit:
        """In the session the two talk anyway; afterwards nobody is there."""
        if visit.state in SESSION_STATES or visit.state is VisitState.CLOSED:
            raise NotAllowedNow(visit.state, VisitEvent.HELP_REQUESTED)
        return visit

    async def _number_on_file(self, visit: Visit) -> str:
        appointment = await self._live.facts.appointment_of(visit)
        return visit.stated_phone or (appointment.client_phone if appointment else "")

    def _staffed(self, adviser_id: str | None) -> bool:
        pages = self._live.pages
        if adviser_id is not None:
            return pages.online(desk_owner(adviser_id))
        return any(adviser_id_of(one) and pages.online(one) for one in pages.owners())

    async def _happen(self, visit: Visit, event: VisitEvent, actor: Actor, **who: Any) -> None:
        await self._live.parts.visits.happen(visit.id, event, actor, **who)

    def _shown_anew(self, visit: Visit) -> None:
        self._live.touch_visit(visit.id)
        self._live.touch_desks()
