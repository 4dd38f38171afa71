"""A network of three namespaces on this machine: the client's home, a gateway, the agency's LAN.

The gateway leads all packets through ``tun_shaper.py``, below everything that a browser could know.
Needs root and the right to make namespaces; ``LabForbidden`` says what is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from tests.media.tun_shaper import SETTINGS

RELAY = "192.168.77.10"
_SPACES = ("home", "gw", "lan")
_BUILD = """
link add h0 netns {home} type veth peer name g0 netns {gw}
link add l0 netns {lan} type veth peer name g1 netns {gw}
-n {home} addr add 203.0.113.10/24 dev h0
-n {gw} addr add 203.0.113.1/24 dev g0
-n {gw} addr add 192.168.77.1/24 dev g1
-n {lan} addr add 192.168.77.10/24 dev l0
-n {gw} tuntap add dev tA mode tun
-n {gw} tuntap add dev tB mode tun
-n {home} link set h0 up
-n {gw} link set g0 up
-n {gw} link set g1 up
-n {lan} link set l0 up
-n {gw} link set tA up
-n {gw} link set tB up
-n {home} route add default via 203.0.113.1
-n {lan} route add default via 192.168.77.1
-n {gw} route add default dev tA table 101
-n {gw} route add default dev tB table 102
-n {gw} rule add iif g0 lookup 101
-n {gw} rule add iif g1 lookup 102
"""
_SWITCHES = ("ip_forward=1", "conf.all.rp_filter=0", "conf.tA.rp_filter=0", "conf.tB.rp_filter=0")


class LabForbidden(Exception):
    """The machine does not allow it; the message says what was refused."""


def _ip(words: str) -> None:
    done = subprocess.run(["ip", *words.split()], capture_output=True, text=True, timeout=10)
    if done.returncode:
        raise LabForbidden(f"ip {words}: {done.stderr.strip()}")


class Lab:
    """The namespaces, and the shaper between them."""

    def __init__(self) -> None:
        self.spaces = {name: f"vz{os.getpid()}-{name}" for name in _SPACES}
        self._shaper: asyncio.subprocess.Process | None = None

    def within(self, name: str) -> list[str]:
        """What to put before a command so that it runs in a namespace."""
        return ["ip", "netns", "exec", self.spaces[name]]

    def browser(self, folder: Path) -> Path:
        """A program that starts Chromium at home."""
        file = folder / "chromium-at-home"
        file.write_text(f'#!/bin/sh\nexec {" ".join(self.within("home"))} /usr/bin/chromium "$@"\n')
        file.chmod(0o700)
        return file

    def build(self) -> None:
        """Raises ``LabForbidden``."""
        if os.geteuid() != 0:
            raise LabForbidden("only root may make network namespaces here")
        if not Path("/dev/net/tun").exists():
            raise LabForbidden("there is no /dev/net/tun")
        for space in self.spaces.values():
            _ip(f"netns add {space}")
            _ip(f"-n {space} link set lo up")
        for line in _BUILD.strip().splitlines():
            _ip(line.format(**self.spaces))
        for switch in _SWITCHES:
            command = [*self.within("gw"), "sysctl", "-qw", f"net.ipv4.{switch}"]
            if subprocess.run(command, capture_output=True, timeout=10).returncode:
                raise LabForbidden(" ".join(command))

    async def start(self) -> None:
        """Packets pass from now on."""
        script = Path(__file__).with_name("tun_shaper.py")
        self._shaper = await asyncio.create_subprocess_exec(
            *self.within("gw"),
            *(sys.executable, "-m", "tests.media.tun_shaper", "tA", "tB"),
            cwd=script.parents[2],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        await self._said("ready")

    async def shape(self, **settings: float) -> None:
        """From now on the line is this, and nothing else."""
        assert set(settings) <= SETTINGS, settings
        assert self._shaper is not None
        assert self._shaper.stdin is not None
        self._shaper.stdin.write(json.dumps(settings).encode() + b"\n")
        await self._said("shaped")

    async def _said(self, word: str) -> None:
        assert self._shaper is not None
        assert self._shaper.stdout is not None
        async with asyncio.timeout(10):
            line = await self._shaper.stdout.readline()
        if line.strip() != word.encode():
            raise LabForbidden(f"the shaper did not start: {line!r}")

    async def end(self) -> None:
        """Takes all of it away."""
        if self._shaper is not None:
            self._shaper.kill()
            await self._shaper.wait()
        for space in self.spaces.values():
            with contextlib.suppress(LabForbidden):
                _ip(f"netns del {space}")


@contextlib.asynccontextmanager
async def lab() -> AsyncIterator[Lab]:
    """Raises ``LabForbidden``."""
    made = Lab()
    try:
        made.build()
        await made.start()
        yield made
    finally:
        await made.end()
