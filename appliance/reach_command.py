"""The commands about reach: configuration of coturn and nginx, and who is not reached."""

from __future__ import annotations

import asyncio
import time

from appliance.reach.coturn import coturn_config
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
    lines = [f"Relay: UDP port {settings.media.port} at {', '.join(_peers(settings)) or 'nowhere'}"]
    found: dict[str, str] = {}
    if settings.turn.share_443:
        ensure_shared(settings)
    if settings.turn.host and _peers(settings):
        [server] = TurnServers(settings.turn).for_user("doctor", time.time())
        peer = (_peers(settings)[0], settings.media.port)
        found = asyncio.run(ways(server, peer))
        lines += sentences(found)
    lines.append(losses(settings))
    return bool(_peers(settings)) and not any(found.values()), lines


def _own(settings: Settings) -> list[str]:
    return list(settings.media.addresses) or own_addresses()


def _peers(settings: Settings) -> list[str]:
    media = settings.media
    return advertised(_own(settings), media.public_addresses, keep_private=media.keep_private)
