"""A picture of every page, in every language and size: ``scripts/screenshots``.

Walks through whole appointments on a running appliance and takes each screen into
``screenshots/`` (ignored by git), for people to look at: at 390x844 and 1280x800, what is at a
kiosk at 1080x1920 and 1920x1080. Ends with a count of each page, and fails when a picture is
missing or something on it leaves the window at its sides. Of the languages that are for clients
alone, Arabic stands for all unless another is asked for: it runs from the right.
"""

import argparse
import asyncio
import json
import socket
import sys
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

from aiosmtpd.controller import Controller
from playwright.async_api import async_playwright

from appliance.i18n import CLIENTS, EASY_GERMAN, LANGUAGES, READER_LANGUAGES
from tests.e2e import pictures_desk, pictures_kiosk, pictures_public, pictures_way
from tests.e2e.album import FOLDER, HELD, KIOSK, Album, Sizes, counted
from tests.e2e.conftest import Mailbox, free_port, running
from tests.e2e.pictures import REVIEWED, Scene

USUAL = ("de", EASY_GERMAN, "en", "ar")


class Part(NamedTuple):
    """One walk: who takes which pictures."""

    walk: Callable[[Scene], Awaitable[None]]
    pages: tuple[str, ...]
    sizes: Sizes = HELD
    languages: tuple[str, ...] = READER_LANGUAGES


PARTS = {
    "public": Part(pictures_public.public, pictures_public.PUBLIC_PAGES),
    "booked": Part(pictures_public.booked, pictures_public.BOOKED_PAGES),
    "request": Part(pictures_public.request, pictures_public.REQUEST_PAGES),
    "way": Part(pictures_way.way, pictures_way.WAY_PAGES),
    "helped": Part(pictures_way.helped, pictures_way.HELPED_PAGES),
    "conference": Part(pictures_desk.conference, pictures_desk.CONFERENCE_PAGES),
    "kiosk": Part(pictures_kiosk.kiosk, pictures_kiosk.KIOSK_PAGES, KIOSK),
    "console": Part(pictures_desk.console, pictures_desk.CONSOLE_PAGES, languages=LANGUAGES),
    "desk": Part(pictures_desk.desk, pictures_desk.DESK_PAGES, languages=LANGUAGES),
    "setup": Part(pictures_desk.set_up, pictures_desk.SET_UP_PAGES, languages=LANGUAGES),
}


async def taken(album: Album) -> None:
    """One part in one language, on an appliance of its own; what fails is told, and missing."""
    print(f"{album.language} {album.part} …", flush=True)
    mailbox = Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port(socket.SOCK_STREAM))
    smtp.start()
    settings = {"VORZIMMER_AGENCY__CHAT_DOWNLOAD": "true"}
    if album.part in REVIEWED:
        settings["VORZIMMER_LANGUAGES__REVIEWED"] = json.dumps([*LANGUAGES, *CLIENTS])
    with tempfile.TemporaryDirectory() as folder:
        async with (
            async_playwright() as playwright,
            running(Path(folder) / "box", smtp.port, mailbox, settings=settings) as appliance,
            AsyncExitStack() as ending,
        ):
            try:
                await PARTS[album.part].walk(Scene(album, playwright, appliance, ending))
            except Exception:  # noqa: BLE001 - the next part may be well
                traceback.print_exc()
    smtp.stop()


async def main() -> int:
    """All that was asked for, one after another; how many pictures are missing or too wide."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("languages", nargs="*", help=", ".join(READER_LANGUAGES))
    wanted.add_argument("--only", choices=PARTS, action="append", help="one part; again: more")
    asked = wanted.parse_args()
    FOLDER.mkdir(exist_ok=True)
    albums = [
        Album(language, name, PARTS[name].sizes)
        for language in asked.languages or USUAL
        for name in asked.only or PARTS
        if language in PARTS[name].languages
    ]
    for album in albums:
        await taken(album)
    table, missing = counted(albums, {name: part.pages for name, part in PARTS.items()})
    outside = [one for album in albums for one in album.outside]
    print(table)
    print(*(f"OUTSIDE THE WINDOW: {one}" for one in outside), sep="\n")
    print(*(f"MISSING: {one}" for one in missing), sep="\n")
    number = sum(album.there(name) for album in albums for name in album.taken)
    print(f"{number} pictures in {FOLDER.name}/, {len(missing)} missing, {len(outside)} too wide")
    return len(missing) + len(outside)


if __name__ == "__main__":
    sys.exit(min(asyncio.run(main()), 100))
