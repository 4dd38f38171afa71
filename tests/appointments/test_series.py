"""Several appointments of one client at once: all of them or none, each one of its own."""

from datetime import timedelta

import pytest

from appliance.appointments.errors import BookingInvalid, SlotTaken
from appliance.appointments.states import AppointmentStatus
from tests.builders.bookings import MONDAY_9, make_booking


def weekly(times, **facts):
    return [
        make_booking(starts_at=MONDAY_9 + timedelta(weeks=number), **facts)
        for number in range(times)
    ]


async def all_of(house, adviser):
    return await house.appointments.between(adviser, MONDAY_9, MONDAY_9 + timedelta(weeks=60))


async def test_it_works(house):
    adviser = (await house.add_adviser()).adviser.id
    booked = await house.appointments.book_all(weekly(3), adviser, adviser)
    assert [one.starts_at for one in booked] == [
        MONDAY_9 + timedelta(weeks=number) for number in range(3)
    ]
    assert len({one.session_number for one in booked}) == 3
    assert len({one.calendar_uid for one in booked}) == 3
    assert [one.id for one in await house.appointments.coming_of(booked[0])] == [
        one.id for one in booked[1:]
    ]


async def test_one_that_is_taken_stops_all_and_is_named(house):
    adviser = (await house.add_adviser()).adviser.id
    there = await house.appointments.book_all(weekly(1), adviser, adviser)
    with pytest.raises(SlotTaken) as raised:
        await house.appointments.book_all(weekly(3), adviser, adviser)
    assert raised.value.taken == (MONDAY_9,)
    assert [one.id for one in await all_of(house, adviser)] == [there[0].id]
    await house.appointments.book_all(weekly(3, overlap_allowed=True), adviser, adviser)
    assert len(await all_of(house, adviser)) == 4


async def test_one_that_cannot_be_stops_all(house):
    adviser = (await house.add_adviser()).adviser.id
    with pytest.raises(BookingInvalid):
        await house.appointments.book_all(
            [*weekly(2), make_booking(starts_at=MONDAY_9 + timedelta(days=400))], adviser, adviser
        )
    assert await all_of(house, adviser) == []


async def test_each_is_cancelled_alone(house):
    adviser = (await house.add_adviser()).adviser.id
    first, second = await house.appointments.book_all(weekly(2), adviser, adviser)
    await house.appointments.cancel(first.id, adviser)
    kept = await house.appointments.get(second.id)
    assert kept.status is AppointmentStatus.PLANNED
