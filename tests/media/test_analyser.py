"""An analyser is a member of the room: it is fed, it sends, and it never holds anybody up."""

import json
import socket
import struct

import pytest

from appliance.relay.analyser_link import MAX_WAITING
from appliance.relay.control import Route
from appliance.relay.room import Refused
from tests.media.conftest import eventually
from tests.media.phone import parse, vp8


def rtp_packet(kind, number, payload, timestamp=0, ssrc=4711):
    payload_type = 111 if kind == 1 else 96
    header = struct.pack("!BBHII", 0x80, payload_type, number, timestamp, ssrc)
    return bytes([kind]) + header + payload


class Analyser:
    """The other end of ``analyser.sock``."""

    def __init__(self, link):
        self.link = link
        link.setblocking(False)
        self.messages, self.packets = [], []

    def read(self):
        while True:
            try:
                datagram = self.link.recv(65536)
            except BlockingIOError:
                return self
            if not datagram:
                return self
            if datagram[0] == 0:
                self.messages.append(json.loads(datagram[1:]))
            else:
                self.packets.append((datagram[0], datagram[1:]))

    def say(self, **message):
        self.link.send(b"\0" + json.dumps(message).encode())


@pytest.fixture
def listener(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as made:
        made.bind(str(tmp_path / "analyser.sock"))
        made.listen(1)
        yield made


@pytest.fixture
async def checked(box, listener):
    """A phone under check: (phone, analyser)."""
    phone = await box.phone("client")
    box.relay.add_analyser("r", "analyser", {"type": "hello", "language": "de"})
    analyser = Analyser(listener.accept()[0])
    routes = [
        Route(source=source, kind=kind, target=target)
        for source, target in (("client", "analyser"), ("analyser", "client"))
        for kind in ("microphone", "camera")
    ]
    box.relay.set_routes("r", frozenset(routes))
    yield phone, analyser
    analyser.link.close()


async def test_it_works(box, checked):
    phone, analyser = checked
    frame = vp8(1, keyframe=True)
    phone.send_media("camera", frame)
    phone.send_media("microphone", b"opus")
    await eventually(lambda: len(analyser.read().packets) == 2)
    assert analyser.messages[0] == {"type": "hello", "language": "de"}
    assert [(kind, parse(p).payload) for kind, p in analyser.packets] == [(2, frame), (1, b"opus")]
    analyser.link.send(rtp_packet(1, 7, b"echo"))
    analyser.link.send(rtp_packet(2, 8, vp8(5, keyframe=True)))
    await eventually(lambda: len(phone.received) == 2)
    assert phone.received[0].payload == b"echo"


async def test_a_new_stream_of_its_own_goes_on_where_the_old_one_stopped(box, checked):
    phone, analyser = checked
    analyser.link.send(rtp_packet(1, 40_000, b"one"))
    await eventually(lambda: phone.received)
    analyser.link.send(rtp_packet(1, 7, b"two", ssrc=4712))
    await eventually(lambda: len(phone.received) == 2)
    assert phone.received[1].number == phone.received[0].number + 1


async def test_words_travel_unread(box, checked):
    _, analyser = checked
    box.relay.tell_analyser("analyser", {"type": "say_number", "digits": "472"})
    await eventually(lambda: len(analyser.read().messages) >= 2)
    assert {"type": "say_number", "digits": "472"} in analyser.messages
    analyser.say(type="said", digits="472")
    await eventually(lambda: box.heard_of("analyser_said"))
    assert box.heard_of("analyser_said")[0].message == {"type": "said", "digits": "472"}


async def test_key_frame_requests_are_translated(box, checked):
    phone, analyser = checked
    await eventually(lambda: {"type": "keyframe_request"} in analyser.read().messages)
    phone.send_media("camera", vp8(1, keyframe=True))
    await eventually(lambda: analyser.read().packets)
    source = box.relay.peer("client").sources["camera"]
    asked = source.keyframe_requests
    source.keyframe_asked_at_s = -1e9
    analyser.say(type="keyframe_request")
    await eventually(lambda: source.keyframe_requests == asked + 1)
    assert not [e for e in box.heard_of("analyser_said") if "keyframe" in str(e.message)]


async def test_its_numbers_go_on_where_an_advisers_take_over(box, checked):
    phone, analyser = checked
    analyser.link.send(rtp_packet(2, 60_000, vp8(100, keyframe=True), timestamp=5))
    await eventually(lambda: phone.received)
    adviser = await box.phone("adviser")
    box.route("adviser>client")
    adviser.send_media("camera", vp8(9, keyframe=True))
    await eventually(lambda: len(phone.received) == 2)
    first, second = phone.received
    assert (second.ssrc, second.number) == (first.ssrc, first.number + 1)


async def test_what_its_picture_takes_of_a_line_is_measured(box, checked):
    """It is a receiver's like any other, and unlike others it cannot be told to send less."""
    phone, analyser = checked
    source = box.relay.peer("analyser").sources["camera"]
    for number in range(100):
        analyser.link.send(rtp_packet(2, number, vp8(number, keyframe=not number, size=1000)))
        await eventually(lambda n=number: source.packets > n)
    await eventually(lambda: source.kbps > 150 and source.receivers == 1)
    assert not source.steered
    assert phone.received


async def test_when_its_process_ends_web_hears_of_it(box, checked):
    _, analyser = checked
    analyser.link.close()
    await eventually(lambda: box.heard_of("analyser_gone"))
    assert box.heard_of("analyser_gone")[0].reason == "process_ended"
    assert set(box.relay.room("r").peers) == {"client"}


async def test_when_it_ends_under_a_packet_the_others_still_get_it(box, checked):
    phone, _ = checked
    adviser = await box.phone("adviser")
    room, link = box.relay.room("r"), box.relay.peer("analyser").link
    more = Route(source="client", kind="microphone", target="adviser")
    room.set_routes(room.routes | {more})
    link.send = lambda _: link.close("connection_lost")  # what a failed send does
    phone.send_media("microphone", b"the packet")
    phone.send_media("microphone", b"the next")
    await eventually(lambda: len(adviser.received) == 2)
    assert adviser.received[0].payload == b"the packet"
    assert [event.reason for event in box.heard_of("analyser_gone")] == ["connection_lost"]


async def test_one_that_does_not_read_loses_the_oldest(box, checked):
    phone, analyser = checked
    link = box.relay.peer("analyser").link
    for step in range(4):
        for _ in range(400):
            phone.send_media("microphone", b"m" * 900)
        await eventually(
            lambda n=400 * (step + 1): (
                box.relay.peer("client").sources["microphone"].packets >= n
                or box.counters["over_budget"] > 0
            )
        )
    await eventually(lambda: link.dropped > 0)
    assert len(link._waiting) <= MAX_WAITING
    analyser.read()
    newest = box.relay.peer("client").sources["microphone"].highest & 0xFFFF
    await eventually(lambda: parse(analyser.read().packets[-1][1]).number == newest)


async def test_nonsense_of_an_analyser_is_dropped(box, checked):
    phone, analyser = checked
    for datagram in (b"\0{", b"\0[]", b"\7x", b"\1", b"\1short", b"\2" + bytes(40)):
        analyser.link.send(datagram)
    analyser.link.send(rtp_packet(1, 7, b"good"))
    await eventually(lambda: phone.received)
    assert box.counters["analyser_message_failed"] >= 5


async def test_none_runs_is_said(box, tmp_path):
    path = str(tmp_path / "analyser.sock")
    with pytest.raises(Refused, match="analyser_unavailable"):
        box.relay.add_analyser("r", "x", {})
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as left_behind:
        left_behind.bind(path)
    with pytest.raises(Refused, match="analyser_unavailable"):
        box.relay.add_analyser("r", "x", {})
    assert "x" not in box.relay.room_of


async def test_none_free_is_said(box, tmp_path):
    path = str(tmp_path / "analyser.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(path)
        listening.listen(0)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as first:
            first.connect(path)  # and nobody accepts: the queue is full
            with pytest.raises(Refused, match="analyser_busy"):
                box.relay.add_analyser("r", "x", {})
    assert "x" not in box.relay.room_of
