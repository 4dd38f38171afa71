"""A slow receiver caps its sender, and a content one does not."""

from appliance.relay import rtcp
from appliance.relay.congestion import (
    FREE_KBPS,
    GROWTH_PER_STEP,
    LEAST_KBPS,
    LIFTED_BITS_PER_S,
    STEP_S,
    DownlinkLimit,
    step,
)
from appliance.relay.control import Route
from tests.media.conftest import eventually
from tests.media.phone import vp8


class Line:
    """A downlink that is sent to at a steady rate."""

    def __init__(self, kbps):
        self.limit = DownlinkLimit()
        self.octets = 0
        self.send(kbps, steps=8)

    def send(self, kbps, steps=1):
        for _ in range(steps):
            self.octets += int(kbps * 1000 / 8 * STEP_S)
            self.limit.step(self.octets)
        return self.limit.kbps


def test_it_works():
    line = Line(2000)
    line.limit.estimated(2300)
    line.limit.estimated(600)
    assert line.send(2000) == 600
    assert 600 < line.send(500) <= 600 * GROWTH_PER_STEP


def test_a_low_estimate_at_the_start_limits_nothing():
    line = Line(2000)
    for kbps in (250, 300, 400, 700):
        line.limit.estimated(kbps)
        assert line.send(2000) == 0


def test_a_fall_above_what_is_sent_limits_nothing():
    line = Line(500)
    line.limit.estimated(3000)
    line.limit.estimated(2000)
    assert line.send(500) == 0


def test_an_estimate_that_stands_still_does_not_hold_the_limit():
    line = Line(2000)
    line.limit.estimated(2000)
    line.limit.estimated(400)
    line.send(2000)
    for _ in range(60):
        line.limit.estimated(400)
        line.send(400)
    assert line.limit.kbps == 0  # lifted


def test_heavy_loss_counts_without_an_estimate():
    line = Line(1000)
    line.limit.lost(0.5)
    assert 700 < line.send(1000) < 800
    line.limit.lost(0.05)
    assert line.send(700) > 700


def test_the_limit_has_a_floor_and_an_end():
    line = Line(1000)
    for _ in range(50):
        line.limit.lost(1.0)
        line.send(10)
    assert line.limit.kbps == LEAST_KBPS
    steps = 0
    while line.limit.kbps and steps < 100:
        line.send(10)
        steps += 1
    assert LEAST_KBPS * GROWTH_PER_STEP**steps > FREE_KBPS


def limits(phone):
    items = [i for p in phone.rtcp if p[1] == 206 and p[0] & 31 == 15 for i in rtcp.parse(p)]
    return [item.bits_per_s for item in items]


async def test_the_sender_is_told_and_told_again_when_it_ends(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True, size=1000))
    await eventually(lambda: b.received)
    downlink = box.relay.peer("b").transport.downlink
    downlink.kbps = 300.0
    step(box.relay.transports(), box.relay.sources())
    await eventually(lambda: limits(a))
    assert 300_000 <= limits(a)[0] <= 330_000
    downlink.kbps = FREE_KBPS
    step(box.relay.transports(), box.relay.sources())
    await eventually(lambda: limits(a)[-1] > LIFTED_BITS_PER_S * 0.99)
    count = len(limits(a))
    step(box.relay.transports(), box.relay.sources())
    assert len(limits(a)) == count


async def test_two_pictures_share_a_limit(box):
    a, c = await box.phone("a"), await box.phone("c")
    b = await box.phone("b", slots=2)
    routes = [
        Route(source=source, kind="camera", target="b", slot=slot)
        for slot, source in enumerate("ac")
    ]
    box.relay.set_routes("r", frozenset(routes))
    for phone in (a, c):
        phone.send_media("camera", vp8(1, keyframe=True))
    await eventually(lambda: len(b.received) == 2)
    box.relay.peer("b").transport.downlink.kbps = 1000.0
    step(box.relay.transports(), box.relay.sources())
    await eventually(lambda: limits(a) and limits(c))
    assert max(limits(a)[0], limits(c)[0]) <= 530_000


async def test_a_browsers_estimate_reaches_the_judgement(box):
    await box.phone("a")
    b = await box.phone("b")
    b.send_rtcp(rtcp.bitrate_limit(800_000, [1]))
    downlink = box.relay.peer("b").transport.downlink
    await eventually(lambda: downlink.estimate_kbps > 799)
