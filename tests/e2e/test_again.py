"""The short check of somebody who has passed before: measured again, remembered when asked to."""

import json
import time

import pytest

from tests.e2e import walk

pytestmark = [pytest.mark.timeout(180), pytest.mark.patient]

SEED = """localStorage.setItem('vorzimmer.passed', JSON.stringify(
  { at: Date.now() - 86400000, microphone: '', camera: '' }))"""
VERDICT = "document.querySelector('[data-step-mark=KIND]').dataset.verdict"


async def verdict(client, kind: str) -> str:
    return str(await client.evaluate(VERDICT.replace("KIND", kind)))


async def test_it_works(appliance, people, record_property):
    client = await people("client", viewport={"width": 390, "height": 844})
    await client.goto(f"{appliance.url}/test")
    await client.see("Gerätetest starten")
    await client.evaluate(SEED)
    await client.page.reload()
    await client.see("Alles wie beim letzten Mal?")
    started_at = time.monotonic()
    await client.click("button", "Kurz prüfen")
    await walk.at_step(client, "microphone")
    step = await walk.at_step(client, "background", "speaker", within_s=60)
    seconds = time.monotonic() - started_at
    record_property("seconds_to_ready", round(seconds, 1))  # told, not judged: machines differ
    print(f"ready after {seconds:.1f} s")
    assert await verdict(client, "microphone") in {"passed", "warning"}, "measured again"
    assert await verdict(client, "camera") in {"passed", "warning"}, "measured again"
    if step == "speaker":  # only where something was found that had not been there before
        assert "warning" in {await verdict(client, "microphone"), await verdict(client, "camera")}
        return
    assert await verdict(client, "speaker") == "waived", "what was not tested is not called good"
    await remembered_and_forgotten(client)


async def remembered_and_forgotten(client):
    """Ids of devices and nothing else, in this browser; gone when it is not wanted any more."""
    await client.click("checkbox", "Dieses Gerät für das nächste Mal merken")
    assert await client.evaluate("localStorage.getItem('vorzimmer.passed')") is None
    await client.click("checkbox", "Dieses Gerät für das nächste Mal merken")
    kept = json.loads(await client.evaluate("localStorage.getItem('vorzimmer.passed')"))
    assert set(kept) == {"at", "microphone", "camera"}
    labels = await client.evaluate(
        "navigator.mediaDevices.enumerateDevices().then((all) => all.map((one) => one.label))"
    )
    assert all(label and label not in json.dumps(kept) for label in labels)
