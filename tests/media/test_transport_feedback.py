"""Transport-wide feedback, read back as a browser reads it."""

import random
import struct
import time

from appliance.relay.transport_feedback import TICK_NS, ArrivalLog
from tests.media.conftest import eventually


def read(packet):
    """(base, {number: arrival in ticks}, count) by the draft's section 3.1."""
    assert packet[1] == 205
    assert packet[0] & 31 == 15
    assert len(packet) == 4 * (int.from_bytes(packet[2:4]) + 1)
    base, count, reference = struct.unpack_from("!HHI", packet, 12)
    at, symbols = 20, []
    while len(symbols) < count:
        chunk = int.from_bytes(packet[at : at + 2])
        at += 2
        if not chunk >> 15:
            symbols += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        elif chunk >> 14 & 1:
            symbols += [chunk >> (12 - 2 * n) & 3 for n in range(7)]
        else:
            symbols += [chunk >> (13 - n) & 1 for n in range(14)]
    ticks = (reference >> 8) * 256
    arrivals = {}
    for offset, symbol in enumerate(symbols[:count]):
        if symbol == 1:
            ticks += packet[at]
            at += 1
        elif symbol == 2:
            ticks += struct.unpack_from("!h", packet, at)[0]
            at += 2
        else:
            continue
        arrivals[(base + offset) & 0xFFFF] = ticks
    padding = packet[-1] if packet[0] & 0x20 else 0
    assert at + padding == len(packet)
    return base, arrivals, reference & 0xFF


def report(log):
    found = {}
    for packet in log.feedback(7):
        found |= read(packet)[1]
    return found


def test_it_works():
    log = ArrivalLog()
    start = 5_000 * 64_000_000
    for number, ms in ((10, 0), (11, 1), (13, 40), (14, 400), (12, 401)):
        log.note(number, start + ms * 1_000_000)
    found = report(log)
    first = found[10]
    assert {n: (t - first) * TICK_NS // 1_000_000 for n, t in found.items()} == {
        10: 0,
        11: 1,
        13: 40,
        14: 400,
        12: 401,
    }


def test_nothing_arrived_nothing_said():
    log = ArrivalLog()
    assert log.feedback(7) == []
    log.note(1, 1)
    assert len(log.feedback(7)) == 1
    assert log.feedback(7) == []


def test_lost_packets_between_two_reports_are_told():
    log = ArrivalLog()
    log.note(100, 10**9)
    log.feedback(7)
    log.note(103, 2 * 10**9)
    base, arrivals, count = read(log.feedback(7)[0])
    assert base == 101
    assert set(arrivals) == {103}
    assert count == 2


def test_a_late_packet_is_told_after_all():
    log = ArrivalLog()
    for number in (1, 2, 4):
        log.note(number, 10**9)
    log.feedback(7)
    log.note(3, 10**9 + 10**6)
    log.note(5, 10**9 + 2 * 10**6)
    assert set(report(log)) == {3, 5}


def test_random_arrivals_are_read_back():
    rng = random.Random(12)
    log = ArrivalLog()
    number, now = 65_000, 77 * 10**9
    for _ in range(60):
        sent = {}
        for _ in range(rng.randrange(1, 150)):
            number = (number + rng.choice((1, 1, 1, 1, 2, 30))) & 0xFFFF
            now += rng.choice((0, 100_000, 3_000_000, 70_000_000))
            if rng.random() < 0.005:
                now += 9 * 10**9  # does not fit into one message
            log.note(number, now)
            sent[number] = now // TICK_NS
        found = report(log)
        assert set(found) == set(sent)
        assert {(sent[n] - found[n]) % (1 << 32) for n in sent} == {0}


def test_a_great_jump_makes_no_endless_report():
    log = ArrivalLog()
    log.note(1, 10**9)
    log.feedback(7)
    log.note(30_000, 10**9)
    assert len(log.feedback(7)) == 1


def test_hostile_numbers_cost_little():
    log = ArrivalLog()
    rng = random.Random(1)
    for hostile in (lambda n: n * 32_767, lambda n: n * 401, lambda n: rng.randrange(65_536)):
        for index in range(4096):
            log.note(hostile(index) & 0xFFFF, 10**9 + index * rng.choice((0, 10**10)))
        began = time.process_time()
        packets = log.feedback(7)
        assert time.process_time() - began < 0.1
        assert len(packets) <= 12
        assert all(len(packet) < 1400 for packet in packets)


async def test_a_sender_is_told_without_asking(box):
    a = await box.phone("a")
    for _ in range(3):
        a.send_media("microphone", b"x")
    await eventually(lambda: any(p[1] == 205 and p[0] & 31 == 15 for p in a.rtcp))
