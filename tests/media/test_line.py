"""Padding on a real connection: numbers go on, nothing is seen, and nobody is flooded."""

import pytest

from appliance.relay import line, padding, rtcp
from appliance.relay.control import TrackKind
from appliance.relay.room import Refused
from tests.media.conftest import eventually
from tests.media.phone import vp8


async def filled(box, count=1):
    await eventually(lambda: len(box.heard_of("line_filled")) >= count)
    return box.heard_of("line_filled")[-1]


def screen_packets(phone):
    return [packet for packet in phone.received if packet.ssrc == phone.slot_ssrc[1]]


async def test_it_works(box):
    """The wanted rate arrives, as padding alone, on numbers without a gap."""
    a = await box.phone("a")
    box.relay.fill_line("a", 700, 0.8)
    told = await filled(box)
    await eventually(lambda: len(screen_packets(a)) == told.sent_packets)
    got = screen_packets(a)
    kbps = len(got) * padding.LENGTH * 8 / told.took_ms
    assert 600 < kbps < 750
    assert [p.number - got[0].number for p in got] == list(range(len(got)))
    assert {(p.payload_type, p.payload[-1], p.marker) for p in got} == {(96, 255, False)}
    stamps = [p.timestamp for p in got]
    assert stamps == sorted(stamps)
    assert 0.7 * 90_000 < stamps[-1] - stamps[0] < 1.2 * 90_000
    assert told.room_id == "r"


async def test_a_picture_that_follows_goes_on_without_a_break(box):
    """No number is used twice (the phone's SRTP would refuse it), and padding is no picture."""
    a, b = await box.phone("a", kinds=("microphone", "camera", "screen")), None
    box.relay.fill_line("a", 300, 0.2)
    await filled(box)
    padded = len(screen_packets(a))
    b = await box.phone("b", kinds=("microphone", "camera", "screen"))
    box.route("b>a", kinds=("screen",))
    b.send_media("screen", vp8(5, keyframe=True))
    b.send_media("screen", vp8(6, keyframe=False))
    await eventually(lambda: len(screen_packets(a)) == padded + 2)
    numbers = [p.number for p in screen_packets(a)]
    assert numbers == list(range(numbers[0], numbers[0] + padded + 2))
    sink = box.relay.peer("a").sink(0, TrackKind.SCREEN)
    assert (sink.packets, sink.padded) == (2, padded * 255)


async def test_lost_padding_is_not_sent_again(box):
    a = await box.phone("a")
    box.relay.fill_line("a", 300, 0.2)
    told = await filled(box)
    sink = box.relay.peer("a").sink(0, TrackKind.SCREEN)
    sink.resend(sink.highest & 0xFFFF, 1.0)
    assert sink.resent == 0
    await eventually(lambda: len(screen_packets(a)) == told.sent_packets)


async def test_what_arrives_meanwhile_is_told(box):
    a = await box.phone("a", kinds=("microphone", "camera", "screen"))
    a.send_media("screen", vp8(1, keyframe=True), number=10)
    await eventually(lambda: box.relay.peer("a").sources["screen"].packets == 1)
    box.relay.fill_line("a", 0, 0.3)
    for number in (11, 12, 15):
        a.send_media("screen", vp8(2, keyframe=False, size=500), number=number)
    told = await filled(box)
    assert (told.received_packets, told.expected_packets, told.lost_packets) == (3, 5, 2)
    assert told.received_octets > 1500
    assert told.sent_packets == 0


async def test_what_was_sent_again_was_lost_nevertheless(box):
    a = await box.phone("a", kinds=("microphone", "camera", "screen"))
    a.send_media("screen", vp8(1, keyframe=True), number=10)
    await eventually(lambda: box.relay.peer("a").sources["screen"].packets == 1)
    box.relay.fill_line("a", 0, 0.3)
    a.send_media("screen", vp8(3, keyframe=False), number=12)
    a.send_rtx("screen", 11, vp8(2, keyframe=False))
    told = await filled(box)
    assert (told.expected_packets, told.lost_packets) == (2, 1)


