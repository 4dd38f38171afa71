"""The real media processes and analysers beside a stage, with small WebRTC clients as browsers."""

import asyncio
import os
import signal
import socket
import subprocess
from contextlib import ExitStack, suppress

from appliance.relay.client import RelayClient
from appliance.relay.workers import RelayWorkers
from appliance.sockets import media_socket
from appliance.storage.clock import utcnow
from appliance.supervise import Box
from tests.media.phone import Phone
from tests.web.live.stage import Stage


async def eventually(true, within_s=10.0):
    """Returns once it is true."""
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 - packets set no event
            await asyncio.sleep(0.02)


def free_udp_port(count=1):
    """The first of so many in a row that nobody uses right now."""
    while True:
        with ExitStack() as probes:
            first = 0
            with suppress(OSError, OverflowError):
                for number in range(count):
                    probe = probes.enter_context(socket.socket(type=socket.SOCK_DGRAM))
                    probe.bind(("127.0.0.1", first + number if first else 0))
                    first = first or probe.getsockname()[1]
                return first


class House:
    """The other processes, and the phones on them."""

    def __init__(self, folder, workers=1):
        self.box = Box(folder / "box", media_port=free_udp_port(workers), media_workers=workers)
        self.box.make_folders()
        self.processes = {}
        self.phones = []
        self.tasks = []

    @property
    def sockets(self):
        folder = self.box.folder / "run"
        return [media_socket(folder, n + 1) for n in range(self.box.media_workers)]

    def start(self, program):
        extra = {"VORZIMMER_MEDIA__ADDRESSES": '["127.0.0.1"]'}
        self.processes[program] = subprocess.Popen(
            self.box.programs[program], env=self.box.environment() | extra
        )

    def kill(self, program):
        self.processes[program].send_signal(signal.SIGKILL)
        self.processes[program].wait()

    async def close(self):
        for task in self.tasks:
            task.cancel()
        for phone in self.phones:
            phone.vanish()
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(10)

    async def answer(self, window, after=0):
        """Does what a page does with an offer; the phone then talks until the end."""
        await eventually(lambda: len(window.offers) > after)
        offer = window.offers[-1]
        phone = Phone()
        self.phones.append(phone)
        answer = await phone.join(offer.sdp)
        await window.say("answer", peer_id=offer.peer_id, sdp=answer)
        await phone.connect()
        self.tasks.append(asyncio.create_task(self.talk(phone)))
        return phone

    async def talk(self, phone):
        """A check each second, sound each 20 ms."""
        for turn in range(1_000_000):
            if turn % 50 == 0:
                phone.check()
            phone.send_media("microphone", b"\x08" + os.urandom(30), step=960)
            await asyncio.sleep(0.02)


async def staged(house, folder):
    """A stage on the real media process, in real time."""
    several = len(house.sockets) > 1
    relay = RelayWorkers(house.sockets) if several else RelayClient(house.sockets[0])
    stage = Stage(folder, relay=relay, clock=utcnow)
    await stage.live.start()
    await relay.start()
    await relay.wait_connected(20)
    return stage


async def ended(stage):
    await stage.live.stop()
    await stage.relay.close()
    stage.parts.database.close()


def hears(phone):
    """How many packets of sound have come."""
    return len(phone.of_type(111))


async def silent(phone, for_s=0.3, within_s=5.0):
    """Returns once nothing has come for so long: fifteen packets that somebody talks."""
    async with asyncio.timeout(within_s):
        before = -1
        while hears(phone) != before:
            before = hears(phone)
            await asyncio.sleep(for_s)
