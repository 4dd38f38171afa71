"""A real Chromium that may reach nothing but port 443: through nginx to coturn and relay."""

import asyncio
import base64
import contextlib
import hashlib
import json
import subprocess
import time
from dataclasses import asdict

import pytest
from playwright.async_api import async_playwright

from appliance.reach.nginx import Places, nginx_config
from appliance.reach.turn import TurnServers
from appliance.settings import Settings
from tests.e2e.strict_network import WAY, strict_network
from tests.media import pages
from tests.media.network_lab import RELAY
from tests.media.process import media_process
from tests.reach.servers import NGINX, SECRET, certificate, coturn

WEB, TURN = "video.agency.example", "turn.agency.example"
# The page's connection knows the detour, as ours does.
WITH_TURN = """() => {
  window.peers = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor() {
      super({ iceServers: SERVERS });
      window.peers.push(this);
    }
  };
}"""


@pytest.fixture
async def network():
    async with strict_network() as made:
        yield made


def settings(folder) -> Settings:
    chain, key = certificate(folder, TURN)
    (folder / "turn").write_text(SECRET)
    web = {
        "base_url": f"https://{WEB}",
        "bind": ["127.0.0.1:8080"],
        "certificate_file": chain,
        "certificate_key_file": key,
        "trusted_proxies": ["127.0.0.1"],
    }
    turn = {"host": TURN, "secret_file": folder / "turn", "share_443": True}
    return Settings(web=web, turn=turn)


def known(made: Settings) -> str:
    """Chromium accepts this self-made key, and looks the name up in the test's own network."""
    words = ["openssl", "ec", "-in", str(made.web.certificate_key_file), "-pubout"]
    der = subprocess.run([*words, "-outform", "DER"], capture_output=True, check=True).stdout
    digest = base64.b64encode(hashlib.sha256(der).digest()).decode()
    names = f"'--host-resolver-rules=MAP {TURN} {RELAY}'"
    return f"--ignore-certificate-errors-spki-list={digest} {names}"


@contextlib.asynccontextmanager
async def shared(network, made: Settings, folder):
    """coturn, and nginx on port 443, in the agency's LAN."""
    within = network.lab.within("lan")
    file = folder / "nginx.conf"
    places = Places(pid=str(folder / "nginx.pid"), errors="stderr")
    file.write_text(nginx_config(made, [RELAY], places))
    nginx = await asyncio.create_subprocess_exec(
        *within, NGINX, "-c", str(file), "-g", "daemon off;"
    )
    try:
        async with coturn(made, folder, [RELAY], [RELAY], within):
            yield
    finally:
        nginx.terminate()
        await nginx.wait()


async def test_sound_and_picture_come_through_port_443_alone(network, tmp_path):
    network.block("udp", "tcp dport 3478", "tcp dport 5349")
    made = settings(tmp_path)
    [server] = TurnServers(made.turn).for_user("visit.client", time.time())
    program = network.program("home", tmp_path, known(made))
    async with (
        shared(network, made, tmp_path),
        media_process(within=network.lab.within("lan")) as (_, client),
        async_playwright() as playwright,
        pages._stage(client, playwright, program) as stage,
    ):
        script = WITH_TURN.replace("SERVERS", json.dumps([asdict(server)]))
        a, b = await stage.person("a", init=script), await stage.person("b", init=script)
        await stage.route("a>b", "b>a")
        await asyncio.gather(a.sees_within(20), b.sees_within(20))
        assert await a.page.evaluate(WAY) == "tls"
