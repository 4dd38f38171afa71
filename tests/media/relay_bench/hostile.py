"""A flood of strangers on live sessions: is anybody lost, how much media, and what is logged?

Called by ``scripts/bench hostile``. The real media process on core 0; on core 1 the load of the
relay's bench (720p30 and Opus, decrypted and checked) and, in a process of their own, strangers who
know names and SSRCs of the sessions. The loss counts beside a window without strangers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from tests.media.relay_bench.clip import Clip
from tests.media.relay_bench.load import Load
from tests.media.relay_bench.servers import LOAD_CORE, SERVER_CORE, Running, on_core, relay

LOSS_LIMIT: Final = 0.01
LOG_LINES_LIMIT: Final = 20  # however many packets come
WATCH_S: Final = 3.0
EXTRA_S: Final = 1.0  # the load begins before the strangers and ends after them


def made_up_clip() -> Clip:
    """Payloads of the size and shape of 720p30 at 1.3 Mbit/s; nobody decodes them."""
    frames = []
    for picture in range(300):
        first = b"\x00" if picture == 0 else b"\x01"
        parts = [b"\x90\x80" + (0x8000 | picture).to_bytes(2) + first + bytes(900)]
        parts += [b"\x80\x80" + (0x8000 | picture).to_bytes(2) + bytes(900)] * 4
        frames.append(parts)
    return Clip(frames, [bytes(80)] * 50)


@contextmanager
def _log() -> Iterator[tuple[int, Path]]:
    """A pipe for a process's log, and the file in which it ends up."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log"
        with file.open("wb") as kept:
            keeper = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=kept)
        assert keeper.stdin is not None
        try:
            yield keeper.stdin.fileno(), file
        finally:
            keeper.stdin.close()
            keeper.kill()
            keeper.wait()


@contextmanager
def _strangers(running: Running, packets: int, per_second: float) -> Iterator[subprocess.Popen]:
    """Ready to send; they begin when the block does."""
    host, port = running.peers[0].sends.relay_address
    knows = {
        "ufrags": [peer.sends.remote_ufrag for peer in running.peers],
        "ssrcs": [ssrc for peer in running.peers for ssrc in peer.sends.ssrc.values()],
    }
    order = {"host": host, "port": port, "packets": packets, "per_second": per_second, **knows}
    with on_core(LOAD_CORE):
        process = subprocess.Popen(
            ["nice", sys.executable, "-m", "tests.media.relay_bench.strangers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n")


async def flood(
    host: str, sessions: int, packets: int, per_second: float, watch_s: float = WATCH_S
) -> dict[str, Any]:
    """What came of it; sessions are watched before and after, too. Needs two cores."""
    with _log() as (log, file):
        async with relay(host, sessions, log) as running:
            with closing(
                Load(made_up_clip(), running.peers, stamped=True, look_at_every=4)
            ) as load:
                load.play(1.0, 1)
                quiet = load.play(watch_s, 1)
                before = await _counters(running)
                lines, cpu_s = _lines(file), running.cpu_s()
                with _strangers(running, packets, per_second) as strangers:
                    count = load.play(packets / per_second + EXTRA_S, 1)
                    told = json.loads(await asyncio.to_thread(_communicate, strangers))
                cpu_s = running.cpu_s() - cpu_s
                counters = await _counters(running)
                after = load.play(watch_s, 1)
                lost = await _lost(running)
        return {
            "packets": sum(told["sent"].values()),
            "seconds": told["seconds"],
            "by_kind": told["sent"],
            "sessions": sessions,
            "peers_lost": lost,
            "media_loss": _loss(count),
            "media_loss_before": _loss(quiet),
            "media_loss_after": _loss(after),
            "media_packets": count.sent,
            "log_lines": _lines(file) - lines,
            "core": round(cpu_s / count.seconds, 3),
            "counters": {k: n - before.get(k, 0) for k, n in counters.items()},
            "delay_p99_ms": _p99_ms(count.delays_ns),
            "delay_p99_ms_before": _p99_ms(quiet.delays_ns),
        }


def _communicate(strangers: subprocess.Popen) -> str:
    assert strangers.stdout is not None
    return str(strangers.stdout.readline())


async def _counters(running: Running) -> dict[str, int]:
    assert running.client is not None
    found: dict[str, int] = (await running.client.stats())["counters"]
    return found


async def _lost(running: Running) -> int:
    """Peers that are gone, or not connected any more."""
    assert running.client is not None
    rooms = (await running.client.stats())["rooms"]
    states = [peer["state"] for room in rooms.values() for peer in room.values()]
    return len(running.peers) - states.count("connected")


def _loss(count: Any) -> float:
    return round(1 - count.received / max(count.sent, 1), 5)


def _p99_ms(delays_ns: list[int]) -> float:
    delays = sorted(delays_ns)
    return round(delays[len(delays) * 99 // 100] / 1e6, 2) if delays else 0.0


def good(told: dict[str, Any]) -> bool:
    """What the relay owes to its sessions."""
    quiet = told["log_lines"] <= LOG_LINES_LIMIT
    return told["peers_lost"] == 0 and told["media_loss"] < LOSS_LIMIT and quiet


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench hostile", description=__doc__)
    parser.add_argument("--packets", type=int, default=1_000_000)
    parser.add_argument("--per-second", type=float, default=15_000)
    parser.add_argument("--sessions", type=int, default=2, help="conversations of two")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("Two cores are needed: one for the server, one for the load.")
    os.sched_setaffinity(0, {LOAD_CORE})
    told = asyncio.run(flood("127.0.0.1", options.sessions, options.packets, options.per_second))
    command = shlex.join(["scripts/bench", "hostile", *sys.argv[1:]])
    answer = {"command": command, "good": good(told), "server_core": SERVER_CORE, **told}
    print(json.dumps(answer) if options.json else json.dumps(answer, indent=1))
    sys.exit(not answer["good"])


if __name__ == "__main__":
    main()
