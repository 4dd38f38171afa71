"""A kiosk's browser in its room: its microphone hears its own loudspeaker, and who speaks there.

The sound is real (a sound server of its own). The camera is a clip by a replaced ``getUserMedia``:
Chromium's fake camera would bring a fake microphone along, which does not hear the loudspeaker.
"""

import asyncio
import base64
import contextlib
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import segno
from playwright.async_api import async_playwright

from tests.e2e import clips, walk
from tests.e2e.chromium import Chromium, Devices, until
from tests.e2e.firefox_media import KioskRoom, shim

UPRIGHT = {"width": 1080, "height": 1920}
LYING = {"width": 1920, "height": 1080}
KEPT = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)].sort()"


@contextlib.asynccontextmanager
async def kiosk_browser(folder: Path, size: dict[str, int] = UPRIGHT) -> AsyncIterator[Chromium]:
    """Started in its room, at no page yet."""
    folder.mkdir(exist_ok=True)
    room = await KioskRoom(folder, clips.speech("client")).start()
    try:
        async with async_playwright() as playwright:
            kiosk = Chromium(playwright, None, None, Devices.NONE, environment=room.environment)
            await kiosk.start(viewport=size, has_touch=True)
            kiosk.complaints = []
            kiosk.page.on("pageerror", lambda error: kiosk.complaints.append(str(error)))
            await kiosk.add_init_script(shim("client"))
            await kiosk.add_init_script(LETTER)
            await kiosk.add_init_script(walk.KEEP_PEERS)
            try:
                yield kiosk
            finally:
                await kiosk.screenshot(clips.MADE / "last-kiosk.png")
                await kiosk.stop()
    finally:
        await room.stop()


async def register(adviser: Any, kiosk: Chromium, appliance: Any) -> None:
    """With a code from the console; then it looks itself over, and is ready."""
    await adviser.goto(f"{appliance.url}/console/kiosks")
    await adviser.fill("Wo steht er?", "Foyer")
    await adviser.click("button", "Kiosk anlegen")
    code = await adviser.page.locator("#kiosk-code").inner_text()
    await kiosk.goto(f"{appliance.url}/kiosk")
    await kiosk.fill("Code", code)
    await kiosk.click("button", "Dieses Gerät anmelden")
    await kiosk.page.locator("[data-view=attract]").wait_for()


async def is_ready(adviser: Any, appliance: Any, within: int = 40) -> None:
    """Its own test is over, and the console says how it ended."""
    for _ in range(within):
        await adviser.goto(f"{appliance.url}/console/kiosks")
        words = await adviser.page.locator("[data-state]").inner_text()
        if "noch nicht geprüft" not in words:
            assert re.search(r"\bbereit\b", words), words
            return
        await adviser.page.wait_for_timeout(500)
    raise TimeoutError("the kiosk does not test itself")


GO_ON = """(() => {
  const step = [...document.querySelectorAll('[data-step]')].find((one) => one.checkVisibility());
  const verdict = step?.querySelector('[data-slot=finding]:not([hidden])')?.dataset.verdict;
  if (verdict === 'warning') step.querySelector('[data-do=next]').click();
  return step?.dataset.step === 'result';
})()"""


async def pass_check(kiosk: Chromium) -> None:
    """It goes on by itself; a warning, which a busy machine may earn, is gone on from by hand."""
    await kiosk.click("button", "Gerätetest starten")
    await until(kiosk.page, GO_ON, 60)
    await asyncio.sleep(0.4)  # a tap in the first moment is taken for the step before
    await kiosk.click("button", "Weiter zur Einwilligung")


LETTER = """() => {
  const other = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (!wanted.video || !window.letter) return other(wanted);
    const bytes = Uint8Array.from(atob(window.letter), (one) => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 360];
    const pen = canvas.getContext('2d');
    setInterval(() => {
      pen.fillStyle = '#777';
      pen.fillRect(0, 0, 640, 360);
      pen.drawImage(picture, 180, 40, 280, 280);
    }, 66);
    return canvas.captureStream(15);
  };
}"""


async def show_letter(kiosk: Chromium, link: str) -> None:
    """The letter's QR code before the camera, instead of the number; read in large type."""
    drawn = io.BytesIO()
    segno.make_qr(link).save(drawn, kind="png", scale=8)
    letter = base64.b64encode(drawn.getvalue()).decode()
    await kiosk.page.locator("[data-do=begin]").tap()
    await kiosk.click("button", "Größere Schrift")
    await kiosk.page.locator(".kiosk-languages [lang=de]").tap()
    await kiosk.click("button", "Ich habe einen Termin")
    await kiosk.evaluate(f"(window.letter = '{letter}', 0)")
    await kiosk.click("button", "QR-Code zeigen")
    await kiosk.see("Gerätetest starten", 30)


async def type_in(kiosk: Chromium, words: str) -> None:
    """By the keyboard in the page, which shows the next letter in capitals at first."""
    for sign in words:
        if sign == " ":
            key = kiosk.page.locator(".kiosk-key--space")
        else:
            face = re.compile(f"^{re.escape(sign)}$", re.IGNORECASE)
            key = kiosk.page.locator(".kiosk-key--sign").filter(has_text=face)
        await key.tap()


async def begin_without_appointment(kiosk: Chromium) -> None:
    """From the greeting to the start page of a visit."""
    await kiosk.page.locator("[data-do=begin]").tap()
    await kiosk.click("button", "Ich habe keinen Termin")
    await kiosk.click("button", "Etwas anderes")
    await kiosk.see("Gerätetest starten")
