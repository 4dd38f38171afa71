"""When a door is open: spans per weekday in the agency's zone, also over a change of the clocks."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from appliance.appointments.hours import (
    HOURS_CHARACTERS,
    closed_since,
    open_until,
    opens_next,
    read_hours,
    write_hours,
)

BERLIN = ZoneInfo("Europe/Berlin")
CLOSED = ("", "")
# Monday and Friday; nothing on the other days.
SPANS = [("8:00", "16:00"), *[CLOSED] * 3, ("08:30", "12:00"), *[CLOSED] * 2]
HOURS = read_hours(write_hours(SPANS))


def at(day, hour, minute=0):
    """A moment of that week in November: the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def test_it_works():
    assert open_until(HOURS, at(23, 8), BERLIN) == at(23, 16)
    assert open_until(HOURS, at(23, 15, 59), BERLIN) == at(23, 16)
    assert open_until(HOURS, at(23, 16), BERLIN) is None
    assert opens_next(HOURS, at(23, 16), BERLIN) == at(27, 8, 30)
    assert closed_since(HOURS, at(23, 16, 10), BERLIN) == at(23, 16)


def test_before_the_first_hour_of_a_day():
    assert open_until(HOURS, at(23, 7, 59), BERLIN) is None
    assert opens_next(HOURS, at(23, 7, 59), BERLIN) == at(23, 8)
    assert closed_since(HOURS, at(27, 8), BERLIN) == at(23, 16)


def test_over_the_week_end():
    assert opens_next(HOURS, at(27, 13), BERLIN) == at(30, 8)
    one_day = read_hours("08:00-16:00,,,,,,")
    assert opens_next(one_day, at(23, 17), BERLIN) == at(30, 8)


def test_the_agencys_clock_counts_in_summer_and_winter():
    assert open_until(HOURS, datetime(2026, 11, 23, 7, tzinfo=UTC), BERLIN) == at(23, 16)
    assert open_until(HOURS, datetime(2026, 7, 6, 6, tzinfo=UTC), BERLIN) is not None
    assert open_until(HOURS, datetime(2026, 11, 23, 6, tzinfo=UTC), BERLIN) is None


def test_never_open():
    never = read_hours("")
    assert open_until(never, at(23, 9), BERLIN) is None
    assert opens_next(never, at(23, 9), BERLIN) is None
    assert closed_since(never, at(23, 9), BERLIN) is None


def test_written_and_read_again():
    text = write_hours([("0:00", "23:59")] * 7)
    assert len(text) == HOURS_CHARACTERS
    assert read_hours(text) == ((time(0, 0), time(23, 59)),) * 7
    assert write_hours([CLOSED] * 7) == ""


@pytest.mark.parametrize("span", [("8:00", ""), ("", "16:00"), ("16:00", "8:00"), ("8", "24:00")])
def test_a_wrong_span_is_named_by_its_day(span):
    with pytest.raises(ValueError, match=r"^2$"):
        write_hours([CLOSED, CLOSED, span, *[CLOSED] * 4])
