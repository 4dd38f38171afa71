"""Chromium pages that join a room of the real media process."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Playwright, async_playwright

from appliance.relay.addresses import own_addresses
from appliance.relay.client import RelayClient
from appliance.relay.control import Event, RestartOffered, Route
from tests.media.network_lab import Lab
from tests.media.process import media_process
from tests.media.udp_hop import UdpHop

ADDRESS = "https://relay.test/"
FLAGS = [
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=WebRtcHideLocalIpsWithMdns,OptimizationHints,MediaRouter",
]
JOIN = """
async (offer) => {
  const pc = window.pc = new RTCPeerConnection();
  window.players = {};
  pc.ontrack = ({track, transceiver}) => {
    const player = document.createElement(track.kind);
    player.autoplay = true;
    player.srcObject = new MediaStream([track]);
    document.body.append(player);
    window.players[transceiver.mid] = player;
  };
  await pc.setRemoteDescription({type: 'offer', sdp: offer});
  const stream = await navigator.mediaDevices.getUserMedia(
    {audio: true, video: {width: 640, height: 360, frameRate: 20}});
  const attach = (mid, track) => {
    const transceiver = pc.getTransceivers().find((one) => one.mid === mid);
    transceiver.direction = 'sendonly';
    return transceiver.sender.replaceTrack(track);
  };
  await attach('0', stream.getAudioTracks()[0]);
  await attach('1', stream.getVideoTracks()[0]);
  await attach('2', null);
  await pc.setLocalDescription();
  return pc.localDescription.sdp;
}
"""
ANSWER = """
async (offer) => {
  await pc.setRemoteDescription({type: 'offer', sdp: offer});
  await pc.setLocalDescription();
  return pc.localDescription.sdp;
}
"""
INBOUND = """
async (mid) => {
  for (const report of (await pc.getStats()).values())
    if (report.type === 'inbound-rtp' && report.mid === mid) return report;
  return {};
}
"""
REMOTE = """
async () => {
  const all = await pc.getStats();
  const transport = [...all.values()].find(({type}) => type === 'transport');
  const pair = all.get(transport?.selectedCandidatePairId);
  return all.get(pair?.remoteCandidateId)?.address ?? '';
}
"""
PIXELS = """
(mid) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 64, height: 36});
  const context = canvas.getContext('2d');
  context.drawImage(window.players[mid], 0, 0, 64, 36);
  return Array.from(context.getImageData(0, 0, 64, 36).data);
}
"""


class Person:
    """One page in the room ``r``."""

    def __init__(self, page: Any, peer_id: str, client: RelayClient) -> None:
        self.page = page
        self.peer_id = peer_id
        self.client = client

    async def join(self, hop: UdpHop | None = None) -> None:
        """Adds a peer and answers its offer, directly or through a hop."""
        self.hop = hop
        reply = await self.client.add_peer("r", self.peer_id)
        answer = await self.page.evaluate(JOIN, self._through_hop(reply.offer))
        await self.client.accept_answer(self.peer_id, answer)

    def _through_hop(self, offer: str) -> str:
        if self.hop is None:
            return offer
        return re.sub(r"(a=candidate:\d+ 1 udp \d+ \S+) \d+ typ", rf"\1 {self.hop.port} typ", offer)

    async def restart(self, offer: str) -> None:
        """Answers the relay's ICE restart."""
        answer = await self.page.evaluate(ANSWER, self._through_hop(offer))
        await self.client.accept_answer(self.peer_id, answer)

    async def inbound(self, mid: str = "4") -> dict[str, Any]:
        """Statistics of a receiving section."""
        return await self.page.evaluate(INBOUND, mid)

    async def decoded(self) -> int:
        """Frames decoded so far."""
        return (await self.inbound()).get("framesDecoded", 0)

    async def energy(self) -> float:
        """Sound heard so far."""
        return (await self.inbound("3")).get("totalAudioEnergy", 0.0)

    async def relay_address(self) -> str:
        """The relay's address on the path in use."""
        return await self.page.evaluate(REMOTE)

    async def picture(self, mid: str = "4") -> list[int]:
        """The picture shown now, 64 x 36 in RGBA."""
        return await self.page.evaluate(PIXELS, mid)

    async def sees_within(self, seconds: float, more: int = 5) -> None:
        """Returns when ``more`` further frames are decoded."""
        before = await self.decoded()
        async with asyncio.timeout(seconds):
            while await self.decoded() < before + more:  # noqa: ASYNC110 - a page sends no event
                await asyncio.sleep(0.05)


class Stage:
    """The media process, its client, and a Chromium."""

    def __init__(self, client: RelayClient, browser: Browser) -> None:
        self.client = client
        self.browser = browser
        self.events: list[Event] = []
        self.people: dict[str, Person] = {}

    async def person(self, peer_id: str, hop: UdpHop | None = None, init: str = "") -> Person:
        """Opens a page and joins; ``init`` is a function that runs before all else."""
        page = await (await self.browser.new_context()).new_page()
        if init:
            await page.add_init_script(f"({init})()")
        await page.route(
            f"{ADDRESS}**",
            lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"),
        )
        await page.goto(ADDRESS)
        person = self.people[peer_id] = Person(page, peer_id, self.client)
        await person.join(hop)
        return person

    async def route(self, *pairs: str, kinds: tuple[str, ...] = ("microphone", "camera")) -> None:
        """The whole truth for the room."""
        ends = [pair.split(">") for pair in pairs]
        await self.client.set_routes(
            "r", [Route(source=s, kind=kind, target=t) for s, t in ends for kind in kinds]
        )

    async def port(self) -> tuple[str, int]:
        """Where the relay listens."""
        reply = await self.client.add_peer("r", "probe")
        await self.client.remove_peer("probe")
        found = re.search(r"a=candidate:1 1 udp \d+ (\S+) (\d+)", reply.offer)
        return found[1], int(found[2])

    async def hop(self) -> UdpHop:
        """A network of one's own."""
        relay = await self.port()
        return await UdpHop(relay[0], relay).open()

    async def restart_offered(self, peer_id: str, within_s: float) -> str:
        """Waits for the relay to notice silence; the offer."""
        async with asyncio.timeout(within_s):
            while True:
                for event in self.events:
                    if isinstance(event, RestartOffered) and event.peer_id == peer_id:
                        return event.offer
                await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def stage(lab: Lab | None = None, addresses: Sequence[str] = ()) -> Any:
    """Everything started, and ended again; in a lab, browser and relay are apart."""
    assert own_addresses(), "browsers need an address besides loopback"
    within = lab.within("lan") if lab else ()
    with tempfile.TemporaryDirectory() as folder:
        program = lab.browser(Path(folder)) if lab else "/usr/bin/chromium"
        async with (
            media_process(addresses, within) as (_, client),
            async_playwright() as playwright,
            _stage(client, playwright, program) as made,
        ):
            yield made


@contextlib.asynccontextmanager
async def _stage(client: RelayClient, playwright: Playwright, program: Path | str) -> Any:
    await client.open_room("r")
    browser = await playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
    made = Stage(client, browser)

    async def keep(event: Event) -> None:
        made.events.append(event)

    client.on_event = keep
    yield made
    await browser.close()
