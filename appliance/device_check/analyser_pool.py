"""Keeps one analyser ready, lets at most n run, and turns others away at once.

For machines without the service manager's socket activation, ``scripts/run`` and tests. The pool
listens; a ready analyser, with everything loaded, inherits the listening socket and accepts exactly
one connection. When all are busy the pool itself accepts and closes, so that nobody waits in vain.
"""

from __future__ import annotations

import argparse
import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from appliance.settings import FileSettings, Settings

NICENESS = 2  # running conversations come first; more would starve it on a busy machine
_BACKLOG = 16
_LONGEST_WAIT_S = 1.0
_FIRST_RETRY_S = 1.0
_LONGEST_RETRY_S = 30.0
_END_WAIT_S = 5.0


class SocketInUse(Exception):
    """Another pool listens there."""


@dataclass(slots=True)
class Child:
    """One analyser process; ``told`` is readable once it has accepted its connection."""

    process: subprocess.Popen[bytes]
    told: int
    ended: int  # pidfd
    busy: bool = False

    def close(self) -> None:
        """Gives the descriptors back."""
        os.close(self.told)
        os.close(self.ended)


class AnalyserPool:
    """``run`` until ``stop``; the socket's file goes with it."""

    def __init__(self, path: Path, maximum: int, vendor: Path) -> None:
        self._path = path
        self._maximum = maximum
        self._vendor = vendor
        self._children: list[Child] = []
        self._listening = _listen(path)
        self._stopping = False
        self._retry_s = 0.0
        self._retry_at_s = 0.0

    def run(self) -> None:
        """Serves until ``stop`` was called."""
        try:
            while not self._stopping:
                self._turn()
        finally:
            self._end()

    def stop(self) -> None:
        """From a signal handler or another thread: ``run`` ends within a second."""
        self._stopping = True

    def _turn(self) -> None:
        self._keep_one_ready()
        watched = [child.ended for child in self._children]
        watched += [child.told for child in self._children if not child.busy]
        if not self._may_accept():
            watched.append(self._listening.fileno())
        readable, _, _ = select.select(watched, [], [], _LONGEST_WAIT_S)
        for child in list(self._children):
            if not child.busy and child.told in readable:
                child.busy = bool(os.read(child.told, 1))
                if child.busy:
                    self._retry_s = 0.0
            if child.ended in readable:
                self._bury(child)
        if self._listening.fileno() in readable:
            self._turn_away()

    def _may_accept(self) -> bool:
        """Whether an analyser is there, or about to be, to take the next connection."""
        return any(not child.busy for child in self._children)

    def _keep_one_ready(self) -> None:
        busy = sum(1 for child in self._children if child.busy)
        if busy == len(self._children) < self._maximum and time.monotonic() >= self._retry_at_s:
            self._children.append(self._spawn())

    def _spawn(self) -> Child:
        told, tell = os.pipe()
        listening = self._listening.fileno()
        command = [sys.executable, "-m", "appliance.device_check.analyser", "--listening"]
        command += ["--descriptor", str(listening), "--accepted", str(tell)]
        command += ["--parent", str(os.getpid()), "--vendor", str(self._vendor)]
        process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.DEVNULL, pass_fds=(listening, tell)
        )
        os.close(tell)
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        return Child(process, told, os.pidfd_open(process.pid))

    def _bury(self, child: Child) -> None:
        child.process.wait()
        child.close()
        self._children.remove(child)
        if not child.busy:  # it never came to its work: do not spin
            self._retry_s = min(max(_FIRST_RETRY_S, 2 * self._retry_s), _LONGEST_RETRY_S)
            self._retry_at_s = time.monotonic() + self._retry_s

    def _turn_away(self) -> None:
        with suppress(BlockingIOError):
            while True:
                connection, _ = self._listening.accept()
                connection.close()

    def _end(self) -> None:
        self._listening.close()
        self._path.unlink(missing_ok=True)
        for child in self._children:
            child.process.terminate()
        deadline_s = time.monotonic() + _END_WAIT_S
        for child in self._children:
            try:
                child.process.wait(max(0.0, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            child.close()


def _listen(path: Path) -> socket.socket:
    """A listening socket at ``path``; a file left behind by a dead pool is replaced.

    Raises ``SocketInUse`` when somebody answers there.
    """
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if path.exists():
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe, suppress(OSError):
            probe.connect(str(path))
            raise SocketInUse(path.name)
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    listening.bind(str(path))
    path.chmod(0o660)
    listening.listen(_BACKLOG)
    listening.setblocking(False)
    return listening


def run(settings: Settings) -> int:
    """The pool of the settings, until a termination signal; gives the exit status."""
    _serve(AnalyserPool(settings.analyser_socket, settings.check.analysers, settings.vendor_dir))
    return 0


def main(arguments: list[str] | None = None) -> None:
    """``python -m appliance.device_check.analyser_pool [--socket PATH] [--max N]``."""
    settings = FileSettings()
    parser = argparse.ArgumentParser(description="Keeps analysers ready for device checks.")
    parser.add_argument("--socket", type=Path, default=settings.analyser_socket)
    parser.add_argument("--max", type=int, default=settings.check.analysers)
    parser.add_argument("--vendor", type=Path, default=settings.vendor_dir)
    chosen = parser.parse_args(arguments)
    _serve(AnalyserPool(chosen.socket, chosen.max, chosen.vendor))


def _serve(pool: AnalyserPool) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        pool.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    pool.run()


if __name__ == "__main__":
    main()
