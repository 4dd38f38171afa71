"""The supervisor of the three programs keeps reading whatever they say."""

import asyncio
import socket
import sys

from appliance import supervise
from appliance.supervise import Box, Supervisor, free_media_port, without_network

LONG_LINE = "print('x' * 300_000); print('afterwards')"


async def test_a_line_that_is_too_long_holds_no_program_up(tmp_path):
    supervisor = Supervisor(Box(tmp_path))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LONG_LINE, stdout=asyncio.subprocess.PIPE
    )
    with supervisor.box.log_file.open("ab") as supervisor._log:
        async with asyncio.timeout(10):
            await supervisor._copy_log("media", process)
            assert await process.wait() == 0
    assert "media: afterwards\n" in supervisor.box.log_file.read_text()


def test_another_port_for_media_where_theirs_is_taken():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as somebody:
        somebody.bind(("", 0))
        taken = somebody.getsockname()[1]
        assert free_media_port(taken) != taken
    assert free_media_port(taken) == taken


def test_it_starts_on_a_machine_without_network(monkeypatch):
    assert without_network() == {}
    monkeypatch.setattr(supervise, "own_addresses", list)
    assert without_network() == {"VORZIMMER_MEDIA__ADDRESSES": '["127.0.0.1"]'}
