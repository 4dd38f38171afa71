"""A load peer without a handshake, for the raw forwarder: both ends know the keys."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from pylibsrtp import Policy

from appliance.relay.srtp import SrtpSession
from tests.media.relay_bench.leg import Leg

KEY_BYTES = 44


class PlainLeg(Leg):
    """Sends encrypted packets like the others; the forwarder knows it by its address."""

    @staticmethod
    def pair(host: str, server: tuple[str, int]) -> list[PlainLeg]:
        """Two ends whose packets each other can read."""
        profile = Policy.SRTP_PROFILE_AEAD_AES_256_GCM
        keys = [secrets.token_bytes(KEY_BYTES) for _ in range(2)]
        legs = []
        for own, other in (keys, keys[::-1]):
            leg = PlainLeg(host)
            leg.relay_address = server
            into = SrtpSession(other, profile, inbound=True)
            leg._keys = (into, SrtpSession(own, profile, inbound=False))
            legs.append(leg)
        return legs

    def check(self, **_: Any) -> None:
        """Nothing to check."""

    def hand_over(self) -> int:
        """Nothing was reading yet."""
        asyncio.get_running_loop()
        self.socket.connect(self.relay_address)
        return self.socket.fileno()
