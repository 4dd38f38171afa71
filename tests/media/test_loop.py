"""The selector that reads media itself, and what asyncio still gets to see."""

import asyncio
import contextlib
import socket
import threading
import time

import pytest

from appliance.relay.inbox import SLOTS
from appliance.relay.loop import GATHERED, LONGEST_PAUSE_S, MediaLoop, Moderation


class Traffic:
    """Datagrams to a reader in the loop; ``mere`` is what the reader says of them."""

    def __init__(self, *, mere=True):
        self.ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.mere, self.read, self.stop = mere, 0, False
        self.then = lambda: None

    def take(self):
        self.ends[1].recv(100)
        self.read += 1
        self.then()
        return self.mere

    def flood(self):
        with contextlib.suppress(OSError):  # the other end is closed in the end
            while not self.stop:
                self.ends[0].send(b"x")


@pytest.fixture
def run():
    def run(main):
        with asyncio.Runner(loop_factory=MediaLoop) as runner:
            return runner.run(main())

    return run


def reading(traffic):
    asyncio.get_running_loop().media.read_with(traffic.ends[1].fileno(), traffic.take)
    return traffic


def test_it_works(run):
    async def main():
        traffic = reading(Traffic())
        traffic.ends[0].send(b"x")
        await asyncio.sleep(0.05)
        asyncio.get_running_loop().media.read_no_more(traffic.ends[1].fileno())
        traffic.ends[0].send(b"x")
        await asyncio.sleep(0.05)
        return traffic.read

    assert run(main) == 1


def test_timers_and_sockets_have_their_turn_under_a_flood(run):
    async def main():
        traffic = reading(Traffic())
        left, right = socket.socketpair()
        reader, _ = await asyncio.open_connection(sock=right)
        thread = threading.Thread(target=traffic.flood)
        thread.start()
        await asyncio.sleep(0.1)
        left.send(b"hello\n")
        line = await asyncio.wait_for(reader.readline(), 5)
        traffic.stop = True
        traffic.ends[1].close()
        thread.join(0.1)
        return line, traffic.read

    line, read = run(main)
    assert line == b"hello\n"
    assert read > 100


def test_what_a_reader_schedules_is_done_though_nothing_else_happens(run):
    async def main():
        traffic = reading(Traffic(mere=False))
        done = asyncio.Event()
        traffic.then = done.set
        threading.Timer(0.05, traffic.ends[0].send, [b"x"]).start()
        began_s = time.monotonic()
        await asyncio.wait_for(done.wait(), 5)
        return time.monotonic() - began_s

    assert run(main) < 2


def test_nothing_waits_while_there_is_little():
    moderation = Moderation()
    pauses = [moderation.pause_s(6, step * 2_000_000) for step in range(100)]  # 3000 a second
    assert set(pauses) == {0.0}


def test_packets_gather_while_there_are_many():
    moderation = Moderation()
    pauses = [moderation.pause_s(6, step * 200_000) for step in range(200)]  # 30000 a second
    assert 0 < pauses[-1] <= LONGEST_PAUSE_S
    assert pauses[-1] == pytest.approx(GATHERED / 30_000, rel=0.1)
    assert moderation.pause_s(SLOTS, 201 * 200_000) == 0  # more is waiting
    later = [moderation.pause_s(1, 10**9 + step * 10_000_000) for step in range(5)]
    assert later[-1] == 0


def test_a_socket_that_a_reader_closes_is_no_end_of_the_loop(run):
    """As a sink of an analyser that has just ended: media and its hang-up come in one turn."""

    async def main():
        loop = asyncio.get_running_loop()
        traffic = reading(Traffic())
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        loop.add_reader(ours, lambda: None)

        def close():
            loop.remove_reader(ours)
            ours.close()

        traffic.then = close
        theirs.close()
        traffic.ends[0].send(b"x")
        time.sleep(0.05)  # noqa: ASYNC251 - both wait when the loop looks
        await asyncio.sleep(0.05)
        return traffic.read

    assert run(main) == 1
