"""Time: one clock that is handed around, and the column type that keeps it aware and UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Clock = Callable[[], datetime]
STEP = timedelta(minutes=5)  # NTP sets a clock back by so much at most


def utcnow() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def has_been(at: datetime, now: datetime) -> bool:
    """Whether a noted time is behind us; one that is not was noted by a clock that was wrong."""
    return at <= now + STEP


class UtcDateTime(TypeDecorator[datetime]):
    """Takes aware times only, stores UTC, gives aware UTC back. ``ValueError`` for naive ones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware to naive UTC, as SQLite's text sorts."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Naive UTC to aware."""
        return None if value is None else value.replace(tzinfo=UTC)
