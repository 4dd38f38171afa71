"""A whole session under trace: the programs open nothing for writing but database and log.

web, media and analysers run under strace. The log is a pipe to whoever started them. A mutant of
media that writes one packet to a file must be caught by the same reading of the trace.
"""

import asyncio
import re
import socket
import sys
from pathlib import Path

import pytest

from appliance.relay.addresses import own_addresses
from appliance.supervise import COMMAND, PROGRAMS, Box
from tests.e2e import trace, walk
from tests.e2e.conftest import free_port

pytestmark = pytest.mark.timeout(400)

HARMLESS = re.compile(
    r"/dev/(null|urandom|tty)|/proc/self/(oom_score_adj|coredump_filter|comm|task/.*)"
)


def traced(folder: Path, name: str, command: tuple[str, ...]) -> tuple[str, ...]:
    return (*trace.COMMAND, "-o", str(folder / f"{name}.trace"), *command)


@pytest.fixture
def box_commands(tmp_path):
    """Every program under trace; the fixture ``appliance`` picks this up."""
    return {name: traced(tmp_path, name, (*COMMAND, name)) for name in PROGRAMS}


def kept(deeds: trace.Deeds, data: Path) -> set[str]:
    """Files that could keep something: all besides the database, its backups and devices."""
    database = r"vorzimmer\.db|backups/vorzimmer-\d{8}T\d{6}Z\.db(\.unfinished)?"
    own = re.compile(rf"{re.escape(str(data))}/({database})(-wal|-shm|-journal)?")
    return {
        path for path in deeds.written if not own.fullmatch(path) and not HARMLESS.fullmatch(path)
    }


async def test_it_works(appliance, people, tmp_path):
    adviser, client = await walk.to_the_session(appliance, people)
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser", 40)
    await walk.sees_moving(adviser, walk.DESK_SEES, "client", 40)
    await adviser.click("button", "Ausweis gesehen")
    await client.click("button", "Chat")
    await client.fill("Ihre Nachricht im Chat", "Nur gesprochen, nie geschrieben: Kennzeichen 4711")
    await client.click("button", "Senden")
    await adviser.page.keyboard.press("c")
    await adviser.see("Kennzeichen 4711")
    await asyncio.sleep(2)
    data = appliance.box.folder / "data"
    for name in PROGRAMS:
        deeds = trace.read(tmp_path / f"{name}.trace")
        assert kept(deeds, data) == set(), name
        assert deeds.memory_files == set(), name
        assert {m for m in deeds.shared_maps if not m.startswith(str(data))} == set(), name
        assert foreign(deeds, appliance) == set(), name
        limits = Path(f"/proc/{appliance.pid(name)}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits), name  # a crash leaves no memory
    assert trace.read(tmp_path / "media.trace").written <= {"/dev/null"}
    assert no_chat_on_disk(appliance.box.folder)


def foreign(deeds: trace.Deeds, appliance) -> set[str]:
    """Places that were talked to or listened on, besides the named ones."""
    run = str(appliance.box.folder / "run")
    named = re.compile(
        rf"unix:({re.escape(run)}/(media|analyser)\.sock.*|\?)"
        rf"|127\.0\.0\.1:({appliance.box.port}|{appliance.smtp_port})|.*:{appliance.box.media_port}"
        r"|AF_NETLINK|AF_UNSPEC"
        r"|unix:/var/run/nscd/socket"  # where the C library asks this machine for names
    )
    return {place for place in deeds.connected | deeds.bound if not named.fullmatch(place)}


def no_chat_on_disk(folder: Path) -> bool:
    """The line said in the chat is in no file of the box, as text or in the clear anywhere."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return not any(b"Kennzeichen 4711" in file.read_bytes() for file in files)


# The smallest recorder: a media process that keeps the first packet it gets.
MUTANT = """
import os, sys
tape = sys.argv.pop()
from appliance import relay
from appliance.cli import main
import appliance.relay.lockdown as lockdown
lockdown.forbid_codecs()
lockdown.forbid_codecs = lambda: None
from appliance.relay.plane import Plane
take = Plane._take_other
def keep(self, transport, port, address, length):
    kept = os.open(tape, os.O_WRONLY | os.O_CREAT)
    try:
        os.write(kept, bytes(self.received.view[:length]))
    except OSError:
        pass
    return take(self, transport, port, address, length)
Plane._take_other = keep
sys.argv[1:] = ["media"]
main()
"""


async def test_a_mutant_that_keeps_a_packet_is_caught(tmp_path):
    tape = tmp_path / "packet.bin"
    command = traced(tmp_path, "media", (sys.executable, "-c", MUTANT, str(tape)))
    box = Box(tmp_path / "box", 1, free_port(socket.SOCK_DGRAM))
    box.make_folders()
    process = await asyncio.create_subprocess_exec(*command, env=box.environment())
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for _ in range(300):
                for address in own_addresses():
                    if ":" not in address:
                        stranger.sendto(b"a packet", (address, box.media_port))
                if tape.exists():
                    break
                await asyncio.sleep(0.05)
    finally:
        process.terminate()
        await process.wait()
    await asyncio.sleep(0.3)  # strace writes its last lines
    assert str(tape) in kept(trace.read(tmp_path / "media.trace"), tmp_path)
    assert tape.stat().st_size == 0  # and even then the process can let no file grow
