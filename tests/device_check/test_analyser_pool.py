from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.device_check.analyser_pool import AnalyserPool, SocketInUse
from tests.device_check.media_path import HOUSE, VENDOR, FarEnd


def started(path: Path, maximum: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "appliance.device_check.analyser_pool"]
    command += ["--max", str(maximum), "--socket", str(path), "--vendor", str(VENDOR)]
    process = subprocess.Popen(command, cwd=HOUSE)
    until_s = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < until_s
        time.sleep(0.02)
    return process


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pool") / "analyser.sock"


@pytest.fixture(scope="module")
def pool(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One pool of two for the tests that leave it as it was."""
    process = started(path, 2)
    yield process
    process.terminate()
    process.wait(10)


def connected(path: Path) -> FarEnd:
    near = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    near.connect(str(path))
    end = FarEnd(near)
    end.say(type="hello", language="en")
    end.wait_for("ready")
    return end


def wait_until_ready(pool: subprocess.Popen[bytes], count: int) -> None:
    """Until so many analysers have loaded and taken their limits upon themselves."""
    until_s = time.monotonic() + 15
    while sum(1 for pid in analysers_of(pool) if is_hardened(pid)) < count:
        assert time.monotonic() < until_s
        time.sleep(0.02)


def is_hardened(pid: int) -> bool:
    # Just before it accepts; the status is there as long as the pool has not buried it.
    return "NoNewPrivs:\t1" in Path(f"/proc/{pid}/status").read_text()


def connected_soon(path: Path) -> FarEnd:
    """As web does it: turned away, it tries again."""
    until_s = time.monotonic() + 8
    while True:
        try:
            return connected(path)
        except OSError:
            assert time.monotonic() < until_s
            time.sleep(0.05)


def analysers_of(pool: subprocess.Popen[bytes]) -> list[int]:
    children = Path(f"/proc/{pool.pid}/task/{pool.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def test_it_works(pool: subprocess.Popen[bytes], path: Path) -> None:
    """Two run at once, the third is turned away at once, and later there is room again."""
    first = connected(path)
    second = connected(path)
    until_s = time.monotonic() + 5
    while True:  # the pool hears of the second acceptance within milliseconds
        began_s = time.monotonic()
        with pytest.raises(ConnectionError):
            connected(path)
        if time.monotonic() - began_s < 0.5:
            break
        assert time.monotonic() < until_s
    assert len(analysers_of(pool)) == 2
    first.connection.close()
    third = connected_soon(path)
    for end in (second, third):
        end.say(type="measure", kinds=["microphone"])
        assert end.wait_for("measured")["kind"] == "microphone"
        end.connection.close()


def test_a_ready_one_answers_at_once(pool: subprocess.Popen[bytes], path: Path) -> None:
    first = connected_soon(path)
    wait_until_ready(pool, 2)
    began_s = time.monotonic()
    connected(path).connection.close()
    assert time.monotonic() - began_s < 0.5
    first.connection.close()


def test_one_that_is_killed_is_replaced(pool: subprocess.Popen[bytes], path: Path) -> None:
    end = connected_soon(path)
    for pid in analysers_of(pool):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ConnectionError):
        end.wait_for("measured", 2)
    connected_soon(path).connection.close()


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "analyser.sock"
    pool = started(path, 1)
    end = connected(path)
    pids = analysers_of(pool)
    assert len(pids) == 1
    pool.terminate()
    assert pool.wait(8) == 0
    assert not path.exists()
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    end.connection.close()


def test_analysers_end_with_a_killed_pool(tmp_path: Path) -> None:
    pool = started(tmp_path / "analyser.sock", 1)
    wait_until_ready(pool, 1)
    pids = analysers_of(pool)
    pool.kill()
    pool.wait(5)
    until_s = time.monotonic() + 5
    while any(running(pid) for pid in pids):
        assert time.monotonic() < until_s
        time.sleep(0.05)


def running(pid: int) -> bool:
    try:
        return b"analyser" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_two_pools_at_one_place(tmp_path: Path) -> None:
    path = tmp_path / "analyser.sock"
    first = AnalyserPool(path, 1, VENDOR)
    with pytest.raises(SocketInUse):
        AnalyserPool(path, 1, VENDOR)
    first.stop()
    first.run()
    assert not path.exists()


def test_a_socket_left_by_a_dead_pool_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "analyser.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as dead:
        dead.bind(str(path))
    pool = AnalyserPool(path, 1, VENDOR)
    pool.stop()
    pool.run()
