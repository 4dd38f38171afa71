"""What the media process costs, under a real ICE, DTLS and SRTP load. Called by scripts/bench.

``session``: N two-party sessions, each person sending VP8-like 720p30 (1.33 Mbit/s, frames sent as
bursts of five packets) and Opus (50 packets a second). Send times travel in the payload; arrival
times are the kernel's, so the generator's own delays do not count. Loopback, no loss.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import shlex
import socket
import struct
import sys
import time
from typing import Any

from appliance.relay.client import RelayClient
from appliance.relay.control import Route
from tests.media.phone import Phone, Received
from tests.media.process import media_process

FRAME_PACKETS = 5
PACKET_BYTES = 1112
FRAMES_PER_SECOND = 30
SOUNDS_PER_SECOND = 50
SOUND_BYTES = 80
WARM_UP_S = 1.5
SO_TIMESTAMPNS = 35


class LoadPhone(Phone):
    """A phone on a plain socket with kernel timestamps; it keeps delays, not packets."""

    def __init__(self) -> None:
        super().__init__()
        self.delays_ns: list[int] = []
        self.sent = 0
        self.arrived_ns = 0
        self.measuring = False
        self.on_packet = self._measure

    async def open(self) -> None:
        """Binds a socket of its own."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind((self.host, 0))
        self.socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self.socket, self._drain)

    def send(self, data: bytes) -> None:
        """Sends at once."""
        with contextlib.suppress(OSError):
            self.socket.sendto(data, self.relay_address)

    def vanish(self) -> None:
        """Closes the socket."""
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()

    def _drain(self) -> None:
        while True:
            try:
                data, ancillary, _, address = self.socket.recvmsg(2048, 64)
            except BlockingIOError:
                return
            seconds, nanoseconds = struct.unpack("@qq", ancillary[0][2])
            self.arrived_ns = seconds * 1_000_000_000 + nanoseconds
            self.datagram_received(data, address)

    def _measure(self, packet: Received) -> None:
        if self.measuring and packet.payload_type in (96, 111):
            at = 6 if packet.payload_type == 96 else 0
            sent_ns = struct.unpack_from("!q", packet.payload, at)[0]
            self.delays_ns.append(self.arrived_ns - sent_ns)

    def send_frame(self, index: int) -> None:
        """One picture, as a burst."""
        keyframe = index % 300 == 0
        for part in range(FRAME_PACKETS):
            head = bytes([0x90 if part == 0 else 0x80, 0xC0])
            head += struct.pack("!HB", 0x8000 | index & 0x7FFF, 0)
            head += b"\0" if keyframe else b"\1"
            stamp = struct.pack("!q", time.time_ns())
            self.send_media(
                "camera",
                head + stamp + bytes(PACKET_BYTES - len(head) - len(stamp)),
                step=3000 if part == 0 else 0,
                marker=part == FRAME_PACKETS - 1,
            )
            self.sent += self.measuring

    def send_sound(self) -> None:
        """20 ms of sound."""
        stamp = struct.pack("!q", time.time_ns())
        self.send_media("microphone", stamp + bytes(SOUND_BYTES - 8), step=960)
        self.sent += self.measuring


async def play(phone: LoadPhone, offset_s: float, until_s: float) -> None:
    """Sends picture and sound on time until the clock says so."""
    start = time.monotonic() + offset_s
    frame = sound = 0
    while time.monotonic() < until_s:
        frame_at = start + frame / FRAMES_PER_SECOND
        sound_at = start + sound / SOUNDS_PER_SECOND
        await asyncio.sleep(max(min(frame_at, sound_at) - time.monotonic(), 0))
        if frame_at <= sound_at:
            phone.send_frame(frame)
            frame += 1
        else:
            phone.send_sound()
            sound += 1
        if frame % 60 == 0:
            phone.check()


