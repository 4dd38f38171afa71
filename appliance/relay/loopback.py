"""A conversation of the box with itself, through the running media process.

Two ordinary WebRTC clients, each with ICE, DTLS, SRTP and Opus of its own, meet in a room of their
own; one speaks, the other listens. A page that answers shows nothing of all this: a sandbox, a
firewall or a library can break every conversation and leave every page as it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
import time
from pathlib import Path
from typing import Any, Final

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, MediaStreamTrack

LIMIT_S: Final = 10.0
TURNED_AWAY_S: Final = 0.25  # no program ends so soon: nobody was free
ANALYSER_BUSY: Final = "analyser_busy"
FRAMES: Final = 10  # of 20 ms: a fifth of a second has come through


class LoopbackFailed(Exception):
    """No sound came back; the text says how far it went."""


class _Line:
    """Requests and answers on the control socket, without a hello: web stays web."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._ids = itertools.count(1)
        self._events: list[dict[str, Any]] = []

    async def ask(self, **request: Any) -> dict[str, Any]:
        """The answer; events meanwhile are left out. Raises ``LoopbackFailed``."""
        number = next(self._ids)
        self._writer.write(json.dumps({"id": number, **request}).encode() + b"\n")
        while line := await self._reader.readline():
            said = json.loads(line)
            if said.get("id") != number:
                self._events.append(said)
                continue
            if "error" in said:
                raise LoopbackFailed(f"media refused {request['do']}: {said['error']['code']}")
            return dict(said["ok"])
        raise LoopbackFailed("media hung up")

    async def event(self, *words: str) -> dict[str, Any]:
        """The next event of these. Raises ``LoopbackFailed``."""
        while True:
            for said in self._events:
                if said.get("event") in words:
                    return said
            self._events.clear()
            line = await self._reader.readline()
            if not line:
                raise LoopbackFailed("media hung up")
            self._events.append(json.loads(line))


async def call(path: Path, limit_s: float = LIMIT_S) -> float:
    """Seconds until sound came through. ``path``: a media process's socket.

    Raises ``LoopbackFailed``.
    """
    began_s = time.monotonic()
    stage = ["media does not answer"]
    try:
        async with asyncio.timeout(limit_s):
            reader, writer = await asyncio.open_unix_connection(str(path), limit=256 * 1024)
            try:
                await _converse(_Line(reader, writer), stage)
            finally:
                writer.close()  # and media closes the room
    except (OSError, TimeoutError, ValueError) as error:
        raise LoopbackFailed(f"{stage[-1]} ({type(error).__name__})") from error
    return time.monotonic() - began_s


async def analyser_ready(path: Path, limit_s: float = 3 * LIMIT_S) -> float:
    """Seconds until an analyser said that it is ready. ``path``: a media process's socket.

    Raises ``LoopbackFailed``.
    """
    began_s = time.monotonic()
    try:
        async with asyncio.timeout(limit_s):
            reader, writer = await asyncio.open_unix_connection(str(path), limit=256 * 1024)
            try:
                await _ask_analyser(_Line(reader, writer))
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError) as error:
        raise LoopbackFailed(f"no analyser was ready ({type(error).__name__})") from error
    return time.monotonic() - began_s


async def _ask_analyser(line: _Line) -> None:
    room_id = f"doctor-{secrets.token_hex(8)}"
    await line.ask(do="open_room", room_id=room_id)
    hello = {"type": "hello", "language": "de"}
    await line.ask(do="add_analyser", room_id=room_id, peer_id=f"{room_id}-a", hello=hello)
    asked_s = time.monotonic()
    event = await line.event("analyser_said", "analyser_gone")
    if event["event"] == "analyser_gone":
        turned_away = time.monotonic() - asked_s < TURNED_AWAY_S
        raise LoopbackFailed(ANALYSER_BUSY if turned_away else "the analyser ended at once")


async def _converse(line: _Line, stage: list[str]) -> None:
    room_id = f"doctor-{secrets.token_hex(8)}"
    speaker, listener = f"{room_id}-a", f"{room_id}-b"
    await line.ask(do="open_room", room_id=room_id)
    async with contextlib.AsyncExitStack() as stack:
        clients = []
        for peer_id in (speaker, listener):
            # No servers: aiortc's own default asks a third party for our address.
            client = RTCPeerConnection(RTCConfiguration(iceServers=[]))
            stack.push_async_callback(client.close)
            stage.append("no connection: is the UDP port open, is an address of the box there?")
            await _join(line, client, room_id, peer_id)
            clients.append(client)
        route = {"source": speaker, "kind": "microphone", "target": listener}
        await line.ask(do="set_routes", room_id=room_id, routes=[route])
        stage.append("connected, but no sound came through")
        await _hear(clients[1])


async def _join(line: _Line, client: RTCPeerConnection, room_id: str, peer_id: str) -> None:
    names = {"room_id": room_id, "peer_id": peer_id}
    offered = await line.ask(do="add_peer", **names)
    client.addTrack(AudioStreamTrack())
    await client.setRemoteDescription(RTCSessionDescription(offered["offer"], "offer"))
    await client.setLocalDescription(await client.createAnswer())
    await line.ask(do="accept_answer", peer_id=peer_id, answer=client.localDescription.sdp)
    while client.connectionState != "connected":
        if client.connectionState in ("failed", "closed"):
            raise LoopbackFailed("the connection failed")
        await asyncio.sleep(0.02)


async def _hear(client: RTCPeerConnection) -> None:
    """Returns once enough sound has been decoded on a track that the relay sends."""
    audio = [one.receiver.track for one in client.getTransceivers() if one.kind == "audio"]
    heard = [asyncio.create_task(_frames(track)) for track in audio if track is not None]
    try:
        done, _ = await asyncio.wait(heard, return_when=asyncio.FIRST_COMPLETED)
        if not any(one.result() for one in done):
            raise LoopbackFailed("the sound ended")
    finally:
        for one in heard:
            one.cancel()


async def _frames(track: MediaStreamTrack) -> bool:
    try:
        for _ in range(FRAMES):
            await track.recv()
    except MediaStreamError:
        return False
    return True
