"""Checks are counted by week, site and cause; no person, no moment, no small number."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from appliance.statistics.models import CheckCount
from appliance.statistics.service import (
    KEPT_WEEKS,
    SMALLEST,
    CauseCount,
    CheckStatistics,
    week_of,
)
from tests.statistics.conftest import BERLIN


async def counted(statistics, times, *causes):
    for _ in range(times):
        await statistics.count(causes)


async def rows(database):
    return await database.read(lambda session: list(session.exec(select(CheckCount))))


async def test_it_works(statistics, clock):
    """7 of 40: UDP blocked."""
    await counted(statistics, 33)
    await counted(statistics, 7, "network_udp_blocked")
    clock.forward(days=7)
    (week,) = await statistics.weeks()
    assert (week.week_on, week.site, week.checks) == (date(2026, 11, 23), "Halle B", 40)
    assert week.causes == (CauseCount("network_udp_blocked", 7),)
    assert statistics.weeks_sync() == [week]


async def test_the_running_week_is_not_shown(statistics, clock):
    """Whoever looked again and again would see single checks."""
    await counted(statistics, 9)
    assert await statistics.weeks() == []
    clock.forward(days=4, hours=16)  # Monday, 2 o'clock in Berlin
    assert len(await statistics.weeks()) == 1


@pytest.mark.parametrize("times", [1, SMALLEST - 1])
async def test_small_numbers_are_not_told_apart(statistics, clock, times):
    await counted(statistics, 20)
    await counted(statistics, times, "camera_black")
    clock.forward(days=7)
    (week,) = await statistics.weeks()
    assert week.causes == (CauseCount("camera_black", None),)


async def test_small_numbers_have_no_order_either(statistics, clock):
    await counted(statistics, 20)
    await counted(statistics, 1, "a_cause")
    await counted(statistics, 4, "z_cause")
    clock.forward(days=7)
    (week,) = await statistics.weeks()
    assert [one.cause for one in week.causes] == ["a_cause", "z_cause"]


async def test_among_too_few_checks_no_cause_is_named(statistics, clock):
    await counted(statistics, 3, "camera_black")
    clock.forward(days=7)
    (week,) = await statistics.weeks()
    assert (week.checks, week.causes) == (None, ())


async def test_a_cause_counts_once_per_check(statistics, database):
    await statistics.count(["camera_black", "camera_black", ""])
    assert {row.cause: row.count for row in await rows(database)} == {"": 1, "camera_black": 1}


async def test_two_at_once_are_two(statistics, database):
    await asyncio.gather(*(statistics.count(["camera_black"]) for _ in range(20)))
    assert {row.cause: row.count for row in await rows(database)} == {"": 20, "camera_black": 20}


async def test_sites_and_weeks_stand_apart(statistics, database, clock):
    other = CheckStatistics(database, "Halle A", BERLIN, clock)
    await counted(statistics, 6)
    await counted(other, 5)
    clock.forward(days=7)
    await counted(statistics, 8)
    clock.forward(days=7)
    found = [(week.week_on.day, week.site, week.checks) for week in await statistics.weeks()]
    assert found == [(30, "Halle B", 8), (23, "Halle A", 5), (23, "Halle B", 6)]
    assert len(await statistics.weeks(most=1)) == 1


async def test_nothing_but_week_site_cause_and_number_is_kept(statistics, database):
    await statistics.count(["camera_black"])
    columns = set(CheckCount.__table__.columns.keys())  # type: ignore[attr-defined]
    assert columns == {"key", "week_on", "site", "cause", "count"}
    for row in await rows(database):
        assert row.key == f"{row.week_on}|{row.site}|{row.cause}"


async def test_after_two_years_a_week_goes(statistics, database, clock):
    await statistics.count([])
    clock.forward(weeks=KEPT_WEEKS)
    await statistics.count([])
    assert len(await rows(database)) == 2
    clock.forward(weeks=1)
    await statistics.count([])
    assert min(row.week_on for row in await rows(database)) > date(2026, 11, 23)


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), date(2026, 11, 23)),  # midnight in Berlin
        (datetime(2027, 1, 1, 12, tzinfo=UTC), date(2026, 12, 28)),
    ],
)
def test_weeks_begin_on_the_agencys_monday(at, monday):
    assert week_of(at, BERLIN) == monday
    assert week_of(at + timedelta(days=7), BERLIN) == monday + timedelta(days=7)
