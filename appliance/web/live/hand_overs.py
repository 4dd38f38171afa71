"""Half-done checks on their way from one device to another: secrets in memory, for minutes.

The code is on the screen of whoever holds the visit, so whoever opens it is the same person: it
stands for the browser's own access, and no second factor is asked again. Decision 072.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

LIVES_S = 300.0  # own: time to find the phone and to open its camera


@dataclass(frozen=True, slots=True)
class _Offer:
    secret: str
    until_s: float


class HandOvers:
    """At most one offer per visit; ``now_s`` is monotonic."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._offers: dict[str, _Offer] = {}
        self._moved: set[str] = set()

    def offer(self, visit_id: str) -> str:
        """A new secret; one offered before is worth nothing any more."""
        now_s = self._now_s()
        self._offers = {of: one for of, one in self._offers.items() if one.until_s > now_s}
        secret = secrets.token_urlsafe(32)
        self._offers[visit_id] = _Offer(secret, now_s + LIVES_S)
        return secret

    def revoke(self, visit_id: str) -> None:
        """The first device goes on by itself, or the visit is over."""
        self._offers.pop(visit_id, None)

    def take(self, secret: str) -> str | None:
        """The visit that the secret moves, once; None when it is unknown, used, or too old."""
        found = None
        for visit_id, one in self._offers.items():  # all of them, whichever it is
            if hmac.compare_digest(one.secret.encode(), secret.encode(errors="replace")):
                found = visit_id
        if found is None or self._offers.pop(found).until_s <= self._now_s():
            return None
        return found

    def moved(self, visit_id: str) -> bool:
        """Whether idle windows of this visit were left for another device."""
        return visit_id in self._moved

    def note_moved(self, visit_id: str) -> None:
        """The other device has taken over."""
        self._moved.add(visit_id)

    def came_back(self, visit_id: str) -> bool:
        """A window takes the visit back; whether it had been moved."""
        moved = visit_id in self._moved
        self._moved.discard(visit_id)
        return moved

    def forget(self, visit_id: str) -> None:
        """The visit has ended."""
        self.revoke(visit_id)
        self._moved.discard(visit_id)
