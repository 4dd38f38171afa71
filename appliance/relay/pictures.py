"""A line that cannot carry a picture gets none; its sound goes on, and it is tried again.

One receiver's pictures, judged every half second after ``congestion`` has judged its line. What is
held back is not forgotten: the sink keeps the source that it would show. Before a picture comes
back, as much padding is sent as it will need at least: a page that says "your connection is slow"
must not show a picture for two seconds in between.
"""

from __future__ import annotations

from typing import Final

from appliance.relay import padding
from appliance.relay.congestion import (
    ALONE_LEAST_KBPS,
    HEAVY_LOSS,
    SHARED_LEAST_KBPS,
    UNBEARABLE_LOSS,
    DownlinkLimit,
)
from appliance.relay.control import PausedPicture, TrackKind
from appliance.relay.sdp import SENT_SECTIONS
from appliance.relay.streams import BrowserSink, Sink, Source

SIGNS: Final = 3  # of a line too narrow for its pictures, before one is held back
SIGN_LASTS_S: Final = 2.5  # on a good line an estimate falls now and then
SETTLE_S: Final = 2.0  # what was under way is still reported as lost
FIRST_PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 60.0
GOOD_FOR_S: Final = 30.0  # then the next pause is a short one again
PROBE_S: Final = 2.0
PROBE_SHARE: Final = 1.2  # of what a picture needs at least
REPORTED_S: Final = 1.5  # after the end of a probe, until the last report about it
CATCH_UP_S: Final = 0.2
SEVERAL: Final = 2


def route(sink: Sink, source: Source | None) -> None:
    """Joins them, unless the receiver's line is too slow: then later. None ends the waiting."""
    if isinstance(sink, BrowserSink) and sink.paused is not None:
        sink.paused = source
    elif sink.source is not source:
        sink.attach(source)


