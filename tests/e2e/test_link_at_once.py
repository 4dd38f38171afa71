"""A client calls, has nothing at hand, and gets a link at once; the number is said on the phone."""

import re
from typing import Any

import pytest

from tests.e2e import walk
from tests.e2e.test_bad_people import agree

pytestmark = [pytest.mark.timeout(180), pytest.mark.patient]


async def number_said(adviser: Any) -> str:
    """What the adviser reads out after sending the link."""
    await adviser.see("Wer da ist")
    await adviser.page.get_by_role("link", name="Ayşe Öztürk").first.click()
    await adviser.click("button", "Link per E-Mail senden")
    await adviser.see("Die E-Mail mit dem Link ist unterwegs.")
    return str(await adviser.page.locator("#number-to-say").inner_text())


async def short_mail(appliance: Any) -> str:
    """The text of the second mail, once it is there."""
    subject = "Ihr Link zum Video-Termin"
    mail = await appliance.mailbox.newest("ayse@example.org", subject=subject)
    return str(mail.get_body(("plain",)).get_content())


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    number = await number_said(adviser)
    text = await short_mail(appliance)
    found = re.search(r"https?://\S+/v#\S+", text)
    assert found
    link = found.group()
    assert link != booked.link
    assert number not in text
    assert booked.password not in text
    client = await people("client", viewport={"width": 390, "height": 844})
    await walk.arrive(client, walk.Booked(link, ""))
    await walk.check_by_text(client)
    await agree(client)
    await client.see("Zehn Ziffern. Wir nennen sie Ihnen am Telefon.")
    assert not await client.page.get_by_label("Ihr Passwort für den Termin").is_visible()
    await client.fill("Ihr Name", "Ayşe Öztürk")
    await client.fill("Ihre Terminnummer", "123 456 78 90")
    await client.click("button", "Zum Warteraum")
    await client.see("Diese Angaben passen nicht zu Ihrem Termin.")
    await client.fill("Ihre Terminnummer", number)
    await client.click("button", "Zum Warteraum")
    await client.see("Sie müssen nichts tun")
