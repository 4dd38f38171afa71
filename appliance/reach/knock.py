"""Knocks at the relay as a stranger: being refused is the sign that packets flow, to and fro."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from aioice import stun

Place = tuple[str, int]

# The relay refuses a stranger once a second; each way of coturn's knocks from one address.
LIMIT_S: Final = 8.0
AGAIN_S: Final = 0.3
NOBODY: Final = "doctor:doctor"  # no browser has been told such a name
REFUSED: Final = 401


class Knock(asyncio.DatagramProtocol):
    """Hears the answers to knocks, whichever way they come."""

    def __init__(self) -> None:
        self._answered: dict[bytes, asyncio.Event] = {}

    def datagram_received(self, data: bytes | str, addr: Place) -> None:  # noqa: ARG002
        """Whatever is no refusal of a knock of ours is left out."""
        with contextlib.suppress(ValueError):
            message = stun.parse_message(data if isinstance(data, bytes) else data.encode())
            answered = self._answered.get(message.transaction_id)
            if answered is not None and message.error_code == REFUSED:
                answered.set()

    async def answered(self, send: Callable[[bytes], Awaitable[None]], limit_s: float) -> bool:
        """Whether the relay refuses, asked again and again until ``limit_s``."""
        question = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.REQUEST,
            attributes={"USERNAME": NOBODY},
        )
        event = self._answered[question.transaction_id] = asyncio.Event()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while not event.is_set():
                    await send(bytes(question))
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(event.wait(), AGAIN_S)
        return event.is_set()


async def answers(place: Place, limit_s: float | None = None) -> bool:
    """Whether a media process is there, asked without coturn."""
    loop = asyncio.get_running_loop()
    try:
        transport, knock = await loop.create_datagram_endpoint(Knock, remote_addr=place)
    except OSError:
        return False

    async def send(data: bytes) -> None:
        transport.sendto(data)

    try:
        return await knock.answered(send, LIMIT_S if limit_s is None else limit_s)
    finally:
        transport.close()
