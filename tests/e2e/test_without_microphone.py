"""Gone on without the microphone: it is off, nobody hears it, until the client switches it on."""

from typing import Any

import pytest

from tests.e2e import walk

pytestmark = pytest.mark.timeout(180)

KEEP_MICROPHONES = """() => {
  window.microphones = [];
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (wishes) {
    const stream = await ask.call(this, wishes);
    window.microphones.push(...stream.getAudioTracks());
    return stream;
  };
}"""
LIVE = "window.microphones.filter(({ readyState }) => readyState === 'live').length"
TOOL = ".tool[data-do=microphone]"
PRESSED = f"document.querySelector('{TOOL}').getAttribute('aria-pressed')"


async def to_the_waiting_room(client: Any, booked: walk.Booked) -> None:
    """A working microphone, camera and loudspeaker, and all of them gone on without."""
    await client.add_init_script(walk.KEEP_PEERS)
    await client.add_init_script(KEEP_MICROPHONES)
    await walk.arrive(client, booked)
    await client.click("button", "Gerätetest starten")
    await walk.at_step(client, "microphone")
    await client.click("button", "Ohne Mikrofon weiter")
    await walk.at_step(client, "camera")
    assert await client.evaluate(LIVE) == 0, "the light of the microphone is out"
    await client.click("button", "Ohne Kamera weiter")
    await walk.at_step(client, "speaker")
    await client.click("button", "Ohne Lautsprecher weiter")
    await walk.at_step(client, "result")  # without a camera there is no background
    await client.click("button", "Weiter zur Einwilligung")
    await walk.consent_and_identity(client, booked)


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client")
    await to_the_waiting_room(client, booked)
    await client.page.reload()  # or the page would have forgotten what was said
    await client.see("Sie müssen nichts tun")
    await adviser.see("Ayşe Öztürk")
    await adviser.click("button", "Hereinbitten")
    await client.page.locator("[data-screen=session]").wait_for()
    assert await walk.heard_energy(adviser, 4) < 1e-4
    assert await client.evaluate(LIVE) == 0
    assert await client.evaluate(PRESSED) == "false"
    await client.page.locator(TOOL).click()
    await walk.hears(adviser, 0.005)
    assert await client.evaluate(PRESSED) == "true"
