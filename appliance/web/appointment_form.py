"""The booking form: texts as typed to a booking, mistakes as sentences beside their fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from appliance.appointments.booking import Booking, readable_phone
from appliance.appointments.changes import minutes_of
from appliance.appointments.models import Appointment
from appliance.i18n import N_

FIELDS = (
    "starts_on", "starts_at_time", "duration_min", "client_name", "client_email", "client_phone",
    "topic", "language", "birth_on", "customer_number", "sms", "overlap_allowed", "for_whom",
    "repeat_weeks", "repeat_times",
)  # fmt: skip
USUAL_MIN = 30
REPEAT_WEEKS = (1, 2, 4)  # between two appointments of a series
MOST_TIMES = 12

WRONG_DAY = N_("Bitte geben Sie den Tag an, zum Beispiel 24.11.2026.")
WRONG_TIME = N_("Bitte geben Sie die Uhrzeit an, zum Beispiel 10:15.")
NO_SUCH_TIME = N_("Diese Uhrzeit gibt es an diesem Tag nicht: Die Uhr wird umgestellt.")
WRONG_DURATION = N_("Bitte geben Sie die Dauer in Minuten an.")
WRONG_TIMES = N_("Eine Reihe hat 2 bis 12 Termine.")
WRONG_BIRTH = N_("Bitte geben Sie das Geburtsdatum so an: 31.12.1980.")


class FormWrong(Exception):
    """Fields that could not be read; ``mistakes`` maps names to message ids."""

    def __init__(self, mistakes: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(mistakes)))
        self.mistakes = mistakes


def suggested(now: datetime, zone: ZoneInfo, language: str) -> dict[str, str]:
    """An empty form: today, the next quarter of an hour."""
    there = now.astimezone(zone)
    minutes = (there.hour * 60 + there.minute) // 15 * 15 + 15
    soon = datetime.combine(there.date(), time(), zone).replace(
        hour=minutes // 60 % 24, minute=minutes % 60
    )
    return dict.fromkeys(FIELDS, "") | {
        "starts_on": there.date().isoformat(),
        "starts_at_time": soon.strftime("%H:%M"),
        "duration_min": str(USUAL_MIN),
        "language": language,
        "repeat_times": "4",
    }


def like(earlier: Appointment, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The form for the same client: a week later at the same time of day, from ``now`` on."""
    there = earlier.starts_at.astimezone(zone) + timedelta(weeks=1)
    while there <= now:
        there += timedelta(weeks=1)
    return {
        "starts_on": there.date().isoformat(),
        "starts_at_time": there.strftime("%H:%M"),
        "duration_min": str(minutes_of(earlier)),
        "client_name": earlier.client_name,
        "client_email": earlier.client_email,
        "client_phone": readable_phone(earlier.client_phone),
        "topic": earlier.topic,
        "language": earlier.language,
        "birth_on": earlier.birth_on.isoformat() if earlier.birth_on else "",
        "customer_number": earlier.customer_number,
        "for_whom": f"{earlier.adviser_id}.{earlier.team_id or ''}",
    }


def read_series(values: dict[str, str], zone: ZoneInfo) -> list[Booking]:
    """The booking, or all of a series: the same weekday and time of day, whatever the clocks do.

    Raises ``FormWrong``.
    """
    first = read(values, zone)
    weeks, times = values["repeat_weeks"].strip(), values["repeat_times"].strip()
    if not weeks:
        return [first]
    if weeks not in map(str, REPEAT_WEEKS) or times not in map(str, range(2, MOST_TIMES + 1)):
        raise FormWrong({"repeat_times": WRONG_TIMES})
    there = first.starts_at.astimezone(zone)
    found = []
    for number in range(int(times)):
        day = there.date() + timedelta(weeks=number * int(weeks))
        starts_at = _moment(day, there.time(), zone)
        if starts_at is None:
            raise FormWrong({"starts_at_time": NO_SUCH_TIME})
        found.append(replace(first, starts_at=starts_at))
    return found


def read(values: dict[str, str], zone: ZoneInfo) -> Booking:
    """The booking. Raises ``FormWrong`` with everything that cannot be read."""
    starts_at, mistakes = _start(values["starts_on"], values["starts_at_time"], zone)
    duration = values["duration_min"].strip()
    if not (duration.isascii() and duration.isdigit() and len(duration) <= 4):
        mistakes["duration_min"] = WRONG_DURATION
    birth_on = _day(values["birth_on"])
    if values["birth_on"].strip() and birth_on is None:
        mistakes["birth_on"] = WRONG_BIRTH
    if mistakes or starts_at is None:
        raise FormWrong(mistakes)
    return Booking(
        starts_at=starts_at,
        client_name=values["client_name"],
        duration_min=int(duration),
        client_email=values["client_email"],
        client_phone=values["client_phone"],
        topic=values["topic"],
        language=values["language"],
        birth_on=birth_on,
        customer_number=values["customer_number"],
        sms=bool(values["sms"]),
        overlap_allowed=bool(values["overlap_allowed"]),
    )


def moment(day: str, clock: str, zone: ZoneInfo) -> datetime:
    """Day and time of day as typed. Raises ``FormWrong`` (``starts_on``, ``starts_at_time``)."""
    starts_at, mistakes = _start(day, clock, zone)
    if starts_at is None:
        raise FormWrong(mistakes)
    return starts_at


def _start(
    day_typed: str, clock_typed: str, zone: ZoneInfo
) -> tuple[datetime | None, dict[str, str]]:
    mistakes: dict[str, str] = {}
    day, clock = _day(day_typed), _clock(clock_typed)
    if day is None:
        mistakes["starts_on"] = WRONG_DAY
    if clock is None:
        mistakes["starts_at_time"] = WRONG_TIME
    starts_at = _moment(day, clock, zone) if day and clock is not None else None
    if day and clock is not None and starts_at is None:
        mistakes["starts_at_time"] = NO_SUCH_TIME
    return starts_at, mistakes


def _day(text: str) -> date | None:
    """``2026-11-24`` as browsers send it, or ``24.11.2026`` as people type it."""
    text = text.strip()
    parts = text.split(".") if "." in text else list(reversed(text.split("-")))
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _clock(text: str) -> time | None:
    try:
        hour, minute = (int(part) for part in text.strip().split(":")[:2])
        return time(hour, minute)
    except (ValueError, OverflowError):
        return None


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC; None in the hour that a change of clocks leaves out."""
    there = datetime.combine(day, clock, zone)
    moment = there.astimezone(UTC)
    back = moment.astimezone(zone).replace(tzinfo=None)
    return moment if back == there.replace(tzinfo=None) else None
