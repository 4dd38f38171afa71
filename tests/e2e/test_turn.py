"""A whole appliance with the agency's own coturn, and clients whose networks block UDP."""

import asyncio
import base64
import contextlib
import hashlib
import subprocess
import sys

import pytest

from appliance.device_check.remedies import CAUSES
from tests.e2e import behind_a_hop, walk
from tests.e2e.strict_network import WAY, strict_network, window_to
from tests.media.network_lab import RELAY
from tests.reach.servers import SECRET, TURNSERVER, certificate

pytestmark = pytest.mark.timeout(150)

CONFIG = """
[media]
addresses = ["{relay}"]
[turn]
host = "{relay}"
secret_file = "{folder}/turn-secret"
certificate_file = "{chain}"
certificate_key_file = "{key}"
first_relay_port = 61000
"""
# How the line test has found the detour to be reached.
TURN_OF_THE_LINE = """(async () => {
  const answer = await fetch('/check-report.json');
  const report = answer.ok ? await answer.json() : { steps: [] };
  const line = report.steps.find(({ kind }) => kind === 'network');
  return line?.measurements.find(({ name }) => name === 'turn')?.value ?? '';
})()"""


@pytest.fixture
async def network():
    async with strict_network() as made:
        yield made


@pytest.fixture
def box_commands(tmp_path, network):
    """The media process is in the agency's LAN; settings for TURN are in the configuration file."""
    chain, key = certificate(tmp_path, RELAY)
    (tmp_path / "turn-secret").write_text(SECRET)
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "config.toml").write_text(
        CONFIG.format(relay=RELAY, folder=tmp_path, chain=chain, key=key)
    )
    return {"media": (*network.lab.within("lan"), sys.executable, "-m", "appliance", "media")}


def known_key(folder) -> str:
    """Chromium accepts the self-made certificate, and no other that nobody has signed."""
    der = subprocess.run(
        ["openssl", "ec", "-in", str(folder / f"{RELAY}.key"), "-pubout", "-outform", "DER"],
        capture_output=True,
        check=True,
    ).stdout
    digest = base64.b64encode(hashlib.sha256(der).digest()).decode()
    return f"--ignore-certificate-errors-spki-list={digest}"


@contextlib.asynccontextmanager
async def turnserver(appliance, network, folder):
    """Debian's coturn on what ``vorzimmer coturn-config`` prints, in the agency's LAN."""
    file = folder / "turnserver.conf"
    file.write_text(await appliance.supervisor.command("coturn-config"))
    command = (*network.lab.within("lan"), TURNSERVER, "-c", str(file))
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.DEVNULL
    )
    yield
    process.kill()
    await process.wait()


async def comes_to(client, expression: str, wanted: str, within_s: float = 25) -> None:
    """Waits until this is so."""
    found = ""
    until = asyncio.get_running_loop().time() + within_s
    while (found := await client.evaluate(expression)) != wanted:
        assert asyncio.get_running_loop().time() < until, f"{found}, not {wanted}"
        await asyncio.sleep(0.3)


async def without_turn(browser, appliance) -> str:
    """The cause that a client is told while coturn does not run."""
    client = await browser.another()
    await client.goto(f"{appliance.url}/test")
    await client.click("button", "Gerätetest starten")
    words = await behind_a_hop.line_words(client)
    await client.context.close()
    return {CAUSES[one].headline: one for one in CAUSES}.get(words, words)


async def at_the_desk(adviser, appliance, staff) -> walk.Booked:
    await adviser.add_init_script(walk.KEEP_PEERS)
    await walk.log_in(adviser, appliance, staff)
    return await walk.book(adviser, appliance)


@pytest.mark.provokes("network_turn_down", by="line")
async def test_a_conversation_by_each_way(appliance, network, people, tmp_path, provoked):
    """UDP to the relay is blocked, then UDP altogether, then TURN's own port as well.

    Before coturn runs there is no way at all, and the line test says so; later it names the way.
    """
    relay_port = f"udp dport {appliance.box.media_port}"
    network.block(relay_port)
    home = network.program("home", tmp_path, known_key(tmp_path))
    house = network.program("lan", tmp_path)
    async with window_to(network.lab, appliance.box.port, tmp_path, "home", "lan"):
        staff = await walk.add_adviser(appliance)
        adviser, client = await asyncio.gather(
            people("adviser", program=house), people("client", program=home)
        )
        booked, cause = await asyncio.gather(
            at_the_desk(adviser, appliance, staff), without_turn(client, appliance)
        )
        assert provoked(cause) == "network_turn_down"
        async with turnserver(appliance, network, tmp_path):
            await walk.to_the_waiting_room(client, booked)
            await comes_to(client, TURN_OF_THE_LINE, "udp")
            await adviser.see("Ayşe Öztürk")
            await adviser.click("button", "Hereinbitten")
            for way, blocked in (
                ("udp", (relay_port,)),
                ("tcp", ("udp",)),
                ("tls", ("udp", "tcp dport 3478")),
            ):
                network.block(*blocked)
                await comes_to(client, WAY, way)
                await walk.sees_moving(client, walk.CLIENT_SEES, "adviser")
                await walk.sees_moving(adviser, walk.DESK_SEES, "client")
            assert await adviser.evaluate(WAY) == "direct"
