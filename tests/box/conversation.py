"""An appointment through the installed units: two real browsers in the box's own network."""

from __future__ import annotations

import asyncio
import ctypes
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from playwright.async_api import async_playwright

from tests.box.machine import ADDRESS, NAME, Box
from tests.e2e import clips, walk
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import Mailbox
from tests.e2e.test_kill import LONGEST, WATCH

CLONE_NEWNET = 0x40000000
MAIL_PORT = 2525


class Office:
    """What ``tests.e2e.walk`` needs to know of an appliance."""

    def __init__(self, box: Box, mailbox: Mailbox) -> None:
        self.box, self.mailbox = box, mailbox
        self.url = f"https://{NAME}"
        self.staff: dict[str, walk.Staff] = {}

    def add_adviser(self) -> walk.Staff:
        """By the command that the installer names."""
        self.box.run("sh", "-c", "umask 077; cat >/root/password", text=walk.PASSWORD)
        words = ["vorzimmer", "add-adviser", "yilmaz", "--name", "Frau Yılmaz"]
        words += ["--role", "administrator", "--password-file", "/root/password"]
        said = self.box.run(*words)
        key = re.search(r"secret=([A-Z2-7]+)", said) or re.search(r"\b([A-Z2-7]{32})\b", said)
        assert key, said
        self.staff["yilmaz"] = walk.Staff("yilmaz", walk.PASSWORD, key.group(1))
        return self.staff["yilmaz"]


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


@asynccontextmanager
async def people() -> AsyncIterator[Any]:
    """Browsers that find the box by its name."""
    started: list[Chromium] = []
    async with async_playwright() as playwright:

        async def start(who: str, **context: Any) -> Chromium:
            person = Chromium(playwright, clips.picture(who), clips.speech(who))
            person._flags.append(f"--host-resolver-rules=MAP {NAME} {ADDRESS}")
            started.append(await person.start(ignore_https_errors=True, **context))
            return person

        try:
            yield start
        except BaseException:
            for number, person in enumerate(started):
                await person.screenshot(clips.MADE / f"box-{number}.png")
            raise
        finally:
            await asyncio.gather(*(person.stop() for person in started), return_exceptions=True)


class Conversation:
    """Two who talk, and how long the longest pause of their pictures was."""

    def __init__(self, adviser: Chromium, client: Chromium) -> None:
        self.adviser, self.client = adviser, client

    @classmethod
    async def begin(cls, there: Office, start: Any) -> Conversation:
        """From the login and the mailed link, through the whole device check, to seeing both."""
        adviser, client = await walk.to_the_session(there, start)
        made = cls(adviser, client)
        await made.goes_on()
        await adviser.click("button", "Ausweis gesehen")
        return made

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
        await asyncio.sleep(1)
        pauses = [await one.evaluate(LONGEST) for one in (self.client, self.adviser)]
        return max(pauses), time.monotonic() - began


def trusted(box: Box) -> ssl.SSLContext:
    """Of a device that was given the box's authority, and knows no other."""
    return ssl.create_default_context(cadata=box.run("cat", "/etc/vorzimmer/tls/ca.pem"))
