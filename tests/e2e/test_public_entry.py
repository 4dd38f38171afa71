"""From home without an appointment: from the public page to the talk, read on both screens.

The client tests no devices and writes: sound and picture after an admission are shown elsewhere.
"""

from typing import Any

import pytest

from tests.e2e import walk
from tests.e2e.accessible import look, watched
from tests.e2e.chromium import until
from tests.e2e.test_bad_people import agree

pytestmark = [pytest.mark.timeout(90), pytest.mark.patient]

WAITS = "Sie müssen nichts tun. Lassen Sie dieses Fenster offen."
NEXT = "Sie sind als Nächstes an der Reihe."


async def open_a_topic(adviser: Any, appliance: Any) -> None:
    """The administration lets clients come for it all day, every day."""
    await adviser.goto(f"{appliance.url}/console/topics")
    await adviser.fill("Name auf Deutsch", "Wohngeld")
    await adviser.click("checkbox", "Ohne Termin möglich")
    for day in range(7):
        await adviser.page.locator(f"[name=from_{day}]").fill("00:00")
        await adviser.page.locator(f"[name=until_{day}]").fill("23:59")
    await adviser.click("button", "Thema speichern")
    await adviser.see("Auch ohne Termin")
    await adviser.goto(f"{appliance.url}/console")
    await adviser.see("Wer da ist")


async def come(client: Any, appliance: Any) -> None:
    """From the start page to waiting; no link, no number, no password."""
    await client.goto(f"{appliance.url}/")
    await client.click("link", "Ich habe keinen Termin")
    await client.see("Jetzt geht es ohne Termin.")
    await look(client, "topics")
    await client.click("button", "Ohne Termin starten")
    await client.see("Thema: Wohngeld")
    await walk.check_by_text(client)
    await agree(client)
    await client.fill("Ihr Name", "Erika Mustermann")
    assert not await client.page.get_by_label("Ihr Passwort für den Termin").is_visible()
    await client.click("button", "Zum Warteraum")
    await client.see(WAITS)


async def talk(adviser: Any, client: Any) -> None:
    """Both write and read; then the adviser ends it for both."""
    await client.fill("Ihre Nachricht im Chat", "Guten Tag!")
    await client.click("button", "Senden")
    await adviser.see("Guten Tag!")
    await adviser.page.get_by_role("textbox", name="Nachricht").last.fill("Was brauchen Sie?")
    await adviser.page.keyboard.press("Enter")
    await client.see("Was brauchen Sie?")
    await client.click("button", "Chat schließen")
    await client.click("button", "Beenden")
    await client.click("button", "Gespräch beenden")
    await client.see("Vielen Dank für das Gespräch")
    await adviser.see("Niemand wartet")


async def test_it_works(appliance, people):
    adviser = await people("adviser")
    client = await watched(await adviser.another(viewport={"width": 390, "height": 844}))
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    await open_a_topic(adviser, appliance)
    await come(client, appliance)
    await client.see(NEXT)
    await client.see("Einlass ist heute bis 23:59 Uhr.")
    await adviser.see("ohne Termin: Wohngeld")
    await adviser.see("ohne Passwort: Ausweis zeigen lassen")
    await client.page.reload()  # or a crash: the place is kept
    await client.see(NEXT)
    await adviser.page.keyboard.press("p")
    await adviser.click("button", "Nicht am Platz melden")
    await client.see("Gerade ist niemand am Arbeitsplatz.")
    await adviser.click("button", "Ich bin wieder da")
    await until(client.page, "!document.querySelector('[data-slot=busy]').checkVisibility()", 10)
    await adviser.click("button", "Hereinbitten")
    await talk(adviser, client)
    assert client.barriers == []
    assert "Mustermann" not in appliance.log()
