"""Reminders of what is planned: a day before and an hour before, each once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from appliance.appointments.letter import Post
from appliance.appointments.models import Appointment
from appliance.appointments.rows import AdviserName, House, bare_letter
from appliance.appointments.states import Alternative, AppointmentStatus, Channel
from appliance.settings import Settings
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database

BY_CLOCK = "clock"
DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
# A box that was off has missed the moment: later than this the reminder would only confuse.
DAY_UNTIL = timedelta(hours=3)
HOUR_UNTIL = timedelta(minutes=15)  # then the door is open


class Reminders:
    """The note that one was queued is in the transaction that queues it: never twice."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        post: Post,
        adviser_name: AdviserName,
        clock: Clock = utcnow,
    ) -> None:
        self._database = database
        self._house = House(settings, adviser_name)
        self._post = post
        self._clock = clock

    async def remind(self) -> int:
        """Queues what is due; gives the number of reminders."""
        now = self._clock()
        query = select(Appointment).where(
            col(Appointment.status) == AppointmentStatus.PLANNED,
            col(Appointment.alternative) == Alternative.NONE,  # nobody waits for them by video
            col(Appointment.starts_at) > now,
            col(Appointment.starts_at) <= now + DAY,
            or_(col(Appointment.client_email) != "", col(Appointment.client_phone) != ""),
        )

        def due(session: Session) -> list[Appointment]:
            return [one for one in session.exec(query) if _due(one, now)]

        def work(session: Session) -> int:
            return sum(self._remind(session, appointment, now) for appointment in due(session))

        if not await self._database.read(due):
            return 0
        return await self._database.write(work)

    def _remind(self, session: Session, appointment: Appointment, now: datetime) -> bool:
        which = _due(appointment, now)
        setattr(appointment, which, now)
        letter = bare_letter(session, self._house, appointment, Channel.REMINDER, now)
        queued = self._post.queue_reminder(session, letter, appointment.client_phone)
        audit(session, BY_CLOCK, which, appointment.id, now)
        return queued is not None


def _due(appointment: Appointment, now: datetime) -> str:
    """The column that takes the reminder's time; empty when none is due.

    Who booked within that time, or moved it, has just been told.
    """
    ahead = appointment.starts_at - now
    known = appointment.starts_at - appointment.created_at
    if DAY_UNTIL < ahead <= DAY < known and appointment.day_reminder_at is None:
        return "day_reminder_at"
    if HOUR_UNTIL < ahead <= HOUR < known and appointment.hour_reminder_at is None:
        return "hour_reminder_at"
    return ""
