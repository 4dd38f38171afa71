"""Counts checks and their causes by week and site, and shows them without small numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import Session, col, select

from appliance.statistics.models import CODE_MAX_LENGTH, SITE_MAX_LENGTH, CheckCount
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database

CHECKS = ""  # the row that counts the checks themselves
SMALLEST = 5  # own, as official statistics do: fewer could be somebody
KEPT_WEEKS = 104  # own: two years show what a change of the network has brought
SHOWN_WEEKS = 12


@dataclass(frozen=True, slots=True)
class CauseCount:
    """One row: ``count`` is None for fewer than ``SMALLEST``."""

    cause: str
    count: int | None


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """A week at a site. With too few ``checks`` (None) no cause is named at all."""

    week_on: date
    site: str
    checks: int | None
    causes: tuple[CauseCount, ...]


class CheckStatistics:
    """Of one box: its ``site`` is a setting. Raises ``DatabaseError``."""

    def __init__(
        self, database: Database, site: str, zone: ZoneInfo, clock: Clock = utcnow
    ) -> None:
        self._database = database
        self._site = site[:SITE_MAX_LENGTH]
        self._zone = zone
        self._clock = clock

    async def count(self, causes: Iterable[str]) -> None:
        """One check has ended with these causes left; each counts once. Old weeks are dropped."""
        await self._add([CHECKS, *_codes(causes)])

    async def count_later(self, causes: Iterable[str]) -> None:
        """The check itself has been counted, and these have been found since."""
        await self._add(_codes(causes))

    async def _add(self, codes: list[str]) -> None:
        week_on = week_of(self._clock(), self._zone)

        def work(session: Session) -> None:
            oldest = week_on - timedelta(weeks=KEPT_WEEKS)
            session.execute(delete(CheckCount).where(col(CheckCount.week_on) < oldest))
            for cause in codes:
                _add_one(session, week_on, self._site, cause)

        await self._database.write(work)

    async def weeks(self, most: int = SHOWN_WEEKS) -> list[WeekCounts]:
        """The finished weeks, newest first: a running one would show single checks."""
        return await self._database.read(lambda session: self._weeks(session, most))

    def weeks_sync(self, most: int = SHOWN_WEEKS) -> list[WeekCounts]:
        """The same for the command line."""
        return self._database.read_sync(lambda session: self._weeks(session, most))

    def _weeks(self, session: Session, most: int) -> list[WeekCounts]:
        running = week_of(self._clock(), self._zone)
        since = running - timedelta(weeks=most)
        week_on, site = col(CheckCount.week_on), col(CheckCount.site)
        query = (
            select(CheckCount)
            .where(week_on >= since, week_on < running)
            .order_by(week_on.desc(), site, col(CheckCount.count).desc(), col(CheckCount.cause))
        )
        rows = session.exec(query).all()
        return [
            _shown(week, place, list(group))
            for (week, place), group in groupby(rows, key=lambda row: (row.week_on, row.site))
        ]


def week_of(at: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week, as the agency's calendar says."""
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _codes(causes: Iterable[str]) -> list[str]:
    return sorted({cause[:CODE_MAX_LENGTH] for cause in causes if cause})


def _add_one(session: Session, week_on: date, site: str, cause: str) -> None:
    key = f"{week_on.isoformat()}|{site}|{cause}"
    row = session.get(CheckCount, key)
    if row is None:
        row = CheckCount(key=key, week_on=week_on, site=site, cause=cause)
    row.count += 1
    session.add(row)


def _shown(week_on: date, site: str, rows: list[CheckCount]) -> WeekCounts:
    checks = next((rounded(row.count) for row in rows if row.cause == CHECKS), None)
    found = tuple(CauseCount(row.cause, rounded(row.count)) for row in rows if row.cause != CHECKS)
    # Among fewer than SMALLEST even the order of causes would say something: by code instead.
    small = sorted((one for one in found if one.count is None), key=lambda one: one.cause)
    large = [one for one in found if one.count is not None]
    return WeekCounts(week_on, site, checks, (*large, *small) if checks is not None else ())


def rounded(count: int) -> int | None:
    """The number, or None for one so small that it could be somebody."""
    return count if count >= SMALLEST else None
