"""Debian's Janus with its videoroom, set up in a folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from tests.media.relay_bench.leg import Leg

LIBRARIES = "/usr/lib/x86_64-linux-gnu/janus"
ANSWER_WITHIN_S = 15.0
STARTS = 10
CONFIG = """
general: {{
  configs_folder = "{folder}"
  plugins_folder = "{libraries}/plugins"
  transports_folder = "{libraries}/transports"
  events_folder = "{folder}"
  loggers_folder = "{folder}"
  debug_level = 2
  session_timeout = 0
}}
certificates: {{ }}
media: {{ rtp_port_range = "21000-24000" }}
nat: {{
  ice_lite = true
  ice_enforce_list = "{host}"
}}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""
SOCKET_CONFIG = """
general: {{ enabled = true
  json = "compact"
  path = "{path}"
  type = "SOCK_SEQPACKET" }}
admin: {{ admin_enabled = false }}
"""


class Janus:
    """One session with the server; a handle for each publisher and each subscriber."""

    def __init__(self, pid: int, link: socket.socket) -> None:
        self.pid = pid
        self._link = link
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._session = 0

    @staticmethod
    @contextlib.asynccontextmanager
    async def started(host: str) -> AsyncIterator[Janus]:
        """Starts it. Raises ``RuntimeError`` where it is not installed."""
        if shutil.which("janus") is None:
            raise RuntimeError("Janus is missing: apt-get install --no-install-recommends janus")
        with tempfile.TemporaryDirectory() as name:
            path = f"{name}/janus.sock"
            _configure(Path(name), path, host)
            process, link = await _running(name, path)
            server = Janus(process.pid, link)
            asyncio.get_running_loop().add_reader(link, server._read)
            try:
                server._session = (await server._ask({"janus": "create"}))["data"]["id"]
                yield server
            finally:
                asyncio.get_running_loop().remove_reader(link)
                link.close()
                process.kill()
                await process.wait()

    async def publish(self, room: int, leg: Leg) -> int:
        """Sends from ``leg`` into the room, which is made if need be; the feed's number."""
        handle = await self._attach()
        with contextlib.suppress(RuntimeError):  # it is there already
            await self._tell(handle, {"request": "create", "room": room, "publishers": 6})
        joined = await self._tell(
            handle, {"request": "join", "ptype": "publisher", "room": room}, wants="joined"
        )
        offer = {"type": "offer", "sdp": leg.offer("sendonly")}
        told = await self._tell(handle, {"request": "configure"}, jsep=offer, wants="event")
        leg.take(told["jsep"]["sdp"])
        await leg.connect()
        return int(joined["plugindata"]["data"]["id"])

    async def subscribe(self, room: int, feed: int, leg: Leg) -> None:
        """Receives the feed on ``leg``."""
        handle = await self._attach()
        words = {
            "request": "join",
            "ptype": "subscriber",
            "room": room,
            "streams": [{"feed": feed}],
        }
        told = await self._tell(handle, words, wants="attached")
        answer = {"type": "answer", "sdp": leg.answer_to(told["jsep"]["sdp"])}
        await self._tell(handle, {"request": "start"}, jsep=answer, wants="event")
        await leg.connect()

    # ---- words -----------------------------------------------------------------------------------
    async def _attach(self) -> int:
        words = {"janus": "attach", "plugin": "janus.plugin.videoroom"}
        return int((await self._ask(words))["data"]["id"])

    async def _tell(
        self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None, wants: str = ""
    ) -> dict[str, Any]:
        """A message to the plugin; its answer, or its event with the same transaction."""
        words = {"janus": "message", "handle_id": handle, "body": body}
        told = await self._ask({**words, "jsep": jsep} if jsep else words)
        data = told["plugindata"]["data"]
        if "error" in data:
            raise RuntimeError(data["error"])
        if wants and data.get("videoroom") != wants:
            raise RuntimeError(f"Janus said {data} where {wants} was expected")
        return told

    async def _ask(self, words: dict[str, Any]) -> dict[str, Any]:
        name = secrets.token_hex(6)
        answer = self._waiting[name] = asyncio.get_running_loop().create_future()
        session = {"session_id": self._session} if self._session else {}
        self._link.send(json.dumps({**words, **session, "transaction": name}).encode())
        try:
            return await asyncio.wait_for(answer, ANSWER_WITHIN_S)
        finally:
            del self._waiting[name]

    def _read(self) -> None:
        told = json.loads(self._link.recv(1 << 18))
        answer = self._waiting.get(told.get("transaction", ""))
        if answer is None or answer.done() or told["janus"] == "ack":
            return
        if told["janus"] == "error":
            answer.set_exception(RuntimeError(told["error"]["reason"]))
        else:
            answer.set_result(told)


def _configure(folder: Path, path: str, host: str) -> None:
    words = {
        "plugins": _others("plugins", "libjanus_videoroom.so"),
        "transports": _others("transports", "libjanus_pfunix.so"),
    }
    filled = CONFIG.format(folder=folder, libraries=LIBRARIES, host=host, **words)
    (folder / "janus.jcfg").write_text(filled)
    (folder / "janus.transport.pfunix.jcfg").write_text(SOCKET_CONFIG.format(path=path))
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: {}\n")


async def _running(name: str, path: str) -> tuple[asyncio.subprocess.Process, socket.socket]:
    """Starts it until it answers: 1.1.2 now and then ends its Unix transport as it begins."""
    for _ in range(STARTS):
        process = await asyncio.create_subprocess_exec(
            *("janus", "-F", name, "-C", f"{name}/janus.jcfg"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        while process.returncode is None:
            with contextlib.suppress(OSError):
                link.connect(path)
                return process, link
            await asyncio.sleep(0.1)
        link.close()
    raise RuntimeError("Janus does not start")


def _others(kind: str, wanted: str) -> str:
    """What is installed besides what is wanted."""
    names = {each.name for each in Path(LIBRARIES, kind).glob("libjanus_*.so")}
    return ",".join(sorted(names - {wanted}))
