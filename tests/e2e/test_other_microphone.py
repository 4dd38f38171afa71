"""The chosen microphone is dead, another one hears the voice: found, offered and taken.

Then nothing is heard, and the outputs are tried in turn. Real microphones and outputs of a
PulseAudio of our own; the microphones are opened all at once by a real Chromium.
"""

from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.e2e import clips, walk
from tests.e2e.accessible import look, watched
from tests.e2e.causes import Causes
from tests.e2e.chromium import Chromium, Devices, until
from tests.e2e.firefox_media import TwoMicrophones

pytestmark = pytest.mark.timeout(120)

KEEP_TRACKS = """() => {
  window.tracks = [];
  const media = MediaDevices.prototype;
  const ask = media.getUserMedia;
  media.getUserMedia = async function (wishes) {
    const stream = await ask.call(this, wishes);
    window.tracks.push(...stream.getTracks());
    const live = window.tracks.filter(({ readyState }) => readyState === 'live');
    window.mostOpen = Math.max(window.mostOpen ?? 0, live.length);
    return stream;
  };
}"""
OUTPUT = "document.querySelector('[data-slot=sound]').sinkId"
LIVE = "window.tracks.filter(({ readyState }) => readyState === 'live').map(({ label }) => label)"


@pytest.fixture
async def ears(tmp_path: Path):
    """Two microphones; into the second one a sentence is spoken again and again."""
    microphones = await TwoMicrophones(tmp_path, clips.speech("client")).start()
    yield microphones
    await microphones.stop()


async def hear_it_elsewhere(client: Chromium) -> None:
    """Nothing on the system's choice nor on the next output, but on the third."""
    await walk.at_step(client, "speaker")
    await client.click("button", "Ich höre nichts")
    await client.see("Wir sprechen die Zahl jetzt hier:")
    first = await client.evaluate(OUTPUT)
    await client.screenshot(clips.MADE / "last-outputs.png")
    await client.click("button", "Hier auch nicht")
    await until(client.page, f"{OUTPUT} !== '{first}'")
    second = await client.evaluate(OUTPUT)
    await client.click("button", "Hier höre ich es")
    assert len({"", first, second}) == 3
    assert await client.evaluate("JSON.parse(localStorage['vorzimmer.devices']).speaker") == second


@pytest.mark.provokes("microphone_wrong_device", by="browser")
async def test_it_works(appliance, ears, provoked) -> None:
    async with async_playwright() as playwright:
        client = Chromium(playwright, None, None, Devices.NONE, ears.environment)
        await client.start()
        try:
            await watched(client)
            await client.add_init_script(KEEP_TRACKS)
            causes = Causes(client.page)
            await client.goto(f"{appliance.url}/test")
            await client.click("button", "Gerätetest starten")
            await walk.at_step(client, "microphone")
            await client.see("Wir hören Sie über:", 40)
            found = provoked(await causes.of("microphone_wrong_device"))
            assert found == "microphone_wrong_device"
            assert await client.evaluate("window.mostOpen") >= 2  # all at once
            assert await client.evaluate(LIVE) == []  # and all stopped
            await look(client, "another microphone offered")
            assert client.barriers == []
            await client.click("button", "Dieses Mikrofon nehmen")
            await walk.at_step(client, "camera", within_s=30)
            assert len(await client.evaluate(LIVE)) == 1
            await client.click("button", "Ohne Kamera weiter")
            await hear_it_elsewhere(client)
        finally:
            await client.screenshot(clips.MADE / "last-microphones.png")
            await client.stop()
