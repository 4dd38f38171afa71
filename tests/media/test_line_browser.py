"""The client's line test in a real Chromium, through the real media process.

More shapes of line are measured by ``scripts/bench line``.
"""

import asyncio

import pytest
import pytest_asyncio

from appliance.device_check import network
from tests.media.line_page import judged, leave, on_a_line
from tests.media.pages import stage as started

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(90)]
MOST_OCTETS = 4_000_000
LONGEST_MS = 15_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage():
    async with started() as made:
        yield made


async def test_it_works(stage):
    """A good line passes, within the limits; afterwards nothing is sent or limited any more."""
    page = await on_a_line(stage, "good")
    running = asyncio.create_task(page.run())
    await page.first_phase()
    before = (await stage.client.stats())["rooms"]["r"]["good"]
    said, record = await running
    assert record.finished
    assert record.protocol == "udp"
    assert record.octets <= MOST_OCTETS
    assert sum(told.took_ms for told in page.told) <= LONGEST_MS
    found = network.measure(record.phases)
    assert (found.down_kbps or 0) > 1100
    assert found.down_loss == found.up_loss == 0
    assert 0 < found.round_trip_ms < 300
    if found.up_limit == "none":  # else the machine is too busy to send so much, and is not blamed
        assert judged(record) == "passed:"
    else:
        assert judged(record) in {"passed:network_upload_unknown", "warning:network_cpu"}
    assert said["limits"] == [0]
    assert not said["sends"]
    after = (await stage.client.stats())["rooms"]["r"]["good"]
    assert after["receives"] == before["receives"] == [], "padding is no picture"
    padded = sum(told.sent_packets for told in page.told) * 319
    assert padded < record.octets, "the browser has counted the padding too"
    await leave(stage, page)


async def left_alone(page, within_s=15):
    """Returns once no phase has ended for longer than any takes; one may be under way."""
    phases = -1
    async with asyncio.timeout(within_s):
        while len(page.told) != phases:
            phases = len(page.told)
            await asyncio.sleep(2.7)


@pytest.mark.provokes("network_upload_weak", by="line")
async def test_a_narrow_way_up_is_found_and_an_interruption_waits(stage, provoked):
    """200 kbit/s up; meanwhile the microphone is tested, for which the line has to be free."""
    page = await on_a_line(stage, "narrow", up_kbps=200)
    running = asyncio.create_task(page.run())
    await page.first_phase()
    await page.person.page.evaluate("window.occupied = true")
    await left_alone(page)
    assert not await page.person.page.evaluate("!!window.run.picture")
    await page.person.page.evaluate("window.occupied = false")
    _, record = await running
    assert provoked(network.judge(record)) == "network_upload_weak"
    assert network.measure(record.phases).up_limit == "line"
    await leave(stage, page)
