"""The relay beside Janus, aiortc's MediaRelay and a raw forwarder, in interleaved rounds.

One load for all: real ICE, DTLS and SRTP, a real clip as VP8 720p30 (1.3 Mbit/s) and Opus, arrival
times of the kernel. The server has core 0, the load has core 1. Every figure is the median of the
rounds; a ratio is made of medians. ``--json`` prints one object as the last line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shlex
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from typing import Any, Final

from tests.media.relay_bench import clip
from tests.media.relay_bench.load import Count, Load
from tests.media.relay_bench.servers import LOAD_CORE, SERVER_CORE, SERVERS, Running, on_core

SESSIONS: Final = 8
PEAK_SESSIONS: Final = 24  # of the search for the most, so that no peer exceeds its own allowance
NOMINAL_PACKETS_PER_S: Final = 2 * (30 * 5.78 + 50)  # of one session at speed 1
BUSY_PACKETS_PER_S: Final = 25_000
LOSS_LIMIT: Final = 0.01
WARM_UP_S: Final = 1.5
SEARCH_S: Final = 2.0
BUSY = """
import time
while True:
    until = time.monotonic() + 0.02
    while time.monotonic() < until: pass
    time.sleep(0.08)
"""


def _summary(count: Count, cpu_s: float) -> dict[str, float]:
    delays = sorted(count.delays_ns)
    told = {
        "packets_per_s": round(count.received / count.seconds),
        "lost": round(1 - count.received / max(count.sent, 1), 5),
        "cpu_us": round(cpu_s / max(count.received, 1) * 1e6, 2),
        "core": round(cpu_s / count.seconds, 4),
        "load_core": round(count.cpu_s / count.seconds, 2),
        "load_late_ms": round(count.late_ms, 1),
    }
    if delays:
        told["p50_ms"] = round(delays[len(delays) // 2] / 1e6, 4)
        told["p99_ms"] = round(delays[len(delays) * 99 // 100] / 1e6, 4)
    return told


@contextmanager
def _loaded(running: Running, *, stamped: bool) -> Iterator[Load]:
    """The load on all peers, warmed up."""
    with closing(Load(clip.load(), running.peers, stamped=stamped, look_at_every=1)) as load:
        load.play(WARM_UP_S, 1)
        yield load


def _measure(running: Running, load: Load, seconds: float, speed: float) -> dict[str, float]:
    before_s = running.cpu_s()
    count = load.play(seconds, speed)
    return _summary(count, running.cpu_s() - before_s)


@contextmanager
def _web_stalled() -> Iterator[None]:
    """A process that is busy for 20 ms of every 100 on the server's core, as a stalled web is."""
    with on_core(SERVER_CORE):
        process = subprocess.Popen([sys.executable, "-c", BUSY])
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def _eight(name: str, host: str, seconds: float) -> dict[str, Any]:
    """Eight sessions: as they are, at 25,000 packets a second, and beside a busy process."""
    async with SERVERS[name](host, SESSIONS) as running, AsyncExitStack() as stack:
        load = stack.enter_context(_loaded(running, stamped=True))
        told: dict[str, Any] = {"nominal": _measure(running, load, seconds, 1)}
        if name != "raw":
            with _web_stalled():
                told["web_stalled"] = _measure(running, load, seconds, 1)
        load.look_at_every = 8
        speed = BUSY_PACKETS_PER_S / (SESSIONS * NOMINAL_PACKETS_PER_S)
        told["at_25k"] = _measure(running, load, seconds / 2, speed)
        told["memory_mib"] = running.memory_mib()
        told["setup_ms_per_peer"] = round(running.setup_cpu_s / len(running.peers) * 1e3, 2)
        return told


async def _one(name: str, host: str, seconds: float) -> dict[str, Any]:
    """One conversation of two, with pictures that a decoder can read."""
    async with SERVERS[name](host, 1) as running, AsyncExitStack() as stack:
        load = stack.enter_context(_loaded(running, stamped=False))
        told = _measure(running, load, seconds, 1)
        return {**told, "memory_mib": running.memory_mib()}


