"""Links and numbers that lead nowhere (yet), each with a plain sentence and a next step."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from appliance.appointments.models import Appointment
from appliance.settings import Settings
from appliance.storage.database import Database
from tests.e2e import walk

pytestmark = [pytest.mark.timeout(180), pytest.mark.patient]

CALL = "030 1234567 anrufen"


async def test_it_works(appliance, people):
    adviser = await people("adviser")
    client = await people("client", viewport={"width": 390, "height": 844})
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    await links_of_nobody(client, appliance)
    await numbers_of_nobody(client, appliance)
    await an_early_link(adviser, client, appliance)
    await a_cancelled_appointment(adviser, client, appliance)
    await an_appointment_that_is_over(adviser, client, appliance)


async def ways_on(client: Any, *links: str) -> None:
    """The way out by telephone, and what else there is."""
    link = client.page.get_by_role("link", name=CALL, exact=True).locator("visible=true")
    assert await link.first.get_attribute("href") == "tel:0301234567"
    for name in links:
        await client.page.get_by_role("link", name=name).locator("visible=true").first.wait_for()


async def opened(client: Any, address: str) -> None:
    """As from a mail: a page of its own, not another fragment of the one that is open."""
    await client.goto("about:blank")
    await client.goto(address)


async def links_of_nobody(client: Any, appliance: Any) -> None:
    well_formed = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
    for secret in (well_formed, "abc", "%E0%A4%A", "a" * 5000):
        await opened(client, f"{appliance.url}/v#{secret}")
        await client.see("Diesen Link kennen wir nicht.")
        await client.see("Bitte öffnen Sie den Link aus Ihrer E-Mail noch einmal.")
        await ways_on(client, "Terminnummer eingeben")
    await opened(client, f"{appliance.url}/v")
    await client.see("Der Link ist nicht vollständig.")
    await ways_on(client)
    await opened(client, f"{appliance.url}/visit")  # bookmarked, without having come by a link
    await client.see("Dieses Fenster gehört zu keinem Termin.")
    await ways_on(client)


async def numbers_of_nobody(client: Any, appliance: Any) -> None:
    await client.goto(f"{appliance.url}/join")
    await client.fill("Ihre Terminnummer", "123 456")
    await client.click("button", "Termin öffnen")
    await client.see("Bitte geben Sie alle zehn Ziffern ein.")
    await client.fill("Ihre Terminnummer", "123 456 7890")
    await client.click("button", "Termin öffnen")
    await client.see("Mit dieser Nummer öffnet sich gerade kein Termin.")
    field = client.page.get_by_role("textbox", name="Ihre Terminnummer")
    assert await field.input_value() == "123 456 7890"
    await ways_on(client)


async def an_early_link(adviser: Any, client: Any, appliance: Any) -> None:
    tomorrow = datetime.now(walk.ZONE) + timedelta(days=1)
    day = tomorrow.strftime("%Y-%m-%d")
    early = await walk.book(
        adviser,
        appliance,
        starts_on=day,
        starts_at_time="10:00",
        client_email="early@example.org",
    )
    await opened(client, early.link)
    await client.see("10")
    await client.see("Frau Yılmaz")
    await client.see("Die Tür öffnet sich")
    await client.page.get_by_role("link", name="Geräte testen").wait_for()
    shown = await client.page.locator("body").inner_text()
    assert "030 1234567" in shown
    for fact in ("Öztürk", "Förderung"):  # whoever has the mail is not yet known
        assert fact not in shown
    assert not await client.page.get_by_role("button", name="Termin öffnen").is_visible()
    await client.page.get_by_role("link", name="Geräte testen").click()
    await client.see("Gerätetest starten")


async def a_cancelled_appointment(adviser: Any, client: Any, appliance: Any) -> None:
    start = datetime.now(walk.ZONE) + timedelta(minutes=3)
    booked = await walk.book(adviser, appliance, client_email="cancelled@example.org")
    await opened(client, booked.link)
    await client.click("button", "Lieber telefonieren")
    await client.click("button", "Zurück zum Termin")
    await adviser.page.get_by_text("Möchte lieber angerufen werden").first.wait_for()  # at the desk
    await client.page.get_by_role("button", name="Termin öffnen").wait_for()
    await adviser.page.get_by_role("link", name=start.strftime("%H:%M")).first.click()
    await adviser.page.get_by_text("Absagen", exact=True).click()
    await adviser.click("button", "Ja, Termin absagen")
    await adviser.see("Abgesagt")
    await client.click("button", "Termin öffnen")  # it was open before the adviser's click
    await client.see("Dieser Termin wurde abgesagt.")
    await client.see("Bitte rufen Sie uns an, wenn Sie einen neuen Termin brauchen.")
    await ways_on(client)
    await opened(client, booked.link)
    await client.see("Dieser Termin wurde abgesagt.")


async def an_appointment_that_is_over(adviser: Any, client: Any, appliance: Any) -> None:
    booked = await walk.book(adviser, appliance, client_email="over@example.org")
    let_time_pass(appliance, "over@example.org", timedelta(hours=3))
    await opened(client, booked.link)
    await client.see("Ihr Termin ist vorbei.")
    await client.see("Dieser Link öffnet sich nicht mehr.")
    await client.see("Bitte rufen Sie uns an, wenn Sie einen neuen Termin brauchen.")
    await ways_on(client)


def let_time_pass(appliance: Any, email: str, by: timedelta) -> None:
    """As if the appointment had been that much earlier; written beside the running programs."""
    folder = appliance.box.folder
    database = Database.open(Settings(data_dir=folder / "data", runtime_dir=folder / "run"))
    try:

        def work(session):
            row = session.exec(select(Appointment).where(Appointment.client_email == email)).one()
            row.starts_at -= by
            row.ends_at -= by

        database.write_sync(work)
    finally:
        database.close()


async def test_a_finished_visits_link_goes_nowhere_surprising(appliance, people):
    _adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client")
    await walk.arrive(client, booked)
    await walk.check_by_text(client)
    await client.click("button", "Ich stimme nicht zu")
    await client.see("Kein Problem")
    await client.see("Wir sprechen am Telefon oder im Amt mit Ihnen.")
    await ways_on(client)
    await client.page.reload()
    await client.see("Kein Problem")
    await opened(client, booked.link)  # who has changed their mind, starts anew
    await client.click("button", "Termin öffnen")
    await client.see("Gerätetest starten")


async def test_script_off(appliance, people):
    _adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    scripted = await people("client")
    await walk.arrive(scripted, booked)
    cookies = await scripted.context.cookies()
    client = await people("client", java_script_enabled=False)
    await client.context.add_cookies(cookies)
    for path in ("/v", "/visit", "/join", "/test"):
        await client.goto(f"{appliance.url}{path}")
        await client.see("Ihr Browser führt unsere Seite nicht aus.")
        await client.see("Bitte schalten Sie JavaScript ein. Oder rufen Sie uns an: 030 1234567")
