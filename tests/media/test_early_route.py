"""A receiver that is routed before it is connected: it loses no key frame, and waits for none."""

from tests.media.conftest import eventually
from tests.media.phone import vp8


async def test_it_works(box):
    """The adviser joins in the moment of the admission; the client sends already."""
    a, b = await box.phone("a"), await box.phone("b", connect=False)
    box.route("a>b")
    source = box.relay.peer("a").sources["camera"]
    assert source.keyframe_requests == 0  # b could not get the answer
    a.send_media("camera", vp8(1, keyframe=True))
    a.send_media("camera", vp8(2, keyframe=False))
    await eventually(lambda: source.packets == 2)
    await b.connect()
    await eventually(lambda: source.keyframe_requests == 1)
    a.send_media("camera", vp8(3, keyframe=False))
    a.send_media("camera", vp8(4, keyframe=True))
    await eventually(lambda: b.received)
    assert b.received[0].payload[2:4] == (0x8000 | 4).to_bytes(2)
    assert b.received[0].number < 1 << 15  # else SRTP's rollover counter is a matter of luck


async def test_whoever_is_connected_gets_a_key_frame_at_once(box):
    a = await box.phone("a")
    await box.phone("b")
    box.route("a>b")
    assert box.relay.peer("a").sources["camera"].keyframe_requests == 1
    assert a.connected.is_set()
