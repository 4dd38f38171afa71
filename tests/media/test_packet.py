"""What is read in an RTP packet, and what is refused."""

import random
import struct

import pytest

from appliance.relay import rtp
from tests.media.phone import vp8


def packet(extension=b"", payload=b"", *, first=0x90, profile=0xBEDE, words=None):
    count = len(extension) // 4 if words is None else words
    head = struct.pack("!BBHII", first, 96, 1, 2, 3)
    block = struct.pack("!HH", profile, count) + extension if first & 0x10 else b""
    return bytearray(head + block + payload)


FULL = b"\x10\x31" + b"\x22abc" + b"\x31\x01\x02" + b"\0\0\0"


def test_it_works():
    raw = packet(FULL, b"payload")
    layout = rtp.scan(raw, len(raw))
    assert bytes(raw[layout.mid_at : layout.mid_at + layout.mid_bytes]) == b"1"
    assert bytes(raw[layout.abs_send_time_at :][:3]) == b"abc"
    assert bytes(raw[layout.transport_cc_at :][:2]) == b"\1\2"
    assert bytes(raw[layout.payload_at :]) == b"payload"
    assert rtp.holds(layout, raw, len(raw))


def test_without_extensions():
    raw = packet(first=0x80, payload=b"x")
    assert rtp.scan(raw, len(raw)).payload_at == 12


@pytest.mark.parametrize(
    "raw",
    [
        packet(FULL, words=50),
        packet(b"\x1f\0\0\0"),
        packet(FULL, profile=0x1000),
        packet(first=0x91),
        packet(FULL)[:14],
    ],
)
def test_what_no_browser_sends_is_refused(raw):
    with pytest.raises(rtp.PacketInvalid):
        rtp.scan(raw, len(raw))


def test_a_known_layout_never_reaches_behind_the_packet():
    raw = packet(FULL, b"payload")
    layout = rtp.scan(raw, len(raw))
    assert not rtp.holds(layout, raw, 20)
    assert not rtp.holds(layout, packet(FULL, b"payload", profile=0x1000), len(raw))
    assert not rtp.holds(layout, packet(FULL, b"payload", first=0x92), len(raw))


@pytest.mark.parametrize(
    ("payload", "keyframe"),
    [
        (vp8(1, keyframe=True), True),
        (vp8(1, keyframe=False), False),
        (vp8(1, keyframe=True, start=False), False),
        (bytes([0x10, 0x00]), True),
        (bytes([0x10, 0x01]), False),
        (bytes([0x11, 0x00]), False),
        (bytes([0x90, 0x80, 5, 0x00]), True),
        (bytes([0x90, 0xF0, 5, 6, 7, 0x00]), True),
        (bytes([0x10]), False),
        (b"", False),
    ],
)
def test_key_frames_are_told_by_the_first_bytes(payload, keyframe):
    assert rtp.is_keyframe_start(bytearray(payload), 0, len(payload)) is keyframe


def test_random_payloads_raise_nothing_else():
    rng = random.Random(20)
    for _ in range(20_000):
        raw = bytearray(rng.randbytes(rng.randrange(0, 12)))
        rtp.is_keyframe_start(raw, 0, len(raw))
        if raw:
            try:
                rtp.vp8_numbers(raw, 0, len(raw))
            except rtp.PacketInvalid:
                continue


@pytest.mark.parametrize(
    ("number", "highest", "extended"),
    [(5, 65_540, 65_541), (65_535, 65_536, 65_535), (0, 65_535, 65_536), (40_000, 65_536, 40_000)],
)
def test_numbers_are_extended_to_the_nearest(number, highest, extended):
    assert rtp.extend(number, highest) == extended


def test_padding_is_taken_off():
    raw = packet(first=0xA0, payload=b"ab\0\0\3")
    assert rtp.payload_end(raw, len(raw), 12) == 14
    with pytest.raises(rtp.PacketInvalid):
        rtp.payload_end(packet(first=0xA0, payload=b"ab\x30"), 15, 12)