async def test_the_tests_strain_limits_no_picture_afterwards(box):
    """Heavy loss would hold the next picture at 100 kbit/s for half a minute."""
    a = await box.phone("a")
    downlink = box.relay.peer("a").transport.downlink
    box.relay.fill_line("a", 700, 0.2)
    await filled(box)
    block = rtcp.ReceptionReport(a.slot_ssrc[1], 128, 50, 1, 0, 0, 0)
    a.send_rtcp(rtcp.receiver_report([block]))
    await eventually(lambda: box.relay.peer("a").sink(0, TrackKind.SCREEN).loss == 0.5)
    await eventually(lambda: downlink.deaf_steps == 0)
    assert downlink.kbps == 0


async def test_a_room_has_a_budget(box):
    """However often somebody asks: no more than the budget leaves the box."""
    await box.phone("a")
    refused = ""
    for count in range(1, 8):
        box.relay.line_budgets.of("r").left -= 600_000  # as if it had been used
        try:
            box.relay.fill_line("a", 2000, 0.1)
        except Refused as error:
            refused = error.code
            break
        await filled(box, count)
    assert refused == "line_budget"
    box.relay.fill_line("a", 0, 0.1)  # watching costs nothing


async def test_leaving_and_coming_back_fills_no_budget(box):
    await box.phone("a")
    box.relay.fill_line("a", 2000, 0.1)
    await filled(box)
    box.relay.line_budgets.of("r").left = 1_000
    box.relay.close_room("r")
    box.relay.open_room("r")
    await box.phone("b")
    with pytest.raises(Refused, match="line_budget"):
        box.relay.fill_line("b", 2000, 0.1)


def test_a_budget_that_is_full_again_is_forgotten():
    budgets = line.LineBudgets()
    budgets.of("r").take(line.BUDGET_BYTES, 1_000.0)
    budgets.forget_full(1_299.0)
    assert len(budgets) == 1
    assert not budgets.of("r").take(line.BUDGET_BYTES, 1_299.0)
    budgets.forget_full(1_600.0)
    assert len(budgets) == 0


def test_the_budget_refills_slowly_and_never_above_its_size():
    budget = line.LineBudget()
    assert budget.take(line.BUDGET_BYTES, 0.0)
    assert not budget.take(100_000, 1.0)
    assert budget.take(100_000, 13.0)
    assert not budget.take(line.BUDGET_BYTES + 1, 1e9)
    assert budget.take(line.BUDGET_BYTES, 1e9)


def test_a_whole_run_fits_into_the_budget():
    steps = (64, 300, 700, 1200, 2000)
    assert sum(line.cost_bytes(kbps, 1.5) for kbps in steps) < line.BUDGET_BYTES


async def test_only_who_is_alone_and_connected_is_filled(box):
    await box.pair()
    with pytest.raises(Refused, match="not_alone"):
        box.relay.fill_line("a", 300, 0.1)
    with pytest.raises(Refused, match="peer_unknown"):
        box.relay.fill_line("nobody", 300, 0.1)


async def test_one_at_a_time_for_each_browser(box):
    await box.phone("a")
    box.relay.fill_line("a", 300, 0.2)
    with pytest.raises(Refused, match="line_busy"):
        box.relay.fill_line("a", 300, 0.2)


async def test_conversations_come_first(box):
    await box.phone("a")
    box.relay.lines.cpu.share = 0.9
    with pytest.raises(Refused, match="busy"):
        box.relay.fill_line("a", 300, 0.1)


async def test_it_ends_as_soon_as_somebody_else_is_there(box):
    """Admitted in the middle of a phase: the conversation has the line for itself."""
    a = await box.phone("a")
    box.relay.fill_line("a", 700, 2.0)
    await eventually(lambda: screen_packets(a))
    await box.phone("b")
    await eventually(lambda: not box.relay.lines._running)
    assert box.heard_of("line_filled") == []


async def test_it_ends_with_the_browser(box):
    a = await box.phone("a")
    box.relay.fill_line("a", 700, 2.0)
    await eventually(lambda: screen_packets(a))
    box.relay.remove_peer("a")
    await eventually(lambda: not box.relay.lines._running)
    assert box.heard_of("line_filled") == []
