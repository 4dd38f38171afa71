"""Booking, moving, cancelling: the adviser's side. Only this and ``doors`` write appointments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import false, or_
from sqlmodel import Session, col, select

from appliance.appointments.booking import Booking, checked_booking
from appliance.appointments.changes import (
    Place,
    booked,
    cancelled,
    changed,
    minutes_of,
    moved,
    queue_password,
)
from appliance.appointments.credentials import new_password
from appliance.appointments.doors import Doors, readable_password
from appliance.appointments.entry import LINK_LASTS_AFTER
from appliance.appointments.errors import (
    AppointmentNotPlanned,
    NowhereToSend,
    PasswordGone,
    SlotTaken,
)
from appliance.appointments.letter import Letter, Post
from appliance.appointments.models import Appointment
from appliance.appointments.rows import (
    AdviserName,
    House,
    bare_letter,
    ensure_free,
    found,
    in_force,
    invitation_letter,
    is_taken,
    mint_link,
    planned,
)
from appliance.appointments.search import matches
from appliance.appointments.states import Alternative, AppointmentStatus, Channel
from appliance.settings import Settings
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database
from appliance.storage.keys import seal

PLANNED = frozenset({AppointmentStatus.PLANNED})
BEFORE = {
    AppointmentStatus.HELD: PLANNED | {AppointmentStatus.NO_SHOW},  # somebody came late after all
    AppointmentStatus.NO_SHOW: PLANNED,
}
REOPENABLE = frozenset({AppointmentStatus.HELD, AppointmentStatus.NO_SHOW})


class AppointmentService(Doors):
    """Messages are queued with ``post`` in the very transaction that is their reason."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        post: Post,
        adviser_name: AdviserName,
        clock: Clock = utcnow,
    ) -> None:
        super().__init__(database, House(settings, adviser_name), clock)
        self._post = post

    async def book(
        self,
        booking: Booking,
        adviser_id: str,
        by: str = "",
        team_id: str | None = None,
        *,
        appointment_id: str = "",
    ) -> Appointment:
        """Books, and queues the invitation (and the password's SMS where asked and configured).

        The client is the adviser's and the team's. ``appointment_id``: one that was settled
        before; booked twice, it raises ``DatabaseConflict``.
        Raises ``BookingInvalid`` or ``SlotTaken``.
        """
        now = self._clock()
        tidied = checked_booking(booking, now)

        return await self._database.write(
            lambda session: booked(
                session,
                self._house,
                self._post,
                tidied,
                Place(adviser_id, team_id, appointment_id),
                by,
                now,
            )
        )

    async def book_all(
        self,
        bookings: Sequence[Booking],
        adviser_id: str,
        by: str,
        team_id: str | None = None,
    ) -> list[Appointment]:
        """A series: all of them or none. Each is one of its own from then on.

        Raises ``BookingInvalid``, or ``SlotTaken`` with the times that are taken.
        """
        now = self._clock()
        tidied = [checked_booking(booking, now) for booking in bookings]

        def work(session: Session) -> list[Appointment]:
            if taken := [one.starts_at for one in tidied if is_taken(session, adviser_id, one)]:
                raise SlotTaken(taken)
            place = Place(adviser_id, team_id)
            return [booked(session, self._house, self._post, one, place, by, now) for one in tidied]

        return await self._database.write(work)

    async def move(
        self,
        appointment_id: str,
        starts_at: datetime,
        by: str,
        *,
        duration_min: int | None = None,
        overlap_allowed: bool = False,
    ) -> Appointment:
        """A new row takes over number, password, links and calendar entry; a new mail says when.

        Raises ``AppointmentUnknown``, ``AppointmentNotPlanned``, ``BookingInvalid``, ``SlotTaken``.
        """
        now = self._clock()

        def work(session: Session) -> Appointment:
            old = planned(session, appointment_id)
            minutes = duration_min or minutes_of(old)
            booking = checked_booking(
                Booking(starts_at, old.client_name, minutes, language=old.language), now
            )
            if not overlap_allowed:
                ensure_free(session, old.adviser_id, starts_at, booking.ends_at, but=old.id)
            return moved(session, self._house, self._post, old, booking, by, now)

        return await self._database.write(work)

    async def cancel(self, appointment_id: str, by: str) -> Appointment:
        """Revokes every link, takes unsent messages back, and queues the calendar's CANCEL.

        Raises ``AppointmentUnknown`` or ``AppointmentNotPlanned``.
        """
        now = self._clock()

        def work(session: Session) -> Appointment:
            appointment = planned(session, appointment_id)
            cancelled(session, self._house, self._post, appointment, by, now)
            return appointment

        return await self._database.write(work)

    async def held(self, appointment_id: str, by: str) -> Appointment:
        """The conversation took place (by video or telephone), perhaps after a "no show"."""
        return await self._decide(appointment_id, AppointmentStatus.HELD, by)

    async def no_show(self, appointment_id: str, by: str) -> Appointment:
        """Nobody came. Who comes late is let in all the same."""
        return await self._decide(appointment_id, AppointmentStatus.NO_SHOW, by)

    async def undecided(self) -> list[str]:
        """Ids of planned ones that nobody can come to any more, and should have by video."""
        now = self._clock()
        query = select(Appointment.id).where(
            col(Appointment.status) == AppointmentStatus.PLANNED,
            col(Appointment.alternative) == Alternative.NONE,
            col(Appointment.ends_at) <= now - LINK_LASTS_AFTER,
        )
        return await self._database.read(lambda session: list(session.exec(query)))

    async def next_of(self, appointment: Appointment) -> Appointment | None:
        """The same client's next one. None: none is booked.

        Only for who has been confirmed to be that client.
        """
        return next(iter(await self.coming_of(appointment)), None)

    async def coming_of(self, appointment: Appointment) -> list[Appointment]:
        """The same client's other planned ones: same name, and same address or number."""
        now = self._clock()
        same = [
            column == value
            for column, value in (
                (col(Appointment.client_email), appointment.client_email),
                (col(Appointment.client_phone), appointment.client_phone),
                (col(Appointment.customer_number), appointment.customer_number),
            )
            if value
        ]
        query = (
            select(Appointment)
            .where(
                col(Appointment.client_name) == appointment.client_name,
                or_(false(), *same),
                col(Appointment.id) != appointment.id,
                col(Appointment.status) == AppointmentStatus.PLANNED,
                col(Appointment.starts_at) > now,
            )
            .order_by(col(Appointment.starts_at))
        )
        return await self._database.read(lambda session: list(session.exec(query)))

    async def reopen(self, appointment_id: str, by: str) -> Appointment:
        """Takes back a "held" or "no show" that was a mistake.

        Raises ``AppointmentUnknown`` or ``AppointmentNotPlanned`` (cancelled, moved).
        """
        now = self._clock()

        def work(session: Session) -> Appointment:
            appointment = found(session, appointment_id)
            if appointment.status not in REOPENABLE:
                raise AppointmentNotPlanned
            appointment.status = AppointmentStatus.PLANNED
            appointment.decided_at = None
            changed(session, appointment, "reopened", by, now)
            return appointment

        return await self._database.write(work)

    async def get(self, appointment_id: str) -> Appointment:
        """The row, whoever's it is. Raises ``AppointmentUnknown``."""
        return await self._database.read(lambda session: found(session, appointment_id))

    async def seen(self, appointment_id: str, by: str) -> None:
        """Notes that somebody has looked at the client's data."""
        now = self._clock()
        await self._database.write(
            lambda session: audit(session, by, "appointment_seen", appointment_id, now)
        )

    async def in_force(self, appointment_id: str) -> Appointment:
        """The row, or what it was moved to. Raises ``AppointmentUnknown``."""
        return await self._database.read(lambda session: in_force(session, appointment_id))

    async def today(self, adviser_id: str | None, now: datetime) -> list[Appointment]:
        """The adviser's (None: everybody's) of the agency's local day, earliest first."""
        zone = ZoneInfo(self._house.settings.agency.time_zone)
        midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
        # In local time, so that a day with a change of clocks has 23 or 25 hours.
        return await self.between(adviser_id, midnight, midnight + timedelta(days=1))

    async def between(
        self, adviser_id: str | None, first: datetime, before: datetime
    ) -> list[Appointment]:
        """Those that start from ``first`` on and before ``before``; moved ones are left out."""
        whose = [] if adviser_id is None else [col(Appointment.adviser_id) == adviser_id]
        query = (
            select(Appointment)
            .where(
                *whose,
                col(Appointment.starts_at) >= first,
                col(Appointment.starts_at) < before,
                col(Appointment.status) != AppointmentStatus.MOVED,
            )
            .order_by(col(Appointment.starts_at), col(Appointment.id))
        )
        return await self._database.read(lambda session: list(session.exec(query)))

    async def matching(self, wanted: str) -> list[Appointment]:
        """Those that ``search.matches`` finds; moved ones are left out."""
        query = select(Appointment).where(col(Appointment.status) != AppointmentStatus.MOVED)

        def work(session: Session) -> list[Appointment]:
            return [one for one in session.exec(query) if matches(one, wanted)]

        return await self._database.read(work)

    async def session_password(self, appointment_id: str, by: str) -> str:
        """To be read out or printed; each time is audited. Raises ``PasswordGone``."""
        now = self._clock()

        def work(session: Session) -> str:
            appointment = found(session, appointment_id)
            password = readable_password(session, appointment, now)
            if password is None:
                raise PasswordGone
            audit(session, by, "session_password_shown", appointment.id, now)
            return password

        return await self._database.write(work)

    async def new_password(self, appointment_id: str, by: str, *, sms: bool = False) -> str:
        """Replaces the password; the old one is wrong from now on.

        Raises ``AppointmentUnknown`` or ``AppointmentNotPlanned``.
        """
        now = self._clock()

        def work(session: Session) -> str:
            appointment = planned(session, appointment_id)
            password = new_password()
            appointment.sealed_password = seal(session, appointment.id, password, now)
            if sms and appointment.client_phone:
                queue_password(session, self._post, appointment, password)
            changed(session, appointment, "session_password_renewed", by, now)
            return password

        return await self._database.write(work)

    async def new_link(self, appointment_id: str, channel: Channel, by: str = "") -> str:
        """Mints a further link and gives its secret back, once.

        Raises ``AppointmentUnknown`` or ``AppointmentNotPlanned``.
        """
        now = self._clock()

        def work(session: Session) -> str:
            appointment = planned(session, appointment_id)
            audit(session, by or appointment.adviser_id, "link_made", appointment.id, now)
            return mint_link(session, appointment.id, channel, now)

        return await self._database.write(work)

    async def send_link_now(self, appointment_id: str, channel: Channel, by: str) -> Appointment:
        """Queues a link of the short-notice ``channel``, for a client who is on the phone.

        Its second factor is the session number. Raises ``AppointmentUnknown``,
        ``AppointmentNotPlanned`` or ``NowhereToSend`` (no address, no number, no gateway).
        """
        now = self._clock()

        def work(session: Session) -> Appointment:
            appointment = planned(session, appointment_id)
            letter = bare_letter(session, self._house, appointment, channel, now)
            if not self._queue_link(session, letter, channel, appointment.client_phone):
                raise NowhereToSend
            changed(session, appointment, "link_sent_now", by, now)
            return appointment

        return await self._database.write(work)

    async def invite_again(self, appointment_id: str, by: str) -> Appointment:
        """Queues the invitation once more, with a link of its own; earlier links stay valid."""
        now = self._clock()

        def work(session: Session) -> Appointment:
            appointment = planned(session, appointment_id)
            if appointment.client_email:
                letter = invitation_letter(session, self._house, appointment, now)
                self._post.queue_invitation(session, letter)
            changed(session, appointment, "invited_again", by, now)
            return appointment

        return await self._database.write(work)

    async def _decide(self, appointment_id: str, status: AppointmentStatus, by: str) -> Appointment:
        now = self._clock()

        def work(session: Session) -> Appointment:
            appointment = found(session, appointment_id)
            if appointment.status not in BEFORE[status]:
                raise AppointmentNotPlanned
            appointment.status = status
            appointment.decided_at = now
            changed(session, appointment, status.value, by, now)
            return appointment

        return await self._database.write(work)

    def _queue_link(self, session: Session, letter: Letter, channel: Channel, phone: str) -> bool:
        if channel is Channel.SHORT_SMS:
            return bool(phone and self._post.queue_link_sms(session, letter, phone))
        return bool(letter.recipient and self._post.queue_short_notice(session, letter))
