"""A link for a client who is on the phone: it opens with the session number."""

import pytest
from sqlmodel import select

from appliance.appointments.errors import AppointmentNotPlanned, NowhereToSend
from appliance.appointments.models import Invitation
from appliance.appointments.states import Channel, Need
from appliance.outbox.states import MessageKind
from appliance.storage.audit import AuditLine
from tests.builders.bookings import make_booking


async def mailed_secret(house, kind=MessageKind.SHORT_NOTICE):
    kept = await house.outbox.messages_kept("administrator")
    (text,) = (mail.text for mail in kept if mail.kind is kind)
    return text.split("/v#")[1].split()[0]


async def links(house):
    return await house.database.read(lambda session: session.exec(select(Invitation)).all())


async def test_it_works(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    house.clock.forward(minutes=50)
    await house.appointments.send_link_now(booked.id, Channel.SHORT_MAIL, "adviser")
    secret = await mailed_secret(house)
    view = await house.appointments.open_link(secret, house.clock())
    assert view.appointment_id == booked.id
    assert view.needs == [Need.SESSION_NUMBER]
    expected = await house.appointments.expected_identity(booked.id)
    assert expected.session_number == booked.session_number


async def test_the_invitations_own_link_still_needs_the_password(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.appointments.send_link_now(booked.id, Channel.SHORT_MAIL, "adviser")
    invited = await mailed_secret(house, MessageKind.INVITATION)
    assert (await house.appointments.open_link(invited, house.clock())).needs == [Need.PASSWORD]
    assert [link.channel for link in await links(house)] == [Channel.MAIL, Channel.SHORT_MAIL]


async def test_what_else_is_held_is_asked_too(house):
    booked = await house.appointments.book(make_booking(customer_number="K-77"), "adviser")
    await house.appointments.send_link_now(booked.id, Channel.SHORT_MAIL, "adviser")
    secret = await mailed_secret(house)
    view = await house.appointments.open_link(secret, house.clock())
    assert view.needs == [Need.SESSION_NUMBER, Need.CUSTOMER_NUMBER]


async def test_it_is_audited(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.appointments.send_link_now(booked.id, Channel.SHORT_MAIL, "yilmaz")
    lines = await house.database.read(lambda session: session.exec(select(AuditLine)).all())
    found = [(line.actor_id, line.subject_id) for line in lines if "link_sent_now" in line.action]
    assert found == [("yilmaz", booked.id)]


@pytest.mark.parametrize("channel", [Channel.SHORT_MAIL, Channel.SHORT_SMS])
async def test_nowhere_to_send_makes_no_link(house, channel):
    booked = await house.appointments.book(
        make_booking(client_email="", client_phone=""), "adviser"
    )
    with pytest.raises(NowhereToSend):
        await house.appointments.send_link_now(booked.id, channel, "adviser")
    assert await links(house) == []


async def test_without_a_gateway_there_is_no_sms(house):
    booked = await house.appointments.book(make_booking(client_email=""), "adviser")
    with pytest.raises(NowhereToSend):
        await house.appointments.send_link_now(booked.id, Channel.SHORT_SMS, "adviser")
    assert await links(house) == []


async def test_not_for_a_cancelled_appointment(house):
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.appointments.cancel(booked.id, "adviser")
    with pytest.raises(AppointmentNotPlanned):
        await house.appointments.send_link_now(booked.id, Channel.SHORT_MAIL, "adviser")
