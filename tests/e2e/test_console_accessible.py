"""The console's pages as they are read, pressed and made narrow; its groups by keyboard alone."""

from typing import Any

import pytest

from tests.e2e import accessible, walk
from tests.e2e.chromium import until

pytestmark = [pytest.mark.timeout(120), pytest.mark.patient]

PAGES = [
    "/console/week", "/console/statistics", "/console/text-blocks",
    "/console/messages", "/console/requests", "/console/topics", "/console/accounts",
    "/console/mail", "/console/conferences", "/console/calendar", "/console/logins",
    "/console/keys", "/console/check-statistics", "/console/privacy", "/console/appointments/new", "/console",
]  # fmt: skip


async def groups_by_keyboard(adviser: Any) -> None:
    """Opens by Enter, one at a time; Escape closes and leads back; a link is a Tab away."""
    opened = (
        "[...document.querySelectorAll('details[data-nav-group][open]')]"
        ".map((one) => one.dataset.navGroup).join()"
    )
    await accessible.use(adviser, "Verwalten")
    await until(adviser.page, f"{opened} === 'house'")
    await accessible.look(adviser, "an open group")
    await adviser.page.keyboard.press("Escape")
    await until(adviser.page, f"{opened} === ''")
    assert await adviser.evaluate("document.activeElement.innerText.trim()") == "Verwalten"
    await accessible.use(adviser, "Termine", back=True)
    await until(adviser.page, f"{opened} === 'booking'")
    await accessible.use(adviser, "Woche")
    await adviser.see("In dieser Woche steht noch kein Termin an.")


async def test_it_works(appliance, people):
    adviser = await accessible.watched(await people("adviser"))
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    await groups_by_keyboard(adviser)
    for path in PAGES:
        await adviser.goto(f"{appliance.url}{path}")
        await accessible.look(adviser, path)
    assert not adviser.barriers, "\n".join(adviser.barriers)
