"""What clients have told us about their appointments, for staff to do and to tick off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from appliance.appointments.changes import changed
from appliance.appointments.errors import AppointmentUnknown
from appliance.appointments.models import Appointment
from appliance.appointments.rows import found
from appliance.appointments.states import Alternative, AppointmentStatus
from appliance.appointments.wanted import Clerk
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database


class WishKind(StrEnum):
    """What there is to do."""

    CALL = "call"  # before the appointment, to say how it goes
    TELEPHONE = "telephone"  # instead of video
    VISIT = "visit"  # instead of video
    CALLED_OFF = "called_off"  # nothing but to know it


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of the list."""

    kind: WishKind
    appointment_id: str
    client_name: str
    client_phone: str  # E.164; for a call the one given for it
    topic: str
    starts_at: datetime
    said_at: datetime


class Wishes:
    """Of the appointments that somebody books for: one's own, and what the rights add to them."""

    def __init__(self, database: Database, clock: Clock = utcnow) -> None:
        self._database = database
        self._clock = clock

    async def open(self, clerk: Clerk) -> list[Wish]:
        """What nobody has ticked off, the nearest appointment first; what is over is left out."""
        now = self._clock()
        row = Appointment
        planned = col(row.status) == AppointmentStatus.PLANNED
        unseen = col(row.called_off_seen_at).is_(None)
        query = (
            select(row)
            .where(
                col(row.ends_at) > now,
                or_(
                    and_(col(row.called_off_at).is_not(None), unseen),
                    and_(planned, col(row.call_wanted_at).is_not(None)),
                    and_(planned, col(row.alternative) != Alternative.NONE),
                ),
            )
            .order_by(col(row.starts_at), col(row.id))
        )

        def work(session: Session) -> list[Wish]:
            return [
                wish
                for appointment in session.exec(query)
                if clerk.may(appointment.adviser_id, appointment.team_id)
                for wish in _wishes(appointment)
            ]

        return await self._database.read(work)

    async def settle(self, appointment_id: str, kind: WishKind, clerk: Clerk) -> None:
        """Ticks one off. Raises ``AppointmentUnknown``, also for one that is not theirs to book."""
        now = self._clock()

        def work(session: Session) -> None:
            appointment = found(session, appointment_id)
            if not clerk.may(appointment.adviser_id, appointment.team_id):
                raise AppointmentUnknown
            if kind is WishKind.CALL:
                appointment.call_done_at, appointment.call_phone = now, ""
            elif kind is WishKind.CALLED_OFF:
                appointment.called_off_seen_at = now
            else:
                appointment.alternative_done_at = now
            changed(session, appointment, "wish_settled", clerk.adviser_id, now)

        await self._database.write(work)


def _wishes(appointment: Appointment) -> list[Wish]:
    def wish(kind: WishKind, said_at: datetime, phone: str = "") -> Wish:
        return Wish(
            kind=kind,
            appointment_id=appointment.id,
            client_name=appointment.client_name,
            client_phone=phone or appointment.client_phone,
            topic=appointment.topic,
            starts_at=appointment.starts_at,
            said_at=said_at,
        )

    if appointment.called_off_at is not None:
        return [wish(WishKind.CALLED_OFF, appointment.called_off_at)]
    wishes = []
    if appointment.call_wanted_at is not None and appointment.call_done_at is None:
        wishes.append(wish(WishKind.CALL, appointment.call_wanted_at, appointment.call_phone))
    if appointment.alternative_at is not None and appointment.alternative_done_at is None:
        if appointment.alternative is Alternative.TELEPHONE:
            wishes.append(wish(WishKind.TELEPHONE, appointment.alternative_at))
        elif appointment.alternative is Alternative.VISIT:
            wishes.append(wish(WishKind.VISIT, appointment.alternative_at))
    return wishes
