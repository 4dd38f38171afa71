"""Three habits of Hypercorn 0.18 that no setting changes; tests over connections watch them."""

from __future__ import annotations

import ssl
from contextlib import suppress

import h11
from hypercorn.asyncio import tcp_server
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.protocol import ProtocolWrapper
from hypercorn.protocol import h11 as hypercorn_h11
from hypercorn.protocol.events import StreamClosed
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.protocol.ws_stream import WSStream


class OnlyHttp11(H11Protocol):
    """Hypercorn would leave HTTP/1.1 for h2c even when nobody configured it; we stay."""

    async def _check_protocol(self, event: h11.Request) -> None:
        """Ignores ``Upgrade: h2c`` and the preface of HTTP/2: both are answered as HTTP/1.1."""


class OnlyHttp11Wrapper(ProtocolWrapper):
    """Takes its place for every connection."""

    async def initiate(self) -> None:
        """Starts with our protocol, whatever was negotiated."""
        self.protocol = OnlyHttp11(
            self.app,
            self.config,
            self.context,
            self.task_group,
            self.state,
            self.ssl,
            self.client,
            self.server,
            self.send,
        )
        await self.protocol.initiate()


class StrictSocket(WSStream):
    """After a message that is too big, Hypercorn would go on to gather what follows; we cut."""

    async def _handle_events(self) -> None:
        await super()._handle_events()
        if self.buffer.length > self.buffer.max_length:
            await self.send(StreamClosed(stream_id=self.stream_id))


_close = TCPServer._close


async def _close_quietly(server: TCPServer) -> None:
    """A browser that still sends while we close is no error, and must not end the process."""
    with suppress(ssl.SSLError):
        await _close(server)


def be_strict() -> None:
    """Puts them in the place of Hypercorn's own, for every connection from now on."""
    setattr(tcp_server, "ProtocolWrapper", OnlyHttp11Wrapper)  # noqa: B010 - not exported
    setattr(hypercorn_h11, "WSStream", StrictSocket)  # noqa: B010 - not exported
    setattr(TCPServer, "_close", _close_quietly)  # noqa: B010 - not exported
