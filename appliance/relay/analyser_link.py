"""The connection to one analyser process, which joins a room as a peer.

SEQPACKET, so each message is one datagram. Nothing here waits: what the analyser does not take in
time is dropped, oldest first, because the loop carries other people's conversations.
"""

from __future__ import annotations

import asyncio
import errno
import json
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from appliance.relay import rtp
from appliance.relay.control import TrackKind
from appliance.relay.plane import Plane
from appliance.relay.streams import Incoming, Source

JSON: Final = 0x00
MICROPHONE: Final = 0x01
CAMERA: Final = 0x02
MAX_MESSAGE_BYTES: Final = 60 * 1024
MAX_WAITING: Final = 256
DRAIN_MESSAGES: Final = 64

_BYTE_OF_KIND: Final = {TrackKind.MICROPHONE: MICROPHONE, TrackKind.CAMERA: CAMERA}
_KIND_OF_BYTE: Final = {byte: kind for kind, byte in _BYTE_OF_KIND.items()}

OnSaid = Callable[[dict[str, Any]], None]
OnGone = Callable[[str], None]


# No socket file, or nobody listens at it: the analysers do not run, which no waiting helps.
_NOT_RUNNING: Final = frozenset({errno.ENOENT, errno.ECONNREFUSED})


class AnalyserUnavailable(OSError):
    """No analyser is free, or none runs."""

    @property
    def code(self) -> str:
        """The stable word for web: ``analyser_unavailable`` or ``analyser_busy``."""
        return "analyser_unavailable" if self.errno in _NOT_RUNNING else "analyser_busy"


class AnalyserSink:
    """Hands a source's packets to the analyser, unchanged."""

    def __init__(self, kind: TrackKind, link: AnalyserLink) -> None:
        self.kind = kind
        self.source: Source | None = None
        self._link = link
        self._mark = bytes([_BYTE_OF_KIND[kind]])

    def attach(self, source: Source | None) -> None:
        """Its decoder starts at a key frame, so one is asked for."""
        if self.source is not None:
            self.source.sinks.remove(self)
        self.source = source
        if source is not None:
            source.sinks.append(self)
            source.want_keyframe()

    def attach_again(self) -> None:
        """The new packets tell it by their SSRC."""

    def forward(self, packet: Incoming) -> None:
        """Copies one packet into the link's queue."""
        self._link.send(self._mark + bytes(packet.buffer.view[: packet.length]))

    def sender_report(self, ntp: int, timestamp: int) -> None:
        """Analysers need no clock."""


class AnalyserLink:
    """One analyser: what it sends are sources, what it is given are sinks."""

    def __init__(self, plane: Plane, on_said: OnSaid, on_gone: OnGone) -> None:
        self._plane = plane
        self._on_said = on_said
        self._on_gone = on_gone
        self._socket: socket.socket | None = None
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[bytes] = deque(maxlen=MAX_WAITING)
        self.dropped = 0
        self.sources = {kind: Source(kind, self._ask_keyframe) for kind in _BYTE_OF_KIND}
        for source in self.sources.values():
            source.steered = False
        self.sinks = {kind: AnalyserSink(kind, self) for kind in _BYTE_OF_KIND}

    def connect(self, path: str) -> None:
        """Gets a fresh analyser. Raises ``AnalyserUnavailable``."""
        link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        link.setblocking(False)
        try:
            link.connect(path)
        except OSError as error:
            link.close()
            raise AnalyserUnavailable(error.errno, "no analyser") from error
        self._socket = link
        self._loop.add_reader(link.fileno(), self._read)

    def tell(self, message: dict[str, Any]) -> None:
        """Sends a JSON object."""
        self.send(b"\0" + json.dumps(message).encode())

    def send(self, datagram: bytes) -> None:
        """Sends now, or queues; a full queue loses its oldest message."""
        if self._socket is None:
            return
        if not self._waiting and self._try(datagram):
            return
        if len(self._waiting) == MAX_WAITING:
            self.dropped += 1
        if not self._waiting and self._socket is not None:
            self._loop.add_writer(self._socket.fileno(), self._flush)
        self._waiting.append(datagram)

    def _try(self, datagram: bytes) -> bool:
        """Whether the message needs no more care."""
        if self._socket is None:
            return True
        try:
            self._socket.send(datagram)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            self.close("connection_lost")
        return True

    def _flush(self) -> None:
        while self._waiting and self._try(self._waiting[0]):
            if self._waiting:
                self._waiting.popleft()
        if not self._waiting and self._socket is not None:
            self._loop.remove_writer(self._socket.fileno())

    def _read(self) -> None:
        for _ in range(DRAIN_MESSAGES):
            if self._socket is None:
                return
            try:
                datagram = self._socket.recv(MAX_MESSAGE_BYTES)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                datagram = b""
            if not datagram:
                self.close("process_ended")
                return
            try:
                self._take(datagram)
            except Exception:  # noqa: BLE001 - it handles hostile pictures
                self._plane.counters["analyser_message_failed"] += 1

    def _take(self, datagram: bytes) -> None:
        if datagram[0] == JSON:
            message = json.loads(datagram[1:])
            if message.get("type") == "keyframe_request":
                self._want_keyframe_of_browser()
            else:
                self._on_said(message)
            return
        kind = _KIND_OF_BYTE.get(datagram[0])
        if kind is None:
            raise rtp.PacketInvalid("first byte")
        self._plane.media.deliver_from_analyser(
            self.sources[kind], memoryview(datagram)[1:], time.monotonic()
        )

    def _want_keyframe_of_browser(self) -> None:
        source = self.sinks[TrackKind.CAMERA].source
        if source is not None:
            source.want_keyframe()

    def _ask_keyframe(self, _: Source) -> None:
        self.tell({"type": "keyframe_request"})

    def close(self, reason: str = "removed") -> None:
        """Ends the connection, and thereby the analyser; ``on_gone`` hears of it once."""
        if self._socket is None:
            return
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        self._socket.close()
        self._socket = None
        self._waiting.clear()
        for sink in self.sinks.values():
            sink.attach(None)
        self._plane.has_more_to_do()
        self._on_gone(reason)
