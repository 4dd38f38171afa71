"""Asks the agency's coturn by each of its three ways, as a client of ours would."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Coroutine, Sequence
from typing import Any, Final

from aioice import stun, turn

from appliance.reach.knock import LIMIT_S as KNOCK_LIMIT_S
from appliance.reach.knock import Knock, Place
from appliance.reach.turn import IceServer

LIMIT_S: Final = 6.0
LIFETIME_S: Final = 600
WAYS: Final = ("udp", "tcp", "tls")


class RelaySilent(Exception):
    """coturn works, but what is sent through it to the relay is not answered."""


async def ways(
    server: IceServer,
    peers: Sequence[Place],
    context: ssl.SSLContext | None = None,
    limit_s: float | None = None,
) -> dict[str, str]:
    """What is wrong with each way ("udp", "tcp", "tls"); "" where each of ``peers`` answers."""
    asked = [_try(_allocate(url, server, peers, context, limit_s)) for url in server.urls]
    return dict(zip(WAYS, await asyncio.gather(*asked), strict=True))


async def _try(way: Coroutine[None, None, None]) -> str:
    try:
        await way
    except stun.TransactionFailed as error:
        return f"refused ({error.response.error_code})"
    except RelaySilent as error:
        return f"coturn answers, the relay behind it does not: {error}"
    except ssl.SSLCertVerificationError as error:
        return f"the certificate is not accepted: {error.verify_message}"
    except (OSError, TimeoutError, stun.TransactionTimeout, ssl.SSLError) as error:
        return f"no answer ({type(error).__name__})"
    return ""


async def _allocate(
    url: str,
    server: IceServer,
    peers: Sequence[Place],
    context: ssl.SSLContext | None,
    limit_s: float | None,
) -> None:
    """An allocation, given back at the end; through it, a knock at each peer."""
    async with asyncio.timeout(LIMIT_S if limit_s is None else limit_s):
        client = await _client(url, server, context)
        try:
            await client.connect()
        except BaseException:
            client.transport.close()
            raise
    try:
        await _knock(client, peers, limit_s)
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LIMIT_S if limit_s is None else limit_s):
                await client.delete()
        client.transport.close()


async def _client(url: str, server: IceServer, context: ssl.SSLContext | None) -> Any:
    address, _, transport = url.partition("?transport=")
    scheme, _, rest = address.partition(":")
    name, _, port = rest.rpartition(":")
    place = (name.strip("[]"), int(port))
    words = (place, server.username, server.credential, LIFETIME_S, LIFETIME_S)
    loop = asyncio.get_running_loop()
    if transport == "udp":
        _, client = await loop.create_datagram_endpoint(
            lambda: turn.TurnClientUdpProtocol(*words), remote_addr=place
        )
        return client
    secure = (context or ssl.create_default_context()) if scheme == "turns" else None
    _, stream = await loop.create_connection(
        lambda: turn.TurnClientTcpProtocol(*words), *place, ssl=secure
    )
    return stream


async def _knock(client: Any, peers: Sequence[Place], limit_s: float | None) -> None:
    """Raises ``RelaySilent`` with the places of those that do not answer."""
    client.receiver = knock = Knock()
    limit_s = KNOCK_LIMIT_S if limit_s is None else limit_s

    async def heard(peer: Place) -> bool:
        return await knock.answered(lambda data: client.send_data(data, peer), limit_s)

    answered = await asyncio.gather(*map(heard, peers))
    pairs = zip(peers, answered, strict=True)
    silent = [f"{host} port {port}" for (host, port), one in pairs if not one]
    if silent:
        raise RelaySilent(", ".join(silent))
