"""Guards G1 to G4: what strangers and participants can send changes a counter and nothing else."""

import asyncio
import os
import random
import socket

from aioice import stun

from appliance.relay import ice_lite, rtcp
from appliance.relay.streams import RING
from tests.media.conftest import eventually
from tests.media.phone import vp8

FORGED_ALERT = bytes.fromhex("15fefd00000000000000000002") + b"\x02\x28"  # fatal, handshake


def stranger(box):
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.connect(("127.0.0.1", box.service.plane.ports[0].number))
    return link


async def still_talks(a, b):
    """Both still hear each other."""
    before = (len(a.received), len(b.received))
    a.send_media("microphone", b"still")
    b.send_media("microphone", b"here")
    await eventually(lambda: len(a.received) > before[0] and len(b.received) > before[1])


async def test_it_works(box):
    """G1: empty and junk datagrams of a stranger."""
    a, b = await box.pair()
    rng = random.Random(1)
    with stranger(box) as link:
        for size in (0, 1, 11, 12, 19, 20, 21, 100, 1499, 2049, 9000):
            for _ in range(100):
                link.send(rng.randbytes(size))
        for first in range(256):
            link.send(bytes([first]) + os.urandom(40))
    await still_talks(a, b)
    assert box.heard_of("peer_state")[-1].state == "connected"


async def test_junk_from_a_participants_own_address(box):
    a, b = await box.pair()
    rng = random.Random(2)
    for _ in range(50):
        for size in (0, 1, 13, 40, 1200):
            a.send(rng.randbytes(size))
            a.send(bytes([rng.randrange(128, 192)]) + rng.randbytes(size))
    await still_talks(a, b)


async def test_a_forged_alert_before_the_handshake(box):
    """G2: DTLS from an address without a valid check is dropped."""
    phone = await box.phone("a", connect=False)
    with stranger(box) as link:
        for _ in range(100):
            link.send(FORGED_ALERT)
        await phone.connect()
        link.send(FORGED_ALERT)
    await eventually(lambda: box.relay.peer("a").state == "connected")
    assert box.counters["unknown_sender"] >= 100


async def test_everybody_connects_under_forged_alerts(box):
    """G2 again, before each of twenty handshakes, also from the browser's own address."""
    with stranger(box) as link:
        for number in range(20):
            phone = await box.phone(f"p{number}", connect=False)
            link.send(FORGED_ALERT)
            phone.send(FORGED_ALERT)  # no check has come from there yet
            await phone.connect()
            await eventually(lambda n=number: box.relay.peer(f"p{n}").state == "connected")
            box.relay.remove_peer(f"p{number}")
    assert box.counters["unknown_sender"] >= 40


async def test_an_alert_that_is_not_authenticated_ends_nothing(box):
    a, b = await box.pair()
    for _ in range(20):
        a.send(FORGED_ALERT)
    await still_talks(a, b)


async def test_ten_thousand_ssrcs(box):
    """G3: only a few unknown streams are ever decrypted, and tables stay small."""
    a, b = await box.pair()
    plane = box.service.plane
    for index in range(2_000):
        a.send_media("microphone", b"x", number=1, ssrc=1_000_000 + index)
        if index % 100 == 99:
            count = index - 15 - 100
            await eventually(lambda n=count: box.counters["unknown_ssrc"] >= n)
    transport = box.relay.peer("a").transport
    assert len(transport.by_ssrc) == 3
    assert len(transport.strange_ssrcs) <= 16
    await still_talks(a, b)
    assert plane.forwarded > 0


async def test_many_ssrcs_of_packets_that_are_given_up(box):
    """G3: a stream costs libsrtp as much when its packet is malformed, or over the budget."""
    a, b = await box.pair()
    transport = box.relay.peer("a").transport
    for index in range(200):  # a contributing source: authenticated, and laid out by nobody
        head = b"\x81\x6f\x00\x01" + bytes(4) + (1_000_000 + index).to_bytes(4)
        a.send_protected(head + bytes(20))
    await eventually(lambda: box.counters["unknown_ssrc"] >= 184)
    assert box.counters["datagram_failed"] == 16 == len(transport.strange_ssrcs)
    b_transport = box.relay.peer("b").transport
    b_transport.may_take_packet = lambda _: False  # its budget is used up
    b_transport.packets_left = 0
    for index in range(200):
        b.send_media("microphone", b"x", number=1, ssrc=2_000_000 + index)
    await eventually(lambda: box.counters["unknown_ssrc"] >= 368)
    assert box.counters["over_budget"] == 16 == len(b_transport.strange_ssrcs)
    del b_transport.may_take_packet
    await still_talks(a, b)


async def test_reports_under_many_ssrcs(box):
    a, b = await box.pair()
    for index in range(200):
        a.send_rtcp(b"\x80\xc9\x00\x01" + (5_000_000 + index).to_bytes(4))
    await eventually(lambda: box.counters["unknown_ssrc"] >= 100)
    assert len(box.relay.peer("a").transport.reporting_ssrcs) <= 32
    await still_talks(a, b)


async def test_malformed_media_after_srtp(box):
    """G4: authenticated, and wrong inside."""
    a, b = await box.pair()
    rng = random.Random(4)
    ssrc = a.ssrc["camera"].to_bytes(4)
    for number in range(400):
        head = bytes([0x80 | rng.choice((0x10, 0x30, 0x20, 0x05, 0x1F)), rng.choice((96, 97, 0))])
        body = b"\xbe\xde" + rng.randbytes(rng.randrange(2, 60))
        a.send_protected(head + number.to_bytes(2) + bytes(4) + ssrc + body)
    await still_talks(a, b)


