"""Gathers the facts of snapshots from the services and from web's memory."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from appliance.advisers.rights import Action, Staff
from appliance.appointments.errors import AppointmentUnknown
from appliance.appointments.models import Appointment
from appliance.visits.models import Visit
from appliance.visits.states import IdentityStatus, VisitState
from appliance.web.joined_messages import JoinedView
from appliance.web.live.busy import known_phone
from appliance.web.live.desk_snapshots import DeskFacts, VisitFacts, adviser_of, may
from appliance.web.live.owners import desk_owner, desk_room, visit_owner
from appliance.web.live.pages_online import Page
from appliance.web.live.seats import Side
from appliance.web.live.snapshots import ClientFacts
from appliance.web.live.words import at_in_words, clock_in_words
from appliance.web.wire import Colleague

if TYPE_CHECKING:
    from appliance.web.live import Live


class FactFinder:
    """Reads; changes nothing."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._revision = 0
        self.queued: set[str] = set()  # visits whose place in the queue was shown
        self._zone = ZoneInfo(live.parts.settings.agency.time_zone)

    async def appointment_of(self, visit: Visit) -> Appointment | None:
        """The booked appointment, or what it was moved to, if the visit has one that exists."""
        if visit.appointment_id is None:
            return None
        try:
            return await self._live.parts.appointments.in_force(visit.appointment_id)
        except AppointmentUnknown:
            return None

    async def client(self, visit: Visit, page: Page) -> ClientFacts:
        """For one window of the client."""
        live = self._live
        appointment = await self.appointment_of(visit)
        staff = await live.parts.advisers.staff()
        adviser_id = visit.admitted_by or adviser_of(visit, staff)
        room = live.rooms.known(visit.id)
        run = live.runs.of_visit(visit)
        now = live.parts.clock()
        entry = await live.public_entry.view(visit, page.language)
        return ClientFacts(
            visit=visit,
            now=now,
            language=page.language,
            starts_in_words=self.in_words(appointment.starts_at, page.language)
            if appointment
            else "",
            appointment=appointment,
            adviser_name=await self.adviser_name(adviser_id),
            adviser_online=adviser_id is not None and live.pages.online(desk_owner(adviser_id)),
            room=room,
            relay_ready=live.rooms.ready,
            run=run,
            analyser=live.analysers.word(room),
            policy=live.parts.settings.check.policy,
            signed="" if visit.consented else live.runs.signed(visit.id, now),
            elsewhere=page.idle,
            help=live.help.for_client(visit, adviser_id, staffed=entry.staffed if entry else None),
            busy=await live.busy.for_client(
                visit, adviser_id, staffed=entry is None or entry.staffed
            ),
            ahead=await self._ahead(visit, staff),
            entry=entry,
            phone_known=bool(known_phone(visit, appointment)),
            next_in_words=await self._next_in_words(visit, appointment, page.language),
            moved=live.hand_overs.left(visit.id, page.device),
            people=[] if page.idle else await live.joined.people(visit, Side.CLIENT),
            live_text=live.live_text.word(visit.id),
            live_text_agreed=live.live_text.agreed(visit.id),
        )

    async def _ahead(self, visit: Visit, staff: Staff) -> int | None:
        """Who came without an appointment is asked in by turns; all others by their time."""
        if visit.state is not VisitState.WAITING or visit.appointment_id is not None:
            self.queued.discard(visit.id)
            return None
        self.queued.add(visit.id)
        return await self._live.public_entry.ahead(visit, staff)

    async def _next_in_words(
        self, visit: Visit, appointment: Appointment | None, language: str
    ) -> str:
        """Only at the end, and only to who was confirmed: it says that there is another one."""
        confirmed = visit.identity is IdentityStatus.CONFIRMED
        if visit.is_open or appointment is None or not confirmed:
            return ""
        found = await self._live.parts.appointments.next_of(appointment)
        return self.in_words(found.starts_at, language) if found else ""

    async def visit(
        self, visit: Visit, viewer_id: str, staff: Staff, *, second_entry: bool
    ) -> VisitFacts:
        """For a row of the viewer's desk."""
        live = self._live
        adviser_id = adviser_of(visit, staff)
        appointment = await self.appointment_of(visit)
        return VisitFacts(
            visit=visit,
            appointment=appointment,
            run=live.runs.of_visit(visit),
            room=live.rooms.known(visit.id),
            online=live.pages.online(visit_owner(visit.id)),
            help=live.help.for_desk(visit, appointment),
            live_text=live.live_text.word(visit.id),
            second_entry=second_entry,
            adviser_name="" if adviser_id == viewer_id else staff.name(adviser_id),
            topic=await self.topic_of(visit),
            may_admit=may(viewer_id, Action.SERVE, visit, staff),
            colleagues=self._colleagues(visit, viewer_id, staff),
            joined=await self._joined(visit, viewer_id),
        )

    async def topic_of(self, visit: Visit) -> str:
        """What a client without an appointment has chosen; before consent it is not kept."""
        if visit.topic:
            return visit.topic
        topic = await self._live.parts.topics.find(visit.topic_id) if visit.topic_id else None
        return topic.name_de if topic else ""

    async def _joined(self, visit: Visit, viewer_id: str) -> JoinedView | None:
        confirmed = visit.identity is IdentityStatus.CONFIRMED
        if visit.admitted_by != viewer_id or not confirmed:
            return None
        if visit.state is not VisitState.IN_SESSION:
            return None
        return await self._live.joined.at_desk(visit)

    def _colleagues(self, visit: Visit, viewer_id: str, staff: Staff) -> list[Colleague]:
        """Who could serve this client if it were theirs, and is near enough to the viewer."""
        if not may(viewer_id, Action.HAND_OVER, visit, staff):
            return []
        return [
            Colleague(
                adviser_id=one.adviser_id,
                name=one.name,
                online=self._live.pages.online(desk_owner(one.adviser_id)),
            )
            for one in staff.successors(viewer_id, visit.team_id)
            # Nobody hands over to whoever has the client, or could just ask them in.
            if one.adviser_id != (adviser_of(visit, staff) or viewer_id)
        ]

    async def _today(self, viewer_id: str, staff: Staff, now: datetime) -> list[Appointment]:
        """One's own; of the whole team for whoever looks after it."""
        appointments = self._live.parts.appointments
        if not staff.sees_colleagues(viewer_id):
            return await appointments.today(viewer_id, now)
        return [
            one
            for one in await appointments.today(None, now)
            if staff.may(viewer_id, Action.SEE, one.adviser_id, one.team_id)
        ]

    async def desk(self, adviser_id: str, page: Page) -> DeskFacts:
        """For one window of the desk."""
        live = self._live
        now, staff = live.parts.clock(), await live.parts.advisers.staff()
        visits = [
            visit
            for visit in await live.parts.visits.open_visits()
            if may(adviser_id, Action.SEE, visit, staff) and not live.withdrawals.in_force(visit.id)
        ]
        second = await live.second_entries.among(visits)
        today = await self._today(adviser_id, staff, now)
        check_room = live.rooms.known(desk_room(adviser_id))
        # Grows over a restart too, so that a page never takes an old snapshot for a newer one.
        self._revision = max(self._revision + 1, int(now.timestamp() * 1000))
        return DeskFacts(
            revision=self._revision,
            now=now,
            language=page.language,
            adviser_id=adviser_id,
            adviser_name=await self.adviser_name(adviser_id),
            today=today,
            names=staff.name,
            mails=await self._mails([appointment.id for appointment in today]),
            visits=[
                await self.visit(one, adviser_id, staff, second_entry=one.id in second)
                for one in visits
            ],
            relay_ready=live.rooms.ready,
            in_words=lambda at: self.clock_in_words(at, page.language),
            policy=live.parts.settings.check.policy,
            check_room=check_room,
            check_run=live.runs.known(desk_room(adviser_id)),
            analyser=live.analysers.word(check_room),
            calls=await live.conference_work.calls(adviser_id),
            elsewhere=page.idle,
            away=await live.parts.advisers.away_words(adviser_id),
            messages_open=await live.busy.open_messages(adviser_id),
            requests_open=await live.busy.open_requests(adviser_id),
            deletion=live.parts.deletion.word(),
        )

    async def _mails(self, appointment_ids: list[str]) -> dict[str, str]:
        deliveries = await self._live.parts.outbox.deliveries(appointment_ids)
        return {key: delivery.mail.state for key, delivery in deliveries.items()}

    async def adviser_name(self, adviser_id: str | None) -> str:
        """How the adviser is called; empty for nobody."""
        if adviser_id is None:
            return ""
        parts = self._live.parts
        return await parts.database.read(lambda s: parts.advisers.name_of(s, adviser_id))

    def in_words(self, at: datetime, language: str) -> str:
        """A time as people say it, with its day."""
        return at_in_words(at, language, self._live.parts.clock(), self._zone)

    def clock_in_words(self, at: datetime, language: str) -> str:
        """A time of today."""
        return clock_in_words(at, language, self._zone)
