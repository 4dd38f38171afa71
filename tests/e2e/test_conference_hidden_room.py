"""A guest who hides the room at the door is seen without it, from the first picture on."""

import pytest

from tests.device_check import chroma_key
from tests.e2e import clips, walk
from tests.e2e.conferring import link_of, person, start, to_the_door
from tests.e2e.room_seen import looks, raw_detail, shows_the_room
from tests.media.background_pages import clip

pytestmark = pytest.mark.timeout(240)


async def test_it_works(appliance, people):
    host = await person(people, "adviser")
    await walk.log_in(host, appliance, await walk.add_adviser(appliance))
    await start(host)
    link = await link_of(host)
    camera = clip(clips.MADE / "client-before-files.mjpeg", chroma_key.office())
    guest = await people("client", picture=camera, viewport={"width": 390, "height": 844})
    await guest.add_init_script(walk.KEEP_PEERS)
    await to_the_door(guest, link, "Kim Gast")
    await guest.click("radio", "Stark unscharf")
    await guest.click("button", "Anklopfen")
    await host.click("button", "Hereinlassen", 30)
    seen = await looks(host, 20)
    assert max(one["room"] for one in seen) < 0.1 * raw_detail()
    await other_choices(host, guest)


async def other_choices(host, guest):
    """In the room: devices, and the room shown after a second word; the choice is kept."""
    await guest.click("button", "Geräte")
    await guest.see("Ihre Geräte")
    await guest.click("button", "Fertig")
    await guest.click("button", "Hintergrund")
    await guest.click("radio", "So wie er ist")
    await guest.see("Dann sieht man Ihr Zimmer. Möchten Sie das?")
    await guest.click("button", "Zimmer zeigen")
    await shows_the_room(host, shown=True)
    await guest.click("radio", "Einfarbig")
    await shows_the_room(host, shown=False)
    await guest.click("button", "Fertig")
    assert await guest.evaluate("sessionStorage.getItem('vorzimmer.background')") == "plain browser"
