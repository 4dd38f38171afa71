"""The set-up page as the person sees it who was given the printed code."""

from __future__ import annotations

import re
from typing import Any

from tests.box.machine import NAME
from tests.e2e.conftest import Mailbox
from tests.e2e.walk import Staff

MAIL_PORT = 2525
AGENCY = {
    "name": "Amt für Proben",
    "site": "Rathaus",
    "address": "Marktplatz 1, 12345 Nordstadt",
    "phone": "030 999 0",
    "email": "termine@amt.example",
}
SERVER = {"host": "127.0.0.1", "port": str(MAIL_PORT), "to": "it@amt.example"}


def printed_code(said: str) -> str:
    """The code at the end of what the installation says, with the page that wants it."""
    found = re.search(rf"https://{NAME}/setup\s.*?\b((?:\w{{4}}-){{3}}\w{{4}})\b", said, re.DOTALL)
    assert found, said
    return found.group(1)


async def set_up(person: Any, code: str, mailbox: Mailbox) -> Staff:
    """Every step that a new box needs, a test mail that arrives, and the end: the first login."""
    page = person.page
    await person.goto(f"https://{NAME}/setup")
    await person.fill("Code der Installation", code)
    await person.click("button", "Einrichtung beginnen")
    await _type(person, "Behörde", AGENCY)
    await person.click("button", "Speichern")
    await _type(person, "Erster Zugang", {"login": "yilmaz", "name": "Frau Yılmaz"})
    await person.click("button", "Zugang anlegen")
    password = await page.locator("#first-password").inner_text()
    staff = Staff("yilmaz", password, await page.locator("#totp-key").inner_text())
    await person.click("link", "Habe ich notiert")
    await _type(person, "E-Mail", SERVER)
    await page.locator("[name=encryption]").select_option("none")
    await person.click("button", "Speichern")
    await person.see("Der Server hat die Probe angenommen.")
    await mailbox.newest(SERVER["to"])
    await person.click("link", "Zurück")
    await _type(person, "Themen", {"topics": "Antrag auf Förderung"})
    await person.click("button", "Speichern")
    await person.click("button", "Einrichtung abschließen")
    await person.see("Die Box ist eingerichtet")
    return staff


async def _type(person: Any, step: str, fields: dict[str, str]) -> None:
    await person.click("link", f"{step} ausfüllen")
    for name, text in fields.items():
        await person.page.locator(f"[name={name}]").fill(text)
