"""How much there was to do: whole weeks, no small numbers, no persons."""

from datetime import UTC, date, datetime, timedelta

from appliance.statistics.weeks import Fact, week_numbers
from tests.statistics.conftest import BERLIN

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LAST_WEEK = NOW - timedelta(days=7)


def numbers(*facts):
    return week_numbers(facts, ("held", "talk"), BERLIN, NOW)


def test_it_works():
    talks = [Fact(LAST_WEEK, "talk", waited_s=60 * minutes) for minutes in (1, 2, 4, 9, 30)]
    (week,) = numbers(*[Fact(LAST_WEEK, "held")] * 7, *talks)
    assert week.week_on == date(2026, 11, 16)
    assert week.counts == {"held": 7, "talk": 5}
    assert week.waited_min == 4


def test_small_numbers_are_not_told_apart_but_nothing_is_nothing():
    (week,) = numbers(*[Fact(LAST_WEEK, "held", waited_s=60)] * 4)
    assert week.counts == {"held": None, "talk": 0}
    assert week.waited_min is None


def test_the_running_week_is_left_out_and_the_newest_comes_first():
    facts = [Fact(NOW - timedelta(days=days), "held") for days in (0, 21, 7, 14)]
    assert [week.week_on.day for week in numbers(*facts)] == [16, 9, 2]
