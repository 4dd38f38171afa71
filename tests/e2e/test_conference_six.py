"""A conference of six real tabs: who sees and hears whom; the seventh is told that it is full."""

import asyncio

import pytest

from tests.e2e import walk
from tests.e2e.conferring import (
    accept,
    beside,
    grows,
    knock,
    link_of,
    person,
    start,
    stops,
    to_the_door,
)

pytestmark = pytest.mark.timeout(240)

ALL = set(range(5))
LARGE = "video[data-large]"


async def six(appliance, people):
    """Host and colleague with one clip, four guests with another."""
    host = await person(people, "adviser")
    colleague = await beside(host)
    await walk.log_in(host, appliance, await walk.add_adviser(appliance))
    weber = await walk.add_adviser(appliance, "weber", "Herr Weber")
    await walk.log_in(colleague, appliance, weber)
    await start(host, "Herr Weber")
    talking = await accept(colleague)
    link = await link_of(host)
    first = await person(people, "client")
    guests = [first, *[await beside(first) for _ in range(3)]]
    names = [f"Gast {number}" for number in range(1, 5)]
    await asyncio.gather(*(knock(*one) for one in zip(guests, [link] * 4, names, strict=True)))
    for name in names:
        row = host.page.locator("[data-knocks] li", has_text=name)
        await row.get_by_role("button", name="Hereinlassen", exact=True).click(timeout=30_000)
    everybody = [host, talking, *guests]
    await asyncio.gather(*(one.see("6 von 6 Personen", 30) for one in everybody))
    return everybody, link


async def large(one, name):
    """Clicks a small picture."""
    await one.page.locator("[data-strip] button", has_text=name).click()


async def slot_at_the_host(host, name):
    """Small pictures stand in the order of places, the host's own first."""
    names = await host.page.locator("[data-strip] [data-slot=name]").all_inner_texts()
    return names.index(name) - 1


async def test_it_works(appliance, people):
    everybody, link = await six(appliance, people)
    host, _, first, second, third, fourth = everybody
    for what in ("frames", "energy"):
        await asyncio.gather(*(grows(one, what, ALL) for one in everybody))

    await large(first, "Frau Yılmaz")
    await walk.sees_moving(first, LARGE, "adviser")
    await large(host, "Gast 1")
    await walk.sees_moving(host, LARGE, "client")

    await first.click("button", "Kleine Bilder an")  # the host stays large, in slot 0
    await stops(first, "frames", {1, 2, 3, 4})
    await grows(first, "frames", {0})
    await grows(first, "energy", ALL)

    slot = await slot_at_the_host(host, "Gast 2")
    await second.click("button", "Mikrofon an")
    await stops(host, "sounds", {slot})
    await grows(host, "energy", ALL - {slot})

    seventh = await beside(first)
    await to_the_door(seventh, link, "Gast 7")
    await seventh.click("button", "Anklopfen")
    await seventh.see("Der Raum ist voll. Es sind schon sechs Personen darin.")

    await host.click("button", "Einladen und leiten")
    row = host.page.locator("[data-people] li", has_text="Gast 3")
    await row.get_by_role("button", name="Stumm schalten").click()
    await third.see("Die Leitung hat Ihr Mikrofon ausgeschaltet.")
    row = host.page.locator("[data-people] li", has_text="Gast 4")
    await row.get_by_role("button", name="Entfernen").click()
    await fourth.see("Die Leitung hat Sie aus dem Raum genommen.")
    await host.click("button", "Konferenz für alle beenden")
    await asyncio.gather(
        *(one.see("Die Konferenz ist beendet.") for one in everybody if one is not fourth)
    )
