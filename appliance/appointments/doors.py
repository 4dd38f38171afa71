"""The client's ways in: a link, a number, and what the statements are compared with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from appliance.appointments.credentials import (
    looks_like_link_secret,
    secret_hash,
    typed_number,
)
from appliance.appointments.entry import (
    LINK_LASTS_AFTER,
    ExpectedIdentityFields,
    LinkView,
    over_at,
    view_of_link,
    view_of_number,
)
from appliance.appointments.errors import LinkUnknown
from appliance.appointments.models import Appointment, AppointmentRequest, Invitation
from appliance.appointments.rows import House, found, in_force
from appliance.appointments.states import Alternative
from appliance.events import AppointmentChanged
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database, announce
from appliance.storage.keys import FieldKeyGone, shred, unseal


class Doors:
    """What a client can do with an appointment; all of it without being logged in."""

    def __init__(self, database: Database, house: House, clock: Clock = utcnow) -> None:
        self._database = database
        self._house = house
        self._clock = clock

    async def open_link(self, secret: str, now: datetime) -> LinkView:
        """What the link leads to; uses nothing up. Too early is a view with ``Door.EARLY``.

        Raises ``LinkUnknown``, ``LinkRevoked``, ``LinkCancelled`` or ``LinkExpired``.
        """

        def work(session: Session) -> LinkView:
            invitation, appointment = by_secret(session, secret)
            name = self._house.adviser_name(session, appointment.adviser_id)
            view = view_of_link(invitation, appointment, name, now)
            return replace(view, move_wished=wishes_to_move(session, appointment.id))

        return await self._database.read(work)

    async def by_number(self, number: str, now: datetime) -> LinkView:
        """The appointment whose slot it is. Raises ``NumberUnknown``, the same for every reason."""
        # A malformed number is looked up like any other, so that it takes the same time.
        digits = typed_number(number) or ""
        query = select(Appointment).where(col(Appointment.session_number) == digits)
        return await self._database.read(
            lambda session: view_of_number(session.exec(query).first(), now)
        )

    async def expected_identity(self, appointment_id: str) -> ExpectedIdentityFields:
        """For the comparison only; never leaves the appliance. Raises ``AppointmentUnknown``.

        A visit that began before its appointment was moved is compared with what it became.
        """
        now = self._clock()

        def work(session: Session) -> ExpectedIdentityFields:
            appointment = in_force(session, appointment_id)
            return ExpectedIdentityFields(
                password=readable_password(session, appointment, now),
                session_number=appointment.session_number,
                birth_on=appointment.birth_on,
                customer_number=appointment.customer_number,
                file_name=appointment.client_name,
            )

        return await self._database.read(work)

    async def choose_alternative(self, secret: str, choice: Alternative) -> LinkView:
        """The client would rather telephone or come (or, with ``NONE``, have video after all).

        Raises what ``open_link`` raises.
        """
        now = self._clock()

        def work(session: Session) -> LinkView:
            invitation, appointment = by_secret(session, secret)
            name = self._house.adviser_name(session, appointment.adviser_id)
            view = view_of_link(invitation, appointment, name, now)
            appointment.alternative = choice
            appointment.alternative_at = now
            appointment.alternative_done_at = None
            announce(session, AppointmentChanged(appointment.id, "alternative_chosen"))
            return view

        return await self._database.write(work)

    async def forget_passwords(self) -> int:
        """Throws the passwords of slots away that are over; gives their number."""
        now = self._clock()
        query = select(Appointment).where(
            col(Appointment.sealed_password).is_not(None),
            col(Appointment.ends_at) <= now - LINK_LASTS_AFTER,
        )

        def work(session: Session) -> int:
            rows = session.exec(query).all()
            for appointment in rows:
                appointment.sealed_password = None
                appointment.session_number = None
                shred(session, appointment.id)
            return len(rows)

        return await self._database.write(work)


def by_secret(session: Session, secret: str) -> tuple[Invitation, Appointment]:
    """The link and where it leads. Raises ``LinkUnknown``."""
    # A malformed secret is looked up like any other, so that it takes the same time.
    shaped = secret if looks_like_link_secret(secret) else ""
    query = select(Invitation).where(col(Invitation.secret_hash) == secret_hash(shaped))
    invitation = session.exec(query).first()
    if invitation is None:
        raise LinkUnknown
    return invitation, found(session, invitation.appointment_id)


def wishes_to_move(session: Session, appointment_id: str) -> bool:
    """Whether the client has asked for another time, and nobody has decided it."""
    query = select(AppointmentRequest.id).where(
        col(AppointmentRequest.appointment_id) == appointment_id,
        col(AppointmentRequest.moves),
        col(AppointmentRequest.ended_at).is_(None),
    )
    return session.exec(query).first() is not None


def readable_password(session: Session, appointment: Appointment, now: datetime) -> str | None:
    """The session password while it is kept, else None."""
    if appointment.sealed_password is None or now >= over_at(appointment.ends_at):
        return None
    try:
        return unseal(session, appointment.id, appointment.sealed_password)
    except FieldKeyGone:
        return None
