"""A busy adviser: the client reads it and leaves word, the office takes it and ticks it off."""

import pytest

from tests.e2e import short_way, walk
from tests.e2e.chromium import until

# The browser's own notices, kept by the page as well; the desk lies behind other windows.
KEEP_NOTICES = """() => {
  window.told = [];
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options);
      window.told.push(`${title}: ${options.body}`);
    }
  };
  document.hasFocus = () => false;
}"""

pytestmark = [pytest.mark.timeout(120), pytest.mark.patient]


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    await notices_on(adviser, appliance)
    client = await people("client", viewport={"width": 390, "height": 844})
    await short_way.to_the_waiting_room(client, appliance, booked)
    await until(adviser.page, "window.told.length > 0")
    (told,) = await adviser.evaluate("window.told")  # that somebody waits, and nobody's name
    assert told == "Arbeitsplatz · Musteramt: Jemand ist im Warteraum."
    await a_question(adviser, client)
    await adviser.click("button", "Es dauert noch")
    await client.see("Frau Yılmaz sagt: Es dauert noch etwas länger.")
    await client.click("button", "Ich warte")
    await client.see("Gut. Ihr Platz bleibt erhalten.")
    await adviser.page.get_by_text("Mit anderen Worten sagen").click()
    await adviser.fill("Eigene Worte", "Ich muss kurz zum Drucker.")
    await adviser.click("button", "Sagen")
    await client.see("Ich muss kurz zum Drucker.")
    await away_and_back(adviser, client)
    await adviser.click("button", "Es dauert noch")
    await client.click("button", "Rufen Sie mich zurück")
    await client.fill("Ihre Nachricht", "Nach 16 Uhr bin ich zu Hause.")
    await client.click("button", "Nachricht senden")
    await client.see("Wir rufen Sie zurück")
    await worked_off(adviser)
    assert "16 Uhr" not in appliance.log()


async def notices_on(adviser, appliance):
    """By the button, whose click is what the browser asks for."""
    await adviser.context.grant_permissions(["notifications"], origin=appliance.url)
    await adviser.evaluate(KEEP_NOTICES)
    await adviser.click("button", "Hinweise: aus")
    await adviser.see("Hinweise: an")


async def a_question(adviser, client):
    """Asked and answered in the waiting room, which nobody leaves for it."""
    await client.page.get_by_text("Dem Amt eine Frage schreiben").click()
    await client.fill("Ihre Frage", "Brauche ich meinen Mietvertrag?")
    await client.click("button", "Frage senden")
    await client.see("Das Amt hat Ihre Frage.")
    await client.see("Wir antworten Ihnen gleich hier. Ihr Platz bleibt erhalten.")
    await adviser.see("Brauche ich meinen Mietvertrag?")
    await adviser.fill("Eine Zeile an die Person", "Ja, bitte legen Sie ihn bereit.")
    await adviser.click("button", "Schreiben")
    await client.see("Ja, bitte legen Sie ihn bereit.")
    await client.click("button", "Das ist geklärt")
    await client.page.locator("[data-help]").wait_for(state="hidden")


async def away_and_back(adviser, client):
    await adviser.page.keyboard.press("p")
    await adviser.page.locator("#away-text").fill("Um 11 Uhr bin ich wieder da.")
    await adviser.click("button", "Nicht am Platz melden")
    await client.see("Frau Yılmaz ist gerade nicht am Arbeitsplatz.")
    await client.see("Um 11 Uhr bin ich wieder da.")
    await adviser.click("button", "Ich bin wieder da")
    await client.see("Frau Yılmaz sagt Ihnen:")


async def worked_off(adviser):
    """Open, taken, done; the bar counts what is open."""
    bar = adviser.page.get_by_role("navigation", name="Arbeitsplatz")
    await bar.get_by_role("link", name="Mitteilungen 1 offen").click()
    await adviser.see("Ayşe Öztürk")
    await adviser.see("Nach 16 Uhr bin ich zu Hause.")
    await adviser.see("+49309876543")
    await adviser.click("button", "Übernehmen")
    await adviser.see("übernommen von Frau Yılmaz")
    assert await bar.get_by_role("link", name="offen").count() == 0
    await adviser.click("button", "Erledigt")
    await adviser.see("erledigt von Frau Yılmaz")
