"""The link alone, by mail and by SMS: no password, no number, no calendar entry."""

import pytest

from appliance.appointments.credentials import in_groups, number_in_groups
from appliance.appointments.states import Channel
from appliance.settings import SmsSettings
from tests.builders.bookings import make_booking, make_house
from tests.outbox.mails import parsed, parts_of
from tests.outbox.servers import SmsGateway


async def send(house, channel, **facts):
    """Books, sends the invitation, then the link at short notice."""
    booked = await house.appointments.book(make_booking(**facts), "adviser")
    await house.outbox.sender.run_once()
    await house.appointments.send_link_now(booked.id, channel, "adviser")
    assert await house.outbox.sender.run_once() == 1
    return booked


async def test_it_works(house, smtp):
    booked = await send(house, Channel.SHORT_MAIL)
    (_, recipients, body) = smtp.inbox.mails[-1]
    mail, parts = parsed(body), parts_of(body)
    assert recipients == ["erika@example.org"]
    assert mail["Subject"] == "Ihr Link zum Video-Termin"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert set(parts) == {"text/plain", "text/html"}
    password = await house.appointments.session_password(booked.id, "adviser")
    for text in parts.values():
        assert "/v#" in text
        assert "Terminnummer" in text
        for secret in (
            password,
            in_groups(password),
            booked.session_number,
            number_in_groups(booked.session_number),
        ):
            assert secret not in text
    found = (await house.outbox.deliveries([booked.id]))[booked.id]
    assert (found.mail.state, found.link_sms.state) == ("sent", "none")


async def test_in_english(house, smtp):
    await send(house, Channel.SHORT_MAIL, language="en")
    body = smtp.inbox.mails[-1][2]
    assert parsed(body)["Subject"] == "Your link to the video appointment"
    assert "appointment number" in parts_of(body)["text/plain"]


async def test_names_are_text_in_html(house, smtp):
    await send(house, Channel.SHORT_MAIL, client_name="<b>Erika</b>")
    assert "<b>Erika" not in parts_of(smtp.inbox.mails[-1][2])["text/html"]


@pytest.mark.parametrize("language", ["de", "en"])
async def test_by_sms_it_is_the_link_and_the_agency(tmp_path, language):
    with SmsGateway() as gateway:
        house = make_house(tmp_path, sms=SmsSettings(url=gateway.url))
        booked = await send(house, Channel.SHORT_SMS, language=language)
        ((_, post),) = gateway.posts
    assert post["to"] == "+49309876543"
    assert house.settings.agency.name in post["text"]
    assert post["text"].count("/v#") == 1
    assert booked.session_number not in post["text"]
    assert booked.client_name not in post["text"]
    assert len(post["text"]) <= 160
    found = (await house.outbox.deliveries([booked.id]))[booked.id]
    assert (found.link_sms.state, found.sms.state) == ("sent", "none")
    house.database.close()


async def test_a_cancelled_appointments_link_is_taken_back(offline_house):
    house = offline_house
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.appointments.send_link_now(booked.id, Channel.SHORT_MAIL, "adviser")
    await house.appointments.cancel(booked.id, "adviser")
    subjects = [kept.subject for kept in await house.outbox.messages_kept("administrator")]
    assert "Ihr Link zum Video-Termin" not in subjects
