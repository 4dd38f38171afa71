"""Asks the agency's coturn by each of its three ways, as a client of ours would."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine
from typing import Any, Final

from aioice import stun, turn

from appliance.reach.turn import IceServer

LIMIT_S: Final = 6.0
LIFETIME_S: Final = 600
CHANNEL: Final = 0x4000
WAYS: Final = ("udp", "tcp", "tls")


async def ways(
    server: IceServer,
    peer: tuple[str, int],
    context: ssl.SSLContext | None = None,
    limit_s: float | None = None,
) -> dict[str, str]:
    """What is wrong with each way ("udp", "tcp", "tls"); "" where a packet may go to ``peer``."""
    asked = [_try(_allocate(url, server, peer, context), limit_s or LIMIT_S) for url in server.urls]
    return dict(zip(WAYS, await asyncio.gather(*asked), strict=True))


async def _try(way: Coroutine[None, None, None], limit_s: float) -> str:
    try:
        async with asyncio.timeout(limit_s):
            await way
    except stun.TransactionFailed as error:
        return f"refused ({error.response.error_code})"
    except ssl.SSLCertVerificationError as error:
        return f"the certificate is not accepted: {error.verify_message}"
    except (OSError, TimeoutError, stun.TransactionTimeout, ssl.SSLError) as error:
        return f"no answer ({type(error).__name__})"
    return ""


async def _allocate(
    url: str, server: IceServer, peer: tuple[str, int], context: ssl.SSLContext | None
) -> None:
    """An allocation, and a channel to the peer; both are given back."""
    address, _, transport = url.partition("?transport=")
    scheme, _, rest = address.partition(":")
    name, _, port = rest.rpartition(":")
    place = (name.strip("[]"), int(port))
    words = (place, server.username, server.credential, LIFETIME_S, LIFETIME_S)
    loop = asyncio.get_running_loop()
    client: Any
    if transport == "udp":
        _, client = await loop.create_datagram_endpoint(
            lambda: turn.TurnClientUdpProtocol(*words), remote_addr=place
        )
    else:
        secure = (context or ssl.create_default_context()) if scheme == "turns" else None
        _, client = await loop.create_connection(
            lambda: turn.TurnClientTcpProtocol(*words), *place, ssl=secure
        )
    try:
        await client.connect()
        await client.channel_bind(CHANNEL, peer)
        await client.delete()
    finally:
        client.transport.close()


def sentences(found: dict[str, str]) -> list[str]:
    """One line for each way."""
    return [f"TURN over {way.upper()}: {wrong or 'ok'}" for way, wrong in found.items()]
