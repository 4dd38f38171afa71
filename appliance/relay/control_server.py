"""The Unix socket that web talks to: one request per line, one web at a time.

Whoever says hello is web. Others may ask, too: ``vorzimmer doctor`` holds a conversation with
itself. What happens in a room of theirs is told to them alone, and it goes when they do.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from typing import Any, Final

import structlog
from pydantic import TypeAdapter, ValidationError

from appliance.relay import control
from appliance.relay.room import Refused, Relay

log = structlog.get_logger()

ROOMS_KEPT_S: Final = 120.0
MAX_UNREAD_BYTES: Final = 4 * 1024 * 1024  # events that a stuck web does not read

_requests: TypeAdapter[control.Request] = TypeAdapter(control.Request)
Describe = Callable[[], dict[str, Any]]


class ControlServer:
    """Answers web's requests and sends it events. A new web replaces the old one."""

    def __init__(
        self, relay: Relay, describe: Describe, rooms_kept_s: float = ROOMS_KEPT_S
    ) -> None:
        self._relay = relay
        self._describe = describe
        self._rooms_kept_s = rooms_kept_s
        self._web: asyncio.StreamWriter | None = None
        self._visited: dict[str, asyncio.StreamWriter] = {}  # rooms of others than web
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._forgetting: asyncio.TimerHandle | None = None

    async def start(self, path: str) -> None:
        """Listens, for the own user and group alone."""
        before = os.umask(0o117)
        try:
            self._server = await asyncio.start_unix_server(
                self._serve, path, limit=control.MAX_LINE_BYTES
            )
        finally:
            os.umask(before)

    async def close(self) -> None:
        """Stops listening and hangs up."""
        if self._forgetting is not None:
            self._forgetting.cancel()
        if self._server is not None:
            self._server.close()
        for writer in (self._web, *self._visited.values()):
            if writer is not None:
                writer.close()
        if self._serving:
            await asyncio.wait(self._serving, timeout=1.0)

    def send_event(self, event: control.Event) -> None:
        """To whose room it is; a web that does not read is hung up on."""
        whose = self._visited.get(event.room_id, self._web)
        if whose is not None:
            _write(whose, event.model_dump_json().encode())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.current_task()
        if serving is not None:
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)
        try:
            while line := await reader.readline():
                if writer.is_closing():  # another one is web now
                    return
                _write(writer, self._answer(line, writer))
        except (ValueError, OSError) as error:
            log.warning("control_connection_failed", exc_info=error)
        finally:
            writer.close()
            self._gone(writer)

    def _greeted_by(self, writer: asyncio.StreamWriter) -> None:
        if self._web is not None and self._web is not writer:
            self._web.close()
        self._web = writer
        if self._forgetting is not None:
            self._forgetting.cancel()

    def _gone(self, writer: asyncio.StreamWriter) -> None:
        for room_id in [room for room, whose in self._visited.items() if whose is writer]:
            self._relay.close_room(room_id)
            del self._visited[room_id]
        if self._web is writer:
            self._web_gone()

    def _web_gone(self) -> None:
        self._web = None
        loop = asyncio.get_running_loop()
        self._forgetting = loop.call_later(self._rooms_kept_s, self._forget_rooms)

    def _forget_rooms(self) -> None:
        for room_id in list(self._relay.rooms):
            self._relay.close_room(room_id)

    def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> bytes:
        number: Any = None
        request: control.Request | None = None
        try:
            message = dict(json.loads(line))
            number = message.pop("id")
            request = _requests.validate_python(message)
            self._meet(request, writer)
            reply: dict[str, Any] = {"ok": self._do(request)}
        except Refused as refused:
            reply = {"error": {"code": refused.code, "detail": refused.detail}}
        except (ValidationError, ValueError, KeyError, TypeError) as error:
            reply = {"error": {"code": "request_invalid", "detail": type(error).__name__}}
        except Exception:
            log.exception("request_failed", name=type(request).__name__)
            reply = {"error": {"code": "internal", "detail": ""}}
        return json.dumps({"id": number, **reply}).encode()

    def _meet(self, request: control.Request, writer: asyncio.StreamWriter) -> None:
        """Who says hello in our protocol is web; a new room of another is that one's."""
        match request:
            case control.Hello(protocol=control.PROTOCOL):
                self._greeted_by(writer)
            case control.OpenRoom(room_id=room_id) if (
                writer is not self._web and room_id not in self._relay.rooms
            ):
                self._visited[room_id] = writer

    def _do(self, request: control.Request) -> dict[str, Any]:
        relay = self._relay
        match request:
            case control.Hello():
                return self._greet(request)
            case control.Stats():
                return self._describe()
            case control.Load():
                return self._relay.load().model_dump()
            case control.AddPeer():
                return {"offer": relay.add_peer(request.room_id, request.peer_id, request.slots)}
            case control.RestartIce():
                return {"offer": relay.restart_ice(request.peer_id)}
            case control.OpenRoom() | control.CloseRoom() | control.SetRoutes():
                self._change_room(request)
            case _:
                self._change_peer(request)
        return {}

    def _change_room(
        self, request: control.OpenRoom | control.CloseRoom | control.SetRoutes
    ) -> None:
        match request:
            case control.OpenRoom():
                self._relay.open_room(request.room_id)
            case control.CloseRoom():
                self._relay.close_room(request.room_id)
            case control.SetRoutes():
                self._relay.set_routes(request.room_id, frozenset(request.routes))

    def _change_peer(
        self,
        request: control.AddAnalyser
        | control.TellAnalyser
        | control.AcceptAnswer
        | control.FillLine
        | control.RemovePeer,
    ) -> None:
        match request:
            case control.AddAnalyser():
                self._relay.add_analyser(request.room_id, request.peer_id, request.hello)
            case control.TellAnalyser():
                self._relay.tell_analyser(request.peer_id, request.message)
            case control.AcceptAnswer():
                self._relay.accept_answer(request.peer_id, request.answer)
            case control.FillLine():
                self._relay.fill_line(request.peer_id, request.down_kbps, request.for_ms / 1000)
            case control.RemovePeer():
                self._relay.remove_peer(request.peer_id)

    def _greet(self, hello: control.Hello) -> dict[str, Any]:
        if hello.protocol != control.PROTOCOL:
            raise Refused("protocol_unknown", str(control.PROTOCOL))
        rooms = [room for room in self._relay.known() if room.room_id not in self._visited]
        reply = control.HelloReply(protocol=control.PROTOCOL, rooms=rooms)
        return reply.model_dump(mode="json")


def _write(writer: asyncio.StreamWriter, line: bytes) -> None:
    if writer.is_closing():
        return
    if writer.transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
        writer.transport.abort()
        return
    writer.write(line + b"\n")
