"""The two pictures, and the end: the own copy of the chat, two taps, the next appointment."""

from datetime import datetime, timedelta

import pytest

from tests.e2e import short_way, walk
from tests.e2e.chromium import until

pytestmark = [pytest.mark.timeout(150), pytest.mark.patient]

WIDTH = "document.querySelector('SELECTOR').getBoundingClientRect().width"
SELF = "[data-screen=session] [data-slot=self]"
OWN_LINE = "document.querySelector('[data-session] [data-slot=quality]').innerText"
OWN_AT_DESK = "[data-own-figure]"
OTHER = "[data-screen=session] video[data-slot=other]"


@pytest.fixture
def box_settings():
    return {"VORZIMMER_AGENCY__CHAT_DOWNLOAD": "true"}


async def width(client, selector: str) -> float:
    return float(await client.evaluate(WIDTH.replace("SELECTOR", selector)))


async def above_other_windows(client):
    """The other's picture in a window of its own, and back."""
    await client.click("button", "Mehr")
    for floats in ("true", "false"):
        await client.click("button", "Bild über andere Fenster legen")
        await until(client.page, f"(document.pictureInPictureElement !== null) === {floats}")
    await client.click("button", "Fertig")


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    day = datetime.now(walk.ZONE) + timedelta(days=7)
    later = {"starts_on": day.strftime("%Y-%m-%d"), "starts_at_time": "10:00"}
    await walk.book(adviser, appliance, **later)
    client = await people("client", viewport={"width": 390, "height": 844})
    await short_way.to_the_waiting_room(client, appliance, booked)
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser")
    await above_other_windows(client)
    await client.click("button", "Bilder tauschen: groß und klein")
    assert await width(client, SELF) > 2 * await width(client, OTHER)
    await client.click("button", "Bilder tauschen: groß und klein")
    assert await width(client, OTHER) > 2 * await width(client, SELF)
    await adviser.page.keyboard.press("s")
    assert await width(adviser, OWN_AT_DESK) > 2 * await width(adviser, walk.DESK_SEES)
    await adviser.click("button", "Bilder tauschen: groß und klein")
    assert await width(adviser, walk.DESK_SEES) > 2 * await width(adviser, OWN_AT_DESK)
    await until(adviser.page, f"{OWN_LINE}.startsWith('Ihre Verbindung')")  # in words
    await adviser.click("button", "Ausweis gesehen")
    await client.click("button", "Chat")
    await client.fill("Ihre Nachricht im Chat", "Bis nächste Woche")
    await client.click("button", "Senden")
    await adviser.page.keyboard.press("c")
    await adviser.see("Bis nächste Woche")
    await client.click("button", "Chat schließen")
    await client.click("button", "Beenden")
    await client.click("button", "Gespräch beenden")
    await client.see("Ihr nächster Termin:")
    await client.click("button", "Ton war gut")
    await client.see("Danke. Das hilft uns.")
    await client.click("button", "Bild war nicht gut")
    async with client.page.expect_download() as waiting:
        await client.click("button", "Chat auf diesem Gerät speichern")
    file = await (await waiting.value).path()
    assert "Sie: Bis nächste Woche" in file.read_text()
    assert "Bis nächste" not in appliance.log()
