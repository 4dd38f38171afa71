"""The line test on a whole appliance, behind lines of many shapes: the cause that the page names.

More shapes are measured by ``scripts/bench line``.
"""

import asyncio
from typing import Any

import pytest

from appliance.device_check.remedies import CAUSES
from tests.e2e import behind_a_hop, walk
from tests.e2e.chromium import Chromium, Devices

pytestmark = pytest.mark.timeout(180)

# Fields of UdpHop, and the causes that are right. Those of a wave run side by side.
WAVES: tuple[dict[str, tuple[dict[str, Any], set[str]]], ...] = (
    {
        "15 % lost": ({"loss": 0.15}, {"network_loss"}),
        "700 ms more": ({"delay_s": 0.35}, {"network_delay"}),
        "no UDP": ({"cut": True}, {"network_udp_blocked"}),
        "nothing new comes through": ({}, {"network_reconnect"}),
    },
    {
        "unsteady": ({"hold_s": 0.12}, {"network_jitter"}),
        "200 kbit/s up": ({"up_kbps": 200}, {"network_upload_weak"}),
        "200 kbit/s down": ({"down_kbps": 200}, {"network_download_weak"}),
    },
)
AT_ONCE = 2  # each keeps an encoder, the relay and a hop busy: more would measure the machine
CODES = {CAUSES[code].headline: code for code in CAUSES if code.startswith("network_")}


async def one(browser: Chromium, appliance: Any, name: str, shape: dict[str, Any]) -> str:
    """The cause that a client behind this line is told."""
    client = await browser.another()
    hop = await behind_a_hop.led_through(client, appliance, **shape)
    await client.goto(f"{appliance.url}/test")
    await client.click("button", "Gerätetest starten")
    if name.startswith("nothing new"):
        await behind_a_hop.connected(client)
        hop.closed = True
    words = await behind_a_hop.line_words(client)
    if name == "no UDP":
        await client.see("Nehmen Sie ein anderes Netz, zum Beispiel den Hotspot Ihres Telefons.")
        assert not await client.page.get_by_text("Ihr Browser passt.").is_visible()
        assert not await client.page.get_by_role("button", name="Mikrofon testen").is_visible()
    hop.close()
    await client.context.close()
    return CODES.get(words, words)


LOST = pytest.mark.provokes(
    "network_loss", "network_delay", "network_udp_blocked", "network_reconnect", by="line"
)
NARROW = pytest.mark.provokes(
    "network_jitter", "network_upload_weak", "network_download_weak", by="line"
)


@pytest.mark.parametrize(
    "wave",
    [
        pytest.param(WAVES[0], marks=LOST, id="lost"),
        pytest.param(WAVES[1], marks=NARROW, id="narrow"),
    ],
)
async def test_it_works(appliance, people, wave, provoked):
    """Side by side; what a busy machine has spoilt is tested once more, alone."""
    browser = await people("client", devices=Devices.NONE)
    few = asyncio.Semaphore(AT_ONCE)

    async def in_turn(name: str, shape: dict[str, Any]) -> str:
        async with few:
            return await one(browser, appliance, name, shape)

    runs = [in_turn(name, shape) for name, (shape, _) in wave.items()]
    found = dict(zip(wave, await asyncio.gather(*runs), strict=True))
    for name in [name for name, cause in found.items() if cause not in wave[name][1]]:
        print("once more", name, found[name])
        found[name] = await one(browser, appliance, name, wave[name][0])
    named = {name: provoked(cause) for name, cause in found.items()}
    assert {name: cause for name, cause in named.items() if cause not in wave[name][1]} == {}


async def test_whoever_is_quick_is_measured_while_they_wait(appliance, people):
    """Through the check faster than its longest test; the waiting room says what is found."""
    _, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client", devices=Devices.NONE)
    hop = await behind_a_hop.led_through(client, appliance, loss=0.15)
    await walk.arrive(client, booked)
    await client.click("button", "Gerätetest starten")
    for step, kind in (
        ("microphone", "Mikrofon"),
        ("camera", "Kamera"),
        ("speaker", "Lautsprecher"),
    ):
        await walk.at_step(client, step)  # a tap in the first moment would be swallowed
        await client.click("button", f"Ohne {kind} weiter")
    await client.click("button", "Weiter zur Einwilligung")
    await walk.consent_and_identity(client, booked)
    await client.see(CAUSES["network_loss"].headline, 40)
    hop.close()
