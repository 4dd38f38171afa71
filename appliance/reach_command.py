"""The commands about reach: configuration of coturn and nginx, and who is not reached."""

from __future__ import annotations

import asyncio
import time

from appliance.ports import allocations
from appliance.reach.coturn import coturn_config
from appliance.reach.knock import answers
from appliance.reach.losses import losses
from appliance.reach.nginx import ensure_shared, nginx_config
from appliance.reach.probe import sentences, ways
from appliance.reach.turn import TurnServers, read_secret
from appliance.relay.addresses import advertised, own_addresses
from appliance.settings import Settings


def show_coturn(settings: Settings) -> str:
    """``turnserver.conf``, with the secret in it. Raises ``ConfigWrong``, ``SecretWrong``."""
    return coturn_config(settings, read_secret(settings.turn), _own(settings), _peers(settings))


def show_nginx(settings: Settings) -> str:
    """``nginx.conf``. Raises ``ConfigWrong``."""
    return nginx_config(settings, _own(settings))


def examine(settings: Settings) -> tuple[bool, list[str]]:
    """Whether all that is configured works, and a line for each thing."""
    if settings.turn.share_443:
        ensure_shared(settings)
    return asyncio.run(_examined(settings))


async def _examined(settings: Settings) -> tuple[bool, list[str]]:
    peers = _peers(settings)
    wrong = await asyncio.gather(*(_worker(settings, n) for n in range(settings.media.workers)))
    lines = [
        f"Relay {n}: UDP port {port} at {', '.join(peers) or 'nowhere'}: {one or 'ok'}"
        for n, (port, one) in enumerate(zip(settings.media_ports, wrong, strict=True), 1)
    ]
    found: dict[str, str] = {}
    if settings.turn.host and peers:
        [server] = TurnServers(settings.turn).for_user("doctor", time.time())
        found = await ways(server, [(peers[0], port) for port in settings.media_ports])
        lines += sentences(found)
        lines += _few_ports(settings)
    lines.append(losses(settings))
    return bool(peers) and not any(wrong) and not any(found.values()), lines


async def _worker(settings: Settings, number: int) -> str:
    """What is wrong with a media process, counted from 0, or nothing."""
    path, port = settings.media_sockets[number], settings.media_ports[number]
    start = "vorzimmer media" + (f" --worker {number + 1}" if number else "")
    try:
        if not path.is_socket():
            return f"it does not run ({path} is missing). Start: {start}"
    except OSError:
        return f"{path} cannot be looked at"
    own = _own(settings)
    heard = await asyncio.gather(*(answers((address, port)) for address in own))
    silent = [address for address, one in zip(own, heard, strict=True) if not one]
    return f"no answer at {', '.join(silent)}. Start: {start}" if silent else ""


def _few_ports(settings: Settings) -> list[str]:
    there, needed = len(settings.turn_relay_ports), allocations(settings.media.workers)
    if there >= needed:
        return []
    return [f"TURN has {there} ports, all talks can take {needed}: see turn.last_relay_port"]


def _own(settings: Settings) -> list[str]:
    return list(settings.media.addresses) or own_addresses()


def _peers(settings: Settings) -> list[str]:
    media = settings.media
    return advertised(_own(settings), media.public_addresses, keep_private=media.keep_private)
