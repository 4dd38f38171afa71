"""From a topic to a talk: asked, confirmed by mail, offered, picked, and held.

The device check is left out (``short_way``); what each mail and page says in full, and how requests
are declined or withdrawn, is shown in ``tests/web/test_requests.py``.
"""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.e2e import short_way, walk

pytestmark = [pytest.mark.timeout(90), pytest.mark.patient]

CLIENT = "erika@example.org"
ADDRESS = re.compile(r"https?://\S+/[rv]#\S+")


async def mailed(appliance: Any, subject: str) -> str:
    """The link of the mail with this subject, once it is there."""
    mail = await appliance.mailbox.newest(CLIENT, subject=subject)
    text = str(mail.get_body(("plain",)).get_content())
    assert "Wohngeld" not in text
    found = ADDRESS.search(text)
    assert found
    return found.group()


async def ask(client: Any, appliance: Any) -> None:
    """From the start page to a request whose address is confirmed."""
    await client.goto(f"{appliance.url}/")
    await client.click("link", "Termin anfragen")
    await client.page.get_by_role("link", name="Wohngeld").click()
    await client.page.locator("[name=client_name]").fill("Erika Mustermann")
    await client.page.locator("[name=client_email]").fill(CLIENT)
    await client.click("button", "Anfrage senden")
    await client.see("Wir haben Ihnen einen Link geschickt.")
    await client.goto(await mailed(appliance, "Bitte bestätigen Sie Ihre Anfrage"))
    await client.click("button", "Ja, Anfrage bestätigen")
    await client.see("Ihre Anfrage ist bei uns")


async def open_requests(adviser: Any) -> None:
    """By the bar, whose group and link say how many are open."""
    bar = adviser.page.get_by_role("navigation", name="Arbeitsplatz")
    await bar.locator("summary", has_text="Termine").filter(has_text="1 offen").click()
    await bar.get_by_role("link", name="Anfragen 1 offen").click()


async def offer(adviser: Any) -> None:
    """The bar at the desk has counted it; two times, in two days."""
    await open_requests(adviser)
    await adviser.click("link", "Anfrage von Erika Mustermann ansehen")
    day = (datetime.now(walk.ZONE) + timedelta(days=2)).strftime("%Y-%m-%d")
    for number, clock in (("1", "10:00"), ("2", "11:30")):
        await adviser.page.locator(f"[name=starts_on_{number}]").fill(day)
        await adviser.page.locator(f"[name=starts_at_time_{number}]").fill(clock)
    await adviser.click("button", "Zeiten senden")
    await adviser.see("Der Gast wählt eine Zeit")
    assert await adviser.page.get_by_role("link", name="offen").count() == 0
    await adviser.click("link", "Arbeitsplatz")
    await adviser.see("Wer da ist")


async def pick(client: Any, appliance: Any) -> str:
    """The second time suits; gives the link of the invitation."""
    await client.goto("about:blank")  # the same page with another fragment would not be loaded
    await client.goto(await mailed(appliance, "Zeiten für Ihren Video-Termin"))
    await client.page.get_by_role("radio").nth(1).check()
    await client.click("button", "Diese Zeit nehmen")
    await client.see("Ihr Video-Termin steht fest")
    await client.see("11:30 Uhr")
    return await mailed(appliance, "Ihr Video-Termin am")


async def agree_on_now(adviser: Any, client: Any, appliance: Any, link: str) -> walk.Booked:
    """Nobody waits two days here: the client wants to be called, and both agree on now."""
    await client.goto(link)
    await client.page.get_by_text("Vorher anrufen lassen").click()
    await client.page.locator("[name=phone]").fill("030 901820")
    await client.click("button", "Bitte rufen Sie mich an")
    await client.see("Wir rufen Sie vorher an.")
    await client.goto("about:blank")  # or the link would only be looked at, not opened anew
    await open_requests(adviser)
    await adviser.see("Möchte vorher angerufen werden")
    await adviser.page.locator("a[href^='/console/appointments/']:not([href$=new])").click()
    start = datetime.now(walk.ZONE) + timedelta(minutes=1)
    await adviser.page.get_by_text("Auf eine andere Zeit legen").click()
    await adviser.page.locator("[name=starts_on]").fill(start.strftime("%Y-%m-%d"))
    await adviser.page.locator("[name=starts_at_time]").fill(start.strftime("%H:%M"))
    await adviser.click("button", "Termin verlegen")
    await adviser.click("button", "Passwort zeigen")
    password = await adviser.page.locator("#password").inner_text()
    await adviser.goto(f"{appliance.url}/console")
    return walk.Booked(link, password)


async def test_it_works(appliance, people):
    adviser = await people("adviser")
    client = await adviser.another(viewport={"width": 390, "height": 844})
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    await adviser.goto(f"{appliance.url}/console/topics")
    await adviser.fill("Name auf Deutsch", "Wohngeld")
    await adviser.click("button", "Thema speichern")
    await adviser.goto(f"{appliance.url}/console")
    await ask(client, appliance)
    await offer(adviser)
    link = await pick(client, appliance)
    booked = await agree_on_now(adviser, client, appliance, link)
    await short_way.to_the_waiting_room(client, appliance, booked)
    await adviser.click("button", "Hereinbitten")
    await adviser.click("button", "Ausweis gesehen")
    await adviser.page.keyboard.press("e")
    await adviser.click("button", "Beenden: alles besprochen")
    await client.see("Vielen Dank für das Gespräch")
    await adviser.see("Hat stattgefunden")
