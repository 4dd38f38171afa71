"""Consent is withdrawn by one tap in the conversation: no media packet passes a second later."""

import asyncio

import pytest

from tests.e2e import short_way, walk
from tests.e2e.behind_a_hop import led_through

pytestmark = pytest.mark.timeout(150)

KEEP_PRESSED = (
    "void addEventListener('click', () => { window.pressedAt = Date.now() / 1000; }, true)"
)


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    desk_hop = await led_through(adviser, appliance)
    await adviser.page.reload()
    client = await people("client", viewport={"width": 390, "height": 844})
    hop = await led_through(client, appliance)
    await short_way.to_the_waiting_room(client, appliance, booked)
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser")
    await walk.sees_moving(adviser, walk.DESK_SEES, "client")
    await adviser.click("button", "Ausweis gesehen")
    await client.evaluate(KEEP_PRESSED)
    await client.click("button", "Einwilligung widerrufen")
    await client.see("Ihre Einwilligung ist widerrufen")
    pressed_at_s = await client.evaluate("window.pressedAt")
    await asyncio.sleep(2)
    for way in ("up", "down"):  # from and to the client, from and to the adviser
        assert pressed_at_s - 5 < hop.media_at_s[way] < pressed_at_s + 1
        assert pressed_at_s - 5 < desk_hop.media_at_s[way] < pressed_at_s + 1
    await the_desk_is_clear(adviser)
    await client.see("Öffnen Sie Ihren Termin noch einmal")
    await walk.arrive(client, booked)  # a slip of the finger is no dead end
    hop.close()
    desk_hop.close()


async def the_desk_is_clear(adviser):
    """Why it is over can be read; the person, and what they said, cannot."""
    await adviser.see("Die Person hat ihre Einwilligung widerrufen.")
    await adviser.see("Wer da ist")
    session = adviser.page.locator("[data-session]")
    assert not await session.is_visible()
    assert "Öztürk" not in await session.inner_text()
    await adviser.click("button", "Schließen")
    assert not await adviser.page.locator("[data-problem]").is_visible()
