"""An appointment through the installed units: two real browsers in the box's own network."""

from __future__ import annotations

import asyncio
import ctypes
import ssl
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from playwright.async_api import async_playwright

from tests.box.machine import ADDRESS, NAME, Box
from tests.box.second import as_web
from tests.box.setting_up import MAIL_PORT
from tests.e2e import clips, short_way, signed, walk
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import Mailbox
from tests.e2e.test_kill import LONGEST, WATCH

CLONE_NEWNET = 0x40000000
PHONE = {"viewport": {"width": 390, "height": 844}}
# As the user of the data, in the installed Python.
SIGN = f"{Path(signed.__file__).read_text(encoding='utf-8')}\nprint(record_of(Settings()))\n"


class Office:
    """What ``tests.e2e.walk`` needs to know of an appliance."""

    def __init__(self, box: Box, mailbox: Mailbox) -> None:
        self.box, self.mailbox = box, mailbox
        self.url = f"https://{NAME}"
        self.staff: dict[str, walk.Staff] = {}


def enter_network(box: Box) -> None:
    """This thread, and whatever it starts from now on, has the box's network."""
    with Path(f"/run/netns/{box.network}").open() as network:
        if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")


@asynccontextmanager
async def office(box: Box) -> AsyncIterator[Office]:
    """With a real mail server."""
    mailbox = Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=MAIL_PORT)
    smtp.start()
    try:
        yield Office(box, mailbox)
    finally:
        smtp.stop()


class People:
    """Browsers that find the box by its name; who is there already is not started again."""

    def __init__(self, playwright: Any) -> None:
        self._playwright = playwright
        self.there: dict[str, Chromium] = {}

    async def __call__(self, who: str, **context: Any) -> Chromium:
        """The person with that face and voice."""
        if who not in self.there:
            person = Chromium(self._playwright, clips.picture(who), clips.speech(who))
            person._flags.append(f"--host-resolver-rules=MAP {NAME} {ADDRESS}")
            self.there[who] = await person.start(ignore_https_errors=True, **context)
        return self.there[who]


@asynccontextmanager
async def people() -> AsyncIterator[People]:
    """They all leave at the end; what they saw last is kept when something fails."""
    async with async_playwright() as playwright:
        all_of_them = People(playwright)
        try:
            yield all_of_them
        except BaseException:
            for who, person in all_of_them.there.items():
                await person.screenshot(clips.MADE / f"box-{who}.png")
            raise
        finally:
            leaving = (person.stop() for person in all_of_them.there.values())
            await asyncio.gather(*leaving, return_exceptions=True)


class Conversation:
    """Two who talk, and how long the longest pause of their pictures was."""

    def __init__(self, adviser: Chromium, client: Chromium) -> None:
        self.adviser, self.client = adviser, client

    @classmethod
    async def begin(cls, there: Office, start: People) -> Conversation:
        """From the login and the mailed link, through the whole device check, to seeing both.

        In its first step the check loses its analyser, and begins that step anew.
        """
        adviser, booked = await walk.to_a_booked_appointment(there, start)
        client = await start("client", **PHONE)
        await client.add_init_script(walk.KEEP_PEERS)
        await walk.arrive(client, booked)
        await client.click("button", "Gerätetest starten")
        await walk.at_step(client, "microphone")
        there.box.kill("vorzimmer-analyser@*.service")
        await walk.through_the_tests(client)
        await walk.to_the_result(client)
        await walk.consent_and_identity(client, booked)
        return await cls(adviser, client)._admitted()

    @classmethod
    async def begin_shortly(cls, there: Office, start: People) -> Conversation:
        """The same without the device check: a record that the box has signed stands for it."""
        adviser, booked = await walk.to_a_booked_appointment(there, start)
        client = await start("client", **PHONE)
        await short_way.to_the_waiting_room(
            client,
            there,
            booked,
            lambda _office: as_web(there.box, SIGN).strip(),
            host="127.0.0.1",
            ssl=trusted(there.box),
        )
        return await cls(adviser, client)._admitted()

    async def _admitted(self) -> Conversation:
        await self.adviser.see("Ayşe Öztürk")
        await self.adviser.click("button", "Hereinbitten")
        await self.goes_on()
        await self.adviser.click("button", "Ausweis gesehen")
        return self

    async def goes_on(self, within_s: float = 20) -> None:
        """Both see the other move, and hear them."""
        await asyncio.gather(
            walk.sees_moving(self.client, walk.CLIENT_SEES, "adviser", within_s),
            walk.sees_moving(self.adviser, walk.DESK_SEES, "client", within_s),
        )
        await asyncio.gather(walk.hears(self.client, 0.002), walk.hears(self.adviser, 0.002))

    async def longest_pause_s(self, meanwhile: Awaitable[Any]) -> tuple[float, float]:
        """Seconds of the longest pause of either picture, and of what was done meanwhile."""
        for person, selector in (
            (self.client, walk.CLIENT_SEES),
            (self.adviser, walk.DESK_SEES),
        ):
            await person.evaluate(WATCH.replace("SELECTOR", selector))
        began = time.monotonic()
        await meanwhile
        took = time.monotonic() - began
        await self.goes_on(40)
        pauses = [await one.evaluate(LONGEST) for one in (self.client, self.adviser)]
        return max(pauses), took


def trusted(box: Box) -> ssl.SSLContext:
    """Of a device that was given the box's authority, and knows no other."""
    return ssl.create_default_context(cadata=box.run("cat", "/etc/vorzimmer/tls/ca.pem"))
