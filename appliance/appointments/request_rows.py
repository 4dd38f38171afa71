"""Steps of requests inside one transaction: finding, ending, and what each side sees."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from appliance.appointments.credentials import (
    looks_like_link_secret,
    new_link_secret,
    request_address,
    secret_hash,
)
from appliance.appointments.errors import (
    AppointmentUnknown,
    RequestChangedMeanwhile,
    RequestNotOpen,
    RequestUnknown,
)
from appliance.appointments.letter import RequestLetter
from appliance.appointments.models import Appointment, AppointmentRequest, SlotOffer, Topic
from appliance.appointments.rows import House, in_force
from appliance.appointments.states import UNDER_WAY, AppointmentStatus, RequestState, RequestStep
from appliance.appointments.wanted import Clerk, OfferedSlot, RequestRow, RequestView
from appliance.events import RequestChanged
from appliance.storage.audit import audit
from appliance.storage.database import announce

USUAL_MIN = 30  # when the topic has been removed meanwhile


def by_request_secret(session: Session, secret: str) -> AppointmentRequest:
    """Whose mail it is. Raises ``RequestUnknown``."""
    # A malformed secret is looked up like any other, so that it takes the same time.
    shaped = secret if looks_like_link_secret(secret) else ""
    query = select(AppointmentRequest).where(
        col(AppointmentRequest.secret_hash) == secret_hash(shaped)
    )
    request = session.exec(query).first()
    if request is None:
        raise RequestUnknown
    return request


def reaches(session: Session, request: AppointmentRequest, clerk: Clerk) -> bool:
    """A new one is everybody's until somebody answers; then the rights hold."""
    if not request.adviser_id:
        return True
    row = session.get(Appointment, request.appointment_id) if request.moves else None
    return clerk.may(request.adviser_id, row.team_id if row else None)


def under_way(
    session: Session, request_id: str, clerk: Clerk, seen: datetime | None = None
) -> AppointmentRequest:
    """One that this clerk can answer; ``seen``: the ``state_since`` that their page has shown.

    Raises ``RequestUnknown``, ``RequestChangedMeanwhile`` or ``RequestNotOpen``.
    """
    request = session.get(AppointmentRequest, request_id)
    if request is None or request.state is RequestState.UNCONFIRMED:
        raise RequestUnknown  # or not meant for anybody's eyes yet
    mine = reaches(session, request, clerk)
    if request.moves and not mine:
        raise RequestUnknown
    # A new one that is a colleague's by now was everybody's: who was quicker is no secret.
    if seen is not None and seen != request.state_since:
        raise RequestChangedMeanwhile
    if not mine:
        raise RequestUnknown
    if request.state not in UNDER_WAY:
        raise RequestNotOpen
    return request


def to_be_moved(session: Session, request: AppointmentRequest) -> Appointment | None:
    """The appointment that shall get another time; None for a new one, or when it is over."""
    if not request.moves:
        return None
    try:
        appointment = in_force(session, request.appointment_id)
    except AppointmentUnknown:
        return None
    return appointment if appointment.status is AppointmentStatus.PLANNED else None


def slots_of(session: Session, request_id: str) -> list[OfferedSlot]:
    """What is offered, earliest first."""
    query = (
        select(SlotOffer)
        .where(col(SlotOffer.request_id) == request_id)
        .order_by(col(SlotOffer.starts_at))
    )
    return [OfferedSlot(one.id, one.starts_at, one.ends_at) for one in session.exec(query)]


def forget_slots(session: Session, request_id: str) -> None:
    """Takes all offers back."""
    session.execute(delete(SlotOffer).where(col(SlotOffer.request_id) == request_id))


def ended(
    session: Session, request: AppointmentRequest, state: RequestState, by: str, now: datetime
) -> None:
    """It is decided: what the client has typed is no longer needed here."""
    request.client_name = request.client_email = request.client_phone = request.wishes = ""
    request.ended_at = now
    forget_slots(session, request.id)
    became(session, request, state, by, now)


def became(
    session: Session, request: AppointmentRequest, state: RequestState, by: str, now: datetime
) -> None:
    """The new state with an audit line, and the event once all is committed."""
    request.state, request.state_since = state, now
    audit(session, by, f"request_{state.value}", request.id, now)
    announce(session, RequestChanged(request.id))


def letter_about(
    session: Session,
    house: House,
    request: AppointmentRequest,
    step: RequestStep,
    useless_at: datetime,
) -> RequestLetter:
    """The mail of this step; a link in it is the only valid one from now on."""
    appointment = to_be_moved(session, request)
    link = ""
    if step is not RequestStep.DECLINE:
        secret = new_link_secret()
        request.secret_hash = secret_hash(secret)
        link = request_address(house.settings.web.base_url, secret)
    name = appointment.client_name if appointment else request.client_name
    return RequestLetter(
        request_id=request.id,
        adviser_id=request.adviser_id,
        step=step,
        recipient=appointment.client_email if appointment else request.client_email,
        language=request.language,
        client_name="" if step is RequestStep.CONFIRM else name,
        link=link,
        slots=tuple(slot.starts_at for slot in slots_of(session, request.id)),
        moves=request.moves,
        useless_at=useless_at,
    )


def view_of(session: Session, request: AppointmentRequest) -> RequestView:
    """For the client."""
    starts_at = None
    if request.appointment_id:
        appointment = session.get(Appointment, request.appointment_id)
        starts_at = appointment.starts_at if appointment else None
    slots = slots_of(session, request.id)
    return RequestView(request.state, request.moves, slots, starts_at)


def row_of(session: Session, request: AppointmentRequest) -> RequestRow:
    """For staff; who wants another time is described by their appointment."""
    appointment = to_be_moved(session, request)
    topic = session.get(Topic, request.topic_id) if request.topic_id else None
    who = appointment or request
    return RequestRow(
        id=request.id,
        state=request.state,
        moves=request.moves,
        topic=appointment.topic if appointment else topic.name_de if topic else "",
        duration_min=minutes_wanted(session, request),
        client_name=who.client_name,
        client_email=who.client_email,
        client_phone=who.client_phone,
        wishes=request.wishes,
        language=request.language,
        created_at=request.created_at,
        state_since=request.state_since,
        adviser_id=request.adviser_id,
        appointment_id=appointment.id if appointment else request.appointment_id,
        starts_at=appointment.starts_at if appointment else None,
        slots=slots_of(session, request.id),
    )


def minutes_wanted(session: Session, request: AppointmentRequest) -> int:
    """How long the appointment shall be."""
    appointment = to_be_moved(session, request)
    if appointment is not None:
        return int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)
    topic = session.get(Topic, request.topic_id)
    return topic.duration_min if topic else USUAL_MIN
