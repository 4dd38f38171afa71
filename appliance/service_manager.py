"""What passes between systemd and a program: sockets handed over, signs of life. Else nothing."""

from __future__ import annotations

import os
import socket
from typing import Final

FIRST_DESCRIPTOR: Final = 3  # sd_listen_fds(3)
PAGES: Final = "pages"  # FileDescriptorName= of the socket units
METRICS: Final = "metrics"
NAMES: Final = (PAGES, METRICS)


def notify(state: str) -> None:
    """Tells systemd (sd_notify); without it, nothing happens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.sendto(state.encode(), address)


def watchdog_s() -> float | None:
    """Half of the time that systemd gives us between signs of life; None without a watchdog."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(microseconds) / 2_000_000 if microseconds.isdecimal() else None


def handed_over(name: str) -> list[int]:
    """Descriptors of the sockets that systemd listens on for us under a name; empty without it.

    A socket without a name of ours counts as one for pages.
    """
    count = os.environ.get("LISTEN_FDS", "")
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or not count.isdecimal():
        return []
    names = os.environ.get("LISTEN_FDNAMES", "").split(":")
    known = [names[at] if at < len(names) else "" for at in range(int(count))]
    return [
        FIRST_DESCRIPTOR + at
        for at, one in enumerate(known)
        if (one if one in NAMES else PAGES) == name
    ]
