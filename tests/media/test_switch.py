"""A slot changes its source without a break that a decoder would notice."""

import struct

from tests.media.conftest import eventually
from tests.media.phone import vp8


def picture_of(packet):
    return struct.unpack_from("!HB", packet.payload, 2)


async def three(box):
    return [await box.phone(name) for name in "abc"]


async def test_it_works(box):
    a, b, c = await three(box)
    box.route("a>c")
    for picture in (500, 501):
        a.send_media("camera", vp8(picture, keyframe=picture == 500, tl0=7))
    await eventually(lambda: len(c.received) == 2)
    box.route("b>c")
    b.send_media("camera", vp8(20, keyframe=False, tl0=90))  # not before a key frame
    for picture in (21, 22):
        b.send_media("camera", vp8(picture, keyframe=picture == 21, tl0=91))
    await eventually(lambda: len(c.received) == 4)
    first = c.received[0].number
    assert [p.number - first for p in c.received] == [0, 1, 2, 3]
    assert len({p.ssrc for p in c.received}) == 1
    assert [picture_of(p)[0] & 0x7FFF for p in c.received] == [500, 501, 502, 503]
    assert [picture_of(p)[1] for p in c.received] == [7, 7, 8, 8]


async def test_time_goes_forward(box):
    a, b, c = await three(box)
    a.timestamp["microphone"] = 4_000_000_000
    b.timestamp["microphone"] = 17
    box.route("a>c")
    a.send_media("microphone", b"x")
    await eventually(lambda: c.received)
    box.route("b>c")
    b.send_media("microphone", b"y")
    await eventually(lambda: len(c.received) == 2)
    step = (c.received[1].timestamp - c.received[0].timestamp) & 0xFFFFFFFF
    assert 960 <= step < 48_000


async def test_a_one_byte_picture_id_grows(box):
    a, b, c = await three(box)
    box.route("a>c")
    a.send_media("camera", vp8(30_000, keyframe=True))
    await eventually(lambda: c.received)
    box.route("b>c")
    b.send_media("camera", bytes([0x90, 0x80, 5, 0x00]) + b"frame")
    await eventually(lambda: len(c.received) == 2)
    assert c.received[1].payload == bytes([0x90, 0x80]) + struct.pack("!H", 0x8000 | 30_001) + (
        b"\x00frame"
    )


async def test_late_packets_of_the_old_source_are_dropped(box):
    a, b, c = await three(box)
    box.route("a>c")
    for number in (100, 101, 103):
        a.send_media("microphone", b"a", number=number)
    await eventually(lambda: len(c.received) == 3)
    box.route("b>c")
    b.send_media("microphone", b"b")
    await eventually(lambda: len(c.received) == 4)
    box.route("a>c")
    a.send_media("microphone", b"new", number=104)
    await eventually(lambda: len(c.received) == 5)
    a.send_media("microphone", b"late", number=102)
    a.send_media("microphone", b"end", number=105)
    await eventually(lambda: len(c.received) == 6)
    assert [p.payload for p in c.received][3:] == [b"b", b"new", b"end"]


async def test_the_same_routes_again_change_nothing(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True))
    await eventually(lambda: b.received)
    box.route("a>b", "b>a")
    a.send_media("camera", vp8(2, keyframe=False))
    await eventually(lambda: len(b.received) == 2)
    assert picture_of(b.received[1])[0] & 0x7FFF == 2


async def test_a_sender_that_returns_with_a_new_ssrc_goes_on(box):
    a, b = await box.pair()
    a.send_media("microphone", b"1")
    await eventually(lambda: b.received)
    a.ssrc["microphone"] = 4_242
    a.number["microphone"] = 60_000
    box.relay.accept_answer("a", a.answer())
    a.send_media("microphone", b"2")
    await eventually(lambda: len(b.received) == 2)
    assert b.received[1].number == b.received[0].number + 1
