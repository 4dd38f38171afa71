"""A client's next appointment, for the goodbye page of who was confirmed."""

from datetime import timedelta

from tests.builders.bookings import MONDAY_9, make_booking


async def test_it_works(house):
    adviser = (await house.add_adviser()).adviser.id
    now = await house.appointments.book(make_booking(), adviser)
    for days in (14, 7):
        later = MONDAY_9 + timedelta(days=days)
        await house.appointments.book(make_booking(starts_at=later), adviser)
    found = await house.appointments.next_of(now)
    assert found is not None
    assert found.starts_at == MONDAY_9 + timedelta(days=7)


async def test_only_the_same_clients_planned_one(house):
    adviser = (await house.add_adviser()).adviser.id
    now = await house.appointments.book(make_booking(), adviser)
    later = {"starts_at": MONDAY_9 + timedelta(days=7), "overlap_allowed": True}
    others = {"client_email": "", "client_phone": "030 2222222"}
    await house.appointments.book(make_booking(client_name="Erich Muster", **later), adviser)
    await house.appointments.book(make_booking(**others, **later), adviser)
    cancelled = await house.appointments.book(make_booking(**later), adviser)
    await house.appointments.cancel(cancelled.id, "staff")
    assert await house.appointments.next_of(now) is None


async def test_a_name_alone_is_nobody(house):
    adviser = (await house.add_adviser()).adviser.id
    nobody = {"client_email": "", "client_phone": ""}
    now = await house.appointments.book(make_booking(**nobody), adviser)
    later = MONDAY_9 + timedelta(days=7)
    await house.appointments.book(make_booking(starts_at=later, **nobody), adviser)
    assert await house.appointments.next_of(now) is None
