from datetime import timedelta

import icalendar
import pytest
from sqlmodel import select

from appliance.appointments.errors import AppointmentNotPlanned, BookingInvalid, SlotTaken
from appliance.appointments.models import Appointment
from appliance.appointments.states import Alternative, AppointmentStatus, Channel
from appliance.events import AppointmentChanged
from appliance.outbox.models import OutboxMessage
from appliance.outbox.states import MessageState
from appliance.storage.fields import Retention, retention_of
from tests.builders.bookings import make_booking
from tests.outbox.mails import parsed, parts_of


@pytest.fixture
async def booked(house):
    return await house.appointments.book(make_booking(customer_number="K 17"), "adviser")


async def messages(house):
    return await house.database.read(
        lambda s: s.exec(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
    )


async def test_it_works(house, booked):
    """Number, password and every earlier link lead to the new time."""
    secret = await house.appointments.new_link(booked.id, Channel.PRINT)
    await house.appointments.choose_alternative(secret, Alternative.VISIT)
    password = await house.appointments.session_password(booked.id, "adviser")
    later = booked.starts_at + timedelta(days=1)
    new = await house.appointments.move(booked.id, later, "adviser")
    await house.database.published()
    assert (new.starts_at, new.ends_at) == (later, later + timedelta(minutes=30))
    assert new.customer_number == "K 17"
    assert new.alternative is Alternative.VISIT
    assert (await house.appointments.open_link(secret, later)).appointment_id == new.id
    assert (
        await house.appointments.by_number(booked.session_number, later)
    ).appointment_id == new.id
    assert await house.appointments.session_password(new.id, "adviser") == password
    old = await house.appointments.get(booked.id)
    assert (old.status, old.moved_to_id) == (AppointmentStatus.MOVED, new.id)
    assert AppointmentChanged(booked.id, "moved") in house.happened
    assert AppointmentChanged(new.id, "booked") in house.happened


async def test_the_calendar_entry_moves_along(house, booked):
    house.clock.forward(minutes=1)
    new = await house.appointments.move(booked.id, booked.starts_at + timedelta(days=1), "adviser")
    _, second = await messages(house)
    assert str(parsed(second.body)["Subject"]).startswith("Neue Zeit: ")
    calendar = icalendar.Calendar.from_ical(parts_of(second.body)["text/calendar"])
    (event,) = calendar.walk("VEVENT")
    assert calendar["method"] == "REQUEST"
    assert event["uid"] == new.calendar_uid == booked.calendar_uid
    assert event["sequence"] == 1
    assert event.decoded("dtstart") == new.starts_at


async def test_the_unsent_invitation_with_the_old_time_is_withdrawn(house, booked):
    new = await house.appointments.move(booked.id, booked.starts_at + timedelta(days=1), "adviser")
    assert {(m.appointment_id, m.state) for m in await messages(house)} == {
        (new.id, MessageState.WITHDRAWN),
        (new.id, MessageState.KEPT),
    }


async def test_the_old_row_forgets_the_client(house, booked):
    await house.appointments.move(booked.id, booked.starts_at + timedelta(days=1), "adviser")
    old = await house.appointments.get(booked.id)
    table = Appointment.__table__
    kept = {
        column.name: getattr(old, column.name)
        for column in table.columns
        if retention_of(column) in {Retention.PERSONAL, Retention.SECRET}
    }
    assert not any(kept.values()), kept


async def test_only_the_new_one_is_on_the_list(house, booked):
    new = await house.appointments.move(
        booked.id, booked.starts_at + timedelta(hours=1), "adviser", duration_min=45
    )
    today = await house.appointments.today("adviser", house.clock())
    assert [one.id for one in today] == [new.id]
    assert new.ends_at - new.starts_at == timedelta(minutes=45)


async def test_a_little_later_overlaps_only_itself(house, booked):
    assert await house.appointments.move(
        booked.id, booked.starts_at + timedelta(minutes=5), "adviser"
    )


async def test_a_taken_slot(house, booked):
    other = await house.appointments.book(make_booking(starts_at=booked.ends_at), "adviser")
    with pytest.raises(SlotTaken):
        await house.appointments.move(booked.id, other.starts_at, "adviser")
    assert (await house.appointments.get(booked.id)).status is AppointmentStatus.PLANNED


async def test_not_into_the_past(house, booked):
    with pytest.raises(BookingInvalid):
        await house.appointments.move(booked.id, house.clock() - timedelta(days=1), "adviser")


async def test_not_when_it_is_cancelled(house, booked):
    await house.appointments.cancel(booked.id, "adviser")
    with pytest.raises(AppointmentNotPlanned):
        await house.appointments.move(booked.id, booked.starts_at, "adviser")


async def test_twice(house, booked):
    once = await house.appointments.move(booked.id, booked.starts_at + timedelta(days=1), "adviser")
    twice = await house.appointments.move(once.id, once.starts_at + timedelta(days=1), "adviser")
    assert (twice.calendar_uid, twice.calendar_sequence) == (booked.calendar_uid, 2)
    assert twice.session_number == booked.session_number


async def test_a_visit_that_had_begun_is_still_compared(house, booked):
    password = await house.appointments.session_password(booked.id, "adviser")
    once = await house.appointments.move(booked.id, booked.starts_at + timedelta(days=1), "adviser")
    await house.appointments.move(once.id, once.starts_at + timedelta(days=1), "adviser")
    expected = await house.appointments.expected_identity(booked.id)
    assert (expected.password, expected.customer_number) == (password, "K 17")
