"""A kiosk's tone through a real sound server: Chromium's own output comes back as its microphone.

No fake devices: what the page plays is what the page hears, but for volume and mute of the sink.
"""

import os

import pytest
from playwright.async_api import async_playwright

from appliance.device_check import kiosk
from appliance.device_check.records import LoopBack
from tests.e2e import clips
from tests.e2e.chromium import EXECUTABLE
from tests.e2e.firefox_media import KioskRoom
from tests.media.front_end import front_end

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

FLAGS = [
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
LOOP = """async () => {
  const { openDevice } = await import('/client/media/devices.js');
  const { loopBack } = await import('/client/media/loop_back.js');
  const track = await openDevice('microphone', true);
  try {
    return await loopBack(track);
  } finally {
    track.stop();
  }
}"""


@pytest.mark.provokes("kiosk_left_muted", "kiosk_turned_down", by="browser")
async def test_it_works(tmp_path_factory, provoked):
    """Heard; not heard when muted; weaker when the volume is turned down."""
    room = await KioskRoom(tmp_path_factory.mktemp("pa"), clips.speech("client")).start()
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
                await hear_it_change(room, page, provoked)
                await browser.close()
    finally:
        await room.stop()


async def hear_it_change(room, page, provoked):
    async def loop():
        return LoopBack(**await page.evaluate(LOOP))

    heard = await loop()
    assert kiosk.judge_loop(heard).verdict == "passed", heard
    await room.mute(True)
    assert provoked(kiosk.judge_loop(await loop())) == "kiosk_left_muted"
    await room.mute(False)
    await room.turn_down(30)
    softer = await loop()  # by 30 dB; a machine that is busy drops pieces, so it is not asked for
    after_set_up = softer.model_copy(update={"set_up_gain_db": heard.gain_db})
    assert provoked(kiosk.judge_loop(after_set_up)) == "kiosk_turned_down", softer
