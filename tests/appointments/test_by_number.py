from datetime import timedelta

import pytest

from appliance.appointments.errors import NumberUnknown
from appliance.appointments.states import Door
from tests.builders.bookings import make_booking


@pytest.fixture
async def booked(house):
    return await house.appointments.book(make_booking(), "adviser")


async def test_it_works(house, booked):
    typed = f" {booked.session_number[:3]}-{booked.session_number[3:]} "
    view = await house.appointments.by_number(typed, booked.starts_at)
    assert (view.appointment_id, view.door) == (booked.id, Door.OPEN)


async def test_it_names_nobody(house):
    adviser = (await house.add_adviser()).adviser
    booked = await house.appointments.book(make_booking(), adviser.id)
    view = await house.appointments.by_number(booked.session_number, booked.starts_at)
    assert view.adviser_name == ""


async def refusal(house, number, at):
    with pytest.raises(NumberUnknown) as refused:
        await house.appointments.by_number(number, at)
    return refused.value.code, str(refused.value)


async def test_every_refusal_is_the_same(house, booked):
    number, start = booked.session_number, booked.starts_at
    answers = {
        await refusal(house, "0000000000", start),
        await refusal(house, "12", start),
        await refusal(house, "", start),
        await refusal(house, "١٢٣٤٥٦٧٨٩٠", start),
        await refusal(house, number, start - timedelta(minutes=15, seconds=1)),
        await refusal(house, number, booked.ends_at),
    }
    await house.appointments.cancel(booked.id, "adviser")
    answers.add(await refusal(house, number, start))
    assert answers == {("number_unknown", "")}


async def test_from_a_quarter_of_an_hour_before_until_the_end(house, booked):
    opens = booked.starts_at - timedelta(minutes=15)
    for at in (opens, booked.ends_at - timedelta(seconds=1)):
        assert (await house.appointments.by_number(booked.session_number, at)).door is Door.OPEN
