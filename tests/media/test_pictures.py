"""When a picture is held back and when it is tried again, by the clock."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from appliance.relay import padding
from appliance.relay.batch import Batch
from appliance.relay.congestion import ALONE_LEAST_KBPS, SHARED_LEAST_KBPS, STEP_S, DownlinkLimit
from appliance.relay.control import TrackKind
from appliance.relay.pictures import FIRST_PAUSE_S, LONGEST_PAUSE_S, SETTLE_S, Pictures, route
from appliance.relay.streams import BrowserSink, Source

TICKS = 6  # of upkeep in a step


class Receiver:
    """Sections of ``slots`` slots, each showing a camera, on a line of ``kbps``.

    The line's signs are made up: of more than it carries it loses, and is told a second later.
    """

    def __init__(self, slots=1, kbps=2000.0, sent_kbps=1000.0, shared=False, steered=True):
        self.kbps = kbps
        self.picture_kbps = sent_kbps
        self.transport = SimpleNamespace(
            batch=Batch(), send_rtp=self._padded, protect_context=None, downlink=DownlinkLimit()
        )
        self.sinks = [
            BrowserSink(kind, 1, 2, self.transport) for _ in range(slots) for kind in TrackKind
        ]
        self.cameras = [Source(TrackKind.CAMERA, lambda _: None) for _ in range(slots)]
        for slot, source in enumerate(self.cameras):
            source.receivers = 2 if shared else 1
            source.kbps = sent_kbps
            source.steered = steered
            route(self.sinks[3 * slot + 1], source)
        self.pictures = Pictures(self.sinks, self.transport.downlink)
        self.now_s = 100.0
        self.padding = []
        self.lossy = 0.0  # whatever is sent
        self.reports = True
        self.changes = []

    def _padded(self, _, length):
        self.padding.append(self.now_s)

    def shown(self):
        return [i // 3 for i, sink in enumerate(self.sinks) if sink.source is not None]

    def pass_s(self, seconds):
        for _ in range(round(seconds / STEP_S)):
            sent_kbps = self._send()
            carried = min(self.kbps / sent_kbps, 1.0) if sent_kbps else 1.0
            if self.reports:
                self.transport.downlink.lost(1 - carried * (1 - self.lossy))
            before = len(self.pictures.paused())
            self.transport.downlink.step(self._sent())
            self.pictures.step(self.now_s)
            if len(self.pictures.paused()) != before:
                self.changes.append((self.now_s, len(self.pictures.paused())))
        return self.pictures.paused()

    def _sent(self):
        return sum(sink.octets + sink.padded for sink in self.sinks)

    def _send(self):
        """Half a second of what the senders were told, and of padding; its kbit/s."""
        before = self._sent()
        for sink in self.sinks:
            if sink.source is not None:
                least = SHARED_LEAST_KBPS if sink.source.receivers > 1 else 0
                told = max(self.transport.downlink.kbps, least)
                if not told or not sink.source.steered:
                    told = self.picture_kbps
                kbps = min(told, self.picture_kbps)
                sink.octets += int(kbps * 1000 / 8 * STEP_S)
        for _ in range(TICKS):
            self.now_s += STEP_S / TICKS
            self.pictures.pour(self.now_s)
        return (self._sent() - before) * 8 / 1000 / STEP_S


def test_it_works():
    """A line that breaks down and recovers: no picture, then the picture again."""
    one = Receiver()
    assert one.pass_s(5) == []
    one.kbps = 40
    assert [(p.slot, p.kind) for p in one.pass_s(15)] == [(0, "camera")]
    one.kbps = 2000
    assert one.pass_s(LONGEST_PAUSE_S) == []
    assert [count for _, count in one.changes] == [1, 0]
    assert one.transport.downlink.kbps >= ALONE_LEAST_KBPS or not one.transport.downlink.kbps


def test_a_line_that_carries_a_small_picture_keeps_it():
    one = Receiver(kbps=300)
    assert one.pass_s(60) == []
    assert one.changes == []


def test_pauses_become_longer_while_the_line_stays_bad():
    one = Receiver(kbps=40)
    one.pass_s(240)
    assert one.changes[0][1] == 1
    assert len(one.changes) == 1  # padding found out, no picture flickered
    bursts = [b for a, b in pairwise([0, *one.padding]) if b - a > 3]
    gaps = [b - a for a, b in pairwise(bursts)]
    assert bursts[0] - one.changes[0][0] == pytest.approx(FIRST_PAUSE_S, abs=1)
    assert gaps == sorted(gaps)
    assert gaps[-1] == pytest.approx(LONGEST_PAUSE_S, abs=2)
    assert len(one.padding) * padding.WIRE_BYTES < 240 * 1000  # 1 kB a second at most


def test_a_line_for_two_of_five_shows_two():
    one = Receiver(slots=5, kbps=2 * SHARED_LEAST_KBPS + 300, shared=True)
    one.pass_s(60)
    assert one.shown() == [0, 1]
    one.kbps = 20_000
    one.pass_s(120)
    assert one.shown() == [0, 1, 2, 3, 4]


def test_small_pictures_need_less():
    """Five of 200 kbit/s, half of which is lost; and for a third, more than it needs is tried."""
    one = Receiver(slots=5, kbps=500, sent_kbps=200, shared=True)
    one.pass_s(60)
    assert one.shown() == [0, 1]


def test_an_estimate_that_falls_now_and_then_pauses_nothing():
    one = Receiver(slots=5, kbps=9000, sent_kbps=400, shared=True)
    for _ in range(20):
        one.transport.downlink.estimated(2500)
        one.pass_s(1)
        one.transport.downlink.estimated(1900)
        assert one.pass_s(3) == []


def test_a_line_that_loses_packets_anyway_gets_its_picture_back():
    one = Receiver(kbps=40)
    one.pass_s(15)
    one.kbps, one.sinks[0].loss, one.lossy = 2000, 0.2, 0.2
    assert one.pass_s(LONGEST_PAUSE_S) == []


def test_a_route_waits_and_its_end_ends_the_waiting():
    one = Receiver(kbps=40)
    one.pass_s(15)
    sink, other = one.sinks[1], Source(TrackKind.CAMERA, lambda _: None)
    route(sink, other)
    assert (sink.source, sink.paused) == (None, other)
    route(sink, None)
    assert one.pictures.paused() == []
    route(sink, other)
    assert sink.source is other
    sink.attach(None)
    sink.paused = other
    one.pictures.forget([other])
    assert one.pass_s(SETTLE_S) == []


def test_a_picture_that_cannot_become_smaller_is_held_back_on_a_line_for_half_of_it():
    """The analyser's: it goes on with 900 kbit/s whatever anybody says."""
    one = Receiver(kbps=450, sent_kbps=900, steered=False)
    assert len(one.pass_s(15)) == 1
    one.pass_s(LONGEST_PAUSE_S)
    assert [count for _, count in one.changes] == [1]  # padding found out, no picture flickered
    one.kbps = 2000
    assert one.pass_s(2 * LONGEST_PAUSE_S) == []


def test_without_a_report_nobody_knows_that_the_line_carries_a_picture_again():
    one = Receiver(kbps=40)
    one.pass_s(15)
    one.kbps, one.reports = 2000, False
    assert len(one.pass_s(LONGEST_PAUSE_S)) == 1
    one.reports = True
    assert one.pass_s(2 * LONGEST_PAUSE_S) == []
