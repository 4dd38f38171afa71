"""The tests' own network does to a line what its fields say: here what is said of its jitter."""

import asyncio
import socket
import time
from itertools import pairwise

import pytest

from appliance.device_check.thresholds import JITTER_WARN_MS, ROUND_TRIP_WARN_MS
from tests.media.udp_hop import UdpHop

HOST = "127.0.0.1"
EVERY_S = 1 / 30
PACKETS = 45  # as many as the line test's first phase has


async def through(**shape: float) -> list[tuple[int, float]]:
    """Number and delay in ms of each packet, as they arrive."""
    loop = asyncio.get_running_loop()
    relay, browser = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for one in (relay, browser):
        one.bind((HOST, 0))
        one.setblocking(False)
    hop = await UdpHop(HOST, relay.getsockname()).open()
    for name, value in shape.items():
        setattr(hop, name, value)
    sent: list[float] = []
    arrived: list[tuple[int, float]] = []

    async def take() -> None:
        while len(arrived) < PACKETS:
            number = int(await loop.sock_recv(relay, 100))
            arrived.append((number, (time.monotonic() - sent[number]) * 1000))

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(take())
        for number in range(PACKETS):
            sent.append(time.monotonic())
            await loop.sock_sendto(browser, str(number).encode(), (HOST, hop.port))
            await asyncio.sleep(EVERY_S)
    hop.close()
    relay.close()
    browser.close()
    return arrived


def jitter_ms(delays: list[float]) -> float:
    """RFC 3550, 6.4.1."""
    jitter = 0.0
    for before, now in pairwise(delays):
        jitter += (abs(now - before) - jitter) / 16
    return jitter


@pytest.mark.parametrize("shape", [{"hold_s": 0.12}, {"jitter_s": 0.2}], ids=str)
async def test_what_comes_late_comes_in_order(shape):
    arrived = await through(**shape)
    assert [number for number, _ in arrived] == list(range(PACKETS))


async def test_clumps_are_well_inside_the_class_of_unsteady_lines():
    delays = [delay for _, delay in await through(hold_s=0.12)]
    assert jitter_ms(delays) > 1.2 * JITTER_WARN_MS
    assert 2 * sorted(delays)[PACKETS // 2] < ROUND_TRIP_WARN_MS, "and no slow one"
