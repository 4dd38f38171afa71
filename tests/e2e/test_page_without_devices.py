"""Pages that get no devices: without encryption, by a name.

Without a secure context none of our cookies stays either, so the page itself has to say it.
"""

import pytest

from tests.e2e.chromium import EXECUTABLE
from tests.provoking import Provoked

pytestmark = [pytest.mark.timeout(170), pytest.mark.patient]

NAME = "vorzimmer.test"
SHOWN = "document.querySelector('[data-insecure]:not([hidden])')?.dataset.cause ?? ''"


@pytest.fixture
def appliance_settings(tmp_path):
    """The appliance is to be had by a name, as in an agency's network."""
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "config.toml").write_text(f'[web]\nallowed_hosts = ["{NAME}"]\n')


@pytest.fixture
def chromium_that_knows_the_name(tmp_path):
    program = tmp_path / "chromium"
    rules = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    program.write_text(f'#!/bin/sh\nexec {EXECUTABLE} "{rules}" "$@"\n')
    program.chmod(0o755)
    return program


@pytest.mark.provokes("system_insecure_page", by="browser")
async def test_it_works(
    appliance_settings, appliance, people, chromium_that_knows_the_name, provoked: Provoked
):
    client = await people(
        "client", program=chromium_that_knows_the_name, viewport={"width": 390, "height": 844}
    )
    sockets: list[str] = []
    client.page.on("websocket", lambda socket: sockets.append(socket.url))
    port = appliance.url.rpartition(":")[2]
    for path in ("/v#a-secret-that-stays-here", "/test"):
        await client.goto("about:blank")
        await client.goto(f"http://{NAME}:{port}{path}")
        assert not await client.evaluate("isSecureContext")
        await client.see("Diese Seite ist nicht verschlüsselt geöffnet.")
        await client.see("Die Adresse muss mit „https://“ beginnen.")
        assert provoked(await client.evaluate(SHOWN)) == "system_insecure_page"
        assert not await client.page.get_by_text("Einen Moment bitte").is_visible()
        assert await client.evaluate("document.activeElement.tagName") == "H1"
    assert sockets == []
    assert not [one for one in client.requests if "/api/v1/links" in one]
    await client.goto(f"{appliance.url}/test")  # localhost counts as secure
    assert await client.evaluate(SHOWN) == ""
    await client.see("Gerätetest starten")
