"""A week of appointments as a timetable. Pure: now and the zone are arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from appliance.appointments.booking import FARTHEST
from appliance.appointments.models import Appointment
from appliance.appointments.states import AppointmentStatus

FIRST_HOUR, LAST_HOUR = 8, 17  # shown always; more where somebody has an appointment
WORKING_DAYS = 5
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a day: what begins in it, and the first quarter that is free (None: none is)."""

    entries: tuple[Appointment, ...]
    free_at: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """``noon`` names the day in the zone; one cell for each of the week's hours."""

    noon: datetime
    today: bool
    cells: tuple[Cell, ...]

    @property
    def entries(self) -> list[Appointment]:
        """All of the day's, earliest first."""
        return [entry for cell in self.cells for entry in cell.entries]

    @property
    def free(self) -> list[datetime]:
        """Where the day's hours have a free quarter, at the earliest."""
        return [cell.free_at for cell in self.cells if cell.free_at is not None]


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Friday, and the days of a weekend that hold something."""

    hours: tuple[int, ...]
    days: tuple[Day, ...]


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there."""
    return datetime.combine(day, time(), zone)


def timetable(
    appointments: Sequence[Appointment],
    monday: date,
    zone: ZoneInfo,
    now: datetime,
    *,
    one_calendar: bool,
) -> Week:
    """``appointments``: of this week alone, earliest first.

    ``one_calendar``: all are one adviser's, so that each takes its time; otherwise others are free.
    """
    hours = _hours(appointments, zone)
    in_the_way = [
        one for one in appointments if one_calendar and one.status is AppointmentStatus.PLANNED
    ]
    days = []
    for number in range(7):
        day = monday + timedelta(days=number)
        todays = [one for one in appointments if one.starts_at.astimezone(zone).date() == day]
        if number < WORKING_DAYS or todays:
            days.append(_day(day, hours, todays, in_the_way, zone, now))
    return Week(hours, tuple(days))


def _hours(appointments: Sequence[Appointment], zone: ZoneInfo) -> tuple[int, ...]:
    taken = [one.starts_at.astimezone(zone).hour for one in appointments]
    return tuple(range(min([FIRST_HOUR, *taken]), max([LAST_HOUR, *taken]) + 1))


def _day(
    day: date,
    hours: Sequence[int],
    todays: Sequence[Appointment],
    in_the_way: Sequence[Appointment],
    zone: ZoneInfo,
    now: datetime,
) -> Day:
    cells = tuple(
        Cell(
            tuple(one for one in todays if one.starts_at.astimezone(zone).hour == hour),
            _free_in(datetime.combine(day, time(hour), zone).astimezone(UTC), in_the_way, now),
        )
        for hour in hours
    )
    noon = datetime.combine(day, time(12), zone)
    return Day(noon, now.astimezone(zone).date() == day, cells)


def _free_in(begins: datetime, in_the_way: Sequence[Appointment], now: datetime) -> datetime | None:
    """The first quarter of the hour that is to come and that nothing lies on."""
    for number in range(HOUR // QUARTER):
        quarter = begins + number * QUARTER
        taken = any(
            one.starts_at < quarter + QUARTER and one.ends_at > quarter for one in in_the_way
        )
        if now <= quarter <= now + FARTHEST and not taken:
            return quarter
    return None
