"""A colleague and an interpreter in a client's conversation: welcomed, seen, heard, handed it, out.

Counted at each page: who gets whose pictures and sound before and after the client's word, after
the hand-over, and that nobody gets anything once the client has withdrawn the consent. Whoever
sits there reads and writes letter by letter, and sees the screen that the adviser shares. The
client's question and the page of who has come are used by keyboard and looked at by axe.
"""

import asyncio
from copy import copy
from typing import Any

import pytest

from tests.e2e import accessible, letters, relay_counters, shared_screen, short_way, walk
from tests.e2e.conferring import beside, grows, knock, person

pytestmark = pytest.mark.timeout(180)

SEES_SCREEN = "[data-view=inside] [data-slot=screen] video"


async def talking(appliance: Any, people: Any) -> tuple[Any, Any]:
    """Adviser and client; the client is confirmed."""
    adviser = await person(people, "adviser")
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    booked = await walk.book(adviser, appliance)
    client = await accessible.watched(await person(people, "client"))
    await short_way.to_the_waiting_room(client, appliance, booked)
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser")
    await adviser.click("button", "Ausweis gesehen")
    return adviser, client


async def called(appliance: Any, adviser: Any) -> tuple[Any, Any]:
    """A colleague whose desk rings, and who answers: the desk, and the other window."""
    desk = await beside(adviser)
    await desk.context.add_init_script(path=accessible.AXE)
    desk.barriers = []
    weber = await walk.add_adviser(appliance, "weber", "Herr Weber")
    await walk.log_in(desk, appliance, weber)
    await adviser.page.keyboard.press("d")
    row = adviser.page.locator("[data-colleagues-beside] li", has_text="Herr Weber")
    await row.get_by_role("button", name="Anrufen").click()
    await adviser.click("button", "Schließen")
    async with desk.context.expect_page() as opened:
        await desk.click("link", "Annehmen", 30)
    window = copy(desk)
    window.page = await opened.value
    return desk, window


async def asked_in(desk: Any, client: Any) -> Any:
    """An interpreter by the link, up to the client's question."""
    await desk.page.keyboard.press("d")
    await desk.click("button", "Link zeigen")
    await desk.see("/rooms/")
    link = await desk.page.locator("[data-dialog=others] [data-slot=link]").inner_text()
    await desk.click("button", "Schließen")
    guest = await beside(client)
    await knock(guest, str(link), "Dana Dolmetsch")
    await desk.click("button", "Zum Dolmetschen hereinlassen", 30)
    return guest


async def agree(client: Any) -> None:
    """By keyboard. A key in the first moment is taken for what was there before, and is no yes."""
    await asyncio.sleep(0.4)
    await accessible.use(client, "Ja, einverstanden")


async def all_write(adviser: Any, client: Any, colleague: Any) -> None:
    """Letter by letter to everybody, once the client has switched it on."""
    await letters.look_at(client, colleague)
    await client.click("checkbox", letters.SWITCH)
    await colleague.see("Was Sie schreiben, ist sofort zu lesen, auch was Sie wieder löschen.")
    mine, theirs = (
        one.page.get_by_role("textbox", name="Ihre Nachricht im Chat")
        for one in (client, colleague)
    )
    took_ms = [
        await letters.write(client, mine, colleague, "Q", "Q"),
        await letters.write(colleague, theirs, client, "x", "x"),
        await letters.write(colleague, theirs, client, "y", "xy"),
    ]
    assert max(took_ms) < letters.LIMIT_MS, took_ms
    await asyncio.gather(
        client.see("Herr Weber schreibt gerade:"),
        adviser.see("Herr Weber schreibt gerade:"),
        colleague.see("Ayşe Öztürk schreibt gerade:"),
    )
    await theirs.press("Enter")
    await letters.reads(client, "")
    await adviser.see("xy")  # the finished line
    await client.click("checkbox", letters.SWITCH)
    await letters.reads(colleague, "")


async def all_see_the_screen(adviser: Any, client: Any, colleague: Any) -> None:
    """It takes the stage until somebody is picked, and is made larger by keyboard."""
    await adviser.click("button", "Bildschirm teilen T")
    await shared_screen.sees_colour(client, "[data-slot=screen] video", shared_screen.FAKE_SCREEN)
    await shared_screen.sees_colour(colleague, SEES_SCREEN, shared_screen.FAKE_SCREEN)
    await accessible.look(colleague, "beside, with chat and a screen")
    await accessible.use(colleague, "Größer")
    await colleague.see("Größe: 125 %")
    tile = colleague.page.get_by_role("button", name="teilt den Bildschirm")
    await tile.click()
    await walk.sees_moving(colleague, "video[data-large]", "adviser")
    await tile.click()
    await shared_screen.sees_colour(colleague, SEES_SCREEN, shared_screen.FAKE_SCREEN)
    await adviser.click("button", "Teilen beenden T")
    await colleague.page.locator(SEES_SCREEN).wait_for(state="hidden")


async def test_it_works(appliance, people):
    adviser, client = await talking(appliance, people)
    _, colleague = await called(appliance, adviser)
    await colleague.see("Wir fragen, ob Sie dazukommen dürfen.", 30)
    await client.see("Darf Herr Weber vom Amt dazukommen?")
    assert await colleague.evaluate("window.peers.length") == 0  # nothing before the client's word
    await client.see("liest im Chat mit und sieht geteilte Bildschirme.")
    await accessible.look(client, "asked")
    await accessible.look(colleague, "announced")
    await agree(client)
    await colleague.see("3 von 6 Personen", 30)
    for one in (client, adviser, colleague):
        await grows(one, "frames", {0, 1})
        await grows(one, "energy", {0, 1})

    await client.click("button", "Chat")
    await client.fill("Ihre Nachricht im Chat", "Guten Tag zusammen")
    await client.click("button", "Senden")
    await colleague.click("button", "Chat")
    await asyncio.gather(*(one.see("Guten Tag zusammen") for one in (colleague, client)))
    await all_write(adviser, client, colleague)
    await all_see_the_screen(adviser, client, colleague)
    await client.click("button", "Chat schließen")

    await adviser.page.keyboard.press("d")
    await adviser.click("button", "Gespräch übergeben")
    await client.see("Herr Weber führt das Gespräch jetzt mit Ihnen weiter.")
    await adviser.see("Wer da ist")
    await colleague.see("Ayşe Öztürk", 30)  # the window has become the desk
    for one in (client, colleague):
        await grows(one, "frames", {0})
        await grows(one, "energy", {0})

    guest = await asked_in(colleague, client)
    await client.see("Darf Dana Dolmetsch zum Dolmetschen dazukommen?")
    await agree(client)
    await guest.see("3 von 6 Personen", 30)
    for one in (client, colleague, guest):
        await grows(one, "energy", {0, 1})

    await client.click("button", "Einwilligung widerrufen")
    await asyncio.sleep(1)
    assert await relay_counters.peers(appliance) == {}
    await guest.see("Das Gespräch ist beendet.")
    await client.see("Ihre Einwilligung ist widerrufen")
    await colleague.see("Wer da ist")
    assert [*client.barriers, *colleague.barriers] == []
