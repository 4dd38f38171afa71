"""A running media process, put together: sockets, rooms, clock work, and what web asks of it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from pathlib import Path
from typing import Any

from appliance.relay.addresses import advertised, own_addresses
from appliance.relay.control import Event
from appliance.relay.control_server import ControlServer
from appliance.relay.options import MediaOptions
from appliance.relay.plane import Plane
from appliance.relay.room import Relay
from appliance.relay.stats import describe
from appliance.relay.upkeep import Upkeep
from appliance.service_manager import notify, watchdog_s
from appliance.sockets import media_socket


class NoAddress(OSError):
    """The box has no address besides loopback, and none is configured."""


class Service:
    """Everything of a running media process, put together."""

    def __init__(self, options: MediaOptions) -> None:
        hosts = list(options.addresses) or own_addresses()
        if not hosts:
            raise NoAddress("no address besides loopback; set media.addresses")
        self.plane = Plane(hosts, options.port)
        self.relay = Relay(
            self.plane,
            advertised(hosts, options.public_addresses, keep_private=options.keep_private),
            str(options.runtime_dir / "analyser.sock"),
            self._send_event,
            options.limits,
        )
        self.control = ControlServer(self.relay, self.describe, options.rooms_kept_s)
        self._path = media_socket(options.runtime_dir, options.worker)
        self._upkeep = Upkeep(self.relay)
        self._tasks: list[asyncio.Task[None]] = []

    def _send_event(self, event: Event) -> None:
        self.control.send_event(event)

    def describe(self) -> dict[str, Any]:
        """Statistics for web: counters, no personal data."""
        return describe(self.relay)

    async def start(self) -> None:
        """Listens on the Unix socket and on UDP."""
        with contextlib.suppress(FileNotFoundError):
            _refuse_second_process(self._path)
            self._path.unlink()
        await self.control.start(str(self._path))
        self.plane.start()
        self._tasks = [asyncio.create_task(self._upkeep.run(), name="upkeep")]
        if (pause_s := watchdog_s()) is not None:
            self._tasks.append(asyncio.create_task(_feed_watchdog(pause_s), name="watchdog"))
        notify("READY=1")

    async def close(self) -> None:
        """Says good-bye to everybody and closes the sockets."""
        notify("STOPPING=1")
        await self.relay.close()
        await self.control.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.plane.close()


def _refuse_second_process(path: Path) -> None:
    """A socket file is left behind by a killed process; a living one must not be replaced."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return
        raise OSError(errno.EADDRINUSE, "another media process is running")


async def _feed_watchdog(pause_s: float) -> None:
    while True:
        notify("WATCHDOG=1")
        await asyncio.sleep(pause_s)
