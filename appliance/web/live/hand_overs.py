"""Half-done checks on their way from one device to another: secrets in memory, for minutes.

The code is on the screen of whoever holds the visit, so whoever opens it is the same person: it
stands for the browser's own access, and no second factor is asked again. Decision 072.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LIVES_S = 300.0  # own: time to find the phone and to open its camera


@dataclass(frozen=True, slots=True)
class _Offer:
    secret: str
    until_s: float


def device_of(access: str) -> str:
    """Tells browsers apart by the visit's secret in their cookie, without keeping the secret."""
    return hashlib.sha256(access.encode(errors="replace")).hexdigest()[:16] if access else ""


class HandOvers:
    """At most one offer per visit; ``now_s`` is monotonic."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._offers: dict[str, _Offer] = {}
        self._moving: set[str] = set()
        self._place: dict[str, str] = {}  # of visits that were ever moved: where they are now

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

    @contextmanager
    def on_the_way(self, visit_id: str) -> Iterator[None]:
        """Between the code and the other device: the first one must not finish the check now."""
        self._moving.add(visit_id)
        try:
            yield
        finally:
            self._moving.discard(visit_id)

    def moving(self, visit_id: str) -> bool:
        """Whether another device is just taking over."""
        return visit_id in self._moving

    def left(self, visit_id: str, device: str) -> bool:
        """Whether the visit has gone on to another device than this one."""
        return self._place.get(visit_id, device) != device

    def place(self, visit_id: str) -> str:
        """The device where a visit is that was moved once; empty for others."""
        return self._place.get(visit_id, "")

    def note_moved(self, visit_id: str, device: str) -> None:
        """The visit is on this device from now on."""
        self._place[visit_id] = device

    def forget(self, visit_id: str) -> None:
        """The visit has ended, or somebody has come in by the link."""
        self.revoke(visit_id)
        self._place.pop(visit_id, None)
