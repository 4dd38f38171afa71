"""Debian's Firefox ESR as the client, Chromium at the desk: one session, both directions.

Shimmed in Firefox: the camera (a clip through a canvas), see ``firefox_media.py``. Its sound is
real: speech through a null sink.
"""

import pytest

from tests.e2e import clips, walk
from tests.e2e.firefox import Firefox
from tests.e2e.firefox_media import PulseMicrophone, shim

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
async def firefox(tmp_path):
    sound = await PulseMicrophone(tmp_path, clips.speech("client")).start()
    browser = await Firefox(tmp_path / "firefox").start(sound.environment)
    try:
        yield browser
    finally:
        await browser.screenshot(clips.MADE / "last-firefox.png")
        await browser.stop()
        await sound.stop()


async def test_it_works(appliance, people, firefox):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    await firefox.add_init_script(shim("client"))
    await walk.to_the_waiting_room(firefox, booked)
    await adviser.see("Ayşe Öztürk")
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(firefox, walk.CLIENT_SEES, "adviser", 30)
    await walk.sees_moving(adviser, walk.DESK_SEES, "client", 30)
    await walk.hears(firefox, 0.005)
    await walk.hears(adviser, 0.005)
    await firefox.click("button", "Beenden")
    await firefox.click("button", "Gespräch beenden")
    await firefox.see("Sie können dieses Fenster jetzt schließen.")
    await adviser.see("Der Warteraum ist leer")
