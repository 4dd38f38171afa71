from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from appliance.appointments.errors import BookingInvalid, SlotTaken
from appliance.appointments.models import Appointment, Invitation
from appliance.appointments.states import AppointmentStatus
from appliance.events import AppointmentChanged
from appliance.outbox.models import OutboxMessage
from appliance.storage.audit import AuditLine
from tests.builders.bookings import MONDAY_9, make_booking


async def test_it_works(house):
    adviser = (await house.add_adviser()).adviser
    booked = await house.appointments.book(make_booking(), adviser.id)
    await house.database.published()
    assert booked.status is AppointmentStatus.PLANNED
    assert booked.ends_at - booked.starts_at == timedelta(minutes=30)
    assert booked.client_phone == "+49309876543"
    assert len(booked.session_number or "") == 10
    assert AppointmentChanged(booked.id, "booked") in house.happened
    assert await house.appointments.today(adviser.id, house.clock()) == [booked]


async def test_the_mail_is_queued_with_its_own_link(house):
    adviser = (await house.add_adviser()).adviser
    booked = await house.appointments.book(make_booking(), adviser.id)
    messages = await house.database.read(lambda s: s.exec(select(OutboxMessage)).all())
    links = await house.database.read(lambda s: s.exec(select(Invitation)).all())
    assert [m.appointment_id for m in messages] == [booked.id]
    assert [link.appointment_id for link in links] == [booked.id]


async def test_nothing_is_stored_when_the_message_cannot_be_written(house, monkeypatch):
    def broken(*_):
        raise RuntimeError

    adviser = (await house.add_adviser()).adviser
    monkeypatch.setattr(house.outbox, "queue_invitation", broken)
    with pytest.raises(RuntimeError):
        await house.appointments.book(make_booking(), adviser.id)
    stored = await house.database.read(lambda s: s.exec(select(Appointment)).all())
    assert stored == []


async def test_without_an_address_there_is_no_mail(house):
    booked = await house.appointments.book(make_booking(client_email=""), "adviser")
    deliveries = await house.outbox.deliveries([booked.id])
    assert deliveries[booked.id].mail.state == "none"


async def test_no_double_booking(house):
    first = make_booking()
    await house.appointments.book(first, "adviser")
    with pytest.raises(SlotTaken):
        await house.appointments.book(
            make_booking(starts_at=first.starts_at + timedelta(minutes=29)), "adviser"
        )
    await house.appointments.book(make_booking(starts_at=first.ends_at), "adviser")
    before = first.starts_at - timedelta(minutes=30)
    await house.appointments.book(make_booking(starts_at=before), "adviser")
    await house.appointments.book(first, "colleague")
    await house.appointments.book(make_booking(overlap_allowed=True), "adviser")


async def test_it_is_audited_without_words(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    lines = await house.database.read(lambda s: s.exec(select(AuditLine)).all())
    assert [(x.actor_id, x.action, x.subject_id) for x in lines] == [
        ("adviser", "appointment_booked", booked.id)
    ]


async def test_all_mistakes_are_named_at_once(house):
    booking = make_booking(
        starts_at=MONDAY_9 - timedelta(hours=1),
        client_name=" ",
        client_email="erika@",
        client_phone="12",
        duration_min=4,
        birth_on=date(2030, 1, 1),
        language="xx",
    )
    with pytest.raises(BookingInvalid) as refused:
        await house.appointments.book(booking, "adviser")
    assert set(refused.value.mistakes) == {
        "starts_at", "client_name", "client_email", "client_phone",
        "duration_min", "birth_on", "language",
    }  # fmt: skip


async def test_an_sms_needs_a_number(house):
    with pytest.raises(BookingInvalid) as refused:
        await house.appointments.book(make_booking(client_phone="", sms=True), "adviser")
    assert set(refused.value.mistakes) == {"client_phone"}


@pytest.mark.parametrize(
    "name", ["A\r\nBcc: b@example.org", "A\nB", "A\x00", "A\u202eB", "A\u2028B"]
)
async def test_hidden_characters_are_refused(house, name):
    with pytest.raises(BookingInvalid):
        await house.appointments.book(make_booking(client_name=name), "adviser")


@pytest.mark.parametrize(
    "email",
    ["a b@example.org", "a@b", "a@@example.org", "<a@example.org>", "a@example.org,b@example.org",
     "a@exa_mple.org", '"a"@example.org', "@example.org", "ä@example.org", "a@-example.org"],
)  # fmt: skip
async def test_wrong_addresses_are_refused(house, email):
    with pytest.raises(BookingInvalid):
        await house.appointments.book(make_booking(client_email=email), "adviser")


async def test_a_domain_with_umlauts_is_taken(house):
    booked = await house.appointments.book(make_booking(client_email="a@müller.de"), "adviser")
    assert booked.client_email == "a@xn--mller-kva.de"


async def test_today_is_the_agencys_day(house):
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
    after_midnight = late + timedelta(hours=1)
    first = await house.appointments.book(make_booking(starts_at=late), "adviser")
    await house.appointments.book(make_booking(starts_at=after_midnight), "adviser")
    assert await house.appointments.today("adviser", MONDAY_9) == [first]
    assert await house.appointments.today("colleague", MONDAY_9) == []
