"""A kiosk's tone through a real sound server: Chromium's own output comes back as its microphone.

No fake devices: what the page plays is what the page hears, but for volume and mute of the sink.
"""

import pytest

from appliance.device_check import kiosk
from appliance.device_check.records import LoopBack
from tests.media.real_sound import page_in_a_room

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

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
    async with page_in_a_room(tmp_path_factory.mktemp("pa")) as (room, page):
        await hear_it_change(room, page, provoked)


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
