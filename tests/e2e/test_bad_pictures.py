"""A camera that goes through one fault after another, before a real Chromium and the real path.

One capture file holds all of them in turn, and one browser stays at the camera's step: what it
shows must follow. A closed shutter (black) is in ``test_bad_devices``.
"""

import asyncio
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.device_check import views
from tests.device_check.chroma_key import room
from tests.e2e import clips, walk
from tests.e2e.causes import Causes

pytestmark = pytest.mark.timeout(180)

FPS = 30  # at which Chromium plays a file of pictures
PHASE_S = 6.0
TAPE = np.full((360, 640, 3), 96.0, np.float32)
FOUND = {  # what the page says -> what to do, over the picture
    "Etwas verdeckt Ihre Kamera.": "Machen Sie die Kamera frei.",
    "Ihr Bild ist sehr dunkel.": "Machen Sie mehr Licht an.",
    "Ihr Bild steht auf der Seite oder auf dem Kopf.": "Drehen Sie die Kamera gerade.",
    "Wir sehen kein Gesicht im Bild.": "Kommen Sie ins Bild.",
    "Das Bild Ihrer Kamera steht still.": "",  # moving helps nothing
    "Wir sehen Sie gut.": "Gut so.",
}
READ = """() => {
  const words = (selector) => [...document.querySelectorAll(selector)]
    .filter((one) => one.checkVisibility()).map((one) => one.innerText.trim()).join();
  const stay = document.querySelector('[data-step=camera] [data-do=stay]');
  if (stay?.checkVisibility()) stay.click();  // or the check goes on by itself once all is well
  return [words('[data-step=camera] [data-slot=title]'), words('[data-slot=advice]')];
}"""


def phases() -> list[list[views.Picture]]:
    """Fifteen different pictures for each, but for the camera that stands still."""
    man = [one[60:420] for one in views.room_with_a_man(15)]
    return [
        man,
        [TAPE] * 15,
        views.each(lambda p: views.light(p, 0.06), man),
        views.each(lambda p: cv2.rotate(p, cv2.ROTATE_180), man),
        views.moving(room().astype(np.float32), 15),
        man[-1:],
    ]


def one_fault_after_another() -> Path:
    """Motion JPEG, 640x360."""
    target = clips.MADE / f"camera_faults-{PHASE_S:.0f}.mjpeg"
    if not target.is_file():
        clips.MADE.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng(4)
        parts = []
        for pictures in phases():
            noise = 4 if len(pictures) > 1 else 0
            shots = [one + random.normal(0, noise, (*one.shape[:2], 1)) for one in pictures]
            quality = [cv2.IMWRITE_JPEG_QUALITY, 80]
            coded = [cv2.imencode(".jpg", shot, quality)[1].tobytes() for shot in shots]
            parts += [coded[n // 2 % len(coded)] for n in range(round(PHASE_S * FPS))]
        part = target.with_suffix(".part.mjpeg")
        part.write_bytes(b"".join(parts))
        part.rename(target)
    return target


async def at_the_camera(client: Any, url: str) -> None:
    """The test page's check, with the microphone passed over."""
    await client.goto(f"{url}/test")
    await client.click("button", "Gerätetest starten")
    await walk.at_step(client, "microphone")
    await client.click("button", "Ohne Mikrofon weiter")
    await walk.at_step(client, "camera")


CAUSES = {"camera_covered", "camera_dark", "camera_turned", "camera_no_face", "camera_frozen"}


@pytest.mark.provokes(
    "camera_covered",
    "camera_dark",
    "camera_turned",
    "camera_no_face",
    "camera_frozen",
    by="browser",
)
async def test_it_works(appliance, people, provoked):
    client = await people("client", picture=one_fault_after_another())
    causes = Causes(client.page)
    await at_the_camera(client, appliance.url)
    found: dict[str, set[str]] = {}
    until = asyncio.get_running_loop().time() + 90
    while set(FOUND) - set(found) and asyncio.get_running_loop().time() < until:
        title, advice = await client.page.evaluate(READ)
        found.setdefault(title, set()).add(advice)
        await asyncio.sleep(0.1)
    assert set(FOUND) - set(found) == set()
    assert set(found) - set(FOUND) <= {"", "Ihr Bild ruckelt etwas.", "Ihr Bild ruckelt stark."}
    assert [title for title, advice in FOUND.items() if advice not in found[title]] == []
    assert {provoked(cause) for cause in causes.ever} >= CAUSES
