"""The box holds a conversation with itself; web, meanwhile connected, notices nothing."""

import asyncio
import socket
from pathlib import Path

import pytest

from appliance.relay.client import RelayClient
from appliance.relay.loopback import ANALYSER_BUSY, LoopbackFailed, analyser_ready, call
from tests.media.conftest import eventually
from tests.media.process import media_process


async def test_it_works():
    async with media_process() as (_, web):
        told = []

        async def keep(event):
            told.append(event)

        web.on_event = keep
        await web.open_room("visit")
        path = Path(web._path)
        assert 0 < await call(path) < 10
        assert web.connected
        kept = []

        async def greeted(hello):
            kept.extend(hello.rooms)

        again = RelayClient(path, on_connected=greeted)
        await again.start()
        await again.wait_connected()
        await eventually(lambda: kept)
        assert [room.room_id for room in kept] == ["visit"]
        assert list((await again.stats())["rooms"]) == ["visit"]  # nothing is left of the test
        assert told == []
        await again.close()


async def test_an_analyser_is_asked_for(box, tmp_path):
    """One answers, one ends, one turns away: as busy analysers do, at once."""
    box.relay.on_event = box.service._send_event
    answers = [b'\0{"type":"ready"}', b"", None]

    async def serve(listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for answer in answers:
            connection, _ = await loop.sock_accept(listening)
            if answer is not None:
                await loop.sock_recv(connection, 1000)
                await asyncio.sleep(0.3)
                await loop.sock_sendall(connection, answer)
            connection.close()

    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(str(tmp_path / "analyser.sock"))
        listening.listen()
        listening.setblocking(False)
        serving = asyncio.create_task(serve(listening))
        assert await analyser_ready(tmp_path / "media.sock") < 10
        with pytest.raises(LoopbackFailed, match="ended at once"):
            await analyser_ready(tmp_path / "media.sock")
        with pytest.raises(LoopbackFailed, match=ANALYSER_BUSY):
            await analyser_ready(tmp_path / "media.sock")
        await serving


async def test_without_media_it_says_so(tmp_path):
    with pytest.raises(LoopbackFailed, match="media does not answer"):
        await call(tmp_path / "media.sock")


async def test_a_relay_that_forwards_nothing_is_found_out(box, tmp_path, monkeypatch):
    """As a sandbox that breaks conversations and nothing else."""
    monkeypatch.setattr(box.relay, "set_routes", lambda *_: None)
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda **_: ["127.0.0.1"])
    with pytest.raises(LoopbackFailed, match="no sound came through"):
        await call(tmp_path / "media.sock", limit_s=3)
