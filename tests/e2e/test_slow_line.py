"""A line that becomes too slow for a picture: the page says so, sound goes on, it mends itself."""

import pytest

from tests.e2e import behind_a_hop, short_way, walk

pytestmark = pytest.mark.timeout(240)

SOUND_ALONE_KBPS = 90  # a voice needs 50
WORDS = "Deshalb macht das Bild eine Pause; der Ton geht weiter."


async def slow_and_good_again(person, hop, picture, other):
    """Sentence instead of picture, and sound; then the picture, without a click."""
    hop.down_kbps = SOUND_ALONE_KBPS
    await person.see(WORDS, 40)
    await walk.hears(person, 0.005)
    hop.down_kbps = 0
    await person.page.get_by_text(WORDS).first.wait_for(state="hidden", timeout=60_000)
    await walk.sees_moving(person, picture, other, 20)


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    desk_hop = await behind_a_hop.led_through(adviser, appliance)
    await adviser.page.reload()
    client = await people("client", viewport={"width": 390, "height": 844})
    hop = await behind_a_hop.led_through(client, appliance)
    await short_way.to_the_waiting_room(client, appliance, booked)
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser", 20)
    await walk.sees_moving(adviser, walk.DESK_SEES, "client", 20)
    await slow_and_good_again(client, hop, walk.CLIENT_SEES, "adviser")
    await walk.sees_moving(adviser, walk.DESK_SEES, "client", 20)
    await slow_and_good_again(adviser, desk_hop, walk.DESK_SEES, "client")
    for one in (hop, desk_hop):
        one.close()
