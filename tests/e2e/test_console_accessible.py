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
    "/console/keys", "/console/kiosks", "/console/check-statistics", "/console/privacy",
    "/console/appointments/new", "/console",
]  # fmt: skip


OPENED = (
    "[...document.querySelectorAll('details[data-nav-group][open]')]"
    ".map((one) => one.dataset.navGroup).join()"
)


async def groups_by_press(adviser: Any) -> None:
    """On a narrow screen an open group pushes the next one down: it is hit all the same."""
    before = adviser.page.viewport_size
    await adviser.page.set_viewport_size({"width": 390, "height": 844})
    for group in ("house", "own"):
        await adviser.page.locator(f"[data-nav-group={group}] > summary").click()
        await until(adviser.page, f"{OPENED} === '{group}'", 3)
    await adviser.page.locator("h1, h2").locator("visible=true").first.click()
    await until(adviser.page, f"{OPENED} === ''", 3)
    await adviser.page.set_viewport_size(before)


async def groups_by_keyboard(adviser: Any) -> None:
    """Opens by Enter, one at a time; Escape closes and leads back; a link is a Tab away."""
    await accessible.use(adviser, "Verwalten")
    await until(adviser.page, f"{OPENED} === 'house'")
    await accessible.look(adviser, "an open group")
    await adviser.page.keyboard.press("Escape")
    await until(adviser.page, f"{OPENED} === ''")
    assert await adviser.evaluate("document.activeElement.innerText.trim()") == "Verwalten"
    await accessible.use(adviser, "Termine", back=True)
    await until(adviser.page, f"{OPENED} === 'booking'")
    await accessible.use(adviser, "Woche")
    await adviser.see("In dieser Woche steht noch kein Termin an.")


async def test_it_works(appliance, people):
    adviser = await accessible.watched(await people("adviser"))
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    await groups_by_keyboard(adviser)
    await groups_by_press(adviser)
    for path in PAGES:
        await adviser.goto(f"{appliance.url}{path}")
        await accessible.look(adviser, path)
    assert not adviser.barriers, "\n".join(adviser.barriers)
