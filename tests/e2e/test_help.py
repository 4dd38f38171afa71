"""A client who is stuck in the check calls for help; the desk sees at what, writes and calls."""

from typing import Any

import cv2
import numpy as np
import pytest

from tests.e2e import walk
from tests.e2e.chromium import Devices
from tests.e2e.helped import ANSWER, NOTE, stuck_and_helped

pytestmark = [pytest.mark.timeout(120), pytest.mark.patient]


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client", devices=Devices.DENIED, viewport={"width": 390, "height": 844})
    seen: dict[str, str] = {}

    async def look(person: Any, name: str) -> None:
        seen[name] = await person.page.locator("body").inner_text()

    await stuck_and_helped(client, adviser, booked, look)
    assert "Mikrofon" in seen["help-desk"]
    assert "030 9876543" in seen["help-desk"] or "+49309876543" in seen["help-desk"]
    assert "braucht Hilfe" not in await adviser.page.locator("[data-waiting]").inner_text()
    for file in appliance.box.folder.rglob("*"):  # not even in the log
        if file.is_file() and not file.is_socket():
            kept = file.read_bytes()
            assert ANSWER.encode() not in kept, file
            assert NOTE.encode() not in kept, file
    await goes_on_with_the_phone(client, await people("client"))
    await anybodys_test_shows_the_telephone_number(appliance, client)


async def goes_on_with_the_phone(computer: Any, phone: Any) -> None:
    """The code is read from the screen as a camera would; in the same visit, to save a minute."""
    await computer.page.set_viewport_size({"width": 1280, "height": 900})
    await computer.page.reload()  # the button is for wide screens
    await walk.at_step(computer, "microphone")
    await computer.click("button", "Mit dem Handy weitermachen")
    await computer.see("Der Code gilt 5 Minuten und nur einmal.")
    shown = await computer.page.get_by_role("img", name="Code für Ihr Handy").screenshot()
    picture = cv2.imdecode(np.frombuffer(shown, np.uint8), cv2.IMREAD_COLOR)
    address, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    await phone.goto(address)
    await phone.click("button", "Hier weitermachen")
    await walk.at_step(phone, "microphone", "camera")
    await computer.see("Sie machen auf dem anderen Gerät weiter")
    await computer.click("button", "Hier weitermachen")
    await walk.at_step(computer, "microphone")
    await phone.see("Sie machen auf dem anderen Gerät weiter")
    await computer.see("Noch einmal versuchen")


async def anybodys_test_shows_the_telephone_number(appliance: Any, client: Any) -> None:
    """Without a visit there is nobody who could see the call."""
    await client.goto(f"{appliance.url}/test")
    await client.click("button", "Gerätetest starten")
    await walk.at_step(client, "microphone")
    await client.click("button", "Ich brauche Hilfe")
    await client.see("Wir helfen Ihnen gern am Telefon.")
    call = client.page.get_by_role("dialog").get_by_role("link", name="030 1234567")
    assert await call.get_attribute("href") == "tel:0301234567"
