"""A client whose network lets through only what a test allows: real namespaces, real packets.

Relay and coturn are in the agency's LAN, the client at home; the gateway between them drops what
``block`` names. Pages need ``localhost`` to use devices: ``window_to`` brings web's port into a
namespace, and no packet of it crosses the gateway.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.media.network_lab import Lab, LabForbidden, lab

FIRST_RULE = 10  # before the rules that lead on
# Which server of the page's connections is in use now, by the browser's own statistics.
WAY = """(async () => {
  for (const one of window.peers ?? []) {
    if (one.connectionState !== 'connected') continue;
    const all = await one.getStats();
    const transport = [...all.values()].find(({ type }) => type === 'transport');
    const pair = all.get(transport?.selectedCandidatePairId);
    const local = all.get(pair?.localCandidateId);
    if (local) return local.candidateType === 'relay' ? local.relayProtocol : 'direct';
  }
  return '';
})()"""


class StrictNetwork:
    """The gateway's rules."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._rules: list[int] = []

    def block(self, *what: str) -> None:
        """Drops what comes from home and is, say, ``udp`` or ``tcp dport 3478``; nothing else."""
        self.open()
        for number, words in enumerate(what, FIRST_RULE):
            self._ip(f"rule add pref {number} iif g0 ipproto {words} blackhole")
            self._rules.append(number)

    def open(self) -> None:
        """All gets through again."""
        while self._rules:
            self._ip(f"rule del pref {self._rules.pop()}")

    def _ip(self, words: str) -> None:
        subprocess.run(["ip", "-n", self.lab.spaces["gw"], *words.split()], check=True, timeout=10)

    def program(self, space: str, folder: Path, *flags: str) -> Path:
        """A Chromium in a namespace."""
        file = folder / f"chromium-{space}"
        command = " ".join([*self.lab.within(space), "/usr/bin/chromium", *flags])
        file.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        file.chmod(0o700)
        return file


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def join(
    mine: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    other: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    """Both directions, until both have ended."""
    await asyncio.gather(_pass_on(mine[0], other[1]), _pass_on(other[0], mine[1]))


@contextlib.asynccontextmanager
async def window_to(lab: Lab, port: int, folder: Path, *spaces: str) -> AsyncIterator[None]:
    """``localhost:port`` of these namespaces is that of the machine."""
    path = str(folder / "window")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await join((reader, writer), await asyncio.open_connection("127.0.0.1", port))

    server = await asyncio.start_unix_server(serve, path)
    windows = []
    for space in spaces:
        command = (*lab.within(space), sys.executable, "-m", __name__, str(port), path)
        one = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        windows.append(one)
        assert one.stdout is not None
        await one.stdout.readline()
    try:
        yield
    finally:
        for one in windows:
            one.kill()
            await one.wait()
        server.close()


async def _listen(port: int, path: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await join((reader, writer), await asyncio.open_unix_connection(path))

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_listen(int(sys.argv[1]), sys.argv[2]))


@contextlib.asynccontextmanager
async def strict_network() -> AsyncIterator[StrictNetwork]:
    """For a fixture: the network, or a test that is left out where the machine forbids one."""
    try:
        async with lab() as made:
            yield StrictNetwork(made)
    except LabForbidden as error:
        pytest.skip(f"no network namespaces here: {error}")
