"""Who stands at the kiosk: looks into its page, and taps what a visitor would tap."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError

from tests.e2e import at_a_kiosk, walk
from tests.e2e.chromium import Chromium, Devices, until
from tests.locked.machine import Machine

Shot = Callable[[str], None]
GERMAN = "document.querySelector('[data-greeting=de]').checkVisibility()"
DOORS = "document.querySelector('[data-view=doors]').checkVisibility()"


class Visitor(Chromium):
    """The words of ``Chromium`` for the browser in cage; after each end of it, ``meet`` again."""

    def __init__(self, playwright: Any, machine: Machine, origin: str) -> None:
        super().__init__(playwright, None, None, Devices.NONE)
        self.machine, self.origin = machine, origin

    async def meet(self, within_s: float = 60) -> None:
        """Waits until a browser stands at its greeting."""
        loop = asyncio.get_running_loop()
        end, last = loop.time() + within_s, ""
        while loop.time() < end:
            try:
                self.browser = await self._playwright.chromium.connect_over_cdp(
                    self.machine.control, timeout=5000
                )
                await self._look()
            except (PlaywrightError, OSError) as error:
                last = str(error)[:200]
                await asyncio.sleep(0.5)
            else:
                return
        raise TimeoutError(f"no browser at its greeting: {self.machine.pages()} {last}")

    async def _look(self) -> None:
        [self.context] = self.browser.contexts
        here = [one for one in self.context.pages if one.url.startswith(self.origin)]
        if not here:
            raise TimeoutError("no page of ours")
        self.page = here[0]
        self.page.set_default_timeout(15_000)
        await until(
            self.page, "document.querySelector('[data-view=attract]')?.checkVisibility()", 8
        )

    async def leave(self) -> None:
        """Lets go of the browser, which goes on."""
        await self.browser.close()


async def begin(visitor: Visitor) -> None:
    """Touches the greeting while it is a German one, which decides the language.

    Like a person it touches again where the page was just being loaded.
    """
    for _ in range(3):
        with suppress(PlaywrightError, TimeoutError):
            await until(visitor.page, GERMAN, 60)
            await visitor.page.locator("[data-do=begin]").click()
            await until(visitor.page, DOORS, 3)
            return
    raise TimeoutError("the greeting stays")


async def come_without_appointment(visitor: Visitor, shot: Shot) -> None:
    """From the greeting past every way to begin, to the start page of a visit."""
    shot("greeting")
    await begin(visitor)
    await asyncio.sleep(0.6)
    shot("doors")
    await visitor.click("button", "Mehr Kontrast")
    await visitor.click("button", "Größere Schrift")
    await asyncio.sleep(0.4)
    shot("doors-contrast-large")
    await visitor.click("button", "Mehr Kontrast")
    await visitor.click("button", "Größere Schrift")
    await visitor.click("button", "Ich habe einen Termin")
    for digit in "4711":
        await visitor.page.locator(f"[data-digit='{digit}']").click()
    await asyncio.sleep(0.4)
    shot("number")
    await visitor.click("button", "QR-Code zeigen")
    await visitor.see("Wir suchen den Code", 20)
    await asyncio.sleep(1.5)
    shot("code")
    await visitor.click("button", "Zurück")
    await visitor.click("button", "Ich habe keinen Termin")
    await asyncio.sleep(0.4)
    shot("topics")
    await visitor.click("button", "Etwas anderes")
    await visitor.see("Gerätetest starten")
    await asyncio.sleep(0.4)
    shot("start")


async def pass_check(visitor: Visitor, shot: Shot) -> None:
    """From the start page to the consent."""
    await visitor.click("button", "Gerätetest starten")
    await asyncio.sleep(3)
    shot("check")
    await until(visitor.page, at_a_kiosk.GO_ON, 60)
    await asyncio.sleep(0.6)
    shot("result")
    await visitor.click("button", "Weiter zur Einwilligung")
    await asyncio.sleep(0.6)
    shot("consent")


async def say_yes(visitor: Visitor, shot: Shot, name: str) -> None:
    """Consent, and a name by the keyboard on the screen; then the waiting room."""
    for statement in walk.STATEMENTS:
        await visitor.click("checkbox", statement)
    await visitor.click("button", "Ich stimme zu")
    await visitor.page.get_by_role("textbox", name="Ihr Name", exact=True).click()
    for sign in name:
        face = re.compile(f"^{re.escape(sign)}$", re.IGNORECASE)
        await visitor.page.locator(".kiosk-key--sign").filter(has_text=face).click()
    shot("keyboard")
    await visitor.click("button", "Zum Warteraum")
    await visitor.see("Sie müssen nichts tun.")
    await asyncio.sleep(0.6)
    shot("waiting")


async def talk(visitor: Visitor, adviser: Any, shot: Shot) -> None:
    """Both see the other one move, and hear; then the adviser ends it."""
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(adviser, walk.DESK_SEES, "client")
    await walk.sees_moving(visitor, walk.CLIENT_SEES, "adviser")
    await walk.hears(adviser, 1e-4)
    await asyncio.sleep(0.6)
    shot("session")
    await adviser.click("button", "Beenden E")
    await adviser.click("button", "Beenden: alles besprochen")
    await visitor.see("Fertig. Alles auf diesem Gerät löschen")
    await asyncio.sleep(0.4)
    shot("goodbye")
