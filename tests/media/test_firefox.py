"""Firefox ESR and Chromium in one room: both directions, a moved address, and long silence."""

import asyncio
import json

import pytest

from tests.e2e.firefox import Firefox
from tests.media.pages import Person, stage

EMPTY_PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<!doctype html>"
)


class FirefoxPage:
    """Firefox's page with the one word of Playwright's that is used here."""

    def __init__(self, firefox):
        self._firefox = firefox

    async def evaluate(self, function, argument=None):
        return await self._firefox.evaluate(f"({function.strip()})({json.dumps(argument)})")


@pytest.fixture
async def firefox(tmp_path):
    """Its own synthetic camera and tone, on a page of this machine (a secure context)."""

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(EMPTY_PAGE)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    started = await Firefox(tmp_path, {"media.navigator.streams.fake": True}).start()
    await started.goto(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    yield FirefoxPage(started)
    await started.stop()
    server.close()


@pytest.mark.timeout(80)
async def test_it_works(firefox):
    async with stage() as room:
        chromium = await room.person("c")
        fox = Person(firefox, "f", room.client)
        hop = await room.hop()
        await fox.join(hop)
        await room.route("c>f", "f>c")
        await asyncio.gather(chromium.sees_within(20, more=20), fox.sees_within(20, more=20))
        assert await chromium.energy() > 0
        assert await fox.energy() > 0
        hop.rebind()  # Firefox will not nominate again
        await asyncio.gather(chromium.sees_within(12), fox.sees_within(12))
        assert "lost" not in [getattr(event, "state", None) for event in room.events]
        hop.close()
