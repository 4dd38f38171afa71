"""What an event of one domain means for another; connected by ``app``, known to neither."""

from __future__ import annotations

from contextlib import suppress

import structlog

from appliance.appointments.errors import AppointmentNotPlanned, AppointmentUnknown
from appliance.appointments.service import AppointmentService
from appliance.appointments.states import AppointmentStatus
from appliance.events import AppointmentChanged, EventBus, VisitChanged
from appliance.visits.errors import VisitError
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.service import VisitService
from appliance.visits.states import Outcome, VisitState

log = structlog.get_logger()

HELD = frozenset({Outcome.COMPLETED, Outcome.TELEPHONE})
TALKING = frozenset({VisitState.ADMITTED, VisitState.IN_SESSION})
BY_SYSTEM = "system"


class Consequences:
    """A conversation that took place makes its appointment held; a cancelled one ends its visit.

    A visit goes along with an appointment that is moved while its client is there. An appointment
    that nobody came to is a no-show once nobody can come any more.
    """

    def __init__(self, visits: VisitService, appointments: AppointmentService) -> None:
        self._visits = visits
        self._appointments = appointments

    def subscribe(self, bus: EventBus) -> None:
        """Begins to listen."""
        bus.subscribe(VisitChanged, self.visit_changed)
        bus.subscribe(AppointmentChanged, self.appointment_changed)

    async def visit_changed(self, event: VisitChanged) -> None:
        """Notes that the appointment was held, unless staff have noted something else."""
        visit = await self._visits.get(event.visit_id)
        if visit.is_open or visit.appointment_id is None or visit.outcome not in HELD:
            return
        try:
            await self._appointments.held(visit.appointment_id, BY_SYSTEM)
        except (AppointmentNotPlanned, AppointmentUnknown):
            log.info("appointment_decided_before", appointment_id=visit.appointment_id)

    async def appointment_changed(self, event: AppointmentChanged) -> None:
        """Whoever waits for a cancelled appointment is told; a running conversation goes on."""
        if event.happened not in {"cancelled", "moved"}:
            return
        for visit in await self._visits.open_visits():
            if visit.appointment_id == event.appointment_id:
                await self._follow(visit, event.appointment_id)

    async def catch_up(self) -> None:
        """At the start: a kill may have come between an appointment and its visit."""
        for visit in await self._visits.open_visits():
            if visit.appointment_id is not None:
                await self._follow(visit, visit.appointment_id)

    async def note_no_shows(self) -> None:
        """Nobody has opened the link, and it leads in no more. Staff can take it back."""
        over = await self._appointments.undecided()
        came = await self._visits.visited(over)
        for appointment_id in over:
            if appointment_id not in came:
                with suppress(AppointmentNotPlanned, AppointmentUnknown):  # decided meanwhile
                    await self._appointments.no_show(appointment_id, BY_SYSTEM)

    async def _follow(self, visit: Visit, appointment_id: str) -> None:
        try:
            appointment = await self._appointments.in_force(appointment_id)
        except AppointmentUnknown:
            return
        if appointment.id != appointment_id:
            slot = appointment.starts_at, appointment.ends_at
            await self._visits.appointment_moved(appointment_id, appointment.id, *slot)
        if appointment.status is not AppointmentStatus.CANCELLED:
            return
        if visit.state in TALKING:
            log.info("visit_goes_on", visit_id=visit.id)
            return
        with suppress(VisitError):  # ended by itself in the meantime
            await self._visits.happen(visit.id, VisitEvent.CANCELLED, Actor.SYSTEM)
