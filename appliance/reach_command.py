"""The commands about reach: configuration of coturn and nginx, and who is not reached."""

from __future__ import annotations

import asyncio
import time

from appliance.doctor.finding import Finding, ok, unknown, warning, wrong
from appliance.doctor.units import restart
from appliance.ports import allocations
from appliance.reach.coturn import coturn_config
from appliance.reach.knock import answers
from appliance.reach.losses import ON_443, losses
from appliance.reach.nginx import ensure_shared, nginx_config
from appliance.reach.probe import ways
from appliance.reach.turn import TurnServers, read_secret
from appliance.relay.addresses import advertised, own_addresses
from appliance.settings import Settings


def show_coturn(settings: Settings) -> str:
    """``turnserver.conf``, with the secret in it. Raises ``ConfigWrong``, ``SecretWrong``."""
    return coturn_config(settings, read_secret(settings.turn), _own(settings), _peers(settings))


def show_nginx(settings: Settings) -> str:
    """``nginx.conf``. Raises ``ConfigWrong``."""
    return nginx_config(settings, _own(settings))


def examine(settings: Settings) -> list[Finding]:
    """Relay and TURN, each by each way. Raises ``ConfigWrong``, ``SecretWrong``."""
    if settings.turn.share_443:
        ensure_shared(settings)
    return asyncio.run(_examined(settings))


async def _examined(settings: Settings) -> list[Finding]:
    peers = _peers(settings)
    workers = range(settings.media.workers)
    found = list(await asyncio.gather(*(_worker(settings, n, peers) for n in workers)))
    if settings.turn.host and peers:
        [server] = TurnServers(settings.turn).for_user("doctor", time.time())
        reached = await ways(server, [(peers[0], port) for port in settings.media_ports])
        found += [_way(way, says) for way, says in reached.items()]
        found += _few_ports(settings)
    lost = losses(settings)
    return [*found, (ok if lost == ON_443 else warning)("lost", "Reach", lost)]


async def _worker(settings: Settings, number: int, peers: list[str]) -> Finding:
    """A media process, counted from 0."""
    path, port = settings.media_sockets[number], settings.media_ports[number]
    code, name = f"relay_{number + 1}", f"Relay {number + 1}"
    where = f"UDP port {port} at {', '.join(peers) or 'nowhere'}"
    start = restart("media", number + 1)
    try:
        if not path.is_socket():
            return wrong(code, name, f"{where}: it does not run ({path} is missing)", start)
    except OSError:
        return unknown(code, name, f"{path} cannot be looked at", "Ask as root")
    own = _own(settings)
    heard = await asyncio.gather(*(answers((address, port)) for address in own))
    silent = [address for address, one in zip(own, heard, strict=True) if not one]
    if silent:
        return wrong(code, name, f"{where}: no answer at {', '.join(silent)}", start)
    if not peers:
        return wrong(code, name, where, "Set media.addresses or media.public_addresses")
    return ok(code, name, f"{where}: ok")


def _way(way: str, says: str) -> Finding:
    code, name = f"turn_{way}", f"TURN over {way.upper()}"
    if not says:
        return ok(code, name)
    reads = "may its user turnserver read certificate and key? " if way == "tls" else ""
    return wrong(code, name, says, f"Look: systemctl status coturn; {reads}its firewall")


def _few_ports(settings: Settings) -> list[Finding]:
    there, needed = len(settings.turn_relay_ports), allocations(settings.media.workers)
    if there >= needed:
        return []
    says = f"TURN has {there} ports, all talks can take {needed}"
    return [warning("turn_ports", "TURN's ports", says, "See turn.last_relay_port")]


def _own(settings: Settings) -> list[str]:
    return list(settings.media.addresses) or own_addresses()


def _peers(settings: Settings) -> list[str]:
    media = settings.media
    return advertised(_own(settings), media.public_addresses, keep_private=media.keep_private)
