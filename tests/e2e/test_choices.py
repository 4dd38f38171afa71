"""Text, sound, picture; seeing and being seen: chosen while waiting and talking, true at the relay.

One visit goes through all of them, so that what was never switched on can be told by a counter that
stands at nothing.
"""

import asyncio
from typing import Any

import pytest

from tests.e2e import letters, relay_counters, short_way, walk

pytestmark = pytest.mark.timeout(150)

NOW = "[data-screen=session] [data-slot=now]"


async def now_says(client: Any, words: str) -> None:
    """What is on can be read without opening anything."""
    for _ in range(100):
        if words in await client.page.locator(NOW).inner_text():
            return
        await asyncio.sleep(0.1)
    raise TimeoutError(await client.page.locator(NOW).inner_text())


async def choose(client: Any, role: str, name: str) -> None:
    """In the conversation, by the visible way to change what is on."""
    await client.click("button", "Ändern")
    await client.click(role, name)
    await client.click("button", "Fertig")


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client", viewport={"width": 390, "height": 844})
    await short_way.to_the_waiting_room(client, appliance, booked)
    await client.click("checkbox", "Man darf mich sehen.")
    await client.click("radio", "Nur mit Text")
    await adviser.see("nur Text")
    await adviser.click("button", "Hereinbitten")
    await only_text(appliance, adviser, client)
    await only_sound(appliance, adviser, client)
    await one_way(appliance, adviser, client)
    await both_ways_and_back(appliance, adviser, client)
    await text_again(adviser, client)


async def only_text(appliance: Any, adviser: Any, client: Any) -> None:
    """Both write and read; nothing was ever sent to the relay."""
    await now_says(client, "Sie schreiben. Mikrofon und Kamera sind aus.")
    await client.fill("Ihre Nachricht im Chat", "Ich höre schlecht.")
    await client.click("button", "Senden")
    await adviser.see("Ich höre schlecht.")
    await adviser.page.get_by_role("textbox", name="Nachricht").last.fill("Dann schreiben wir.")
    await adviser.page.keyboard.press("Enter")
    await client.see("Dann schreiben wir.")
    await letter_by_letter(appliance, adviser, client)
    for peer in (await relay_counters.peers(appliance)).values():
        assert peer["sends"] == {}
    await client.click("button", "Chat schließen")


async def letter_by_letter(appliance: Any, adviser: Any, client: Any) -> None:
    """Each letter is at the other side within half a second, both ways; so is what is deleted."""
    await letters.look_at(adviser, client)
    await client.click("checkbox", letters.SWITCH)
    await adviser.see("Ayşe Öztürk hat Live-Text eingeschaltet.")
    await client.see("Was Sie schreiben, ist sofort zu lesen, auch was Sie wieder löschen.")
    mine = client.page.get_by_role("textbox", name="Ihre Nachricht im Chat")
    theirs = adviser.page.get_by_role("textbox", name="Nachricht").last
    took_ms = []
    for writer, field, reader in ((client, mine, adviser), (adviser, theirs, client)):
        for key, words in (("Q", "Q"), ("x", "Qx"), ("Backspace", "Q"), ("y", "Qy")):
            took_ms.append(await letters.write(writer, field, reader, key, words))
    assert max(took_ms) < letters.LIMIT_MS, took_ms
    await client.see("Frau Yılmaz schreibt gerade:")
    await theirs.press("Enter")
    await letters.reads(client, "")
    await client.see("Qy")  # the finished line
    await adviser.click("checkbox", letters.SWITCH)
    await letters.reads(adviser, "")
    await mine.fill("")
    assert "Qy" not in appliance.log()


async def only_sound(appliance: Any, adviser: Any, client: Any) -> None:
    """Both hear; nobody's picture has reached the relay."""
    await choose(client, "radio", "Nur mit Ton")
    await now_says(client, "Man hört Sie. Bilder sind auf beiden Seiten aus.")
    await walk.hears(adviser, 0.001)
    await walk.hears(client, 0.001)
    peers = (await relay_counters.peers(appliance)).values()
    assert [relay_counters.sent(one, "microphone") > 0 for one in peers] == [True, True]
    assert [relay_counters.sent(one, "camera") for one in peers] == [0, 0]


async def one_way(appliance: Any, adviser: Any, client: Any) -> None:
    """The client sees and is not seen: not one packet of their picture is at the relay."""
    await choose(client, "radio", "Mit Ton und Bild")
    await now_says(client, "Man sieht Sie nicht.")
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser")
    await adviser.see("Die Person möchte nicht gesehen werden.")
    await asyncio.sleep(1)
    peers = (await relay_counters.peers(appliance)).values()
    assert sorted(relay_counters.sent(one, "camera") > 0 for one in peers) == [False, True]
    unseen = next(one for one in peers if relay_counters.sent(one, "camera") == 0)
    assert relay_counters.received(unseen, "camera") > 0


async def both_ways_and_back(appliance: Any, adviser: Any, client: Any) -> None:
    """Seen on request; then the client looks away, and gets no more of the other's picture."""
    await choose(client, "checkbox", "Man darf mich im Gespräch sehen.")
    await now_says(client, "Man sieht Sie.")
    await walk.sees_moving(adviser, walk.DESK_SEES, "client")
    await choose(client, "checkbox", "Ich möchte mein Gegenüber im Gespräch sehen.")
    await now_says(client, "Sie sehen Ihr Gegenüber nicht.")
    await adviser.see("möchte Sie nicht sehen")
    await asyncio.sleep(1)
    before = await relay_counters.peers(appliance)
    await asyncio.sleep(2)
    after = await relay_counters.peers(appliance)
    flowed = {
        key: relay_counters.received(after[key], "camera")
        - relay_counters.received(before[key], "camera")
        for key in after
    }
    assert sorted(count > 0 for count in flowed.values()) == [False, True], flowed


async def text_again(adviser: Any, client: Any) -> None:
    """Back to writing; the adviser ends it for both."""
    await choose(client, "radio", "Nur mit Text")
    await now_says(client, "Sie schreiben. Mikrofon und Kamera sind aus.")
    await adviser.see("Gespräch nur mit Text. Bitte schreiben Sie im Chat.")
    await client.click("button", "Beenden")
    await client.click("button", "Gespräch beenden")
    await client.see("Vielen Dank für das Gespräch")
    await adviser.see("Wer da ist")
