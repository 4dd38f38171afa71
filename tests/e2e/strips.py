"""Film strips of the device check: ``scripts/screenshots --strips [story ...]``.

A strip is one picture: the frames of a story side by side, each whole, with a caption, and with a
dashed line where the window ends. Two strips a story, as on a phone and as on a computer, into
``screenshots/`` (ignored by git), for people to look at.
"""

import asyncio
import base64
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from playwright.async_api import Playwright, async_playwright

from tests.e2e import clips, walk
from tests.e2e.album import FOLDER, HELD, STAND_STILL
from tests.e2e.chromium import Chromium, Devices, until
from tests.e2e.conftest import Appliance, Mailbox, free_port, running
from tests.e2e.firefox import Firefox
from tests.e2e.helped import stuck_and_helped
from tests.e2e.listening import listen, listen_and_tap
from tests.e2e.test_bad_devices import ASKED_BEFORE, FIREFOX_SAYS_NO, allow
from tests.media.background_pages import LOSE_WEBGL, WITHOUT_STREAMS, WITHOUT_WEBGL

MENDED_AFTER_S = 16  # long enough to read the remedy, and to take its picture

PAGE = """<style>
  body {{ margin: 0; padding: 24px; display: inline-flex; gap: 24px; background: #d5d9de;
    font: 20px sans-serif; align-items: flex-start; }}
  figure {{ margin: 0; width: {width}px; position: relative; }}
  figcaption {{ padding: 0 0 12px; font-weight: bold; min-height: 48px; }}
  div {{ position: relative; }}
  img {{ display: block; width: {width}px; }}
  hr {{ position: absolute; top: {height}px; width: 100%; margin: 0; border: 0;
    border-top: 3px dashed #c026d3; }}
</style>{frames}"""
FRAME = (
    "<figure><figcaption>{number} {caption}</figcaption>"
    '<div><img src="data:image/png;base64,{picture}"><hr></div></figure>'
)


class Strip:
    """The frames of one story, in both sizes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.frames: dict[tuple[int, int], list[str]] = {size: [] for size in HELD}

    async def take(self, person: Any, caption: str) -> None:
        """One frame of what the person sees now, whole, also below the fold."""
        await person.evaluate("(window.still = true)")
        await asyncio.sleep(0.3)
        for width, height in HELD:
            picture = await pictured(person, width, height)
            frames = self.frames[width, height]
            coded = base64.b64encode(picture).decode()
            frames.append(FRAME.format(number=len(frames) + 1, caption=caption, picture=coded))
        await person.evaluate("(window.still = false)")

    async def develop(self, playwright: Playwright) -> None:
        """Into one picture per size."""
        paper = await Chromium(playwright, None, None, Devices.NONE).start()
        for (width, height), frames in self.frames.items():
            shown = PAGE.format(width=width, height=height, frames="".join(frames))
            await paper.page.set_content(shown)
            await paper.page.locator("body").screenshot(
                path=FOLDER / f"strip-{self.name}-{width}.png"
            )
        await paper.stop()


async def pictured(person: Any, width: int, height: int) -> bytes:
    """The whole page at this size, as PNG."""
    if isinstance(person, Firefox):
        size = {"width": width, "height": height}
        await person.send("browsingContext.setViewport", context=person._context, viewport=size)
        await asyncio.sleep(0.3)
        taken = await person.send(
            "browsingContext.captureScreenshot", context=person._context, origin="document"
        )
        return base64.b64decode(taken["data"])
    await person.page.set_viewport_size({"width": width, "height": height})
    await asyncio.sleep(0.3)
    return bytes(await person.page.screenshot(full_page=True))


def muted_first() -> Path:
    """Digital silence, then a person who speaks again and again."""
    target = clips.MADE / "muted-first.wav"
    if not target.is_file():
        words = ("-stream_loop", "12", "-i", str(clips.speech("client")))
        delay = f"adelay={MENDED_AFTER_S * 1000}"
        subprocess.run(
            ("ffmpeg", "-y", *words, "-af", delay, str(target)), check=True, capture_output=True
        )
    return target


def covered_first() -> Path:
    """A lens behind a slider: dark, with the noise of its sensor; then the person."""
    target = clips.MADE / "lens-covered-first.mjpeg"
    if not target.is_file():
        covered = clips.MADE / "covered.mjpeg"
        dark = f"color=0x3a3a3c:s={clips.SIZE}:r=15:d={MENDED_AFTER_S},noise=alls=8:allf=t"
        words = ("ffmpeg", "-y", "-f", "lavfi", "-i", dark, "-q:v", "4", str(covered))
        subprocess.run(words, check=True, capture_output=True)
        target.write_bytes(covered.read_bytes() + clips.picture("client").read_bytes() * 4)
    return target


class Stage:
    """A running appliance, and browsers that end with the story."""

    def __init__(self, playwright: Playwright, appliance: Appliance, folder: Path) -> None:
        self.playwright = playwright
        self.appliance = appliance
        self.folder = folder
        self.people: list[Any] = []

    async def person(
        self,
        who: str = "client",
        picture: Path | None = None,
        sound: Path | None = None,
        devices: Devices = Devices.WORKING,
        **context: Any,
    ) -> Chromium:
        """As the tests' fixture ``people`` does, and it can stand still."""
        picture, sound = picture or clips.picture(who), sound or clips.speech(who)
        one = await Chromium(self.playwright, picture, sound, devices).start(**context)
        self.people.append(one)
        await one.add_init_script(STAND_STILL)
        await one.add_init_script(walk.KEEP_PEERS)
        return one

    async def testing(self, **devices: Any) -> Chromium:
        """Somebody on the page that anybody may test on, at the start button."""
        client = await self.person(**devices)
        await client.goto(f"{self.appliance.url}/test")
        await client.see("Gerätetest starten")
        return client

    async def end(self) -> None:
        """All browsers of the story."""
        await asyncio.gather(*(one.stop() for one in self.people), return_exceptions=True)
        self.people.clear()


