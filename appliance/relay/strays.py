"""Media from unknown addresses: whose are they? A browser's, perhaps, whose address has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from appliance.relay.srtp import PacketBuffer
from appliance.relay.transport import BrowserTransport

PAUSE_S: Final = 0.05  # between two trials, and between two looks, whoever sends how much


class Strays:
    """Tries keys, twenty times a second in all, and looks at everybody as rarely.

    In between, a datagram of a stranger costs one look into a table, however many are connected.
    """

    def __init__(self) -> None:
        self.tried_at_s = 0.0
        self._looked_at_s = -1e9
        self._silent: dict[tuple[bool, int], list[BrowserTransport]] = {}

    def forget(self) -> None:
        """Somebody has gone: looks anew next time."""
        self._looked_at_s = -1e9
        self._silent.clear()

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
        if now_s - self._looked_at_s >= PAUSE_S:
            self._looked_at_s = now_s
            self._silent = _by_ssrc(each for each in set(transports) if _is_silent(each, now_s))
        view = received.view
        report = 192 <= view[1] <= 223
        ssrc = int.from_bytes(view[4:8] if report else view[8:12])
        known = self._silent.get((report, ssrc), [])
        asked = [each for each in known if _is_silent(each, now_s)]
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


def _is_silent(transport: BrowserTransport, now_s: float) -> bool:
    return transport.inbound is not None and transport.ice.is_silent(now_s)


def _by_ssrc(
    transports: Iterable[BrowserTransport],
) -> dict[tuple[bool, int], list[BrowserTransport]]:
    """By what they send: whether a report, and its SSRC."""
    found: dict[tuple[bool, int], list[BrowserTransport]] = {}
    for transport in transports:
        for report, known in ((False, transport.by_ssrc), (True, transport.reporting_ssrcs)):
            for ssrc in known:
                found.setdefault((report, ssrc), []).append(transport)
    return found
