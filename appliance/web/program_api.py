"""The agency's specialist procedure: book, move, cancel, and list a day's appointments.

Programs come with a key in ``Authorization: Bearer``, and never with a cookie.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Any

import structlog
from pydantic import ValidationError
from quart import Blueprint, Response, current_app, g, jsonify, request
from quart_schema.documentation import document_headers, document_querystring, document_request

from appliance.advisers.models import Adviser, Role
from appliance.advisers.rights import Action, Member, Staff, ever
from appliance.api_keys.models import ApiKey
from appliance.appointments.booking import Booking
from appliance.appointments.errors import AppointmentUnknown, BookingInvalid, SlotTaken
from appliance.appointments.models import Appointment
from appliance.storage.errors import DatabaseConflict
from appliance.web.access import Who, access
from appliance.web.body import as_json, given
from appliance.web.console_appointments import zone
from appliance.web.errors import AdviserNotReached, IdempotencyMissing, JsonWrong, answer
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.openapi import IDEMPOTENCY, answers, document_of
from appliance.web.parts import parts
from appliance.web.program_types import (
    BookedAppointment,
    BookingAsked,
    BookingHeaders,
    DayAsked,
    DayOfAppointments,
    MoveAsked,
)

log = structlog.get_logger()
blueprint = Blueprint("program_api", __name__, url_prefix="/api/v1/appointments")


@blueprint.get("/openapi.json")
@access(Who.ANYONE, Budget.PAGES)
async def document() -> Response:
    """The OpenAPI document; it holds nothing of this agency."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # behind the proxy
    return jsonify(document_of(app))


@blueprint.get("")
@access(Who.PROGRAM, Budget.KEYS, Action.SEE)
@document_querystring(DayAsked)
@answers(200, DayOfAppointments)
async def list_day() -> Response:
    """The appointments of one day, today's by default, that the key reaches."""
    try:
        asked = DayAsked.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise JsonWrong from error
    on = asked.on or parts().clock().astimezone(zone()).date()
    midnight = datetime.combine(on, time(), zone())
    found = await parts().appointments.between(None, midnight, midnight + timedelta(days=1))
    staff, logins = await parts().advisers.staff(), await _logins()
    await parts().api_keys.listed(_key().id)
    rows = [_row(one, logins) for one in found if _reaches(staff, Action.SEE, one)]
    return as_json(DayOfAppointments(on=on, appointments=rows))


@blueprint.post("")
@access(Who.PROGRAM, Budget.KEYS, Action.BOOK)
@document_headers(BookingHeaders)
@document_request(BookingAsked)
@answers(201, BookedAppointment, 200)
async def book() -> Response:
    """Books, and sends the invitation. 201; asked again with the same Idempotency-Key: 200."""
    asked = await given(BookingAsked)
    idempotency_key = _idempotency_key()
    staff = await parts().advisers.staff()
    adviser = await parts().advisers.find(asked.adviser)
    team_id = _team_of(staff, adviser)
    if adviser is None or staff.member(adviser.id) is None:
        raise AdviserNotReached  # unknown, or the account is closed
    if not _may(staff, Action.BOOK, adviser.id, team_id):
        raise AdviserNotReached
    if not ever(adviser.role, Action.SERVE):
        raise AdviserNotReached
    appointment_id, before = await parts().api_keys.settle(
        _key().id, idempotency_key, asked.model_dump_json()
    )
    facts = asked.model_dump(exclude={"adviser"})
    try:
        booked = await _booked(appointment_id, Booking(**facts), adviser.id, team_id)
    except BookingInvalid as error:
        return await _invalid(error)
    log.info("program_booked", appointment_id=booked.id, kind="again" if before else "new")
    response = as_json(_row(booked, {adviser.id: adviser.login}), 200 if before else 201)
    response.headers["Location"] = f"/api/v1/appointments/{booked.id}"
    return response


@blueprint.get("/<appointment_id>")
@access(Who.PROGRAM, Budget.KEYS, Action.SEE)
@answers(200, BookedAppointment)
async def show(appointment_id: str) -> Response:
    """One appointment."""
    found = await _reached(appointment_id, Action.SEE)
    await parts().appointments.seen(found.id, _key().id)
    return as_json(_row(found, await _logins()))


