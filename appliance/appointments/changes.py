"""Booking, moving and cancelling inside one transaction, whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from appliance.appointments.booking import Booking
from appliance.appointments.credentials import in_groups
from appliance.appointments.doors import readable_password
from appliance.appointments.letter import Post
from appliance.appointments.models import Appointment, AppointmentRequest
from appliance.appointments.request_rows import forget_slots
from appliance.appointments.rows import (
    House,
    add_appointment,
    cancellation_letter,
    ensure_free,
    forget_client,
    invitation_letter,
    links_of,
)
from appliance.appointments.states import UNDER_WAY, AppointmentStatus, RequestState
from appliance.events import AppointmentChanged
from appliance.storage.audit import audit
from appliance.storage.database import announce
from appliance.storage.keys import seal, shred


@dataclass(frozen=True, slots=True)
class Place:
    """Whose the client is; ``appointment_id`` where that was settled before."""

    adviser_id: str
    team_id: str | None = None
    appointment_id: str = ""


def booked(
    session: Session,
    house: House,
    post: Post,
    booking: Booking,
    place: Place,
    by: str,
    now: datetime,
) -> Appointment:
    """The new row, its invitation queued. ``booking`` is tidied. Raises ``SlotTaken``."""
    if not booking.overlap_allowed:
        ensure_free(session, place.adviser_id, booking.starts_at, booking.ends_at)
    appointment, password = add_appointment(
        session, house, booking, place.adviser_id, now, place.appointment_id
    )
    appointment.team_id = place.team_id
    if appointment.client_email:
        post.queue_invitation(session, invitation_letter(session, house, appointment, now))
    if booking.sms:
        queue_password(session, post, appointment, password)
    changed(session, appointment, "booked", by or place.adviser_id, now)
    return appointment


def moved(
    session: Session,
    house: House,
    post: Post,
    old: Appointment,
    booking: Booking,
    by: str,
    now: datetime,
) -> Appointment:
    """A new row with the time of ``booking`` takes over all else; a new mail says when."""
    new = _successor(session, house, post, old, booking, now)
    if new.client_email:
        letter = invitation_letter(session, house, new, now, moved=True)
        post.queue_invitation(session, letter)
    changed(session, old, "moved", by, now)
    announce(session, AppointmentChanged(new.id, "booked"))
    return new


def cancelled(
    session: Session, house: House, post: Post, appointment: Appointment, by: str, now: datetime
) -> None:
    """Its links end, unsent messages are taken back, the calendar's CANCEL is queued."""
    appointment.status = AppointmentStatus.CANCELLED
    appointment.decided_at = now
    appointment.calendar_sequence += 1
    for invitation in links_of(session, appointment.id):
        invitation.revoked_at = invitation.revoked_at or now
    appointment.sealed_password = None
    shred(session, appointment.id)
    post.withdraw(session, appointment.id)
    if appointment.client_email:
        letter = cancellation_letter(session, house, appointment, now)
        post.queue_cancellation(session, letter)
    end_wishes_to_move(session, post, appointment.id, now)
    changed(session, appointment, "cancelled", by, now)


def queue_password(session: Session, post: Post, appointment: Appointment, password: str) -> None:
    """The session password by SMS, where there is a gateway."""
    post.queue_password_sms(
        session,
        appointment.id,
        appointment.adviser_id,
        appointment.client_phone,
        appointment.language,
        in_groups(password),
    )


def changed(
    session: Session, appointment: Appointment, happened: str, by: str, now: datetime
) -> None:
    """An audit line, and the event once all is committed."""
    audit(session, by, f"appointment_{happened}", appointment.id, now)
    announce(session, AppointmentChanged(appointment.id, happened))


def minutes_of(appointment: Appointment) -> int:
    """How long the slot is."""
    return int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)


def _successor(
    session: Session,
    house: House,
    post: Post,
    old: Appointment,
    booking: Booking,
    now: datetime,
) -> Appointment:
    facts = replace(
        booking,
        client_email=old.client_email,
        client_phone=old.client_phone,
        topic=old.topic,
        birth_on=old.birth_on,
        customer_number=old.customer_number,
    )
    password = readable_password(session, old, now)
    number, old.session_number, old.sealed_password = old.session_number, None, None
    old.status, old.decided_at = AppointmentStatus.MOVED, now
    new, fresh = add_appointment(session, house, facts, old.adviser_id, now)
    post.withdraw(session, old.id)
    post.hand_over(session, old.id, new.id)
    new.session_number, new.team_id = number, old.team_id
    new.sealed_password = seal(session, new.id, password or fresh, now)
    new.calendar_uid, new.calendar_sequence = old.calendar_uid, old.calendar_sequence + 1
    new.alternative, new.alternative_at = old.alternative, old.alternative_at
    new.alternative_done_at, new.call_phone = old.alternative_done_at, old.call_phone
    new.call_wanted_at, new.call_done_at = old.call_wanted_at, old.call_done_at
    for invitation in links_of(session, old.id):
        invitation.appointment_id = new.id
    shred(session, old.id)
    forget_client(old)
    old.moved_to_id = new.id
    end_wishes_to_move(session, post, old.id, now)
    return new


def end_wishes_to_move(session: Session, post: Post, appointment_id: str, now: datetime) -> None:
    """The appointment has another time, or takes place no longer: nothing is left to decide.

    An offer that is not sent is taken back, and its times are forgotten.
    """
    query = select(AppointmentRequest).where(
        col(AppointmentRequest.appointment_id) == appointment_id,
        col(AppointmentRequest.moves),
        col(AppointmentRequest.state).in_(UNDER_WAY),
    )
    for request in session.exec(query):
        request.state, request.state_since, request.ended_at = RequestState.WITHDRAWN, now, now
        request.wishes = ""
        post.withdraw(session, request.id)
        forget_slots(session, request.id)
