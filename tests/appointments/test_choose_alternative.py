import pytest

from appliance.appointments.errors import LinkCancelled, LinkUnknown
from appliance.appointments.states import Alternative, Channel
from appliance.events import AppointmentChanged
from tests.builders.bookings import make_booking


async def test_it_works(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    secret = await house.appointments.new_link(booked.id, Channel.SCREEN)
    await house.appointments.choose_alternative(secret, Alternative.TELEPHONE)
    await house.database.published()
    seen = await house.appointments.get(booked.id)
    assert (seen.alternative, seen.alternative_at) == (Alternative.TELEPHONE, house.clock())
    assert AppointmentChanged(booked.id, "alternative_chosen") in house.happened
    await house.appointments.choose_alternative(secret, Alternative.NONE)
    assert (await house.appointments.get(booked.id)).alternative is Alternative.NONE


async def test_an_unknown_link(house):
    with pytest.raises(LinkUnknown):
        await house.appointments.choose_alternative("A" * 43, Alternative.VISIT)


async def test_a_cancelled_appointment(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    secret = await house.appointments.new_link(booked.id, Channel.SCREEN)
    await house.appointments.cancel(booked.id, "adviser")
    with pytest.raises(LinkCancelled):
        await house.appointments.choose_alternative(secret, Alternative.VISIT)
    assert (await house.appointments.get(booked.id)).alternative is Alternative.NONE