async def test_malformed_reports_after_srtp(box):
    a, b = await box.pair()
    rng = random.Random(5)
    for _ in range(400):
        kind = rng.choice((200, 201, 202, 203, 204, 205, 206, 207))
        words = rng.randrange(1, 12)
        body = rng.randbytes(4 * words - 4)
        claimed = rng.choice((words, words, words + 3, 0xFFFF))
        head = bytes([0x80 | rng.randrange(32), kind]) + claimed.to_bytes(2) + b"\0\0\0\1"
        a.send_rtcp(head + body)
        remb = b"\x8f\xce\x00\x05\0\0\0\1\0\0\0\0REMB" + bytes([255]) + rng.randbytes(7)
        a.send_rtcp(remb)
    await still_talks(a, b)


async def test_malformed_checks(box):
    a, b = await box.pair()
    message = stun.Message(
        stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": f"{a.remote_ufrag}:x"}
    )
    message.add_message_integrity(a.remote_password.encode())
    good = bytes(message)
    rng = random.Random(6)
    with stranger(box) as link:
        for _ in range(500):
            bad = bytearray(good)
            for at in rng.sample(range(len(bad) - 8), rng.randrange(1, 4)):  # what is signed
                bad[at] ^= rng.randrange(1, 256)
            link.send(bytes(bad))
    await still_talks(a, b)
    assert len(box.relay.peer("a").transport.ice.paths) == 1


async def test_a_switch_of_the_payload_type_is_dropped(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True), payload_type=111)
    a.send_media("microphone", b"x", payload_type=96)
    await eventually(lambda: box.counters["unknown_payload_type"] == 2)
    await still_talks(a, b)


async def test_a_jump_of_numbers_asks_for_a_key_frame_and_not_for_all(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True), number=1)
    a.send_media("camera", vp8(2, keyframe=False), number=30_000)
    source = box.relay.peer("a").sources["camera"]
    await eventually(lambda: source.highest % 65536 == 30_000)
    assert source.missing == {}
    assert source.keyframe_wanted
    assert len(source.seen) == RING
    await still_talks(a, b)


async def test_jumps_of_numbers_do_not_end_the_stream(box):
    """SRTP guesses its rollover counter from the last number that it has seen."""
    a, b = await box.pair()
    for number in (1, 30_000, 60_000, 24_000, 54_000, 54_001):
        a.send_media("microphone", b"x", number=number)
    a.send_media("microphone", b"end", number=54_002)
    await eventually(lambda: b.received and b.received[-1].payload == b"end")
    numbers = [packet.number for packet in b.received]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert box.counters["protect_refused"] == 0


async def test_a_flood_of_one_participant_has_a_budget(box):
    a, b = await box.pair()
    for _ in range(200):
        for _ in range(50):
            a.send_media("microphone", b"f" * 50)
        await asyncio.sleep(0)  # the relay shares this loop
        if box.counters["over_budget"]:
            break
    assert box.counters["over_budget"] > 0
    b.send_media("microphone", b"unharmed")
    await eventually(lambda: a.received)


async def test_a_flood_of_reports_has_a_budget(box):
    a, b = await box.pair()
    a.send_media("camera", vp8(1, keyframe=True))
    await eventually(lambda: b.received)
    first = b.received[0]
    for _ in range(20):
        for _ in range(50):
            b.send_rtcp(rtcp.nack(first.ssrc, range(first.number, first.number + 256)))
        await asyncio.sleep(0)
    await eventually(lambda: box.counters["over_budget"] > 500)
    await still_talks(a, b)


async def test_packets_that_do_not_authenticate_use_up_nobodys_budget(box):
    """Somebody who can write another's address on packets must not silence them."""
    a, b = await box.pair()
    forged = b"\x80\x6f" + bytes(6) + a.ssrc["microphone"].to_bytes(4) + bytes(60)
    for _ in range(80):
        for _ in range(50):
            a.send(forged)
        await asyncio.sleep(0)
    for ssrc in range(40):
        a.send(forged[:8] + (9_000 + ssrc).to_bytes(4) + bytes(60))
    await eventually(lambda: box.counters["unprotect_refused"] > 3_000)
    assert box.counters["over_budget"] == 0
    assert box.relay.peer("a").transport.strange_ssrcs == set()
    await still_talks(a, b)


async def test_a_strangers_check_is_dropped_before_it_is_parsed(box, monkeypatch):
    a, b = await box.pair()
    request = stun.Message(
        stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "nobody:x"}
    )
    request.add_message_integrity(b"guess")
    with monkeypatch.context() as patched:
        patched.setattr(ice_lite, "parse_check", None)  # calling it would be counted as a failure
        with stranger(box) as link:
            link.send(bytes(request))
        await eventually(lambda: box.counters["refused_check"] == 1)
    assert box.counters["datagram_failed"] == 0
    await still_talks(a, b)


def test_reading_the_name_in_a_check_raises_nothing():
    rng = random.Random(8)
    for size in range(200):
        ice_lite.asked_ufrag(rng.randbytes(size))
        assert len(ice_lite.asked_ufrag(bytes(20) + b"\0\6\xff\xff" + rng.randbytes(size))) <= size


async def test_forged_senders_are_not_reflected_at(box):
    """At most one short refusal a second to an address."""
    with stranger(box) as link:
        link.setblocking(False)
        request = stun.Message(
            stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "nobody:x"}
        )
        request.add_message_integrity(b"guess")
        for _ in range(50):
            link.send(bytes(request))
        await eventually(lambda: box.counters["refused_check"] == 50)
        answer = link.recv(1500)
        assert len(answer) <= 2 * len(bytes(request))
        try:
            link.recv(1500)
        except BlockingIOError:
            return
        raise AssertionError("a second refusal within a second")
