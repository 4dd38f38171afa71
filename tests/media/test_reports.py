"""Receiver reports per hop, and the sender's clock rewritten for lip sync."""

import struct
import time

import pytest

from appliance.relay import rtcp
from tests.media.conftest import eventually


def of_type(phone, kind):
    return [p for p in phone.rtcp if p[1] == kind]


async def test_it_works(box):
    """The clock travels with the sink's SSRC and timestamps."""
    a, b = await box.pair()
    a.timestamp["microphone"] = 90_000
    a.send_media("microphone", b"x", step=960)
    await eventually(lambda: b.received)
    ntp = rtcp.ntp_time(time.time())
    a.send_rtcp(rtcp.sender_report(a.ssrc["microphone"], ntp, 90_960, 1, 1))
    await eventually(lambda: of_type(b, 200))
    ssrc, got_ntp, timestamp = struct.unpack_from("!IQI", of_type(b, 200)[0], 4)
    assert ssrc == b.received[0].ssrc
    assert got_ntp == ntp
    assert timestamp == b.received[0].timestamp


async def test_a_later_route_hears_the_clock_at_once(box):
    a, b = await box.phone("a"), await box.phone("b")
    a.send_media("microphone", b"x")
    a.send_rtcp(rtcp.sender_report(a.ssrc["microphone"], rtcp.ntp_time(1), 5, 1, 1))
    await eventually(lambda: box.relay.peer("a").sources["microphone"].report)
    box.route("a>b")
    a.send_media("microphone", b"x")
    await eventually(lambda: of_type(b, 200))


async def test_reception_is_reported_each_second(box):
    a, _ = await box.pair()
    for number in (1, 2, 3, 5, 6):
        a.send_media("microphone", b"x", number=number)
    await eventually(lambda: of_type(a, 201))
    blocks = [item for p in of_type(a, 201) for item in rtcp.parse(p)]
    assert blocks[-1].ssrc == a.ssrc["microphone"]
    assert (blocks[-1].lost, blocks[-1].highest) == (1, 6)


async def test_the_round_trip_is_measured(box):
    a, b = await box.pair()
    a.send_media("microphone", b"x")
    await eventually(lambda: b.received)
    ntp = rtcp.ntp_time(time.time())
    a.send_rtcp(rtcp.sender_report(a.ssrc["microphone"], ntp, 5, 1, 1))
    await eventually(lambda: of_type(b, 200))
    block = rtcp.ReceptionReport(b.received[0].ssrc, 64, 3, 9, 0, ntp >> 16 & 0xFFFFFFFF, 0)
    b.send_rtcp(rtcp.receiver_report([block]))
    transport = box.relay.peer("b").transport
    await eventually(lambda: transport.sinks[0].loss == 0.25)
    assert 0 <= transport.round_trip_s < 0.09


@pytest.mark.parametrize("numbers", [[5], [5, 6, 21], [5, 22], [65_530, 3], list(range(60))])
def test_a_nack_is_read_back(numbers):
    (item,) = rtcp.parse(rtcp.nack(9, numbers))
    assert list(item.numbers) == numbers


@pytest.mark.parametrize("bits_per_s", [0, 30_000, 262_143, 262_144, 1_500_000, 900_000_000])
def test_a_limit_is_read_back(bits_per_s):
    (item,) = rtcp.parse(rtcp.bitrate_limit(bits_per_s, [1, 2]))
    assert item.ssrcs == (1, 2)
    assert item.bits_per_s <= bits_per_s
    assert item.bits_per_s >= bits_per_s * 0.999
