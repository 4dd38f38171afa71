"""From a topic to an appointment, by mail and keyboard: asked, confirmed, offered, picked, opened.

Each state that the client meets is looked at by axe, large, narrow and right-to-left.
"""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.e2e import walk
from tests.e2e.accessible import look, use, watched

pytestmark = [pytest.mark.timeout(180), pytest.mark.patient]

CLIENT = "erika@example.org"


async def mailed(appliance: Any, subject: str) -> str:
    """The first link of the newest mail with this subject, once it is there."""
    for _ in range(200):
        found = [
            one
            for one in appliance.mailbox.messages
            if CLIENT in str(one["To"]) and subject in str(one["Subject"])
        ]
        if found:
            text = str(found[-1].get_body(("plain",)).get_content())
            assert "Wohngeld" not in text
            return re.search(r"https?://\S+/[rv]#\S+", text).group()
        await asyncio.sleep(0.1)
    raise TimeoutError(f"no mail {subject!r}")


async def to_a_topic(adviser: Any, appliance: Any) -> None:
    """The administration lists one."""
    await adviser.goto(f"{appliance.url}/console/topics")
    await adviser.fill("Name auf Deutsch", "Wohngeld")
    await adviser.click("button", "Thema speichern")
    await adviser.see("Für alle sichtbar")


async def ask(client: Any, appliance: Any) -> None:
    """By keyboard, from the start page to "look at your mails"."""
    await client.goto(f"{appliance.url}/")
    await look(client, "start")
    await use(client, "Termin anfragen")
    await client.see("Worum geht es?")
    await look(client, "topics")
    await use(client, "Wohngeld etwa 30 Minuten")
    await client.see("Ihre E-Mail-Adresse")
    await use(client, "Anfrage senden")
    await client.see("Bitte geben Sie Ihre E-Mail-Adresse an.")
    await look(client, "request with mistakes")
    for name, typed in (("client_name", "Erika Mustermann"), ("client_email", CLIENT)):
        await client.page.locator(f"[name={name}]").focus()
        await client.page.keyboard.type(typed)
    await use(client, "Anfrage senden")
    await client.see("Wir haben Ihnen einen Link geschickt.")
    await look(client, "sent")


async def offer(adviser: Any, appliance: Any) -> None:
    """Staff see the confirmed request and offer two times, in two days."""
    await adviser.goto(f"{appliance.url}/console/requests")
    await adviser.page.get_by_role("link", name="Anfrage von Erika Mustermann ansehen").click()
    await adviser.see("Zeiten vorschlagen")
    day = (datetime.now(walk.ZONE) + timedelta(days=2)).strftime("%Y-%m-%d")
    for number, clock in (("1", "10:00"), ("2", "11:30")):
        await adviser.page.locator(f"[name=starts_on_{number}]").fill(day)
        await adviser.page.locator(f"[name=starts_at_time_{number}]").fill(clock)
    await adviser.click("button", "Zeiten senden")
    await adviser.see("Der Gast wählt eine Zeit")


async def test_it_works(appliance, people):
    adviser = await people("adviser")
    client = await watched(await people("client", viewport={"width": 390, "height": 844}))
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    await to_a_topic(adviser, appliance)
    await ask(client, appliance)
    await client.goto(await mailed(appliance, "Bitte bestätigen Sie Ihre Anfrage"))
    await client.see("Ist das Ihre Anfrage?")
    await look(client, "unconfirmed")
    await use(client, "Ja, Anfrage bestätigen")
    await client.see("Ihre Anfrage ist bei uns")
    await look(client, "open")
    await offer(adviser, appliance)
    link = await mailed(appliance, "Zeiten für Ihren Video-Termin")
    await client.goto("about:blank")  # the same page with another fragment would not be loaded
    await client.goto(link)
    await client.see("Unsere Vorschläge")
    await look(client, "offered")
    await use(client, "Diese Zeit nehmen")
    await client.see("Bitte wählen Sie eine Zeit.")
    await client.page.get_by_role("radio").first.focus()
    await client.page.keyboard.press("ArrowDown")
    await use(client, "Diese Zeit nehmen")
    await client.see("Ihr Video-Termin steht fest")
    await client.see("11:30 Uhr")
    await look(client, "booked")
    await client.goto(await mailed(appliance, "Ihr Video-Termin am"))
    await client.see("Die Tür öffnet sich")
    await use(client, "Termin absagen")
    await look(client, "link")
    await use(client, "Ja, Termin absagen")
    await client.see("Ihr Termin ist abgesagt.")
    await adviser.goto(f"{appliance.url}/console/requests")
    await adviser.see("Hat abgesagt")
    assert client.barriers == []
