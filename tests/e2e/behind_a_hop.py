"""A browser on a whole appliance whose media go through a network of the test's own."""

from __future__ import annotations

from typing import Any

from appliance.relay.addresses import own_addresses
from tests.e2e.chromium import Chromium, until
from tests.media.udp_hop import UdpHop

# The page takes the relay's offer as it is but for the port: there the hop listens.
_LED = """() => {
  const take = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    const led = sdp.replace(/(a=candidate:\\d+ 1 udp \\d+ \\S+) \\d+ typ/g, '$1 PORT typ');
    return take.call(this, { type, sdp: led });
  };
}"""
LINE = "[data-step=system] [data-line]"
PATH = "[data-tick=path]"


async def led_through(client: Chromium, appliance: Any, **shape: Any) -> UdpHop:
    """Opens a hop of this shape (fields of ``UdpHop``); all that the page joins goes through it."""
    host = own_addresses()[0]
    hop = await UdpHop(host, (host, appliance.box.media_port)).open()
    for name, value in shape.items():
        setattr(hop, name, value)
    await client.add_init_script(_LED.replace("PORT", str(hop.port)))
    return hop


async def connected(client: Chromium) -> None:
    """Returns when media have found their way."""
    await until(client.page, f"document.querySelector('{PATH}').dataset.verdict === 'passed'")


async def line_words(client: Chromium, within_s: float = 45) -> str:
    """What is said of the line in the first step, once it has been judged.

    Who has no devices stays in that step or the next, where nothing else is measured.
    """
    told = f"document.querySelector('{LINE}').dataset.verdict !== 'open'"
    await until(client.page, told, within_s)
    return str(await client.evaluate(f"document.querySelector('{LINE}').innerText")).strip()
