"""The desk sends a link to somebody on the phone, and says the number."""

import pytest

from appliance.appointments.credentials import number_in_groups
from appliance.appointments.errors import NowhereToSend
from appliance.appointments.states import Channel
from appliance.visits.states import SecondFactor
from tests.web.conftest import text_of


async def booked(web, **facts):
    adviser = await web.adviser()
    facts = {"client_email": "erika@example.org", "client_phone": "030 901820"} | facts
    appointment = await web.booked(adviser.adviser_id, **facts)
    return adviser, appointment, f"/console/appointments/{appointment.id}"


async def mailed_secret(web) -> str:
    kept = await web.parts.outbox.messages_kept("administrator")
    (text,) = (mail.text for mail in kept if mail.subject == "Ihr Link zum Video-Termin")
    return text.split("/v#")[1].split()[0]


async def open_link(web, browser, secret):
    answer = await browser.post("/api/v1/links/open", json={"secret": secret})
    assert answer.status_code == 200
    return await web.parts.visits.by_access(browser.cookies["__Host-visit"])


async def test_it_works(web):
    adviser, appointment, path = await booked(web)
    assert "Link per E-Mail senden" in await text_of(await adviser.get(path))
    answer = await adviser.post(f"{path}/link/mail")
    assert answer.status_code == 200
    words = await text_of(answer)
    assert "Die E-Mail mit dem Link ist unterwegs." in words
    number = number_in_groups(appointment.session_number)
    assert f"am Telefon diese Nummer: {number}" in words
    secret = await mailed_secret(web)
    assert secret not in await answer.get_data(as_text=True)
    visit = await open_link(web, web.browser(), secret)
    assert visit.second_factor is SecondFactor.SESSION_NUMBER


async def test_all_other_doors_ask_for_the_password(web):
    _, appointment, _ = await booked(web)
    secret = await web.parts.appointments.new_link(appointment.id, Channel.SCREEN)
    visit = await open_link(web, web.browser(), secret)
    assert visit.second_factor is SecondFactor.PASSWORD
    other = web.browser()
    await other.post("/api/v1/numbers/open", json={"number": appointment.session_number})
    visit = await web.parts.visits.by_access(other.cookies["__Host-visit"])
    assert visit.second_factor is SecondFactor.PASSWORD


async def test_the_same_browser_is_asked_for_what_belongs_to_its_last_door(web):
    adviser, appointment, path = await booked(web)
    browser = web.browser()
    secret = await web.parts.appointments.new_link(appointment.id, Channel.SCREEN)
    first = await open_link(web, browser, secret)
    await adviser.post(f"{path}/link/mail")
    second = await open_link(web, browser, await mailed_secret(web))
    assert second.id == first.id
    assert second.second_factor is SecondFactor.SESSION_NUMBER


async def test_sms_is_offered_only_with_a_gateway(web, monkeypatch):
    adviser, _, path = await booked(web)
    assert "Link per SMS senden" not in await text_of(await adviser.get(path))
    answer = await adviser.post(f"{path}/link/sms")
    assert answer.status_code == 409
    assert NowhereToSend.sentence in await text_of(answer)
    with_gateway = web.parts.settings.model_copy(
        update={"sms": web.parts.settings.sms.model_copy(update={"url": "http://127.0.0.1:9/sms"})}
    )
    monkeypatch.setattr(web.parts.outbox, "_settings", with_gateway)
    assert "Link per SMS senden" in await text_of(await adviser.get(path))
    words = await text_of(await adviser.post(f"{path}/link/sms"))
    assert "Die SMS mit dem Link ist unterwegs." in words
    assert "SMS wird gesendet" in words


async def test_without_an_address_nothing_is_offered(web):
    adviser, _, path = await booked(web, client_email="", client_phone="")
    words = await text_of(await adviser.get(path))
    assert "keine E-Mail-Adresse eingetragen" in words
    assert (await adviser.post(f"{path}/link/mail")).status_code == 409


@pytest.mark.parametrize("way", ["mail", "sms"])
async def test_a_colleagues_appointment_is_unknown(web, way):
    _, _, path = await booked(web)
    colleague = await web.adviser("schmidt")
    assert (await colleague.post(f"{path}/link/{way}")).status_code == 404
