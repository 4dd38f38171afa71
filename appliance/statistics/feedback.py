"""What clients say of sound and picture after a conversation: counted by week, free of persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import Session, col, select

from appliance.statistics.models import SITE_MAX_LENGTH, FeedbackCount
from appliance.statistics.service import KEPT_WEEKS, SHOWN_WEEKS, rounded, week_of
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database


class Answer(StrEnum):
    """One tap."""

    SOUND_GOOD = "sound_good"
    SOUND_BAD = "sound_bad"
    PICTURE_GOOD = "picture_good"
    PICTURE_BAD = "picture_bad"


@dataclass(frozen=True, slots=True)
class FeedbackWeek:
    """A finished week at a site; None for fewer than ``service.SMALLEST``."""

    week_on: date
    site: str
    counts: dict[str, int | None]


class FeedbackStatistics:
    """Of one box: its ``site`` is a setting. Raises ``DatabaseError``."""

    def __init__(
        self, database: Database, site: str, zone: ZoneInfo, clock: Clock = utcnow
    ) -> None:
        self._database = database
        self._site = site[:SITE_MAX_LENGTH]
        self._zone = zone
        self._clock = clock

    async def count(self, answer: Answer) -> None:
        """One more. Old weeks are dropped."""
        week_on = week_of(self._clock(), self._zone)
        key = f"{week_on.isoformat()}|{self._site}|{answer}"

        def work(session: Session) -> None:
            oldest = week_on - timedelta(weeks=KEPT_WEEKS)
            session.execute(delete(FeedbackCount).where(col(FeedbackCount.week_on) < oldest))
            row = session.get(FeedbackCount, key) or FeedbackCount(
                key=key, week_on=week_on, site=self._site, answer=answer
            )
            row.count += 1
            session.add(row)

        await self._database.write(work)

    async def weeks(self, most: int = SHOWN_WEEKS) -> list[FeedbackWeek]:
        """The finished weeks, newest first."""
        running = week_of(self._clock(), self._zone)
        week_on, site = col(FeedbackCount.week_on), col(FeedbackCount.site)
        query = (
            select(FeedbackCount)
            .where(week_on >= running - timedelta(weeks=most), week_on < running)
            .order_by(week_on.desc(), site)
        )
        rows = await self._database.read(lambda session: session.exec(query).all())
        return [
            FeedbackWeek(week, place, {row.answer: rounded(row.count) for row in group})
            for (week, place), group in groupby(rows, key=lambda row: (row.week_on, row.site))
        ]
