"""Who hides the room on the start page is seen without it at the desk, also after a reload."""

import asyncio

import pytest

from tests.device_check import chroma_key
from tests.e2e import clips, walk
from tests.e2e.room_seen import LOOK, looks, raw_detail, shows_the_room
from tests.media.background_pages import clip

pytestmark = pytest.mark.timeout(240)


async def another_background(client, adviser):
    """During the conversation, by the keyboard: hidden from one choice to the next, then shown."""
    await client.click("button", "Hintergrund")
    await client.click("radio", "Einfarbig")
    seen = await looks(adviser, 8)
    await client.page.keyboard.press("ArrowUp")
    await client.page.keyboard.press("ArrowUp")
    await client.page.keyboard.press("ArrowUp")  # "So wie er ist"
    await client.see("Dann sieht man Ihr Zimmer. Möchten Sie das?")
    seen += await looks(adviser, 4)
    await client.click("button", "Zimmer verborgen lassen")
    assert await client.evaluate("document.activeElement.value") == "blur"
    seen += await looks(adviser, 4)
    await client.click("radio", "So wie er ist")
    await client.click("button", "Zimmer zeigen")
    await shows_the_room(adviser, shown=True)
    await client.click("radio", "Stark unscharf")
    await shows_the_room(adviser, shown=False)
    return seen + await looks(adviser, 8)


async def to_the_camera(client):
    await client.click("checkbox", "Mein Zimmer von Anfang an verbergen")
    await client.click("button", "Gerätetest starten")
    await walk.at_step(client, "microphone")
    await walk.onward(client, "camera")


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    camera = clip(clips.MADE / "client-before-files.mjpeg", chroma_key.office())
    client = await people("client", picture=camera, viewport={"width": 390, "height": 844})
    await walk.arrive(client, booked)
    await to_the_camera(client)
    await walk.onward(client, "speaker")
    await client.click("button", "Ohne Lautsprecher weiter")
    await client.click("radio", "Stark unscharf")
    await client.see("Ihr Hintergrund ist bereit.", 30)
    await client.click("button", "Weiter zum Ergebnis")
    await client.click("button", "Weiter zur Einwilligung", 20)
    await walk.consent_and_identity(client, booked)
    await adviser.see("Ayşe Öztürk")
    await adviser.click("button", "Hereinbitten")
    seen = await looks(adviser, 15)
    await client.page.reload()
    seen += await looks(adviser, 30)
    assert max(one["room"] for one in seen) < 0.1 * raw_detail()
    async with asyncio.timeout(30):
        while (await adviser.evaluate(LOOK) or {"person": 0})["person"] < 20:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    changed = await another_background(client, adviser)
    assert max(one["room"] for one in changed) < 0.1 * raw_detail()
    assert await client.evaluate("sessionStorage.getItem('vorzimmer.background')") == (
        "blur_strong browser"
    )
