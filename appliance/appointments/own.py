"""What clients change about their own appointment, behind their link and without a login."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from appliance.appointments.booking import tidy_email, tidy_phone
from appliance.appointments.changes import cancelled, changed
from appliance.appointments.doors import by_secret
from appliance.appointments.entry import changeable, view_of_link
from appliance.appointments.errors import AppointmentNotPlanned, BookingInvalid
from appliance.appointments.letter import Post
from appliance.appointments.models import Appointment, AppointmentRequest, Invitation
from appliance.appointments.request_rows import became, forget_slots
from appliance.appointments.rows import AdviserName, House, invitation_letter
from appliance.appointments.states import (
    UNDER_WAY,
    AppointmentStatus,
    Channel,
    RequestState,
)
from appliance.appointments.wanted import tidy_wishes
from appliance.i18n import N_
from appliance.settings import Settings
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database

BY_CLIENT = "client"
LOST_MOST = 3  # links sent anew for one appointment within ``LOST_WITHIN``
LOST_WITHIN = timedelta(hours=24)


class OwnAppointments:
    """Each deed leaves an audit line and an event, so that the desk shows it at once."""

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

    async def call_off(self, secret: str) -> str:
        """Cancels it like staff do; gives its id.

        Raises ``AppointmentNotPlanned`` (it has begun, too) and what ``Doors.open_link`` raises.
        """
        now = self._clock()

        def deed(session: Session, appointment: Appointment) -> None:
            appointment.called_off_at = now
            cancelled(session, self._house, self._post, appointment, BY_CLIENT, now)

        return await self._on_own(secret, deed, now)

    async def ask_to_move(self, secret: str, wishes: str) -> str:
        """Staff are asked for another time; until one is picked, nothing changes.

        Asked again, the newest wishes count. Raises like ``call_off``, and ``ValueError``.
        """
        tidied = tidy_wishes(wishes)
        now = self._clock()

        def deed(session: Session, appointment: Appointment) -> None:
            query = select(AppointmentRequest).where(
                col(AppointmentRequest.appointment_id) == appointment.id,
                col(AppointmentRequest.state).in_(UNDER_WAY),
            )
            request = session.exec(query).first() or AppointmentRequest(
                state=RequestState.OPEN,
                moves=True,
                appointment_id=appointment.id,
                adviser_id=appointment.adviser_id,
                language=appointment.language,
                created_at=now,
                state_since=now,
            )
            session.add(request)
            self._post.withdraw(session, request.id)  # times that nobody has read yet
            forget_slots(session, request.id)
            request.wishes = tidied
            became(session, request, RequestState.OPEN, BY_CLIENT, now)
            changed(session, appointment, "move_wished", BY_CLIENT, now)

        return await self._on_own(secret, deed, now)

    async def want_call(self, secret: str, phone: str) -> str:
        """The client wants to be told on the phone how it goes. Empty: the number on file.

        Raises like ``call_off``, and ``BookingInvalid``.
        """
        now = self._clock()
        try:
            number = tidy_phone(phone)
        except ValueError as error:
            raise BookingInvalid({"phone": str(error)}) from error

        def deed(session: Session, appointment: Appointment) -> None:
            if not (number or appointment.client_phone):
                raise BookingInvalid({"phone": N_("Bitte geben Sie Ihre Telefonnummer an.")})
            appointment.call_phone = number
            appointment.call_wanted_at, appointment.call_done_at = now, None
            changed(session, appointment, "call_wanted", BY_CLIENT, now)

        return await self._on_own(secret, deed, now)

    async def send_lost_link(self, email: str) -> int:
        """Mails a new link for each planned appointment of this address, three a day at most.

        Gives their number, which nobody outside may learn.
        """
        now = self._clock()
        try:
            address = tidy_email(email)
        except ValueError:
            return 0
        query = select(Appointment).where(
            func.lower(col(Appointment.client_email)) == address.lower(),
            col(Appointment.client_email) != "",
            col(Appointment.status) == AppointmentStatus.PLANNED,
            col(Appointment.ends_at) > now,
        )

        def work(session: Session) -> int:
            due = [one for one in session.exec(query) if _sent_anew(session, one, now) < LOST_MOST]
            for appointment in due:
                letter = invitation_letter(
                    session, self._house, appointment, now, channel=Channel.LOST
                )
                self._post.queue_invitation(session, letter)
                changed(session, appointment, "lost_link_sent", BY_CLIENT, now)
            return len(due)

        return await self._database.write(work)

    async def _on_own(
        self, secret: str, deed: Callable[[Session, Appointment], None], now: datetime
    ) -> str:
        def work(session: Session) -> str:
            invitation, appointment = by_secret(session, secret)
            view_of_link(invitation, appointment, "", now)  # raises for a link that has ended
            if not changeable(appointment, now):
                raise AppointmentNotPlanned
            deed(session, appointment)
            return appointment.id

        return await self._database.write(work)


def _sent_anew(session: Session, appointment: Appointment, now: datetime) -> int:
    query = select(func.count()).where(
        col(Invitation.appointment_id) == appointment.id,
        col(Invitation.channel) == Channel.LOST,
        col(Invitation.created_at) > now - LOST_WITHIN,
    )
    return session.exec(query).one()
