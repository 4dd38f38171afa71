"""What a visit's end means for its appointment, and a cancelled appointment for its visit."""

from datetime import timedelta

import pytest

from appliance.app import create_app
from appliance.appointments.states import Alternative, AppointmentStatus, Channel
from appliance.consequences import Consequences
from appliance.events import AppointmentChanged, VisitChanged
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Entry
from appliance.visits.service import Arrival
from appliance.visits.states import Outcome, VisitState
from appliance.web.parts import EXTENSION


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


# ---- moved while the client is there
async def test_the_visit_goes_along_with_a_moved_appointment(web):
    """Same visit, same place; the link leads to it, its end counts for the new time."""
    appointment, visit = await arrived(web)
    secret = await web.parts.appointments.new_link(appointment.id, Channel.SCREEN)
    later = appointment.starts_at + timedelta(minutes=10)
    moved = await web.parts.appointments.move(appointment.id, later, "staff")
    await web.parts.database.published()
    found = await web.parts.visits.get(visit.id)
    assert (found.appointment_id, found.slot_starts_at) == (moved.id, later)
    assert (found.is_open, found.revision) == (True, visit.revision)
    await web.browser().post("/api/v1/links/open", json={"secret": secret})
    assert [one.id for one in await web.parts.visits.open_visits()] == [visit.id]
    await web.parts.visits.happen(
        visit.id, VisitEvent.CLOSED, Actor.ADVISER, outcome=Outcome.COMPLETED
    )
    await web.parts.database.published()
    status = (await web.parts.appointments.get(moved.id)).status
    assert status is AppointmentStatus.HELD


async def test_moved_and_cancelled_ends_the_waiting(web):
    appointment, visit = await arrived(web)
    later = appointment.starts_at + timedelta(days=1)
    moved = await web.parts.appointments.move(appointment.id, later, "staff")
    await web.parts.database.published()
    await web.parts.appointments.cancel(moved.id, "staff")
    await web.parts.database.published()
    assert (await web.parts.visits.get(visit.id)).outcome is Outcome.CANCELLED


@pytest.mark.parametrize("change", ["move", "cancel"])
async def test_after_a_kill_in_between_the_start_catches_up(web, change, monkeypatch):
    """Committed, and killed before anybody heard of it."""
    appointment, visit = await arrived(web)
    await web.parts.database.published()
    monkeypatch.setattr(web.parts.bus, "publish", nobody_hears)
    later = appointment.starts_at + timedelta(days=1)
    if change == "move":
        await web.parts.appointments.move(appointment.id, later, "staff")
    else:
        await web.parts.appointments.cancel(appointment.id, "staff")
    await web.parts.database.published()
    assert (await web.parts.visits.get(visit.id)).appointment_id == appointment.id
    app = create_app(web.parts.settings, web.clock)
    await app.startup()
    parts = app.extensions[EXTENSION]
    found = await parts.visits.get(visit.id)
    await app.shutdown()
    if change == "move":
        assert (found.is_open, found.slot_starts_at) == (True, later)
    else:
        assert found.outcome is Outcome.CANCELLED


async def nobody_hears(_event):
    """As after a kill."""


async def test_cancelling_another_ends_nothing(web):
    _, visit = await arrived(web)
    consequences = Consequences(web.parts.visits, web.parts.appointments)
    await consequences.appointment_changed(AppointmentChanged("another", "cancelled"))
    await consequences.visit_changed(VisitChanged(visit.id, visit.revision, "arrived"))
    assert (await web.parts.visits.get(visit.id)).is_open


# ---- nobody came
async def test_nobody_came(web):
    adviser = await web.parts.advisers.add("yilmaz", "Ayşe Yılmaz", "ein-Vogel-im-Garten")
    missed = await web.booked(adviser.adviser.id)
    consequences = Consequences(web.parts.visits, web.parts.appointments)
    web.clock.forward(hours=2, minutes=29)
    await consequences.note_no_shows()  # the link still leads in
    assert (await web.parts.appointments.get(missed.id)).status is AppointmentStatus.PLANNED
    web.clock.forward(minutes=1)
    await consequences.note_no_shows()
    assert (await web.parts.appointments.get(missed.id)).status is AppointmentStatus.NO_SHOW
    await web.parts.appointments.reopen(missed.id, "staff")  # a mistake, say


async def test_who_came_and_left_or_chose_the_telephone_is_no_no_show(web):
    came, visit = await arrived(web)
    await web.parts.visits.happen(visit.id, VisitEvent.LEFT, Actor.CLIENT)
    calls = await web.booked(came.adviser_id)
    secret = await web.parts.appointments.new_link(calls.id, Channel.SCREEN)
    await web.parts.appointments.choose_alternative(secret, Alternative.TELEPHONE)
    web.clock.forward(hours=3)
    await Consequences(web.parts.visits, web.parts.appointments).note_no_shows()
    for appointment in (came, calls):
        found = await web.parts.appointments.get(appointment.id)
        assert found.status is AppointmentStatus.PLANNED
