"""What a visit's end means for its appointment, and a cancelled appointment for its visit."""

import pytest

from appliance.appointments.states import AppointmentStatus
from appliance.consequences import Consequences
from appliance.events import AppointmentChanged, VisitChanged
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Entry
from appliance.visits.service import Arrival
from appliance.visits.states import Outcome, VisitState


async def arrived(web):
    adviser = await web.parts.advisers.add("yilmaz", "Ayşe Yılmaz", "ein-Vogel-im-Garten")
    appointment = await web.booked(adviser.adviser.id)
    arrival = Arrival(
        Entry.LINK, "de", appointment.id, adviser.adviser.id, appointment.starts_at,
        appointment.ends_at,
    )  # fmt: skip
    return appointment, await web.parts.visits.arrive(arrival)


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED, Outcome.TELEPHONE])
async def test_it_works(web, outcome):
    appointment, visit = await arrived(web)
    await web.parts.visits.happen(visit.id, VisitEvent.CLOSED, Actor.ADVISER, outcome=outcome)
    await web.parts.database.published()
    found = await web.parts.appointments.get(appointment.id)
    assert found.status is AppointmentStatus.HELD


async def test_who_left_was_not_there(web):
    appointment, visit = await arrived(web)
    await web.parts.visits.happen(visit.id, VisitEvent.LEFT, Actor.CLIENT)
    await web.parts.database.published()
    found = await web.parts.appointments.get(appointment.id)
    assert found.status is AppointmentStatus.PLANNED


async def test_who_came_late_was_there_all_the_same(web):
    appointment, visit = await arrived(web)
    await web.parts.appointments.no_show(appointment.id, "staff")
    await web.parts.visits.happen(
        visit.id, VisitEvent.CLOSED, Actor.ADVISER, outcome=Outcome.COMPLETED
    )
    await web.parts.database.published()
    found = await web.parts.appointments.get(appointment.id)
    assert found.status is AppointmentStatus.HELD


async def test_what_staff_noted_before_is_no_trouble(web, caplog):
    appointment, visit = await arrived(web)
    await web.parts.appointments.held(appointment.id, "staff")
    await web.parts.visits.happen(
        visit.id, VisitEvent.CLOSED, Actor.ADVISER, outcome=Outcome.COMPLETED
    )
    await web.parts.database.published()
    found = await web.parts.appointments.get(appointment.id)
    assert found.status is AppointmentStatus.HELD
    assert "event_handler_failed" not in caplog.text


async def test_cancelling_ends_the_waiting(web):
    appointment, visit = await arrived(web)
    await web.parts.appointments.cancel(appointment.id, "staff")
    await web.parts.database.published()
    found = await web.parts.visits.get(visit.id)
    assert (found.state, found.outcome) == (VisitState.CLOSED, Outcome.CANCELLED)


async def test_cancelling_another_ends_nothing(web):
    _, visit = await arrived(web)
    consequences = Consequences(web.parts.visits, web.parts.appointments)
    await consequences.appointment_changed(AppointmentChanged("another", "cancelled"))
    await consequences.visit_changed(VisitChanged(visit.id, visit.revision, "arrived"))
    assert (await web.parts.visits.get(visit.id)).is_open
