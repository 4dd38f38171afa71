"""The calendar entry of an appointment: REQUEST when booked or moved, CANCEL when cancelled.

It names no topic and carries no link: calendars are shared, mails are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from appliance.i18n import N_, translations

PRODUCT = "-//Vorzimmer//Video-Termin//DE"
REMINDER_BEFORE = timedelta(minutes=15)  # when the door opens


class CalendarMethod(StrEnum):
    """What the receiving calendar shall do."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What the entry says. ``uid`` stays for the appointment's life, ``sequence`` grows."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    agency_name: str
    agency_email: str
    client_email: str
    language: str


def calendar_uid(appointment_id: str, host: str) -> str:
    """A name that is unique in the world and says nothing."""
    return f"{appointment_id}@{host}"


def calendar_file(entry: CalendarEntry, method: CalendarMethod, now: datetime) -> bytes:
    """The ``.ics`` file, UTF-8, lines folded and ended as RFC 5545 wants."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(_event(entry, method, now))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, method: CalendarMethod, now: datetime) -> Event:
    _ = translations(entry.language).gettext
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", _(N_("Video-Termin")) + f" · {entry.agency_name}")
    event.add("location", _(N_("Online, im Browser")))
    event.add("organizer", _person(entry.agency_email, entry.agency_name))
    event.add("attendee", _person(entry.client_email, ""), encode=False)
    if method is CalendarMethod.CANCEL:
        event.add("status", "CANCELLED")
        event.add("description", _(N_("Dieser Termin wurde abgesagt.")))
    else:
        event.add("status", "CONFIRMED")
        event.add("description", _(N_("Den Link finden Sie in Ihrer E-Mail.")))
        event.add_component(_reminder(_(N_("Video-Termin"))))
    return event


def _person(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = vText(name)
    else:
        address.params["RSVP"] = vText("FALSE")
    return address


def _reminder(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -REMINDER_BEFORE)
    return alarm
