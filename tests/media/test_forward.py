"""What one browser sends arrives at the other, renumbered and otherwise the same."""

from tests.media.conftest import eventually
from tests.media.phone import vp8


async def test_it_works(box):
    a, b = await box.pair()
    frames = [vp8(picture, keyframe=picture == 1) for picture in range(1, 6)]
    for frame in frames:
        a.send_media("camera", frame)
        a.send_media("microphone", b"opus", step=960)
    await eventually(lambda: len(b.received) == 10)
    assert [p.payload for p in b.of_type(96)] == frames
    assert [p.payload for p in b.of_type(111)] == [b"opus"] * 5
    assert {p.ssrc for p in b.of_type(96)} == {b.slot_ssrc[0]}


async def test_numbers_start_below_2_to_15_and_keep_gaps(box):
    a, b = await box.pair()
    for number in (10, 11, 13, 14):
        a.send_media("microphone", b"x", number=number)
    await eventually(lambda: len(b.received) == 4)
    first = b.received[0].number
    assert first < 1 << 15
    assert [p.number - first for p in b.received] == [0, 1, 3, 4]


async def test_the_first_hops_extensions_do_not_travel(box):
    a, b = await box.pair()
    a.send_media("microphone", b"x")
    await eventually(lambda: b.received)
    extension = b.received[0].extension
    assert extension[:2] == b"\0\0"  # mid
    assert extension[2] == 0x22
    assert extension[3:6] != b"\x01\x02\x03"  # a new send time
    assert extension[6:9] == b"\0\0\0"  # transport-cc


async def test_no_route_no_packet(box):
    a = await box.phone("a")
    b = await box.phone("b")
    a.send_media("microphone", b"x")
    await eventually(lambda: box.relay.peer("a").sources["microphone"].packets == 1)
    assert b.received == []


async def test_picture_starts_with_a_key_frame_and_sound_at_once(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=False))
    a.send_media("microphone", b"x")
    a.send_media("camera", vp8(2, keyframe=True))
    a.send_media("camera", vp8(3, keyframe=False))
    await eventually(lambda: len(b.received) == 3)
    assert [p.payload_type for p in b.received] == [111, 96, 96]


async def test_a_route_asks_for_a_key_frame_until_one_comes(box):
    a, _ = await box.pair()
    requests = lambda: [p for p in a.rtcp if p[1] == 206 and p[0] & 31 == 1]  # noqa: E731
    await eventually(lambda: len(requests()) >= 2)  # the second one 500 ms after the first
    a.send_media("camera", vp8(1, keyframe=True))
    await eventually(lambda: not box.relay.peer("a").sources["camera"].keyframe_wanted)


async def test_each_of_several_receivers_gets_it(box):
    a = await box.phone("a")
    others = [await box.phone(name) for name in "bcd"]
    box.route("a>b", "a>c", "a>d")
    a.send_media("microphone", b"to all")
    await eventually(lambda: all(other.received for other in others))
    assert {other.received[0].payload for other in others} == {b"to all"}


async def test_mute_by_the_adviser_sends_nothing(box):
    a, b = await box.pair()
    a.send_media("microphone", b"1")
    await eventually(lambda: b.received)
    box.route("a>b", kinds=("camera",))
    a.send_media("microphone", b"2")
    await eventually(lambda: box.relay.peer("a").sources["microphone"].packets == 2)
    box.route("a>b")
    a.send_media("microphone", b"3")
    await eventually(lambda: len(b.received) == 2)
    assert [p.payload for p in b.received] == [b"1", b"3"]
    assert b.received[1].number == b.received[0].number + 1


async def test_ssrcs_are_learnt_from_mid_where_the_answer_names_none(box):
    a, b = await box.phone("a", names_ssrcs=False), await box.phone("b")
    box.route("a>b")
    a.send_media("microphone", b"learnt")
    await eventually(lambda: b.received)
    assert b.received[0].payload == b"learnt"
