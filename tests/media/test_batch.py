"""Bursts leave in one system call, arrive whole and in order, and nothing is lost by it."""

import errno
import socket

import pytest

from appliance.relay.batch import MAX_SEGMENTS, SLOTS, Batch, Link, runs


@pytest.fixture
def ends():
    """A sender, and a receiver with its address."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
    ):
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(1)
        yield sender, receiver


def datagrams(*sizes):
    return [memoryview(bytes([number]) * size) for number, size in enumerate(sizes)]


class CountingSocket:
    """A socket that counts calls, and refuses segments if told to."""

    def __init__(self, real, refusal=0):
        self.real, self.refusal, self.calls = real, refusal, []

    def getsockopt(self, *words):
        return self.real.getsockopt(*words)

    def sendmsg(self, parts, *words):
        if self.refusal:
            raise OSError(self.refusal, "refused")
        self.calls.append(len(parts))
        return self.real.sendmsg(parts, *words)

    def sendto(self, data, address):
        self.calls.append(1)
        return self.real.sendto(data, address)


BURST = (1100, 1100, 1100, 1101, 1101, 40, 200, 7)


@pytest.mark.parametrize(
    ("refusal", "calls"), [(0, [3, 3, 2]), (errno.EINVAL, [1] * 8), (errno.EIO, [1] * 8)]
)
def test_it_works(ends, refusal, calls):
    sender, receiver = ends
    counting = CountingSocket(sender, refusal)
    burst = datagrams(*BURST)
    assert Link(counting).send(burst, receiver.getsockname()) == 0
    assert [receiver.recv(4096) for _ in burst] == [bytes(each) for each in burst]
    assert counting.calls == calls


def test_a_kernel_without_segments_is_asked_once(ends):
    sender, receiver = ends
    link = Link(CountingSocket(sender, errno.EIO))
    assert link.segments
    link.send(datagrams(100, 100), receiver.getsockname())
    assert not link.segments


def test_a_path_that_takes_less_is_no_reason_to_stop(ends):
    sender, receiver = ends
    link = Link(CountingSocket(sender, errno.EMSGSIZE))
    link.send(datagrams(100, 100), receiver.getsockname())
    assert link.segments


def test_what_the_kernel_refuses_is_counted(ends):
    sender, _ = ends
    sender.setblocking(False)
    assert Link(sender).send(datagrams(5, 5, 5), ("255.255.255.255", 9)) == 3  # no broadcasts


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((5,), [1]),
        ((5, 5, 5), [3]),
        ((5, 5, 3, 5), [3, 1]),
        ((3, 5, 5), [1, 2]),
        ((5, 3, 4), [2, 1]),
        ((5,) * (MAX_SEGMENTS + 1), [MAX_SEGMENTS, 1]),
    ],
)
def test_runs(sizes, expected):
    assert [len(run) for run in runs(datagrams(*sizes))] == expected


class Receiver:
    """What a transport does with the batch."""

    def __init__(self):
        self.waiting, self.sent = [], []

    def send_waiting(self):
        self.sent += [bytes(each) for each in self.waiting]
        self.waiting.clear()


def put(batch, transport, text):
    batch.out.view[: len(text)] = text
    batch.add(transport, batch.out, len(text))


def test_packets_wait_only_in_an_open_batch():
    batch, a, b = Batch(), Receiver(), Receiver()
    put(batch, a, b"at once")
    assert a.sent == [b"at once"]
    batch.open()
    put(batch, a, b"one")
    put(batch, b, b"two")
    put(batch, a, b"three")
    assert (a.sent, b.sent) == ([b"at once"], [])
    batch.close()
    assert (a.sent[1:], b.sent) == ([b"one", b"three"], [b"two"])


def test_a_full_batch_leaves_by_itself():
    batch, a = Batch(), Receiver()
    batch.open()
    for number in range(SLOTS + 1):
        put(batch, a, b"%d" % number)
    assert a.sent == [b"%d" % number for number in range(SLOTS)]
    batch.close()
    assert len(a.sent) == SLOTS + 1
