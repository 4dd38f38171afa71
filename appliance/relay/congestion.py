"""A slow receiver caps its sender.

Senders are steered by transport-cc feedback, which knows only the way up to the relay. On the way
down each browser estimates for itself (REMB). Relaying that estimate as it is would starve senders,
because it hardly exceeds what has arrived so far and stands still while little arrives; so only its
falling below what is sent counts, or heavy loss. Then the senders are told a limit (REMB beside
transport-cc), which grows again until the next such sign.

Where several receive one picture, the slowest must not make it bad for all: a limit never falls
below ``SHARED_LEAST_KBPS``, and who cannot take that much is shown fewer pictures (``pictures``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from appliance.relay import rtcp
from appliance.relay.streams import BrowserSink, Source

if TYPE_CHECKING:
    from appliance.relay.transport import BrowserTransport

STEP_S: Final = 0.5
FALL: Final = 0.97  # an estimate below this share of the one before has fallen
HEAVY_LOSS: Final = 0.10  # and the answer to it: draft-ietf-rmcat-gcc-02, section 6
UNBEARABLE_LOSS: Final = 0.40  # no picture comes through; with less, what is lost is sent again
LOSS_FOLLOWS: Final = 0.3  # with each report: of a small picture it tells of a dozen packets
GROWTH_PER_STEP: Final = 1.06
LEAST_KBPS: Final = 100
ALONE_LEAST_KBPS: Final = 150  # a picture worth having, where nobody else suffers from it
SHARED_LEAST_KBPS: Final = 700  # 640x360, good
FREE_KBPS: Final = 4000  # a limit that has grown to this is lifted
LIFTED_BITS_PER_S: Final = 50_000_000


class DownlinkLimit:
    """What one receiver can take; ``kbps`` is 0 while no limit is known."""

    __slots__ = (
        *("_fell", "_loss", "_octets", "_reported", "deaf_steps", "estimate_kbps"),
        *("has_fallen", "kbps", "loss", "mean_loss", "reports", "sent_kbps"),
    )

    def __init__(self) -> None:
        self.kbps = 0.0
        self.sent_kbps = 0.0
        self.estimate_kbps = 0.0
        self.has_fallen = False  # in the last step, below what was sent
        self.loss = 0.0  # in the last step, of pictures
        self.mean_loss = 0.0
        self.reports = 0  # about pictures, ever
        self.deaf_steps = 0  # while a line is tested, its strain says nothing about pictures
        self._fell = False
        self._loss = 0.0
        self._reported = False
        self._octets = 0

    def estimated(self, kbps: float) -> None:
        """The receiver's own estimate has come."""
        self._fell = self._fell or kbps < FALL * self.estimate_kbps
        self.estimate_kbps = kbps

    def lost(self, share: float) -> None:
        """A receiver report about a picture has come; ``share`` from 0 to 1."""
        self._loss = max(self._loss, share)
        self._reported = True
        self.reports += 1

    def step(self, octets: int) -> None:
        """Half a second has passed; ``octets`` have been sent in all."""
        sent_kbps = max(octets - self._octets, 0) * 8 / 1000 / STEP_S
        self._octets = octets
        self.sent_kbps += (sent_kbps - self.sent_kbps) * 0.5
        fell, loss = self._fell, self._loss
        if self._reported:
            self.mean_loss += (loss - self.mean_loss) * LOSS_FOLLOWS
        self._fell, self._loss, self._reported = False, 0.0, False
        self.has_fallen, self.loss = False, 0.0
        if self.deaf_steps:
            self.deaf_steps -= 1
            return
        self.has_fallen = fell and self.estimate_kbps < self.sent_kbps
        self.loss = loss
        if self.has_fallen:
            self._lower(self.estimate_kbps)
        elif loss > HEAVY_LOSS:
            self._lower(self.sent_kbps * (1 - loss / 2))
        elif self.kbps:
            self.kbps *= GROWTH_PER_STEP
            if self.kbps > FREE_KBPS:
                self.kbps = 0.0

    def begin_at(self, kbps: float) -> None:
        """A picture is tried again with so much for all."""
        self.kbps = min(kbps, self.kbps or kbps)

    def _lower(self, kbps: float) -> None:
        self.kbps = max(min(kbps, self.kbps or kbps), LEAST_KBPS)


def step(transports: Iterable[BrowserTransport], sources: Iterable[Source]) -> None:
    """Every half second: judges each receiver, measures each source, then tells each sender."""
    everyone = list(transports)
    held: Counter[Source] = Counter()
    for transport in everyone:
        transport.downlink.step(sum(sink.octets + sink.padded for sink in transport.sinks))
        held.update(sink.paused for sink in transport.sinks if sink.paused is not None)
    for source in sources:
        if source.is_video and source.ssrc:
            _measure(source, held[source])
    for transport in everyone:
        for source in transport.sources.values():
            if source.is_video and source.ssrc:
                _tell(transport, source, held[source])


def _measure(source: Source, held: int) -> None:
    receivers = sum(isinstance(sink, BrowserSink) for sink in source.sinks)
    source.receivers = receivers + held
    kbps = (source.octets - source.octets_before) * 8 / 1000 / STEP_S
    source.octets_before = source.octets
    source.kbps += (kbps - source.kbps) * 0.5


def _tell(sender: BrowserTransport, source: Source, held: int) -> None:
    """Sends the limit, and once more when it is lifted."""
    limits = [_share_kbps(sink) for sink in source.sinks if isinstance(sink, BrowserSink)]
    if held and not limits:
        limits = [ALONE_LEAST_KBPS]  # it begins again with little
    least_kbps = SHARED_LEAST_KBPS if source.receivers > 1 else 0.0
    known = [max(kbps, least_kbps) for kbps in limits if kbps]
    if known:
        source.limited = True
        sender.send_rtcp(rtcp.bitrate_limit(int(min(known) * 1000), [source.ssrc]))
    elif source.limited:
        source.limited = False
        sender.send_rtcp(rtcp.bitrate_limit(LIFTED_BITS_PER_S, [source.ssrc]))


def _share_kbps(sink: BrowserSink) -> float:
    """The receiver's limit, shared between the pictures that it receives."""
    transport = sink.transport
    pictures = sum(1 for other in transport.sinks if other.is_video and other.source is not None)
    return transport.downlink.kbps / max(pictures, 1)
