"""What people do in and before a conference, and what a page receives there."""

import asyncio
from copy import copy
from typing import Any

from tests.e2e import clips, walk

SPEECH = "Mikrofon und Kamera einschalten"

# By the slot of a page's newest connection: decoded frames, sound's energy and packets so far.
RECEIVED = """(async () => {
  const found = {};
  const open = window.peers.filter((one) => one.connectionState === 'connected');
  (await open.at(-1)?.getStats())?.forEach((s) => {
    if (s.type !== 'inbound-rtp') return;
    const slot = Math.floor((Number(s.mid) - 3) / 3);
    found[slot] ??= { frames: 0, energy: 0, sounds: 0 };
    if (s.kind === 'audio') {
      found[slot].energy = s.totalAudioEnergy ?? 0;
      found[slot].sounds = s.packetsReceived;
    } else if ((Number(s.mid) - 3) % 3 === 1) {
      found[slot].frames = s.framesDecoded ?? 0;
    }
  });
  return found;
})()"""


async def person(people: Any, who: str) -> Any:
    """A browser of a person with a small picture."""
    found = await people(who, picture=clips.small_picture(who))
    await found.add_init_script(walk.KEEP_PEERS)
    return found


async def beside(other: Any) -> Any:
    """Somebody else in the same browser, as one more tab without a memory in common."""
    found = await other.another()
    await found.add_init_script(walk.KEEP_PEERS)
    return found


async def start(host: Any, *colleagues: str, title: str = "Runde am Montag") -> None:
    """From the top bar of the desk into a new room."""
    await host.click("link", "Konferenz")
    await host.fill("Name des Raums", title)
    for name in colleagues:
        await host.page.get_by_label(name).check()
    await host.click("button", "Konferenz starten")
    await host.see("von 6 Personen")


async def accept(adviser: Any) -> Any:
    """Answers the call at the desk; the room is a window of its own."""
    async with adviser.context.expect_page() as opened:
        await adviser.click("link", "Annehmen", 30)
    there = copy(adviser)
    there.page = await opened.value
    await there.see("von 6 Personen", 30)
    return there


async def link_of(host: Any) -> str:
    """What the host copies for guests."""
    await host.click("button", "Einladen und leiten")
    await host.click("button", "Link zeigen")
    await host.see("/rooms/")
    link = await host.page.locator("[data-slot=link]").inner_text()
    await host.click("button", "Schließen")
    return str(link)


async def to_the_door(guest: Any, link: str, name: str) -> None:
    """Name and short check."""
    await guest.goto(link)
    await guest.fill("Ihr Name", name)
    await guest.click("button", SPEECH)
    await guest.see("Wir hören Sie gut.", 30)


async def knock(guest: Any, link: str, name: str) -> None:
    """Before the door, heard."""
    await to_the_door(guest, link, name)
    await guest.click("button", "Anklopfen")
    await guest.see("Sie haben angeklopft.")


async def received(one: Any) -> dict[int, dict[str, float]]:
    """What has come so far, by slot."""
    found = await one.evaluate(RECEIVED)
    return {int(slot): what for slot, what in found.items()}


async def grows(one: Any, what: str, slots: set[int], within_s: float = 30) -> None:
    """Waits until all of these slots have got more of it."""
    before = await received(one)
    until = asyncio.get_running_loop().time() + within_s
    while True:
        now = await received(one)
        more = {slot for slot in now if now[slot][what] > before.get(slot, {}).get(what, 0)}
        if slots <= more:
            return
        assert asyncio.get_running_loop().time() < until, f"{what}: {slots - more} of {now}"
        await asyncio.sleep(0.3)


async def stops(one: Any, what: str, slots: set[int], within_s: float = 15) -> None:
    """Waits for a second in which none of these slots gets any of it."""
    until = asyncio.get_running_loop().time() + within_s
    while True:
        before = await received(one)
        await asyncio.sleep(1)
        now = await received(one)
        more = {slot for slot in slots if now[slot][what] > before[slot][what]}
        if not more:
            return
        assert asyncio.get_running_loop().time() < until, f"{what} of {more} goes on"
