"""Conversations and device checks, tried for real through the running media processes."""

from __future__ import annotations

import asyncio

from appliance.doctor.finding import Finding, ok, unknown, wrong
from appliance.doctor.units import restart
from appliance.relay.loopback import ANALYSER_BUSY, LoopbackFailed, analyser_ready, call
from appliance.settings import Settings

FROM_OUTSIDE = (
    "On a telephone without Wi-Fi open {url}/test; its line test says whether UDP comes through. "
    "If not: firewall and address translation must lead UDP {ports} to this box"
)


async def examine(settings: Settings) -> list[Finding]:
    """A conversation through each process, and an analyser asked for."""
    found = [await _call(settings, number) for number in range(settings.media.workers)]
    return [*found, await _analyser(settings), _from_outside(settings)]


async def _call(settings: Settings, number: int) -> Finding:
    code, name = f"call_{number + 1}", f"Conversation with itself, media {number + 1}"
    path = settings.media_sockets[number]
    try:
        took_s = await call(path)
    except LoopbackFailed as error:
        if isinstance(error.__cause__, PermissionError):
            return unknown(code, name, f"{path} cannot be opened", "Ask as root")
        return wrong(code, name, str(error), restart("media", number + 1))
    return ok(code, name, f"sound came through in {took_s:.1f} s")


async def _analyser(settings: Settings) -> Finding:
    code, name = "analyser", "Device check"
    try:
        took_s = await analyser_ready(settings.media_sockets[0])
    except LoopbackFailed as error:
        if isinstance(error.__cause__, PermissionError):
            return unknown(code, name, "media cannot be asked", "Ask as root")
        if str(error).endswith(ANALYSER_BUSY):
            return ok(code, name, "all analysers are in use")
        return wrong(code, name, str(error), restart("analysers"))
    return ok(code, name, f"an analyser was ready in {took_s:.1f} s")


def _from_outside(settings: Settings) -> Finding:
    first, last = settings.media_ports[0], settings.media_ports[-1]
    ports = str(first) if first == last else f"{first}-{last}"
    do = FROM_OUTSIDE.format(url=settings.web.base_url.rstrip("/"), ports=ports)
    return unknown("udp_from_outside", "UDP from outside", "cannot be seen from inside", do)


def run(settings: Settings) -> list[Finding]:
    """``examine``, for a program without an event loop."""
    return asyncio.run(examine(settings))