async def _peak(name: str, host: str) -> dict[str, float]:
    """The highest rate with less than one packet in a hundred lost, by halving."""
    async with SERVERS[name](host, PEAK_SESSIONS) as running, AsyncExitStack() as stack:
        load = stack.enter_context(_loaded(running, stamped=True))
        load.look_at_every = 64
        low, high, best = 2.0, 12.0, {"packets_per_s": 0.0}
        for _ in range(6):
            speed = (low + high) / 2
            told = _measure(running, load, SEARCH_S, speed)
            if told["lost"] <= LOSS_LIMIT:
                low = speed
                best = max(best, told, key=lambda each: each["packets_per_s"])
            else:
                high = speed
            load.play(0.3, 0.5)  # queues run empty
        return best


async def _round(host: str, seconds: float, only: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in only:
        told[name] = {}
        if name in ("relay", "media_relay"):
            told[name]["session"] = await _one(name, host, seconds)
        if name != "media_relay":
            told[name] |= await _eight(name, host, seconds)
            told[name]["peak"] = await _peak(name, host)
    return told


def _medians(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The same shape, with the median of each number."""
    first = rounds[0]
    return {
        key: _medians([each[key] for each in rounds])
        if isinstance(first[key], dict)
        else statistics.median(each.get(key, 0.0) for each in rounds)
        for key in first
    }


def _ratios(medians: dict[str, Any]) -> dict[str, float]:
    """What the issue asks for. Empty where a peer was left out."""
    ours, janus = medians.get("relay"), medians.get("janus")
    ratios = {}
    if ours and janus:
        pairs = {
            "cpu_8_sessions_vs_janus": ("nominal", "cpu_us"),
            "cpu_25k_vs_janus": ("at_25k", "cpu_us"),
            "max_pps_vs_janus": ("peak", "packets_per_s"),
            "latency_p50_vs_janus": ("nominal", "p50_ms"),
            "latency_p99_vs_janus": ("nominal", "p99_ms"),
        }
        ratios = {n: ours[part][key] / janus[part][key] for n, (part, key) in pairs.items()}
    if ours and "media_relay" in medians:
        theirs = medians["media_relay"]["session"]["core"]  # more than one of these fills a core
        ratios["session_cpu_vs_mediarelay"] = ours["nominal"]["core"] / SESSIONS / theirs
        ratios["lone_session_cpu_vs_mediarelay"] = ours["session"]["core"] / theirs
    if ours:
        ratios["p99_web_stalled"] = ours["web_stalled"]["p99_ms"] / ours["nominal"]["p99_ms"]
    return {name: round(ratio, 4) for name, ratio in ratios.items()}


def _host() -> str:
    """The machine's own address: aiortc and Janus do not listen on the loopback one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        try:
            link.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return "127.0.0.1"
        return str(link.getsockname()[0])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench relay", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0, help="of each measurement")
    parser.add_argument("--only", nargs="+", choices=list(SERVERS), default=list(SERVERS))
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("Two cores are needed: one for the server, one for the load.")
    clip.load()
    os.sched_setaffinity(0, {LOAD_CORE})
    rounds = []
    for number in range(options.rounds):
        began_s = time.monotonic()
        order = options.only if number % 2 == 0 else options.only[::-1]
        try:
            rounds.append(asyncio.run(_round(_host(), options.seconds, order)))
        except RuntimeError as error:  # a peer that does not start costs its round, not all
            print(f"round {number + 1} does not count: {error}", file=sys.stderr)
            continue
        print(f"round {number + 1}: {time.monotonic() - began_s:.0f} s", file=sys.stderr)
    if not rounds:
        sys.exit("No round could be measured.")
    medians = _medians(rounds)
    command = shlex.join(["scripts/bench", "relay", *sys.argv[1:]])
    told = {
        "command": command,
        "ratios": _ratios(medians),
        "medians": medians,
        "rounds": rounds,
        "machine": {
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 2),
        },
    }
    print(json.dumps(told) if options.json else json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
