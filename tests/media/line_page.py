"""The client's own line test in a page that has joined a room of the real media process."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from appliance.device_check import network
from appliance.device_check.records import BrowserNetwork
from appliance.relay.client import RelayError
from appliance.relay.control import LineFilled
from tests.media.pages import ADDRESS, Person, Stage
from tests.media.udp_hop import UdpHop

MEDIA = Path(__file__).parents[2] / "kiosk_ui" / "client" / "media"
ATTACH = """
async () => {
  for (const mid of ['0', '1'])
    await pc.getTransceivers().find((one) => one.mid === mid).sender.replaceTrack(null);
}
"""
RUN = """
async () => {
  const {LineRun} = await import('/line_run.js');
  const sender = pc.getTransceivers().find((one) => one.mid === '2').sender;
  const records = [];
  const run = window.run = new LineRun({
    connection: () => pc,
    sendPicture: (track) => sender.replaceTrack(track),
    fill: (kbps, ms) => window.fill(kbps, ms),
    free: () => !window.occupied,
    rejoin: () => Promise.resolve(null), // see tests/e2e/test_line.py
    onRecord: (record) => records.push(record),
  });
  const began = performance.now();
  await run.run();
  const limits = sender.getParameters().encodings.map((one) => one.maxBitrate ?? 0);
  return {record: records.at(-1), ms: performance.now() - began, limits, sends: !!sender.track};
}
"""


class LinePage:
    """One person, and the phases that the relay has told."""

    def __init__(self, stage: Stage, person: Person) -> None:
        self.stage = stage
        self.person = person
        self.told: list[LineFilled] = []

    async def open(self) -> LinePage:
        """Serves the modules; nothing is sent but the test's own picture."""
        page = self.person.page
        await page.route(f"{ADDRESS}*.js", self._serve)
        await page.expose_function("fill", self._fill)
        await page.evaluate(ATTACH)
        return self

    async def _serve(self, route: Any) -> None:
        file = MEDIA / route.request.url.rsplit("/", 1)[-1]
        await route.fulfill(body=file.read_text(), content_type="text/javascript")

    async def _fill(self, kbps: int, ms: int) -> dict[str, Any]:
        seen = len(self.stage.events)
        try:
            await self.stage.client.fill_line(self.person.peer_id, kbps, ms)
        except RelayError as error:
            return {"refused": "busy" if error.code == "busy" else "later", "round_trips_ms": []}
        async with asyncio.timeout(ms / 1000 + 3):
            while True:  # the client's events are kept in a list
                for event in self.stage.events[seen:]:
                    if isinstance(event, LineFilled):
                        self.told.append(event)
                        return {"refused": "", **event.model_dump()}
                await asyncio.sleep(0.01)

    async def first_phase(self) -> None:
        """Returns when the relay has told the first."""
        async with asyncio.timeout(20):
            while not self.told:  # noqa: ASYNC110 - told from another task
                await asyncio.sleep(0.05)

    async def run(self) -> tuple[dict[str, Any], BrowserNetwork]:
        """The whole test; what the page says, and its record as web would read it."""
        said = await self.person.page.evaluate(RUN)
        return said, BrowserNetwork.model_validate(said["record"])


async def on_a_line(stage: Stage, peer_id: str, **shape: float) -> LinePage:
    """A person in the room ``r``, alone, behind a line of this shape (fields of ``UdpHop``)."""
    hop: UdpHop | None = await stage.hop() if shape else None
    person = await stage.person(peer_id, hop)
    for name, value in shape.items():
        setattr(hop, name, value)
    return await LinePage(stage, person).open()


async def leave(stage: Stage, line: LinePage) -> None:
    """Makes room for the next."""
    await stage.client.remove_peer(line.person.peer_id)
    await line.person.page.close()
    if line.person.hop is not None:
        line.person.hop.close()


def judged(record: BrowserNetwork) -> str:
    """Verdict and cause in one word."""
    finding = network.judge(record)
    return f"{finding.verdict}:{finding.cause}"
