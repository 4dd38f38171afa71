"""Starts and watches the three programs on one machine, for trying out and for the tests.

On the appliance systemd does this. Whatever dies is started again; nothing else is touched.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from appliance.relay.addresses import own_addresses

PROGRAMS = ("media", "analysers", "serve")
RESTART_AFTER_S = 0.2
STOP_WITHIN_S = 8.0
FOLDER = Path("var").absolute()
COMMAND = (sys.executable, "-m", "appliance")


@dataclass
class Box:
    """A folder with data, sockets and a log, and the environment of the programs in it."""

    folder: Path
    port: int = 8080
    media_port: int = 40000
    extra: dict[str, str] = field(default_factory=dict)
    command: dict[str, tuple[str, ...]] = field(default_factory=dict)  # instead of COMMAND
    media_workers: int = 1

    @property
    def base_url(self) -> str:
        """Where pages are served."""
        return f"http://localhost:{self.port}"

    @property
    def log_file(self) -> Path:
        """Log lines of all programs; they carry ids only."""
        return self.folder / "appliance.log"

    def environment(self) -> dict[str, str]:
        """The environment of every program."""
        return {
            **os.environ,
            "VORZIMMER_CONFIG": str(self.folder / "config.toml"),
            "VORZIMMER_DATA_DIR": str(self.folder / "data"),
            "VORZIMMER_RUNTIME_DIR": str(self.folder / "run"),
            "VORZIMMER_WEB__BASE_URL": self.base_url,
            "VORZIMMER_WEB__BIND": f'["127.0.0.1:{self.port}"]',
            "VORZIMMER_MEDIA__PORT": str(self.media_port),
            "VORZIMMER_MEDIA__WORKERS": str(self.media_workers),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",  # the programs write the database and log lines only
            **self.extra,
        }

    @property
    def programs(self) -> dict[str, tuple[str, ...]]:
        """Names of the programs, and their command lines."""
        lines: dict[str, tuple[str, ...]] = {name: (*COMMAND, name) for name in PROGRAMS}
        for worker in range(2, self.media_workers + 1):
            lines[f"media-{worker}"] = (*COMMAND, "media", "--worker", str(worker))
        return lines | self.command

    def make_folders(self) -> None:
        """Private folders for data and sockets."""
        for name in ("data", "run"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def healthy(self) -> bool:
        """True once web answers that it is ready."""
        try:
            address = f"{self.base_url}/readyz"  # always our own http://localhost
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


class Supervisor:
    """Runs the programs of a box until ``stop`` is called."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._log: BinaryIO | None = None

    async def command(self, *words: str) -> str:
        """Runs ``vorzimmer words…`` to its end and gives back what it printed.

        Raises ``RuntimeError`` with its errors when it fails.
        """
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *words,
            env=self.box.environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"vorzimmer {' '.join(words)}: {err.decode()}")
        return out.decode()

    async def start(self, within_s: float = 60.0) -> None:
        """Starts all programs and returns when web is ready; raises ``TimeoutError``."""
        self._log = self.box.log_file.open("ab")
        self._tasks = [asyncio.create_task(self._keep(*each)) for each in self.box.programs.items()]
        until = time.monotonic() + within_s
        while not await asyncio.to_thread(self.box.healthy):
            if time.monotonic() > until:
                raise TimeoutError(f"web is not ready; see {self.box.log_file}")
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Ends all programs, politely first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(self._end(process) for process in self.processes.values()))
        if self._log:
            self._log.close()

    async def _keep(self, name: str, command: tuple[str, ...]) -> None:
        while True:
            # Programs write to a pipe, not to the file: media and analysers may not write files.
            process = await asyncio.create_subprocess_exec(
                *command,
                env=self.box.environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            self.processes[name] = process
            await self._copy_log(name, process)
            await process.wait()
            self._write(f"{name} ended with {process.returncode}, starting it again\n".encode())
            await asyncio.sleep(RESTART_AFTER_S)

    async def _copy_log(self, name: str, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        line = b"\n"
        while line:
            try:
                line = await process.stdout.readline()
            except ValueError:  # too long a line: whoever stopped reading would hold the program up
                line = b"(a line that was too long)\n"
            if line:
                self._write(f"{name}: ".encode() + line)

    def _write(self, line: bytes) -> None:
        if self._log and not self._log.closed:
            self._log.write(line)
            self._log.flush()

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
            except TimeoutError:
                process.kill()
                await process.wait()


def port_taken(port: int) -> bool:
    """True when something listens on the loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_media_port(wanted: int) -> int:
    """The wanted UDP port, or any other where somebody has it; browsers are told which."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("", wanted))
        except OSError:
            probe.bind(("", 0))
        return int(probe.getsockname()[1])


def without_network() -> dict[str, str]:
    """What the programs need to start on a machine that has no network: nothing where it has."""
    return {} if own_addresses() else {"VORZIMMER_MEDIA__ADDRESSES": '["127.0.0.1"]'}


async def run() -> int:
    """All of ``scripts/run``: migrate, demo agency, start, print, watch. Returns the exit code."""
    alone = without_network()
    box = Box(FOLDER, int(os.environ.get("PORT", "8080")), free_media_port(Box.media_port), alone)
    if port_taken(box.port):
        sys.stderr.write(f"Port {box.port} is in use. Try: PORT={box.port + 10} scripts/run\n")
        return 1
    box.make_folders()
    supervisor = Supervisor(box)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        await supervisor.command("migrate")
        words = await supervisor.command("demo")
        await supervisor.start()
        if alone:
            words += "\nThis machine has no network now: browsers may refuse sound and picture.\n"
        sys.stdout.write(f"{words}\nLog: {box.log_file}\nCtrl+C stops it.\n")
        sys.stdout.flush()
        await stopped.wait()
    except (RuntimeError, TimeoutError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        await supervisor.stop()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run()))
