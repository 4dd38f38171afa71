"""``vorzimmer check-statistics``: what device checks ended with, by week and site."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from appliance.device_check.remedies import CAUSES
from appliance.settings import Settings
from appliance.statistics.service import SMALLEST, CheckStatistics, WeekCounts
from appliance.storage.database import Database


def show(settings: Settings, weeks: int, *, as_json: bool) -> str:
    """The text to print."""
    agency = settings.agency
    database = Database.open(settings)
    try:
        statistics = CheckStatistics(database, agency.site, ZoneInfo(agency.time_zone))
        counted = statistics.weeks_sync(weeks)
    finally:
        database.close()
    return _json(counted) if as_json else _table(counted)


def _json(weeks: list[WeekCounts]) -> str:
    """``null`` stands for fewer than ``smallest``."""
    rows = [
        {
            "week_on": week.week_on.isoformat(),
            "site": week.site,
            "checks": week.checks,
            "causes": [{"cause": one.cause, "count": one.count} for one in week.causes],
        }
        for week in weeks
    ]
    return json.dumps({"schema": 1, "smallest": SMALLEST, "weeks": rows}, ensure_ascii=False)


def _table(weeks: list[WeekCounts]) -> str:
    lines = []
    for week in weeks:
        lines.append(f"Week of {week.week_on}  {week.site}: {_words(week.checks)} checks")
        for one in week.causes:
            known = CAUSES.get(one.cause)
            words = known.staff if known else ""
            lines.append(f"  {_words(one.count):>5}  {one.cause:<34} {words}".rstrip())
    return "\n".join(lines) or "No finished week has a check yet."


def _words(count: int | None) -> str:
    return f"< {SMALLEST}" if count is None else str(count)