async def join(client: RelayClient, room_id: str, peer_id: str) -> LoadPhone:
    """A connected phone."""
    phone = LoadPhone()
    offer = (await client.add_peer(room_id, peer_id)).offer
    await client.accept_answer(peer_id, await phone.join(offer))
    await phone.connect()
    return phone


async def measure_session(sessions: int, seconds: float) -> dict[str, Any]:
    """Runs the load and reads the process's own account."""
    cores = sorted(os.sched_getaffinity(0))
    async with media_process(["127.0.0.1"]) as (process, client):
        if len(cores) > 1:
            os.sched_setaffinity(process.pid, {cores[0]})
            os.sched_setaffinity(0, {cores[1]})
        phones: list[LoadPhone] = []
        for number in range(sessions):
            room = f"room{number}"
            await client.open_room(room)
            a, b = f"{room}a", f"{room}b"
            phones += [await join(client, room, a), await join(client, room, b)]
            ends = ((a, b), (b, a))
            kinds = ("microphone", "camera")
            await client.set_routes(
                room, [Route(source=s, kind=k, target=t) for s, t in ends for k in kinds]
            )
        until_s = time.monotonic() + WARM_UP_S + seconds + 0.2
        playing = [
            asyncio.create_task(play(phone, index * 0.0071 % 0.033, until_s))
            for index, phone in enumerate(phones)
        ]
        await asyncio.sleep(WARM_UP_S)
        return await _window(client, phones, playing, seconds)


async def _window(
    client: RelayClient, phones: list[LoadPhone], playing: list[asyncio.Task[None]], seconds: float
) -> dict[str, Any]:
    before, began = await client.stats(), time.monotonic()
    for phone in phones:
        phone.measuring = True
    await asyncio.sleep(seconds)
    sent = sum(phone.sent for phone in phones)
    after, ended = await client.stats(), time.monotonic()
    await asyncio.gather(*playing)
    delays = sorted(delay / 1e6 for phone in phones for delay in phone.delays_ns)
    for phone in phones:
        phone.vanish()
    cpu_s = after["cpu_s"] - before["cpu_s"]
    forwarded = after["counters"]["forwarded"] - before["counters"]["forwarded"]
    core = cpu_s / (ended - began)
    return {
        "sessions": len(phones) // 2,
        "seconds": round(ended - began, 2),
        "sent": sent,
        "forwarded": forwarded,
        "forwarded_per_s": round(forwarded / (ended - began)),
        "core": round(core, 4),
        "core_per_session": round(core / (len(phones) / 2), 4),
        "cpu_us_per_packet": round(cpu_s / forwarded * 1e6, 1),
        "one_way_ms": {
            "p50": round(delays[len(delays) // 2], 3),
            "p99": round(delays[len(delays) * 99 // 100], 3),
            "max": round(delays[-1], 3),
        },
        "loopback_ms_p50": round(loopback_ms(), 3),
        "memory_peak_mib": round(after["memory_peak_kib"] / 1024, 1),
    }


def loopback_ms() -> float:
    """The same path without a relay: what of the one-way delay is the machine's own."""
    delays = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        link.bind(("127.0.0.1", 0))
        for _ in range(500):
            sent_ns = time.time_ns()
            link.sendto(bytes(PACKET_BYTES), link.getsockname())
            ancillary = link.recvmsg(2048, 64)[1]
            seconds, nanoseconds = struct.unpack("@qq", ancillary[0][2])
            delays.append((seconds * 1_000_000_000 + nanoseconds - sent_ns) / 1e6)
    return sorted(delays)[250]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("what", choices=["session"])
    parser.add_argument("--sessions", type=int, default=1, help="two-party sessions at once")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of the measurement")
    options = parser.parse_args()
    command = shlex.join(["scripts/bench", *sys.argv[1:]])
    print(command)
    result = asyncio.run(measure_session(options.sessions, options.seconds))
    machine = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }
    print(json.dumps({"command": command, **result, "machine": machine}))


if __name__ == "__main__":
    main()
