"""The line test on a whole appliance: by itself, while a stranger reads the first step."""

import pytest

from appliance.device_check.remedies import CAUSES

pytestmark = pytest.mark.timeout(120)
TOLD = "[data-step=system] [data-line]:not([data-verdict=open])"
FINE = {"Ihre Verbindung ist gut.", CAUSES["network_upload_unknown"].headline}


async def test_it_works(appliance, people):
    client = await people("client")
    await client.goto(f"{appliance.url}/test")
    await client.click("button", "Gerätetest starten")
    await client.see("Wir messen Ihre Verbindung", 30)
    line = client.page.locator(TOLD)
    await line.wait_for(timeout=40_000)
    assert (await line.inner_text()).strip() in FINE
    tracks = "document.querySelectorAll('video:not([hidden])').length"
    assert await client.evaluate(tracks) == 0, "nobody gets to see the test picture"
    await client.click("button", "Mikrofon testen")
    await client.see("Hören wir Sie?")
