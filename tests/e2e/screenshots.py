"""A picture of every page, in every language and size: ``scripts/screenshots``.

Walks through a whole appointment on a running appliance and takes each screen at 390x844,
1280x800 and 1080x1920 into ``screenshots/`` (ignored by git), for people to look at. Of the
languages that are for clients alone, Arabic stands for all: it runs from the right.
"""

import argparse
import asyncio
import socket
import tempfile
from pathlib import Path

from aiosmtpd.controller import Controller
from playwright.async_api import async_playwright

from appliance.i18n import CLIENTS, EASY_GERMAN, main_language
from tests.e2e import clips, walk
from tests.e2e.chromium import Chromium, Devices
from tests.e2e.conftest import Mailbox, free_port, running
from tests.e2e.helped import stuck_and_helped
from tests.e2e.listening import listen_and_tap
from tests.e2e.test_public_entry import open_a_topic

LOCALES = {"de": "de-DE", EASY_GERMAN: "de-DE", "en": "en-GB", "ar": "ar"}
PARTS = ("public", "console", "way", "helped")
FOLDER = clips.ROOT / "screenshots"
SIZES = ((390, 844), (1280, 800), (1080, 1920))
PUBLIC = {
    "start": "/", "join": "/join", "requirements": "/requirements", "imprint": "/impressum",
    "privacy": "/datenschutz", "accessibility": "/barrierefreiheit", "not-found": "/nowhere",
    "link-unknown": "/v#unknown", "topics": "/topics", "request-sent": "/request-sent",
    "request-unknown": "/r#unknown", "room-closed": "/rooms/runde#unknown",
    "test": "/test", "login": "/console/login",
}  # fmt: skip
CONSOLE = {"desk": "/console", "new": "/console/appointments/new",
           "logins": "/console/logins", "mail": "/console/mail",
           "messages": "/console/messages",
           "statistics": "/console/check-statistics", "requests": "/console/requests",
           "topics": "/console/topics", "conferences": "/console/conferences",
           "week": "/console/week", "numbers": "/console/statistics",
           "text-blocks": "/console/text-blocks", "calendar": "/console/calendar",
           "accounts": "/console/accounts", "keys": "/console/keys",
           "privacy": "/console/privacy"}  # fmt: skip


class Album:
    """Takes one page in all sizes."""

    def __init__(self, language: str, parts: list[str]) -> None:
        self.language = language
        self.part = parts[0] if len(parts) == 1 else "all"
        self.count = 0
        for old in FOLDER.glob(f"{language}-{self.part}-*.png"):
            old.unlink()

    async def take(self, person: Chromium, name: str, whole: bool = True) -> None:
        """``whole`` takes what lies below the fold too, on the narrow sizes."""
        self.count += 1
        await person.page.wait_for_timeout(300)
        for width, height in SIZES:
            await person.page.set_viewport_size({"width": width, "height": height})
            await person.page.wait_for_timeout(250)
            file = (
                FOLDER / f"{self.language}-{self.part}-{self.count:02}-{name}-{width}x{height}.png"
            )
            await person.page.screenshot(path=file, full_page=whole)
        await person.page.set_viewport_size({"width": 1280, "height": 800})


async def public_pages(album: Album, client: Chromium, url: str) -> None:
    for name, path in PUBLIC.items():
        await client.goto(f"{url}{path}")
        await client.page.wait_for_load_state("networkidle")
        await album.take(client, name)


async def the_console(album: Album, adviser: Chromium, url: str) -> None:
    await album.take(adviser, "desk-first")
    for name, path in CONSOLE.items():
        await adviser.goto(f"{url}{path}")
        await adviser.page.wait_for_load_state("networkidle")
        await album.take(adviser, f"console-{name}")
    await adviser.goto(f"{url}/console")
    await adviser.page.locator("[data-today] a").first.click()
    await adviser.click("button", "QR-Code zeigen")
    await album.take(adviser, "console-appointment")
    sheet = adviser.page.url.removesuffix("/link") + "/password-sheet"
    await adviser.goto(sheet)
    await album.take(adviser, "console-password-sheet")


async def the_clients_way(album: Album, client: Chromium, booked: walk.Booked) -> None:
    await client.add_init_script(walk.KEEP_PEERS)
    await client.goto(booked.link)
    await client.see("Termin öffnen")
    await album.take(client, "link")
    await client.click("button", "Termin öffnen")
    await client.see("Gerätetest starten")
    await album.take(client, "arrived")
    await the_check(album, client)
    await album.take(client, "consent")
    for tick in await client.page.locator("[data-screen=consent] input[type=checkbox]").all():
        await tick.check()  # the words are those that bind, whatever the reader's language
    await client.click("button", "Ich stimme zu")
    await client.see("Wer sind Sie?")
    await album.take(client, "identity")
    await walk.say_who(client, booked, "Ayşe Öztürk")
    await album.take(client, "waiting")


