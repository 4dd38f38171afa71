from datetime import date, timedelta

import pytest
from sqlmodel import select

from appliance.appointments.errors import LinkCancelled, LinkExpired, LinkRevoked, LinkUnknown
from appliance.appointments.models import Invitation
from appliance.appointments.states import Channel, Door, Need
from tests.builders.bookings import make_booking


@pytest.fixture
async def booked(house):
    return await house.appointments.book(make_booking(), "adviser")


@pytest.fixture
async def secret(house, booked):
    return await house.appointments.new_link(booked.id, Channel.SCREEN)


async def test_it_works(house):
    adviser = (await house.add_adviser()).adviser
    booking = make_booking(birth_on=date(1980, 2, 29), customer_number="K 17")
    booked = await house.appointments.book(booking, adviser.id)
    secret = await house.appointments.new_link(booked.id, Channel.SCREEN)
    view = await house.appointments.open_link(secret, booked.starts_at)
    assert (view.appointment_id, view.adviser_id) == (booked.id, adviser.id)
    assert view.adviser_name == "Ayşe Yılmaz"
    assert view.door is Door.OPEN
    assert view.needs == [Need.PASSWORD, Need.BIRTH_ON, Need.CUSTOMER_NUMBER]
    shown = repr(view)
    assert "Mustermann" not in shown
    assert "Wohngeld" not in shown


async def test_too_early_is_an_answer(house, booked, secret):
    opens = booked.starts_at - timedelta(minutes=15)
    early = await house.appointments.open_link(secret, opens - timedelta(seconds=1))
    assert (early.door, early.opens_at) == (Door.EARLY, opens)
    assert (await house.appointments.open_link(secret, opens)).door is Door.OPEN


async def test_looking_uses_nothing_up(house, booked, secret):
    views = [await house.appointments.open_link(secret, booked.starts_at) for _ in range(3)]
    assert views[0] == views[1] == views[2]


async def test_two_hours_after_the_slot_it_is_over(house, booked, secret):
    over = booked.ends_at + timedelta(hours=2)
    await house.appointments.open_link(secret, over - timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        await house.appointments.open_link(secret, over)


async def test_a_held_appointment_is_over(house, booked, secret):
    await house.appointments.held(booked.id, "adviser")
    with pytest.raises(LinkExpired):
        await house.appointments.open_link(secret, booked.starts_at)


async def test_who_comes_late_is_let_in(house, booked, secret):
    await house.appointments.no_show(booked.id, "adviser")
    assert (await house.appointments.open_link(secret, booked.ends_at)).door is Door.OPEN


async def test_cancelled(house, booked, secret):
    await house.appointments.cancel(booked.id, "adviser")
    with pytest.raises(LinkCancelled):
        await house.appointments.open_link(secret, booked.starts_at)


async def test_one_revoked_link_leaves_the_others(house, booked, secret):
    other = await house.appointments.new_link(booked.id, Channel.PRINT)

    def revoke(session):
        row = session.exec(select(Invitation).where(Invitation.channel == Channel.SCREEN)).one()
        row.revoked_at = house.clock()

    await house.database.write(revoke)
    with pytest.raises(LinkRevoked):
        await house.appointments.open_link(secret, booked.starts_at)
    await house.appointments.open_link(other, booked.starts_at)


@pytest.mark.parametrize(
    "wrong", ["", "x", "A" * 43, "A" * 4000, "ä" * 43, "../../etc", "\x00" * 43]
)
async def test_unknown_and_malformed_are_the_same(house, booked, wrong):
    with pytest.raises(LinkUnknown) as refused:
        await house.appointments.open_link(wrong, booked.starts_at)
    assert refused.value.code == "link_unknown"


async def test_only_the_hash_is_stored(house, booked, secret):
    rows = await house.database.read(lambda s: s.exec(select(Invitation)).all())
    assert all(secret not in repr(row) for row in rows)
    assert len({row.secret_hash for row in rows}) == 2  # the mail's and this one
