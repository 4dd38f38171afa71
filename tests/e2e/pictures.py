"""Who stands before the camera of ``scripts/screenshots``: one language, one part of the walk."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Playwright

from appliance.i18n import CLIENTS, EASY_GERMAN, main_language
from tests.e2e import clips, walk
from tests.e2e.album import STAND_STILL, Album
from tests.e2e.chromium import Chromium, Devices
from tests.e2e.conftest import Appliance

LOCALES = {"de": "de-DE", EASY_GERMAN: "de-DE", "en": "en-GB"} | {one: one for one in CLIENTS}

REVIEWED = ("booked", "request")  # parts in which translations count as reviewed, for the mails


@dataclass
class Scene:
    """A running appliance and its people, for one part in one language."""

    album: Album
    playwright: Playwright
    appliance: Appliance
    ending: AsyncExitStack

    @property
    def language(self) -> str:
        """What clients read."""
        return self.album.language

    @property
    def speaks(self) -> str:
        """What clients are written in: a translation only where the agency has reviewed it."""
        translated = self.album.part in REVIEWED and self.language in CLIENTS
        return self.language if translated else main_language(self.language)

    async def browser(self, who: str, devices: Devices, **context: Any) -> Chromium:
        """One person's browser, which ends with the scene."""
        one = Chromium(self.playwright, clips.picture(who), clips.speech(who), devices)
        await one.start(**context)
        self.ending.push_async_callback(one.stop)
        await one.add_init_script(walk.KEEP_PEERS)
        await one.add_init_script(STAND_STILL)
        return one

    async def client(self, devices: Devices = Devices.WORKING) -> Chromium:
        """Somebody who reads this language."""
        one = await self.browser("client", devices, locale=LOCALES[self.language])
        await self.reads(one)
        return one

    async def reads(self, client: Chromium) -> None:
        """Easy German is nobody's browser's language: it is chosen on a page, and kept."""
        client.language = self.language
        await client.goto(f"{self.appliance.url}/?sprache={self.language}")

    async def adviser(self, translated: bool = False) -> Chromium:
        """At the desk; in German, or in this language if there is a desk in it."""
        reads = self.language if translated and self.language not in CLIENTS else "de"
        one = await self.browser("adviser", Devices.WORKING, locale=LOCALES[reads])
        await walk.log_in(one, self.appliance, await walk.add_adviser(self.appliance))
        return one

    async def take(self, person: Chromium, name: str, whole: bool = True) -> None:
        """One page in all sizes."""
        await self.album.take(person, name, whole)
