"""Media from unknown addresses: whose are they? A browser's, perhaps, whose address has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from appliance.relay.srtp import PacketBuffer
from appliance.relay.transport import BrowserTransport

PAUSE_S: Final = 0.05  # between two trials, whoever sends how much


class Strays:
    """Tries keys, twenty times a second in all."""

    def __init__(self) -> None:
        self.tried_at_s = 0.0

    def owner(
        self,
        transports: Iterable[BrowserTransport],
        received: PacketBuffer,
        length: int,
        now_s: float,
    ) -> BrowserTransport | None:
        """Who sent the datagram in hand: its stream is known, its path silent, and the key fits.

        Whoever is muted sends reports alone, and all browsers report under the same SSRC.
        """
        if now_s - self.tried_at_s < PAUSE_S:
            return None
        view = received.view
        report = 192 <= view[1] <= 223
        ssrc = int.from_bytes(view[4:8] if report else view[8:12])
        asked = [each for each in set(transports) if _may_have_moved(each, ssrc, report, now_s)]
        if asked:  # junk of strangers, under no number of ours, must not use up the trials
            self.tried_at_s = now_s
        datagram = bytes(view[:length])  # a key that does not fit spoils it
        for transport in asked:
            inbound = transport.inbound
            view[:length] = datagram
            if inbound is None:
                continue
            take = inbound.unprotect_rtcp if report else inbound.unprotect
            if take(received, length):
                return transport
        return None


def _may_have_moved(transport: BrowserTransport, ssrc: int, report: bool, now_s: float) -> bool:
    known = transport.reporting_ssrcs if report else transport.by_ssrc
    return ssrc in known and transport.inbound is not None and transport.ice.is_silent(now_s)
