"""Conferences for people who do not point, do not see, or see little."""

import pytest

from tests.e2e import accessible, walk
from tests.e2e.conferring import SPEECH, beside, link_of, person

pytestmark = [pytest.mark.timeout(240), pytest.mark.patient]


async def at_the_desk(appliance, people):
    """Host and colleague, both logged in, watched for barriers."""
    host = await accessible.watched(await person(people, "adviser"))
    colleague = await accessible.watched(await beside(host))
    await walk.log_in(host, appliance, await walk.add_adviser(appliance))
    weber = await walk.add_adviser(appliance, "weber", "Herr Weber")
    await walk.log_in(colleague, appliance, weber)
    return host, colleague


async def start_by_keyboard(host):
    await accessible.use(host, "Konferenz")
    await host.see("Neue Konferenz")
    await accessible.look(host, "start")
    await accessible.tab_to(host, "Herr Weber · am Arbeitsplatz")
    await host.page.keyboard.press("Space")
    await accessible.use(host, "Konferenz starten")
    await host.see("1 von 6 Personen", 30)
    await accessible.look(host, "alone")


async def through_the_door(guest, link):
    await guest.goto(link)
    await guest.see("Kurzer Test")
    await accessible.look(guest, "door")
    await accessible.tab_to(guest, "Ihr Name")
    await guest.page.keyboard.type("Kim Gast")
    await accessible.use(guest, SPEECH)
    await guest.see("Wir hören Sie gut.", 30)
    await accessible.look(guest, "heard")
    await accessible.use(guest, "Anklopfen")
    await guest.see("Sie haben angeklopft.")
    await accessible.look(guest, "knocking")


async def test_it_works(appliance, people):
    host, colleague = await at_the_desk(appliance, people)
    await start_by_keyboard(host)
    await colleague.see("ruft Sie in eine Konferenz: ")
    await accessible.look(colleague, "call")
    await colleague.click("button", "Ablehnen")

    guest = await accessible.watched(await person(people, "client"))
    await through_the_door(guest, await link_of(host))
    await host.see("klopft an.")
    await accessible.look(host, "knock")
    await accessible.use(host, "Hereinlassen")
    await guest.see("2 von 6 Personen", 30)
    await walk.sees_moving(guest, "video[data-large]", "adviser")
    await accessible.look(guest, "inside")
    await accessible.use(guest, "Kim Gast (Sie) groß zeigen")
    await walk.sees_moving(guest, "video[data-large]", "client")

    await accessible.use(host, "Einladen und leiten")
    await host.see("hat abgelehnt")
    await accessible.look(host, "leading")
    await accessible.use(host, "Konferenz für alle beenden")
    await guest.see("Die Konferenz ist beendet.")
    await accessible.look(guest, "over")
    found = [*host.barriers, *colleague.barriers, *guest.barriers]
    assert found == []