async def hidden_by_browser(client: Chromium) -> None:
    """Tried out to the end, and kept."""
    step = "document.querySelector('[data-step=background]')"
    await client.page.wait_for_timeout(1500)
    tried = f"!{step}.querySelector('[data-slot=progress]').checkVisibility()"
    await until(client.page, tried, 40)
    await client.see("Ihr Hintergrund ist bereit.")


async def healthy(stage: Stage, strip: Strip) -> None:
    _adviser, booked = await walk.to_a_booked_appointment(stage.appliance, stage.person)
    client = await stage.person()
    await walk.arrive(client, booked)
    await strip.take(client, "Start")
    await client.click("button", "Gerätetest starten")
    await client.see("Mikrofon testen", 30)
    await strip.take(client, "Der Browser passt")
    await walk.at_step(client, "microphone")
    await strip.take(client, "Das Mikrofon wird getestet")
    await client.see("Wir hören Sie gut.", 30)
    await strip.take(client, "Gehört")
    await walk.onward(client, "camera")
    await strip.take(client, "Die Kamera sieht hin")
    await client.see("Wir sehen Sie gut.", 30)
    await strip.take(client, "Gesehen")
    await listen(client)
    await walk.onward(client, "speaker")
    await client.see("Welche Zahl haben Sie gehört?", 20)
    await strip.take(client, "Die Zahl wurde gesprochen")
    await listen_and_tap(client)
    await walk.at_step(client, "background", "result")
    await strip.take(client, "Hintergrund, alles bereit")
    await client.click("radio", "Stark unscharf")
    await hidden_by_browser(client)
    await strip.take(client, "Stark unscharf")


async def muted(stage: Stage, strip: Strip) -> None:
    client = await stage.testing(sound=muted_first())
    await client.click("button", "Gerätetest starten")
    await walk.at_step(client, "microphone")
    await strip.take(client, "Es ist nichts zu hören")
    await client.see("Ihr Mikrofon ist da, gibt aber keinen Ton.", 20)
    await strip.take(client, "Was zu tun ist")
    await client.see("Wir hören Sie gut.", 40)
    await strip.take(client, "Stumm-Taste gedrückt: von selbst gemerkt")
    await walk.at_step(client, "camera")
    await strip.take(client, "Weiter zur Kamera")


async def lens(stage: Stage, strip: Strip) -> None:
    client = await stage.testing(picture=covered_first())
    await client.click("button", "Gerätetest starten")
    await walk.at_step(client, "camera", within_s=40)
    await strip.take(client, "Die Kamera geht an")
    await client.see("verdeckt", 20)
    await strip.take(client, "Was zu tun ist")
    await client.see("Wir sehen Sie gut.", 40)
    await strip.take(client, "Abdeckung offen: von selbst gemerkt")
    await walk.at_step(client, "speaker", within_s=20)
    await strip.take(client, "Weiter zum Lautsprecher")


async def denied(stage: Stage, strip: Strip) -> None:
    client = await stage.testing(devices=Devices.DENIED)
    await client.evaluate(ASKED_BEFORE.replace('"camera"', '"camera", "microphone"'))
    await client.page.reload()
    await client.click("button", "Gerätetest starten")
    await walk.at_step(client, "microphone")
    await client.see("Noch einmal versuchen")
    await client.page.wait_for_timeout(1500)
    await strip.take(client, "Nicht erlaubt: so geht es")
    await allow(client, "microphone")
    await walk.at_step(client, "camera", within_s=40)
    await client.page.wait_for_timeout(1500)
    await strip.take(client, "Mikrofon erlaubt: weiter, nun die Kamera")
    await allow(client, "camera")
    await walk.at_step(client, "speaker", within_s=40)
    await strip.take(client, "Kamera erlaubt: weiter")


