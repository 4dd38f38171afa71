"""Debian's Chromium through Playwright, with the words of ``firefox.Firefox``.

Camera and microphone are real clips by fake-capture files; each person is a browser of their own.
"""

import asyncio
import os
import re
from copy import copy
from enum import StrEnum
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Playwright, expect
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from appliance.i18n import translations

EXECUTABLE = "/usr/bin/chromium"


class Devices(StrEnum):
    """What the browser has and what its person lets it use; all of it is Chromium's own doing."""

    WORKING = "working"
    NO_CAMERA = "no_camera"  # a fake capture with no camera in it
    NONE = "none"  # no fake capture; the machine has neither camera nor microphone
    DENIED = "denied"  # they are there, the person has said no


def flags(picture: Path | None, sound: Path | None, devices: Devices) -> list[str]:
    """Command line for headless use with capture files."""
    words = [
        "--no-sandbox",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--enable-unsafe-swiftshader",
        "--auto-select-desktop-capture-source=Entire screen",
        "--disable-features=WebRtcHideLocalIpsWithMdns,OptimizationHints,MediaRouter",
    ]
    if devices is not Devices.DENIED:
        words.append("--use-fake-ui-for-media-stream")
    if devices is not Devices.NONE and (picture or sound):
        none = "=device-count=0" if devices is Devices.NO_CAMERA else ""
        words.append(f"--use-fake-device-for-media-stream{none}")
        if picture and devices is not Devices.NO_CAMERA:  # the clip is a camera of its own
            words.append(f"--use-file-for-fake-video-capture={picture}")
        if sound:
            words.append(f"--use-file-for-fake-audio-capture={sound}")
    return words


async def until(page: Page, expression: str, within_s: float = 20) -> None:
    """Waits for an expression to be true. Playwright's own way polls by eval, which we forbid."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while not await page.evaluate(expression):
        if loop.time() > end:
            raise TimeoutError(expression)
        await asyncio.sleep(0.05)


class Chromium:
    """One Chromium with one page."""

    def __init__(
        self,
        playwright: Playwright,
        picture: Path | None,
        sound: Path | None,
        devices: Devices = Devices.WORKING,
        environment: dict[str, str] | None = None,
        program: Path | str = EXECUTABLE,
    ) -> None:
        self._playwright = playwright
        self._program = program
        self._environment = {**os.environ, **(environment or {})}
        self._heard = environment is not None  # by a sound server of our own; else it stays mute
        self._flags = flags(picture, sound, devices)
        self._devices = devices
        self.requests: list[str] = []
        self.language = "de"

    def words(self, german: str) -> str:
        """The same words in the person's language; a shortcut's key at the end stays."""
        gettext = translations(self.language).gettext

        def translate(words: str) -> str:
            said = gettext(words).replace("\n", " ")  # easy German breaks its lines
            return said.strip("\u2066\u2069")  # around German in a page from the right

        stem, space, key = german.rpartition(" ")
        if translate(german) == german and len(key) == 1:
            return f"{translate(stem)}{space}{key}"
        return translate(german)

    async def start(self, **context: Any) -> "Chromium":
        """Starts it; ``context`` are Playwright's (viewport, locale, java_script_enabled …)."""
        self.browser: Browser = await self._playwright.chromium.launch(
            executable_path=self._program,
            headless=True,
            args=self._flags,
            ignore_default_args=["--mute-audio"] if self._heard else None,
            env=self._environment,
        )
        return await self._sit_down(**context)

    async def _sit_down(self, **context: Any) -> "Chromium":
        self.context: BrowserContext = await self.browser.new_context(
            **{"locale": "de-DE", "viewport": {"width": 1280, "height": 800}} | context
        )
        self.language = str(context.get("locale", "de-DE"))[:2]
        self.page: Page = await self.context.new_page()
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page.set_default_timeout(15_000)
        if self._devices is Devices.DENIED:
            await self.say_no()
        return self

    async def another(self, **context: Any) -> "Chromium":
        """Somebody else in the same browser: no cookie and no memory in common."""
        return await copy(self)._sit_down(**context)

    async def say_no(self) -> None:
        """Answers the browser's question for camera and microphone with no, for good."""
        control = await self.context.new_cdp_session(self.page)
        there = (await control.send("Target.getTargetInfo"))["targetInfo"]["browserContextId"]
        for name in ("microphone", "camera"):
            await control.send(
                "Browser.setPermission",
                {"permission": {"name": name}, "setting": "denied", "browserContextId": there},
            )

    async def add_init_script(self, body: str) -> None:
        """Runs a function's source first in every new document, in further windows too."""
        await self.context.add_init_script(f"({body})()")

    async def goto(self, url: str) -> None:
        """Opens an address and waits for it."""
        await self.page.goto(url, timeout=60_000)  # six others may have the machine

    async def evaluate(self, expression: str) -> Any:
        """Value of a JavaScript expression; promises are awaited.

        A page that is just being left is asked again once the next one is there.
        """
        try:
            return await self.page.evaluate(expression)
        except PlaywrightError as error:
            if "context was destroyed" not in str(error):
                raise
        await self.page.wait_for_load_state()
        return await self.page.evaluate(expression)

    async def click(self, role: Any, name: str, within_s: float = 15) -> None:
        """A real click on the one visible element of that role and accessible name."""
        found = self.page.get_by_role(role, name=self.words(name), exact=True)
        try:
            await found.locator("visible=true").first.click(timeout=within_s * 1000)
        except PlaywrightTimeout as error:
            raise TimeoutError(f"no {role} named {name}") from error

    async def fill(self, name: str, text: str, within_s: float = 15) -> None:
        """Types into the text field with that label."""
        await self.page.get_by_role("textbox", name=self.words(name), exact=True).fill(
            text, timeout=within_s * 1000
        )

    async def see(self, text: str, within_s: float = 15) -> None:
        """Waits until the text can be read on the page, in however many lines."""
        words = re.escape(self.words(text)).replace("\\ ", r"\s+")
        await expect(
            self.page.get_by_text(re.compile(words)).locator("visible=true").first
        ).to_be_visible(timeout=within_s * 1000)

    async def screenshot(self, file: Path) -> None:
        """The page as PNG."""
        await self.page.screenshot(path=file)

    async def stop(self) -> None:
        """Ends the browser."""
        await self.browser.close()