@blueprint.post("/<appointment_id>/move")
@access(Who.PROGRAM, Budget.KEYS, Action.BOOK)
@document_request(MoveAsked)
@answers(200, BookedAppointment)
async def move(appointment_id: str) -> Response:
    """Another time; the answer is the appointment that takes over, with an id of its own."""
    asked = await given(MoveAsked)
    found = await _reached(appointment_id, Action.BOOK)
    try:
        moved = await parts().appointments.move(
            found.id,
            asked.starts_at,
            _key().id,
            duration_min=asked.duration_min,
            overlap_allowed=asked.overlap_allowed,
        )
    except BookingInvalid as error:
        return await _invalid(error)
    return as_json(_row(moved, await _logins()))


@blueprint.post("/<appointment_id>/cancel")
@access(Who.PROGRAM, Budget.KEYS, Action.BOOK)
@answers(200, BookedAppointment)
async def cancel(appointment_id: str) -> Response:
    """Cancels: links end, the client gets a mail and the calendar's cancellation."""
    found = await _reached(appointment_id, Action.BOOK)
    cancelled = await parts().appointments.cancel(found.id, _key().id)
    return as_json(_row(cancelled, await _logins()))


def _key() -> ApiKey:
    key: ApiKey = g.api_key
    return key


def _as_member() -> Member:
    """A key reaches what a front desk of its team reaches; without a team, that of all teams."""
    key = _key()
    teams = frozenset({key.team_id} if key.team_id else ())
    return Member(key.id, key.name, Role.FRONT_DESK, teams, all_teams=key.team_id is None)


def _may(staff: Staff, action: Action, adviser_id: str, team_id: str | None) -> bool:
    return staff.member_may(_as_member(), action, adviser_id, team_id)


def _reaches(staff: Staff, action: Action, appointment: Appointment) -> bool:
    return _may(staff, action, appointment.adviser_id, appointment.team_id)


async def _reached(appointment_id: str, action: Action) -> Appointment:
    found = await parts().appointments.get(appointment_id)
    if not _reaches(await parts().advisers.staff(), action, found):
        raise AppointmentUnknown
    return found


def _team_of(staff: Staff, adviser: Adviser | None) -> str | None:
    """The key's team where the adviser is in it, else the adviser's only one."""
    member = staff.member(adviser.id if adviser else None)
    teams = member.teams if member else frozenset[str]()
    if _key().team_id in teams:
        return _key().team_id
    return next(iter(teams)) if len(teams) == 1 else None


def _idempotency_key() -> str:
    try:
        given_key = request.headers.get(IDEMPOTENCY, "")
        return BookingHeaders(idempotency_key=given_key).idempotency_key
    except ValidationError as error:
        raise IdempotencyMissing from error


async def _booked(
    appointment_id: str, booking: Booking, adviser_id: str, team_id: str | None
) -> Appointment:
    """The appointment with this id, booked now or by an earlier request."""
    appointments = parts().appointments
    with suppress(AppointmentUnknown):
        return await appointments.in_force(appointment_id)
    try:
        return await appointments.book(
            booking, adviser_id, _key().id, team_id, appointment_id=appointment_id
        )
    except (DatabaseConflict, SlotTaken) as error:
        with suppress(AppointmentUnknown):  # the same request came twice, the other was faster
            return await appointments.in_force(appointment_id)
        raise error from None


async def _invalid(error: BookingInvalid) -> Response:
    """422 with every mistake in the detail."""
    said = "; ".join(f"{name}: {translate(text)}" for name, text in error.mistakes.items())
    return await answer(422, error.code, error.sentence, said)


async def _logins() -> dict[str, str]:
    return {one.id: one.login for one in await parts().advisers.all_accounts()}


def _row(one: Appointment, logins: dict[str, Any]) -> BookedAppointment:
    return BookedAppointment(
        id=one.id,
        status=one.status.value,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        adviser=logins.get(one.adviser_id, ""),
        client_name=one.client_name,
        customer_number=one.customer_number,
        topic=one.topic,
        session_number=one.session_number or "",
        moved_to=one.moved_to_id,
    )