async def denied_in_firefox(stage: Stage, strip: Strip) -> None:
    client = await Firefox(stage.folder / "firefox", FIREFOX_SAYS_NO).start()
    stage.people.append(client)
    await client.goto(f"{stage.appliance.url}/test")
    await strip.take(client, "Start")
    await client.click("button", "Gerätetest starten")
    await client.see("Ihr Browser gibt das Mikrofon nicht frei", 40)
    await strip.take(client, "Das Mikrofon ist in Firefox gesperrt")
    await client.evaluate(ASKED_BEFORE)
    await client.click("button", "Ohne Mikrofon weiter")
    await client.see("Ihr Browser lässt uns Ihre Kamera noch nicht sehen.", 40)
    await strip.take(client, "Die Kamera war schon einmal abgelehnt")
    await client.click("button", "Ohne Kamera weiter")
    await client.click("button", "Ohne Lautsprecher weiter")
    await asyncio.sleep(1)
    await strip.take(client, "Das Ergebnis")


async def to_the_background(client: Chromium) -> None:
    await client.click("button", "Gerätetest starten")
    await walk.onward(client, "camera")
    await walk.onward(client, "speaker")
    await client.click("button", "Ohne Lautsprecher weiter")
    await walk.at_step(client, "background")


async def blur(stage: Stage, strip: Strip) -> None:
    client = await stage.person()
    await client.add_init_script(WITHOUT_WEBGL)
    await client.goto(f"{stage.appliance.url}/test")
    await to_the_background(client)
    await strip.take(client, "Ein Gerät ohne WebGL")
    await client.click("radio", "Stark unscharf")
    await client.see("Was möchten Sie tun?")
    await strip.take(client, "Gefragt, nichts gesendet")
    await client.click("button", "Gerät im Amt soll verbergen")
    await client.page.wait_for_timeout(500)
    await strip.take(client, "Das Gerät im Amt beginnt")
    await client.see("Ihr Hintergrund ist bereit.", 40)
    await strip.take(client, "Vom Gerät im Amt verborgen")


async def lost(stage: Stage, strip: Strip) -> None:
    client = await stage.person()
    await client.add_init_script(WITHOUT_STREAMS)
    await client.goto(f"{stage.appliance.url}/test")
    await to_the_background(client)
    await client.click("radio", "Stark unscharf")
    await client.page.wait_for_timeout(600)
    await strip.take(client, "Der Browser beginnt")
    await hidden_by_browser(client)
    await strip.take(client, "Im Browser verborgen")
    await client.evaluate(f"({LOSE_WEBGL})()")
    await client.see("Ihre Kamera ist jetzt aus.")
    await strip.take(client, "WebGL verloren: Kamera aus, gefragt")
    await client.click("button", "Ohne Kamera weitermachen")
    await client.page.wait_for_timeout(1500)
    await strip.take(client, "Ohne Kamera weiter")


async def helped(stage: Stage, strip: Strip) -> None:
    adviser, booked = await walk.to_a_booked_appointment(stage.appliance, stage.person)
    client = await stage.person(devices=Devices.DENIED)

    async def look(person: Any, name: str) -> None:
        captions = {
            "help-asked": "Die Person: Hilfe anfordern",
            "help-desk": "Das Amt: wer wo hängt",
            "help-client": "Die Person: die Antwort",
        }
        await strip.take(person, captions[name])

    await stuck_and_helped(client, adviser, booked, look)
    await strip.take(client, "Die Person: Hilfe beendet")
    await strip.take(adviser, "Das Amt: wieder ruhig")


STORIES: dict[str, Callable[[Stage, Strip], Awaitable[None]]] = {
    "healthy": healthy, "muted": muted, "lens": lens, "denied": denied,
    "denied-firefox": denied_in_firefox, "blur-no-webgl": blur, "blur-lost": lost,
    "helped": helped,
}  # fmt: skip


async def filmed(name: str, playwright: Playwright, folder: Path) -> None:
    """One story on an appliance of its own; the strip of one that fails ends early."""
    mailbox = Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port(socket.SOCK_STREAM))
    smtp.start()
    strip = Strip(name)
    try:
        async with running(folder / "box", smtp.port, mailbox) as appliance:
            stage = Stage(playwright, appliance, folder)
            try:
                await STORIES[name](stage, strip)
            finally:
                await stage.end()
    finally:
        smtp.stop()
        await strip.develop(playwright)


async def main(names: list[str]) -> None:
    """The stories asked for, or all, one after another."""
    FOLDER.mkdir(exist_ok=True)
    for name in names or STORIES:
        with tempfile.TemporaryDirectory() as folder:
            async with async_playwright() as playwright:
                await filmed(name, playwright, Path(folder))
        print(f"{FOLDER.name}/strip-{name}-*.png", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
