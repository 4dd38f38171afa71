"""The relay's UDP port on one of the box's addresses."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, Final

from appliance.relay.batch import Link
from appliance.relay.inbox import Inbox

if TYPE_CHECKING:
    from appliance.relay.media_path import Sender

SOCKET_BUFFER_BYTES: Final = 4 * 1024 * 1024
_SO_TIMESTAMPNS: Final = 35


class Port:
    """The relay's UDP port on one local address: replies leave from where they were asked."""

    def __init__(self, index: int, host: str, number: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.index = index
        self.host = host
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        if family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER_BYTES)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
        self.socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self.socket.setblocking(False)
        self.socket.bind((host, number))
        self.link = Link(self.socket)
        self.inbox = Inbox(self.socket.fileno(), family)
        self.senders: dict[Any, Sender] = {}  # by the inbox's names; forgotten with any change
        self.number: int = self.socket.getsockname()[1]
