"""Lost packets: asked for upstream, answered downstream on a stream of their own."""

from appliance.relay import rtcp
from tests.media.conftest import eventually
from tests.media.phone import vp8


def nacks(phone):
    return [p for p in phone.rtcp if p[1] == 205 and p[0] & 31 == 1]


async def test_it_works(box):
    a, b = await box.pair()
    frames = {n: vp8(n, keyframe=n == 10) for n in (10, 11, 12)}
    for number, frame in frames.items():
        a.send_media("camera", frame, number=number)
    await eventually(lambda: len(b.received) == 3)
    second = b.received[1]
    b.send_rtcp(rtcp.nack(second.ssrc, [second.number]))
    await eventually(lambda: b.of_type(97))
    again = b.of_type(97)[0]
    assert again.ssrc != second.ssrc
    assert again.payload == second.number.to_bytes(2) + frames[11]
    assert again.timestamp == second.timestamp


async def test_the_relay_asks_for_what_it_misses_and_asks_again(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True), number=20)
    a.send_media("camera", vp8(3, keyframe=False), number=22)
    await eventually(lambda: len(nacks(a)) >= 3)
    assert nacks(a)[0][12:16] == (21).to_bytes(2) + b"\0\0"
    a.send_rtx("camera", 21, vp8(2, keyframe=False))
    await eventually(lambda: len(b.received) == 3)
    asked = len(nacks(a))
    await eventually(lambda: not box.relay.peer("a").sources["camera"].missing)
    assert len(nacks(a)) <= asked + 1


async def test_after_ten_requests_it_asks_for_a_key_frame(box):
    a, _ = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True), number=20)
    a.send_media("camera", vp8(3, keyframe=False), number=22)
    source = box.relay.peer("a").sources["camera"]
    await eventually(lambda: source.missing)
    await eventually(lambda: not source.missing, within_s=10)
    assert source.keyframe_wanted
    await eventually(lambda: len(nacks(a)) == 10)


async def test_a_nack_for_what_the_relay_misses_too_is_answered_when_it_comes(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True), number=30)
    a.send_media("camera", vp8(3, keyframe=False), number=32)
    await eventually(lambda: len(b.received) == 2)
    b.send_rtcp(rtcp.nack(b.received[0].ssrc, [b.received[0].number + 1]))
    a.send_rtx("camera", 31, vp8(2, keyframe=False))
    await eventually(lambda: len(b.received) == 3)
    assert b.received[2].number == b.received[0].number + 1


async def test_a_storm_of_nacks_has_a_budget(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True), number=40)
    await eventually(lambda: b.received)
    first = b.received[0]
    for _ in range(300):
        b.send_rtcp(rtcp.nack(first.ssrc, [first.number] * 20))
    a.send_media("camera", vp8(2, keyframe=False), number=41)
    await eventually(lambda: len(b.of_type(96)) == 2)
    assert len(b.of_type(97)) <= 8


async def test_a_storm_of_key_frame_requests_becomes_few(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True))
    await eventually(lambda: b.received)
    before = len(a.rtcp)
    for _ in range(200):
        b.send_rtcp(rtcp.picture_loss(b.received[0].ssrc))
    a.send_media("microphone", b"x")
    await eventually(lambda: b.of_type(111))
    asked = [p for p in a.rtcp[before:] if p[1] == 206 and p[0] & 31 == 1]
    assert len(asked) <= 1
