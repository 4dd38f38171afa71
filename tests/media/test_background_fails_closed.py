"""The room behind a client, read at the far end of the relay from the first frame on.

The client is the page's own media session in a real Chromium, with a camera before a room full of
lettering; the far end is a second page that measures every frame it is sent.
"""

import asyncio

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from appliance.device_check import background
from appliance.device_check.records import BrowserBackground
from appliance.relay.control import Route
from tests.device_check import chroma_key
from tests.e2e import clips
from tests.e2e.chromium import until
from tests.media.background_pages import (
    CLIENT,
    LOSE_WEBGL,
    MASKS_FAIL,
    WATCHER,
    WITHOUT_STREAMS,
    WITHOUT_WEBGL,
    clip,
    open_page,
)
from tests.media.front_end import front_end
from tests.media.pages import FLAGS
from tests.media.process import media_process

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


class Stage:
    """The media process, a Chromium with that camera, and the front end's files."""

    def __init__(self, client, browser, address):
        self.client, self.browser, self.address = client, browser, address
        self.count = 0

    async def watch(self, look, before=""):
        """A client with that choice, and the page at the far end; both from before the offer."""
        self.count += 1
        room = f"r{self.count}"
        await self.client.open_room(room)
        near, far = f"{room}-near", f"{room}-far"
        watcher = await open_page(self.browser, self.address)
        reply = await self.client.add_peer(room, far)
        await self.client.accept_answer(far, await watcher.evaluate(WATCHER, reply.offer))
        page = await open_page(self.browser, self.address, before)
        reply = await self.client.add_peer(room, near)
        await self.client.set_routes(room, [Route(source=near, kind="camera", target=far)])
        wanted = {"look": look, "offer": reply.offer, "peerId": near}
        await self.client.accept_answer(near, await page.evaluate(CLIENT, wanted))
        return page, watcher


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage():
    camera = clip(clips.MADE / "client-before-files.mjpeg", chroma_key.office())
    flags = [*FLAGS, "--enable-unsafe-swiftshader", f"--use-file-for-fake-video-capture={camera}"]
    async with media_process() as (_, client), async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless=True, args=flags
        )
        with front_end() as address:
            yield Stage(client, browser, address)
        await browser.close()


# What the check's step would send now, by the step's own reading of the engine.
TROUBLE = """(async () => {
  const { BackgroundStep } = await import('/client/screens/check/background.js');
  const step = { hiding: window.session.hiding };
  const { trouble, figures } = BackgroundStep.prototype;
  return { mode: step.hiding.look, ...trouble.call(step), ...figures.call(step) };
})()"""


async def found(page):
    return background.judge(BrowserBackground.model_validate(await page.evaluate(TROUBLE)))


async def frames_until(watcher, enough, within_s=30):
    """All frames so far, once ``enough`` says so."""
    async with asyncio.timeout(within_s):
        while True:
            frames = await watcher.evaluate("window.frames")
            if enough(frames):
                return frames
            await asyncio.sleep(0.2)


async def no_more_frames(watcher, within_s=15):
    """Returns once a whole second has passed without one; what was under way may still come."""
    before = -1
    async with asyncio.timeout(within_s):
        while (now := len(await watcher.evaluate("frames"))) != before:
            before = now
            await asyncio.sleep(1.0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sharp(stage):
    """How much detail the raw picture shows at the far end, in the room and of the person."""
    page, watcher = await stage.watch(None)
    frames = await frames_until(watcher, lambda found: len(found) > 30)
    await leave(page, watcher)
    return {place: max(frame[place] for frame in frames) for place in ("room", "person")}


async def leave(page, watcher):
    await page.context.close()
    await watcher.context.close()


def shows_the_person(sharp, frames, often=20):
    return sum(frame["person"] > 0.3 * sharp["person"] for frame in frames) >= often


def assert_no_room(sharp, frames):
    """From the first frame on, and the first one shows nobody either."""
    assert max(frame["room"] for frame in frames) < 0.1 * sharp["room"]
    assert frames[0]["person"] < 0.1 * sharp["person"]


async def test_it_works(stage, sharp):
    page, watcher = await stage.watch("blur")
    frames = await frames_until(watcher, lambda found: shows_the_person(sharp, found))
    assert_no_room(sharp, frames)
    assert await page.evaluate("session.hiding.engine.run.constructor.name") == "WorkerRun"
    assert await page.evaluate("troubles") == []
    for look in ("plain", "blur_strong"):
        await page.evaluate(f"session.hiding.choose('{look}')")
        before = len(frames)
        frames = await frames_until(watcher, lambda found, seen=before: len(found) > seen + 8)
    assert_no_room(sharp, frames)
    await page.evaluate("session.hiding.choose('none')")
    await asyncio.sleep(1.5)  # while the engine dies
    assert await page.evaluate("troubles") == [], "shown again because the client wanted it"
    await until(page, "session.hiding.outgoing === session.tracks.camera")
    await leave(page, watcher)


@pytest.mark.provokes("background_lost", by="browser")
async def test_in_the_page_it_closes_when_masks_stop_and_ends_with_webgl(stage, sharp, provoked):
    """As in browsers whose workers get no frames."""
    page, watcher = await stage.watch("blur_strong", WITHOUT_STREAMS)
    frames = await frames_until(watcher, lambda found: shows_the_person(sharp, found))
    assert_no_room(sharp, frames)
    await page.evaluate(MASKS_FAIL)

    def closed(found):
        return all(frame["person"] < 0.1 * sharp["person"] for frame in found[-8:])

    before = len(await watcher.evaluate("frames"))
    frames = await frames_until(watcher, lambda found: len(found) > before + 8 and closed(found))
    assert max(frame["room"] for frame in frames) < 0.1 * sharp["room"]
    await page.evaluate(LOSE_WEBGL)
    await until(page, "troubles.includes('lost')")
    assert provoked(await found(page)) == "background_lost"
    assert await page.evaluate("session.on.camera") is False
    await no_more_frames(watcher)
    await leave(page, watcher)


@pytest.mark.provokes("background_unable", by="interface")
async def test_a_browser_that_cannot_sends_nothing_until_it_is_told_so(stage, sharp, provoked):
    page, watcher = await stage.watch("blur", WITHOUT_WEBGL)
    await until(page, "troubles.includes('unable')")
    assert provoked(await found(page)) == "background_unable"
    await asyncio.sleep(1.5)
    assert await watcher.evaluate("frames") == []
    assert await page.evaluate("session.tracks.camera.readyState") == "live"
    await page.evaluate("session.hiding.agree()")
    frames = await frames_until(watcher, lambda found: len(found) > 10)
    assert max(frame["room"] for frame in frames) > 0.3 * sharp["room"]
    await leave(page, watcher)
