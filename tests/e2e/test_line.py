"""The line test on a whole appliance: by itself, beside the check of a stranger."""

import pytest

from appliance.device_check.remedies import CAUSES

pytestmark = pytest.mark.timeout(120)
TOLD = "[data-step=result] [data-line]:not([data-verdict=open])"
FINE = {"Ihre Verbindung ist gut.", CAUSES["network_upload_unknown"].headline}


async def test_it_works(appliance, people):
    client = await people("client")
    await client.goto(f"{appliance.url}/test")
    await client.click("button", "Gerätetest starten")
    for kind in ("Mikrofon", "Kamera", "Lautsprecher"):
        await client.click("button", f"Ohne {kind} weiter", 30)
    await (
        client.page.locator("[data-step=background], [data-step=result]")
        .locator("visible=true")
        .first.wait_for()
    )
    if await client.page.locator("[data-step=background]").is_visible():
        await client.click("button", "Weiter zum Ergebnis")
    await client.see("Wir messen Ihre Verbindung", 30)
    line = client.page.locator(TOLD)
    await line.wait_for(timeout=40_000)
    assert (await line.locator("[data-slot=line-words]").inner_text()).strip() in FINE
    await client.click("button", "Verbindung testen")
    await client.see("Wir messen Ihre Verbindung", 15)