async def the_check(album: Album, client: Chromium) -> None:
    await client.click("button", "Gerätetest starten")
    await client.click("button", "Anhalten", 30)  # from here on by hand: pictures take their time
    await client.see("Mikrofon testen", 30)
    await album.take(client, "check-system")
    await client.click("button", "Mikrofon testen")
    await client.see("Weiter zur Kamera", 40)
    await album.take(client, "check-microphone")
    await client.click("button", "Weiter zur Kamera")
    await client.see("Weiter zum Lautsprecher", 40)
    await album.take(client, "check-camera")
    await client.click("button", "Weiter zum Lautsprecher")
    await listen_and_tap(client)
    await client.see("Weiter zum Hintergrund", 20)
    await album.take(client, "check-speaker")
    await client.click("button", "Weiter zum Hintergrund")
    await client.click("radio", "Stark unscharf")
    await client.page.wait_for_timeout(4000)
    await album.take(client, "check-background")
    await client.click("radio", "So wie er ist")
    await client.page.wait_for_timeout(500)
    await album.take(client, "check-ready")
    await client.page.evaluate("document.querySelector('[data-slot=to-result]').click()")
    await client.see("Weiter zur Einwilligung")
    await album.take(client, "check-result")
    await client.click("button", "Weiter zur Einwilligung")
    await client.see("Ich stimme zu")


async def the_session(album: Album, adviser: Chromium, client: Chromium) -> None:
    await album.take(adviser, "desk-waiting")
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser", 60)
    await walk.sees_moving(adviser, walk.DESK_SEES, "client", 60)
    await album.take(adviser, "desk-identity", whole=False)
    await adviser.click("button", "Ausweis gesehen")
    await album.take(client, "session", whole=False)
    await client.click("button", "Hintergrund")
    await album.take(client, "session-background", whole=False)
    await client.click("button", "Fertig")
    await client.click("button", "Chat")
    await client.fill("Ihre Nachricht im Chat", "Guten Tag! / Hello!")
    await client.click("button", "Senden")
    await album.take(client, "session-chat", whole=False)
    await adviser.page.keyboard.press("c")
    await album.take(adviser, "desk-session", whole=False)
    await adviser.click("button", "Beenden E")
    await album.take(adviser, "desk-end", whole=False)
    await adviser.click("button", "Beenden: alles besprochen")
    await client.see("Sie können dieses Fenster jetzt schließen.")
    await album.take(client, "goodbye")
    await album.take(adviser, "desk-empty", whole=False)


async def the_helped(album: Album, playwright, adviser: Chromium, booked: walk.Booked) -> None:
    """Somebody whose browser refuses the microphone, and the desk that helps."""
    client = Chromium(playwright, clips.picture("client"), clips.speech("client"), Devices.DENIED)
    try:
        await client.start(locale=LOCALES[album.language])
        await reads(client, album.language, booked.link.split("/v#")[0])
        await stuck_and_helped(client, adviser, booked, album.take)
        await client.click("button", "Ohne Mikrofon weiter")
        await client.click("button", "Ohne Kamera weiter")
        await client.click("button", "Ohne Lautsprecher weiter")
        await client.see("Sie können weitermachen")
        await album.take(client, "check-waived")
        await album.take(adviser, "desk-waived")
        report = await client.page.get_by_role(
            "link", name=client.words("Bericht ansehen")
        ).get_attribute("href")
        await client.goto(f"{client.page.url.rsplit('/', 1)[0]}{report}")
        await album.take(client, "check-report")
    finally:
        await client.stop()


async def reads(client: Chromium, language: str, url: str) -> None:
    """Easy German is nobody's browser's language: it is chosen on a page, and kept."""
    if language == EASY_GERMAN:
        await client.goto(f"{url}/?sprache={language}")
        client.language = language


async def one_language(language: str, parts: list[str], playwright, appliance) -> None:
    album = Album(language, parts)
    locale = LOCALES[language]
    desk = LOCALES["de"] if language in CLIENTS else locale
    adviser = Chromium(playwright, clips.picture("adviser"), clips.speech("adviser"))
    client = Chromium(playwright, clips.picture("client"), clips.speech("client"))
    try:
        await asyncio.gather(adviser.start(locale=desk), client.start(locale=locale))
        await reads(client, language, appliance.url)
        if "public" in parts:
            await public_pages(album, client, appliance.url)
        if parts == ["public"]:
            return
        await adviser.add_init_script(walk.KEEP_PEERS)
        staff = await walk.add_adviser(appliance, f"adviser-{language}")
        await walk.log_in(adviser, appliance, staff)
        speaks = main_language(language)
        booked = await walk.book(adviser, appliance, language=speaks)
        if "console" in parts and language not in CLIENTS:
            await the_console(album, adviser, appliance.url)
        if "public" in parts:
            await open_a_topic(adviser, appliance)
            await client.goto(f"{appliance.url}/topics")
            await album.take(client, "topics-now")
        await adviser.goto(f"{appliance.url}/console")
        if "way" in parts:
            await the_clients_way(album, client, booked)
            await the_session(album, adviser, client)
        if "helped" in parts:
            other = await walk.book(
                adviser, appliance, language=speaks, client_email="o@example.org"
            )
            await the_helped(album, playwright, adviser, other)
    finally:
        await asyncio.gather(adviser.stop(), client.stop(), return_exceptions=True)


async def main() -> None:
    """All languages, one after another, each on an appliance of its own."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("languages", nargs="*", help=", ".join(LOCALES))
    wanted.add_argument("--only", choices=PARTS, help="one part of the walk")
    asked = wanted.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for language in asked.languages or LOCALES:
        mailbox = Mailbox()
        smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port(socket.SOCK_STREAM))
        smtp.start()
        with tempfile.TemporaryDirectory() as folder:
            async with (
                async_playwright() as playwright,
                running(Path(folder) / "box", smtp.port, mailbox) as appliance,
            ):
                parts = [asked.only] if asked.only else list(PARTS)
                await one_language(language, parts, playwright, appliance)
        smtp.stop()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.name}/")


if __name__ == "__main__":
    asyncio.run(main())
