"""Many datagrams per system call: whole, in order, with their sender and their time."""

import socket
import time

import pytest

from appliance.relay.inbox import MAX_DATAGRAM_BYTES, SLOTS, Inbox
from appliance.relay.port import Port


@pytest.fixture(params=["127.0.0.1", "::1"])
def ends(request):
    """A port of the relay, and somebody who sends to it."""
    port = Port(0, request.param, 0)
    sender = socket.socket(port.socket.family, socket.SOCK_DGRAM)
    sender.bind((request.param, 0))
    sender.connect(port.socket.getsockname())
    yield port, sender
    sender.close()
    port.socket.close()


def read(inbox, slot):
    return bytes(inbox.buffers[slot].view[: inbox.lengths[slot]])


def test_it_works(ends):
    port, sender = ends
    inbox = port.inbox
    sent = [bytes([number]) * size for number, size in enumerate((1, 1100, 0, 80))]
    before_s = time.time()
    for each in sent:
        sender.send(each)
    assert inbox.receive(0) == 4
    assert [read(inbox, slot) for slot in range(4)] == sent
    for slot in range(4):
        assert inbox.address(slot) == sender.getsockname()
        arrived_s = inbox.seconds[slot] + inbox.nanoseconds[slot] / 1e9
        assert before_s <= arrived_s <= time.time()
    assert inbox.receive(0) == 0


def test_a_name_stands_for_one_sender(ends):
    port, sender = ends
    with socket.socket(port.socket.family, socket.SOCK_DGRAM) as other:
        for link in (sender, other, sender):
            link.sendto(b"x", port.socket.getsockname()) if link is other else link.send(b"x")
        assert port.inbox.receive(0) == 3
        names = [port.inbox.names[slot] for slot in range(3)]
        assert names[0] == names[2] != names[1]
        assert port.inbox.address(1)[1] == other.getsockname()[1]


def test_what_was_read_before_stays(ends):
    port, sender = ends
    for text in (b"one", b"two"):
        sender.send(text)
    assert port.inbox.receive(0) == 2
    sender.send(b"three")
    assert port.inbox.receive(2) == 1
    assert [read(port.inbox, slot) for slot in range(3)] == [b"one", b"two", b"three"]


def test_no_more_than_there_is_room_for(ends):
    port, sender = ends
    for number in range(SLOTS + 3):
        sender.send(bytes([number]))
    assert port.inbox.receive(0) == SLOTS
    assert port.inbox.receive(SLOTS - 1) == 1
    assert read(port.inbox, SLOTS - 1) == bytes([SLOTS])
    assert port.inbox.receive(0) == 2


def test_what_is_too_large_is_told_and_harms_no_neighbour(ends):
    port, sender = ends
    sender.send(bytes(9000))
    sender.send(b"next")
    assert port.inbox.receive(0) == 2
    assert port.inbox.lengths[0] > MAX_DATAGRAM_BYTES
    assert read(port.inbox, 1) == b"next"


def test_a_kernel_that_tells_no_times(ends):
    port, sender = ends
    port.socket.setsockopt(socket.SOL_SOCKET, 35, 0)
    inbox = Inbox(port.socket.fileno(), port.socket.family)
    sender.send(b"x")
    assert inbox.receive(0) == 1
    assert inbox.seconds[0] == 0


def test_a_closed_socket_raises():
    port = Port(0, "127.0.0.1", 0)
    port.socket.close()
    with pytest.raises(OSError, match="recvmmsg"):
        port.inbox.receive(0)
