"""An adviser's appointments for their own calendar program, by a secret address.

No client's name and no topic: calendar programs hand on, share and store what they read.
"""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar, Event
from sqlmodel import Session, col, select

from appliance.appointments.calendar_file import PRODUCT
from appliance.appointments.credentials import new_link_secret, number_in_groups, secret_hash
from appliance.appointments.errors import FeedUnknown
from appliance.appointments.models import Appointment, CalendarFeed
from appliance.appointments.states import AppointmentStatus
from appliance.i18n import N_, translations
from appliance.settings import Settings
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database

BEFORE = timedelta(days=7)
AHEAD = timedelta(days=366)
READ_AGAIN = timedelta(minutes=15)  # what calendar programs are asked to wait


class CalendarFeeds:
    """One address per adviser; a new one ends the old one."""

    def __init__(self, database: Database, settings: Settings, clock: Clock = utcnow) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def make(self, adviser_id: str) -> str:
        """The secret of a new address, which is shown only now."""
        secret, now = new_link_secret(), self._clock()

        def work(session: Session) -> str:
            for row in _in_force(session, adviser_id):
                row.revoked_at = now
            row = CalendarFeed(
                adviser_id=adviser_id, secret_hash=secret_hash(secret), created_at=now
            )
            session.add(row)
            audit(session, adviser_id, "calendar_feed_made", adviser_id, now)
            return secret

        return await self._database.write(work)

    async def revoke(self, adviser_id: str) -> None:
        """The address leads nowhere from now on."""
        now = self._clock()

        def work(session: Session) -> None:
            for row in _in_force(session, adviser_id):
                row.revoked_at = now
                audit(session, adviser_id, "calendar_feed_revoked", adviser_id, now)

        await self._database.write(work)

    async def exists(self, adviser_id: str) -> bool:
        """Whether an address is in force."""
        return await self._database.read(lambda session: bool(_in_force(session, adviser_id)))

    async def owner(self, secret: str) -> str:
        """Whose calendar it is. Raises ``FeedUnknown``."""
        query = select(CalendarFeed.adviser_id).where(
            col(CalendarFeed.secret_hash) == secret_hash(secret),
            col(CalendarFeed.revoked_at).is_(None),
        )
        adviser_id = await self._database.read(lambda session: session.exec(query).first())
        if adviser_id is None:
            raise FeedUnknown
        return adviser_id

    async def calendar(self, adviser_id: str) -> bytes:
        """Planned appointments from a week ago on, as an ``.ics`` file."""
        now = self._clock()
        query = (
            select(Appointment)
            .where(
                col(Appointment.adviser_id) == adviser_id,
                col(Appointment.status) == AppointmentStatus.PLANNED,
                col(Appointment.starts_at) >= now - BEFORE,
                col(Appointment.starts_at) < now + AHEAD,
            )
            .order_by(col(Appointment.starts_at))
        )
        found = await self._database.read(lambda session: list(session.exec(query)))
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
        for appointment in found:
            calendar.add_component(self._event(appointment))
        return bytes(calendar.to_ical())

    def _event(self, appointment: Appointment) -> Event:
        _ = translations(self._settings.agency.language).gettext
        number = number_in_groups(appointment.session_number or "")
        event = Event()
        event.add("uid", appointment.calendar_uid)
        event.add("sequence", appointment.calendar_sequence)
        event.add("dtstamp", appointment.created_at)
        event.add("dtstart", appointment.starts_at)
        event.add("dtend", appointment.ends_at)
        event.add("summary", " ".join(filter(None, (_(N_("Termin")), number))))
        event.add("class", "PRIVATE")
        return event


def _in_force(session: Session, adviser_id: str) -> list[CalendarFeed]:
    query = select(CalendarFeed).where(
        col(CalendarFeed.adviser_id) == adviser_id, col(CalendarFeed.revoked_at).is_(None)
    )
    return list(session.exec(query))