class Pictures:
    """What one receiver is shown, and what not."""

    def __init__(self, sinks: list[BrowserSink], downlink: DownlinkLimit) -> None:
        self._sinks = sinks
        self._downlink = downlink
        self._signs = 0
        self._sign_at_s = 0.0
        self._deaf_until_s = 0.0
        self._pause_s = FIRST_PAUSE_S
        self._try_at_s = 0.0
        self._probe: Probe | None = None
        self.told: list[PausedPicture] = []  # what web knows

    def paused(self) -> list[PausedPicture]:
        """By slot and kind."""
        return [
            PausedPicture(slot=index // SENT_SECTIONS, kind=sink.kind)
            for index, sink in enumerate(self._sinks)
            if sink.paused is not None
        ]

    def forget(self, sources: list[Source]) -> None:
        """Their sender has gone."""
        for sink in self._sinks:
            if sink.paused in sources:
                sink.paused = None

    def step(self, now_s: float) -> None:
        """Every half second."""
        shown = [sink for sink in self._sinks if sink.is_video and sink.source is not None]
        held = [sink for sink in self._sinks if sink.paused is not None]
        if self._probe is not None:
            self._judge_probe(self._probe, shown, now_s)
        elif now_s >= self._deaf_until_s:
            self._judge(shown, now_s)
        if held and self._probe is None and now_s >= self._try_at_s:
            first = min(held, key=_importance)
            kbps = _needed_kbps(first) * PROBE_SHARE
            before = (self._loss_of_sound(), self._downlink.reports)
            self._probe = Probe(first, kbps, *before, now_s)

    def pour(self, now_s: float) -> None:
        """Every tick: the padding that is due."""
        if self._probe is not None:
            self._probe.pour(now_s)

    # ---- down ------------------------------------------------------------------------------------
    def _judge(self, shown: list[BrowserSink], now_s: float) -> None:
        downlink = self._downlink
        enough = not downlink.kbps or downlink.kbps >= sum(map(_needed_kbps, shown))
        if not shown or enough or now_s - self._sign_at_s > SIGN_LASTS_S:
            self._signs = 0
        if shown and not enough and self._shows_a_sign():
            self._signs += 1
            self._sign_at_s = now_s
        if self._signs >= SIGNS:
            self._hold_back(shown)
            self._back_off(now_s)

    def _shows_a_sign(self) -> bool:
        return self._downlink.has_fallen or self._downlink.mean_loss > UNBEARABLE_LOSS

    def _hold_back(self, shown: list[BrowserSink]) -> None:
        """As many as do not fit, and one at least."""
        downlink = self._downlink
        left_kbps = min(downlink.kbps, downlink.sent_kbps * (1 - downlink.mean_loss))
        fitting = 0
        for sink in sorted(shown, key=_importance):
            left_kbps -= _needed_kbps(sink)
            if left_kbps >= 0 and fitting < len(shown) - 1:
                fitting += 1
                continue
            sink.paused = sink.source
            sink.attach(None)

    def _loss_of_sound(self) -> float:
        """A line may lose packets whatever it carries; that keeps no picture away."""
        return max((sink.loss for sink in self._sinks if not sink.is_video), default=0.0)

    def _back_off(self, now_s: float) -> None:
        if now_s - self._try_at_s > GOOD_FOR_S:
            self._pause_s = FIRST_PAUSE_S
        self._signs, self._probe = 0, None
        self._deaf_until_s = now_s + SETTLE_S
        self._try_at_s = now_s + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)

    # ---- and up again ----------------------------------------------------------------------------
    def _judge_probe(self, probe: Probe, shown: list[BrowserSink], now_s: float) -> None:
        source = probe.sink.paused
        if source is None:  # not wanted any more
            self._probe = None
        elif self._downlink.has_fallen or self._downlink.loss > probe.loss_before + HEAVY_LOSS:
            self._back_off(now_s)
        elif now_s - probe.began_at_s < PROBE_S + REPORTED_S:
            pass
        elif self._downlink.reports == probe.reports_before:  # nothing is known of it
            self._back_off(now_s)
        else:
            self._probe = None
            self._deaf_until_s = self._try_at_s = now_s + SETTLE_S
            probe.sink.paused = None
            probe.sink.attach(source)
            self._downlink.begin_at(sum(map(_needed_kbps, [*shown, probe.sink])))


class Probe:
    """Padding in the place of a picture, for a moment."""

    def __init__(
        self,
        sink: BrowserSink,
        kbps: float,
        loss_before: float,
        reports_before: int,
        now_s: float,
    ) -> None:
        self.sink = sink
        self.loss_before = loss_before
        self.reports_before = reports_before
        self.began_at_s = self._poured_at_s = now_s
        self._bytes_per_s = kbps * 1000 / 8
        self._owed = 0.0

    def pour(self, now_s: float) -> None:
        """What is due since the last time; a late tick makes good for little."""
        passed_s = min(now_s - self._poured_at_s, CATCH_UP_S)
        self._poured_at_s = now_s
        if now_s - self.began_at_s > PROBE_S or self.sink.paused is None:
            return
        self._owed += passed_s * self._bytes_per_s
        while self._owed >= padding.WIRE_BYTES and padding.pad(self.sink):
            self._owed -= padding.WIRE_BYTES


def _importance(sink: BrowserSink) -> bool:
    """What is shown first sorts first: a screen, then the slots in their order."""
    return sink.kind is not TrackKind.SCREEN


def _needed_kbps(sink: BrowserSink) -> float:
    """What its picture needs at least: one that nobody else receives becomes smaller.

    What an analyser sends never does.
    """
    source = sink.source or sink.paused
    if source is not None and not source.steered:
        return max(source.kbps, ALONE_LEAST_KBPS)
    if source is None or source.receivers < SEVERAL:
        return ALONE_LEAST_KBPS
    return min(max(source.kbps, ALONE_LEAST_KBPS), SHARED_LEAST_KBPS)
