"""How long things are kept. Pure: the present time is an argument."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

KEEP_DAYS = 90  # the card: personal data is deleted after 90 days
KEEP_MONTHS = 3  # the agency's notice says three months; the shorter of the two counts
PROOF_YEARS = 3  # security.md 6: proof lines hold no personal data


def cut_off(now: datetime) -> datetime:
    """What ended then or earlier must be gone: the later of 90 days and three months ago."""
    return max(now - timedelta(days=KEEP_DAYS), months_back(now, KEEP_MONTHS))


def proof_cut_off(now: datetime) -> datetime:
    """Proof lines from before then are no longer needed."""
    return months_back(now, 12 * PROOF_YEARS)


def months_back(moment: datetime, months: int) -> datetime:
    """The same day and time some months earlier, or that month's last day if it is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))
