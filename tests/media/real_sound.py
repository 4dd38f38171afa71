"""A page in Chromium without fake devices: what it plays comes back as its microphone."""

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.e2e import clips
from tests.e2e.chromium import EXECUTABLE
from tests.e2e.firefox_media import KioskRoom
from tests.media.front_end import front_end

FLAGS = [
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


@contextlib.asynccontextmanager
async def page_in_a_room(folder: Path) -> AsyncIterator[tuple[KioskRoom, Page]]:
    """A real sound server in which nobody speaks, and the front end's page in it."""
    room = await KioskRoom(folder, clips.speech("client")).start()
    await room.silence()
    try:
        with front_end() as address:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=EXECUTABLE,
                    args=FLAGS,
                    ignore_default_args=["--mute-audio"],  # said to any browser without a window
                    env=os.environ | room.environment,
                )
                page = await browser.new_page()
                await page.goto(address)
                yield room, page
                await browser.close()
    finally:
        await room.stop()
