"""When clients may come without an appointment: a span per weekday, in the agency's zone. Pure.

Kept as text, seven spans from Monday on with commas between, empty for a closed day:
"08:00-16:00,08:00-16:00,,,08:00-12:00,,".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = 7
HOURS_CHARACTERS = 83
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

Span = tuple[time, time]
Hours = tuple[Span | None, ...]


def read_hours(text: str) -> Hours:
    """What ``write_hours`` has written; empty is never open."""
    days = text.split(",") if text else [""] * DAYS
    return tuple(_span(*day.split("-")) if day else None for day in days)


def write_hours(spans: Sequence[tuple[str, str]]) -> str:
    """From the form's clock times, Monday first. ``ValueError`` holds the weekday that is wrong."""
    days = []
    for weekday, (opens, closes) in enumerate(spans):
        if not opens.strip() and not closes.strip():
            days.append("")
            continue
        try:
            begin, end = _span(opens, closes)
        except ValueError as error:
            raise ValueError(weekday) from error
        days.append(f"{begin:%H:%M}-{end:%H:%M}")
    return ",".join(days) if any(days) else ""


def open_until(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the door closes that is open now; None: it is closed."""
    today = now.astimezone(zone).date()
    found = _on(hours, today, zone)
    return found[1] if found is not None and found[0] <= now < found[1] else None


def opens_next(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a door that is closed opens; None: never."""
    today = now.astimezone(zone).date()
    days = (_on(hours, today + timedelta(days=n), zone) for n in range(DAYS + 1))
    return min((day[0] for day in days if day is not None and day[0] > now), default=None)


def closed_since(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the door last closed; None: it is open, or was not in the last week."""
    if open_until(hours, now, zone) is not None:
        return None
    today = now.astimezone(zone).date()
    days = (_on(hours, today - timedelta(days=n), zone) for n in range(DAYS + 1))
    return max((day[1] for day in days if day is not None and day[1] <= now), default=None)


def _on(hours: Hours, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    span = hours[day.weekday()]
    if span is None:
        return None
    begin, end = (datetime.combine(day, clock, zone) for clock in span)
    return begin, end


def _span(opens: str, closes: str) -> Span:
    begin, end = _clock(opens), _clock(closes)
    if begin >= end:
        raise ValueError(closes)
    return begin, end


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2]))
