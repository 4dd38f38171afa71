from datetime import timedelta

import icalendar
import pytest
from sqlmodel import select

from appliance.appointments.errors import AppointmentNotPlanned, AppointmentUnknown, PasswordGone
from appliance.appointments.models import Invitation
from appliance.appointments.states import AppointmentStatus
from appliance.events import AppointmentChanged
from appliance.outbox.models import OutboxMessage
from appliance.outbox.states import MessageKind, MessageState
from appliance.storage.keys import FieldKey
from tests.builders.bookings import make_booking
from tests.outbox.mails import parts_of


async def messages(house):
    return await house.database.read(
        lambda s: s.exec(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
    )


async def test_it_works(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    house.clock.forward(minutes=1)
    cancelled = await house.appointments.cancel(booked.id, "adviser")
    await house.database.published()
    assert cancelled.status is AppointmentStatus.CANCELLED
    assert AppointmentChanged(booked.id, "cancelled") in house.happened
    links = await house.database.read(lambda s: s.exec(select(Invitation)).all())
    assert all(link.revoked_at == house.clock() for link in links)


async def test_the_calendar_entry_is_taken_back(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    (invitation,) = await messages(house)
    asked = icalendar.Calendar.from_ical(parts_of(invitation.body)["text/calendar"])
    house.clock.forward(minutes=1)
    await house.appointments.cancel(booked.id, "adviser")
    _, cancellation = await messages(house)
    taken = icalendar.Calendar.from_ical(parts_of(cancellation.body)["text/calendar"])
    assert cancellation.kind is MessageKind.CANCELLATION
    assert taken["method"] == "CANCEL"
    (before,), (after,) = asked.walk("VEVENT"), taken.walk("VEVENT")
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["status"] == "CANCELLED"


async def test_an_unsent_invitation_is_withdrawn_and_erased(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.appointments.cancel(booked.id, "adviser")
    kinds = {m.kind: m for m in await messages(house)}
    assert kinds[MessageKind.INVITATION].state is MessageState.WITHDRAWN
    assert kinds[MessageKind.INVITATION].body is None


async def test_the_password_is_gone(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.appointments.cancel(booked.id, "adviser")
    with pytest.raises(PasswordGone):
        await house.appointments.session_password(booked.id, "adviser")
    assert await house.database.read(lambda s: s.get(FieldKey, booked.id)) is None


async def test_only_once(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.appointments.cancel(booked.id, "adviser")
    with pytest.raises(AppointmentNotPlanned):
        await house.appointments.cancel(booked.id, "adviser")


async def test_unknown(house):
    with pytest.raises(AppointmentUnknown):
        await house.appointments.cancel("nonesuch", "adviser")


async def test_the_slot_is_free_again(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.appointments.cancel(booked.id, "adviser")
    house.clock.forward(minutes=1)
    again = await house.appointments.book(make_booking(), "adviser")
    assert again.ends_at - again.starts_at == timedelta(minutes=30)
