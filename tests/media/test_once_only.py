"""Never two different byte strings under one number of one stream: it would expose the key."""

import itertools
import random

from appliance.relay import rtp
from appliance.relay.control import TrackKind
from appliance.relay.srtp import PacketBuffer, SrtpSession
from appliance.relay.streams import BrowserSink, Incoming, Source
from tests.media.conftest import eventually
from tests.media.phone import vp8


async def test_it_works(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True), number=10)
    lost = vp8(2, keyframe=False)
    a.send_media("camera", vp8(3, keyframe=False), number=12)
    await eventually(lambda: len(b.received) == 2)
    a.send_rtx("camera", 11, lost)
    await eventually(lambda: len(b.received) == 3)
    a.send_rtx("camera", 11, lost)  # once more
    a.send_media("camera", lost, number=11)  # and the late original
    await eventually(lambda: box.counters["probe"] + box.counters["duplicate"] == 2)
    assert [p.number - b.received[0].number for p in b.received] == [0, 2, 1]


async def test_probes_are_not_forwarded(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True), number=10)
    await eventually(lambda: b.received)
    a.send_rtx("camera", 10, b"copy")
    a.send_media("camera", b"", number=2, ssrc=a.rtx["camera"], payload_type=97)
    await eventually(lambda: box.counters["probe"] == 2)
    assert len(b.received) == 1


def test_libsrtp_refuses_a_used_number():
    session = SrtpSession(bytes(range(44)), 8, inbound=False)  # AEAD_AES_256_GCM
    buffer = PacketBuffer()
    packet = bytes.fromhex("80600001000000010000000a") + b"payload"
    for expected in (True, False):
        buffer.view[: len(packet)] = packet
        assert bool(session.protect(buffer, len(packet))) is expected


class Recorder:
    """A transport that keeps what would be encrypted."""

    def __init__(self):
        self.batch = self
        self.out = PacketBuffer()
        self.stamp = 0
        self.protect_context = object()
        self.sent = []

    def send_rtp(self, buffer, length):
        self.sent.append(bytes(buffer.view[:length]))

    def send_sender_report(self, *_):
        pass


def test_a_hundred_thousand_shuffled_packets_never_share_a_number():
    """Reordering, duplicates, jumps and changes of source, checked against the rule itself."""
    rng = random.Random(7)
    recorder = Recorder()
    sink = BrowserSink(TrackKind.MICROPHONE, 77, 0, recorder)
    sources = [Source(TrackKind.MICROPHONE, lambda _: None) for _ in range(3)]
    packet = Incoming(PacketBuffer())
    numbers = [rng.randrange(65536) for _ in sources]
    used: dict[int, bytes] = {}
    highest = 0
    for step in range(100_000):
        if step % 500 == 0:
            sink.attach(rng.choice(sources))
        index = sources.index(sink.source)
        numbers[index] += rng.choice((1, 1, 1, 1, 3, 40) if rng.random() < 0.999 else (700,))
        number = (numbers[index] - rng.choice((0, 0, 0, 1, 2, 30, 600))) & 0xFFFF
        extended = sink.source.take_number(number, 0, step / 1000)
        if extended < 0:
            continue
        body = rng.randbytes(6)
        raw = b"\x80\x6f" + number.to_bytes(2) + bytes(8) + body
        packet.buffer.view[: len(raw)] = raw
        packet.length, packet.extended, packet.now_s = len(raw), extended, step / 1000
        packet.spare = rng.random() < 0.5
        sink.forward(packet)
        for sent in itertools.chain(recorder.sent):
            full = rtp.extend(int.from_bytes(sent[2:4]), highest or int.from_bytes(sent[2:4]))
            highest = max(highest, full)
            assert full not in used, "two packets under one number"
            used[full] = sent
        recorder.sent.clear()
    assert len(used) > 50_000
