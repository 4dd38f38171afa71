import asyncio

import pytest

from appliance.appointments.errors import AppointmentNotPlanned, AppointmentUnknown
from appliance.appointments.states import AppointmentStatus, Channel
from appliance.events import AppointmentChanged
from tests.builders.bookings import make_booking


@pytest.fixture
async def booked(house):
    return await house.appointments.book(make_booking(), "adviser")


async def test_it_works(house, booked):
    held = await house.appointments.held(booked.id, "adviser")
    await house.database.published()
    assert (held.status, held.decided_at) == (AppointmentStatus.HELD, house.clock())
    assert AppointmentChanged(booked.id, "held") in house.happened


async def test_a_mistake_can_be_taken_back(house, booked):
    await house.appointments.no_show(booked.id, "adviser")
    with pytest.raises(AppointmentNotPlanned):
        await house.appointments.new_link(booked.id, Channel.SCREEN)
    reopened = await house.appointments.reopen(booked.id, "adviser")
    assert (reopened.status, reopened.decided_at) == (AppointmentStatus.PLANNED, None)
    await house.appointments.new_link(booked.id, Channel.SCREEN)


async def test_a_cancelled_one_stays_cancelled(house, booked):
    await house.appointments.cancel(booked.id, "adviser")
    with pytest.raises(AppointmentNotPlanned):
        await house.appointments.reopen(booked.id, "adviser")


async def test_somebody_who_came_late_was_there(house, booked):
    await house.appointments.no_show(booked.id, "adviser")
    held = await house.appointments.held(booked.id, "adviser")
    assert held.status is AppointmentStatus.HELD
    with pytest.raises(AppointmentNotPlanned):
        await house.appointments.no_show(booked.id, "adviser")


async def test_two_at_once_one_wins(house, booked):
    results = await asyncio.gather(
        house.appointments.held(booked.id, "adviser"),
        house.appointments.cancel(booked.id, "colleague"),
        house.appointments.no_show(booked.id, "adviser"),
        return_exceptions=True,
    )
    losers = [result for result in results if isinstance(result, AppointmentNotPlanned)]
    assert len(losers) == 2


async def test_one_that_never_was(house, booked):
    assert await house.appointments.get(booked.id) == booked
    with pytest.raises(AppointmentUnknown):
        await house.appointments.get("nonesuch")
