"""What web talks to the relay with: typed requests, typed replies, events, and reconnection.

The client reconnects by itself, with a growing pause. Events and the greeting of each new
connection are delivered one after another by a task of their own, so a callback may send requests.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError

from appliance.relay.control import (
    MAX_LINE_BYTES,
    AcceptAnswer,
    AddAnalyser,
    AddPeer,
    CloseRoom,
    Event,
    FillLine,
    Hello,
    HelloReply,
    Load,
    LoadReply,
    Message,
    OfferReply,
    OpenRoom,
    RemovePeer,
    RestartIce,
    Route,
    SetRoutes,
    Stats,
    TellAnalyser,
)

log = structlog.get_logger()

REQUEST_TIMEOUT_S = 5.0
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 0.5  # a local socket: asking costs nothing, and pages wait for it

OnEvent = Callable[[Event], Awaitable[None]]
OnConnected = Callable[[HelloReply], Awaitable[None]]
OnDisconnected = Callable[[], Awaitable[None]]

_events: TypeAdapter[Event] = TypeAdapter(Event)


class RelayError(Exception):
    """The relay said no, or could not be asked (``relay_unavailable``, ``timeout``)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


async def _ignore_event(_: Event) -> None:
    return None


async def _ignore_connected(_: HelloReply) -> None:
    return None


async def _ignore_disconnected() -> None:
    return None


