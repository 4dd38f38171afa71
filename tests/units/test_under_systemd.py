"""The real programs as systemd starts them: a socket handed over, signs of life, a restart."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import F_DUPFD, fcntl
from pathlib import Path

import pytest

from appliance.relay.addresses import own_addresses
from tests.builders.storage import make_migrated

WATCHDOG_S = 0.4
# As systemd does it: the number of the process is known only once it is there.
START = ("sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh", sys.executable, "-m", "appliance")
ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n"


class Systemd:
    """What a program sees of it: listening sockets from descriptor 3 on, and the notify socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.metrics = socket.create_server(("127.0.0.1", 0))
        self.heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.heard.bind(str(folder / "notify"))

    @contextmanager
    def started(self, *words: str, sockets: int = 2) -> Iterator[subprocess.Popen[bytes]]:
        environment = {
            **os.environ,
            "VORZIMMER_CONFIG": str(self.folder / "none.toml"),
            "VORZIMMER_DATA_DIR": str(self.folder / "data"),
            "VORZIMMER_RUNTIME_DIR": str(self.folder),
            "VORZIMMER_UPKEEP": "timers",
            "VORZIMMER_MEDIA__ADDRESSES": f'["{own_addresses()[0]}"]',
            "VORZIMMER_MEDIA__PORT": str(free_udp_port()),
            "NOTIFY_SOCKET": str(self.folder / "notify"),
            "WATCHDOG_USEC": str(int(WATCHDOG_S * 1_000_000)),
            "LISTEN_FDS": str(sockets),
            "LISTEN_FDNAMES": "pages:metrics",
        }
        numbers = [fcntl(one, F_DUPFD, 100) for one in (self.listening, self.metrics)]

        def hand_over() -> None:
            for number, given in enumerate(numbers[:sockets], 3):
                os.dup2(given, number)

        process = subprocess.Popen(
            [*START, *words],
            env=environment,
            stderr=subprocess.PIPE,
            close_fds=False,
            preexec_fn=hand_over,  # noqa: PLW1509 - no threads here
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()
            for number in numbers:
                os.close(number)

    def hears(self, word: bytes, within_s: float = 50) -> None:
        """Skips other words until this one comes."""
        until_s = time.monotonic() + within_s
        said = b""
        while said != word:
            self.heard.settimeout(max(0.01, until_s - time.monotonic()))
            said = self.heard.recv(100)

    def request(self) -> socket.socket:
        """One that waits for an answer, whether or not a program is there."""
        client = socket.create_connection(self.listening.getsockname(), 50)
        client.sendall(ASK)
        return client

    def numbers(self) -> bytes:
        """What monitoring reads."""
        host, port = self.metrics.getsockname()
        with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=30) as answer:
            return answer.read()


def free_udp_port() -> int:
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def systemd(tmp_path):
    make_migrated(tmp_path / "data")
    return Systemd(tmp_path)


@pytest.mark.timeout(150)  # two starts, on a busy machine too
def test_no_request_is_lost_while_web_restarts(systemd):
    """One comes before the first start, one while web is away: both are answered."""
    early = systemd.request()
    with systemd.started("serve") as web:
        systemd.hears(b"READY=1")
        assert early.recv(100).startswith(b"HTTP/1.1 200")
        systemd.hears(b"WATCHDOG=1")
        assert b'vorzimmer_ready{part="database"} 1.0\n' in systemd.numbers()
        systemd.hears(b"WATCHDOG=1")  # and goes on
        web.send_signal(signal.SIGTERM)
        systemd.hears(b"STOPPING=1")
        assert web.wait(40) == 0
    meanwhile = systemd.request()
    with systemd.started("serve"):
        systemd.hears(b"READY=1")
        assert meanwhile.recv(100).startswith(b"HTTP/1.1 200")


def test_media_tells_its_state(systemd):
    with systemd.started("media", sockets=0) as media:
        systemd.hears(b"READY=1")
        assert (systemd.folder / "media.sock").is_socket()
        systemd.hears(b"WATCHDOG=1")
        media.send_signal(signal.SIGTERM)
        systemd.hears(b"STOPPING=1")
        assert media.wait(40) == 0
