"""A clock that moves when a test says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class HandClock:
    """Call it for the time; ``forward`` moves it."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> datetime:
        """Moves on by ``timedelta(**delta)`` and gives the new time."""
        self.now += timedelta(**delta)
        return self.now
