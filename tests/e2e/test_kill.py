"""``kill -9`` in the middle of a session: web costs nothing, media costs seconds."""

import asyncio
import os
import signal
import time

import pytest

from tests.e2e import short_way, walk

pytestmark = pytest.mark.timeout(300)

# Longest pause between two shown frames, in seconds, since it was last asked.
WATCH = """(() => {
  const video = [...document.querySelectorAll('SELECTOR')].find((one) => one.checkVisibility());
  const gaps = { longest: 0, last: performance.now(), frames: 0 };
  window.gaps = gaps;
  (function next() {
    video.requestVideoFrameCallback(() => {
      const now = performance.now();
      gaps.longest = Math.max(gaps.longest, now - gaps.last);
      gaps.last = now;
      gaps.frames += 1;
      next();
    });
  })();
})()"""
LONGEST = "Math.max(window.gaps.longest, performance.now() - window.gaps.last) / 1000"


async def talk(adviser, client):
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser")
    await walk.sees_moving(adviser, walk.DESK_SEES, "client")


async def test_killing_web_leaves_picture_and_sound_alone(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client", viewport={"width": 390, "height": 844})
    await short_way.to_the_waiting_room(client, appliance, booked)
    await adviser.click("button", "Hereinbitten")
    await talk(adviser, client)
    await adviser.click("button", "Ausweis gesehen")
    await client.click("button", "Chat")
    await client.evaluate(WATCH.replace("SELECTOR", walk.CLIENT_SEES))
    await adviser.evaluate(WATCH.replace("SELECTOR", walk.DESK_SEES))
    peers = await client.evaluate("window.peers.length")
    heard = asyncio.gather(walk.heard_energy(client, 6), walk.heard_energy(adviser, 6))
    killed_at = time.monotonic()
    os.kill(appliance.pid("serve"), signal.SIGKILL)
    await client.fill("Ihre Nachricht im Chat", "Noch da?")
    await asyncio.sleep(0.5)
    await wait_until_live(client, adviser)
    assert time.monotonic() - killed_at < 8
    await client.click("button", "Senden")
    await adviser.page.keyboard.press("c")
    await adviser.see("Noch da?")
    assert min(await heard) > 0.005  # speech came the whole time
    assert await client.evaluate(LONGEST) < 1.0
    assert await adviser.evaluate(LONGEST) < 1.0
    assert await client.evaluate("window.peers.length") == peers  # the same connection all along
    await killing_media_brings_the_picture_back(appliance, adviser, client)


async def wait_until_live(client, adviser):
    """Both pages have their socket again and say nothing of trouble."""
    await adviser.page.locator("[data-connection=open]").wait_for(state="attached", timeout=8000)
    await client.page.locator("#connection").wait_for(state="hidden", timeout=8000)


async def killing_media_brings_the_picture_back(appliance, adviser, client):
    killed_at = time.monotonic()
    os.kill(appliance.pid("media"), signal.SIGKILL)
    await asyncio.gather(
        client.see("Wir verbinden Sie gerade wieder", 8),
        adviser.see("Wir verbinden Sie gerade wieder", 8),
    )
    await asyncio.gather(
        walk.sees_moving(client, walk.CLIENT_SEES, "adviser", 12),
        walk.sees_moving(adviser, walk.DESK_SEES, "client", 12),
    )
    assert time.monotonic() - killed_at < 10
    await asyncio.gather(walk.hears(client, 0.005), walk.hears(adviser, 0.005))