class RelayClient:
    """One connection to the media process, kept up until ``close``.

    ``start`` returns at once; ``wait_connected`` waits for the first greeting. Requests raise
    ``RelayError`` and never hang longer than five seconds.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        on_event: OnEvent = _ignore_event,
        on_connected: OnConnected = _ignore_connected,
        on_disconnected: OnDisconnected = _ignore_disconnected,
    ) -> None:
        self._path = str(path)
        self.on_event = on_event
        self.on_connected = on_connected
        self.on_disconnected = on_disconnected
        self._ids = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._connected = asyncio.Event()
        self._deliveries: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def connected(self) -> bool:
        """Whether requests can be made now."""
        return self._connected.is_set()

    def holds(self, room_id: str) -> bool:  # noqa: ARG002 - of several workers one may
        """Whether a media process that is there has this room, besides the one that greets."""
        return False

    async def start(self) -> None:
        """Begins to connect, and to deliver events."""
        self._tasks = [
            asyncio.create_task(self._keep_connected(), name="relay-client"),
            asyncio.create_task(self._deliver(), name="relay-events"),
        ]

    async def wait_connected(self, timeout_s: float = REQUEST_TIMEOUT_S) -> None:
        """Returns when greeted; raises ``RelayError("relay_unavailable")`` after the timeout."""
        try:
            await asyncio.wait_for(self._connected.wait(), timeout_s)
        except TimeoutError:
            raise RelayError("relay_unavailable") from None

    async def close(self) -> None:
        """Ends the connection; media keeps its rooms for 120 s."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._drop_connection()

    # ---- requests ------------------------------------------------------------------------------
    async def open_room(self, room_id: str) -> None:
        """Idempotent."""
        await self._ask(OpenRoom(room_id=room_id))

    async def close_room(self, room_id: str) -> None:
        """Idempotent; removes the room's peers."""
        await self._ask(CloseRoom(room_id=room_id))

    async def add_peer(self, room_id: str, peer_id: str, slots: int = 1) -> OfferReply:
        """Makes a peer and its offer for the browser."""
        answer = await self._ask(AddPeer(room_id=room_id, peer_id=peer_id, slots=slots))
        return OfferReply.model_validate(answer)

    async def add_analyser(self, room_id: str, peer_id: str, hello: dict[str, Any]) -> None:
        """Raises ``RelayError``: ``analyser_busy`` (all in use), ``analyser_unavailable``."""
        await self._ask(AddAnalyser(room_id=room_id, peer_id=peer_id, hello=hello))

    async def tell_analyser(self, peer_id: str, message: dict[str, Any]) -> None:
        """Hands a JSON object to the analyser."""
        await self._ask(TellAnalyser(peer_id=peer_id, message=message))

    async def accept_answer(self, peer_id: str, answer: str) -> None:
        """Raises ``RelayError("answer_invalid")`` when the answer breaks the grammar."""
        await self._ask(AcceptAnswer(peer_id=peer_id, answer=answer))

    async def set_routes(self, room_id: str, routes: Sequence[Route]) -> None:
        """Replaces all routes of the room."""
        await self._ask(SetRoutes(room_id=room_id, routes=list(routes)))

    async def restart_ice(self, peer_id: str) -> OfferReply:
        """A new offer for the same peer, with new ICE credentials."""
        return OfferReply.model_validate(await self._ask(RestartIce(peer_id=peer_id)))

    async def fill_line(self, peer_id: str, down_kbps: int, for_ms: int) -> None:
        """Raises ``RelayError``: ``busy``, ``line_busy``, ``line_budget``, ``not_alone``."""
        await self._ask(FillLine(peer_id=peer_id, down_kbps=down_kbps, for_ms=for_ms))

    async def remove_peer(self, peer_id: str) -> None:
        """Idempotent."""
        await self._ask(RemovePeer(peer_id=peer_id))

    async def load(self, room_id: str) -> LoadReply:
        """How busy the media process is that has this room."""
        return LoadReply.model_validate(await self._ask(Load(room_id=room_id)))

    async def stats(self) -> dict[str, Any]:
        """Counters, as one JSON object."""
        answer: dict[str, Any] = await self._ask(Stats())
        return answer

    # ---- the connection ------------------------------------------------------------------------
    async def _ask(self, request: Message) -> Any:
        if not self.connected:
            raise RelayError("relay_unavailable")
        return await self._send(request)

    async def _send(self, request: Message) -> Any:
        if self._writer is None:
            raise RelayError("relay_unavailable")
        number = next(self._ids)
        line = json.dumps({"id": number, **request.model_dump(mode="json")}).encode() + b"\n"
        if len(line) > MAX_LINE_BYTES:
            raise RelayError("request_too_long")
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = reply
        try:
            self._writer.write(line)
            return await asyncio.wait_for(reply, REQUEST_TIMEOUT_S)
        except TimeoutError:
            raise RelayError("timeout", type(request).__name__) from None
        except OSError as error:
            raise RelayError("relay_unavailable", str(error)) from None
        finally:
            self._pending.pop(number, None)

    async def _keep_connected(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            with contextlib.suppress(OSError):
                reader, self._writer = await asyncio.open_unix_connection(
                    self._path, limit=MAX_LINE_BYTES
                )
                reading = asyncio.create_task(self._read(reader))
                try:
                    if await self._greet():
                        pause_s = FIRST_PAUSE_S
                        await reading
                finally:
                    reading.cancel()
                    self._drop_connection()
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _greet(self) -> bool:
        try:
            greeting = HelloReply.model_validate(await self._send(Hello()))
        except (RelayError, ValidationError):
            return False
        self._connected.set()
        self._deliveries.put_nowait(lambda: self.on_connected(greeting))
        return True

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ValueError, OSError):
            while line := await reader.readline():
                self._take(line)

    def _take(self, line: bytes) -> None:
        message = json.loads(line)
        if "event" in message:
            event = _events.validate_python(message)
            self._deliveries.put_nowait(lambda: self.on_event(event))
            return
        reply = self._pending.get(message["id"])
        if reply is None or reply.done():
            return
        if "error" in message:
            error = message["error"]
            reply.set_exception(RelayError(error["code"], error.get("detail", "")))
        else:
            reply.set_result(message["ok"])

    def _drop_connection(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        for reply in self._pending.values():
            if not reply.done():
                reply.set_exception(RelayError("relay_unavailable"))
        if self._connected.is_set():
            self._connected.clear()
            self._deliveries.put_nowait(self.on_disconnected)

    async def _deliver(self) -> None:
        while True:
            deliver = await self._deliveries.get()
            try:
                await deliver()
            except Exception:  # a failing callback must not end the delivery
                log.exception("relay_event_failed")
