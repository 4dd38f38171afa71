"""Staff: one appointment and everything around it; booking is in ``console_booking``."""

from __future__ import annotations

import base64
from typing import Any
from zoneinfo import ZoneInfo

from quart import Blueprint, Response, request

from appliance.advisers.rights import Action
from appliance.appointments.booking import readable_phone
from appliance.appointments.credentials import in_groups, link_address, number_in_groups, qr_svg
from appliance.appointments.entry import opens_at
from appliance.appointments.errors import (
    AppointmentError,
    AppointmentUnknown,
    BookingInvalid,
)
from appliance.appointments.models import Appointment
from appliance.appointments.states import AppointmentStatus, Channel
from appliance.web import appointment_form
from appliance.web.access import Who, access, present_adviser
from appliance.web.appointment_form import FIELDS, FormWrong
from appliance.web.body import typed
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other, surroundings
from appliance.web.parts import parts

blueprint = Blueprint("console_appointments", __name__, url_prefix="/console/appointments")


def zone() -> ZoneInfo:
    """The agency's."""
    return ZoneInfo(parts().settings.agency.time_zone)


@blueprint.get("/<appointment_id>")
@access(Who.ADVISER, Budget.CONSOLE, Action.SEE)
async def appointment(appointment_id: str) -> Response:
    """[console/appointment] One appointment of one's own.

    Context: ``adviser``; ``appointment`` (the row); ``phone`` and ``session_number``, readable or
    empty; ``mail`` and ``sms``, each an ``outbox.service.Delivery`` (``state`` none, waiting, sent,
    failed, kept, withdrawn; ``sentence``, ``tries``, ``next_try_at``, ``sent_at``); ``planned``
    (can still be changed); ``password`` (two groups of four, None until asked for); ``qr`` (a
    picture as a ``data:`` address, None until asked for) and ``link`` (the address behind it);
    ``link_sms`` (a ``Delivery``), ``sms_possible``; ``sent_now`` ("mail", "sms" or None: a link was
    just sent, the session number is to be said on the phone);
    ``with_whom`` (whose appointment it is), ``week`` (the address of its week);
    ``starts_on`` and ``starts_at_time`` for the form that moves it; ``problem`` (a sentence, or
    None); ``others`` (further appointments of this client that are to come);
    ``booked`` (how many were just booked, empty otherwise: what is to be done next is said).
    Forms, each a POST without fields unless said: ``…/password`` shows it, ``…/password/new``
    makes a new one and shows it, ``…/link`` makes a QR code, ``…/link/mail``
    and ``…/link/sms`` send one to a client on the phone, ``…/invite`` mails again, ``…/move``
    (``starts_on``, ``starts_at_time``), ``…/cancel``, ``…/held``, ``…/no-show``, ``…/reopen``.
    ``…/letter`` (a POST, it makes a link) and ``…/password-sheet`` are pages to print.
    """
    found = await reachable(appointment_id, Action.SEE)
    await parts().appointments.seen(found.id, present_adviser().id)
    return await _shown(found, booked=request.args.get("booked", ""))


@blueprint.post("/<appointment_id>/password")
@access(Who.ADVISER, Budget.CONSOLE, Action.PASSWORD)
async def password(appointment_id: str) -> Response:
    """[console/appointment] with ``password``, to be read out on the phone; audited each time."""
    mine = await reachable(appointment_id, Action.PASSWORD)
    try:
        shown = await parts().appointments.session_password(mine.id, present_adviser().id)
    except AppointmentError as error:
        return await _shown(mine, error)
    return await _shown(mine, password=in_groups(shown))


@blueprint.post("/<appointment_id>/password/new")
@access(Who.ADVISER, Budget.CONSOLE, Action.PASSWORD)
async def new_password(appointment_id: str) -> Response:
    """[console/appointment] with a new ``password``; the old one is wrong from now on."""
    mine = await reachable(appointment_id, Action.PASSWORD)
    try:
        shown = await parts().appointments.new_password(mine.id, present_adviser().id)
    except AppointmentError as error:
        return await _shown(mine, error)
    return await _shown(mine, password=in_groups(shown))


@blueprint.post("/<appointment_id>/link")
@access(Who.ADVISER, Budget.CONSOLE, Action.PASSWORD)
async def link(appointment_id: str) -> Response:
    """[console/appointment] with ``qr`` and ``link``: a link of its own, shown this once."""
    mine = await reachable(appointment_id, Action.PASSWORD)
    try:
        secret = await parts().appointments.new_link(mine.id, Channel.SCREEN, present_adviser().id)
    except AppointmentError as error:
        return await _shown(mine, error)
    address = link_address(parts().settings.web.base_url, secret)
    return await _shown(mine, qr=_picture(address), link=address)


@blueprint.post("/<appointment_id>/link/mail")
@access(Who.ADVISER, Budget.CONSOLE, Action.PASSWORD)
async def link_by_mail(appointment_id: str) -> Response:
    """[console/appointment] with ``sent_now``: a link alone goes by e-mail, at once."""
    return await _sent_now(appointment_id, Channel.SHORT_MAIL, "mail")


@blueprint.post("/<appointment_id>/link/sms")
@access(Who.ADVISER, Budget.CONSOLE, Action.PASSWORD)
async def link_by_sms(appointment_id: str) -> Response:
    """[console/appointment] with ``sent_now``: a link alone goes by SMS, at once."""
    return await _sent_now(appointment_id, Channel.SHORT_SMS, "sms")


async def _sent_now(appointment_id: str, channel: Channel, word: str) -> Response:
    mine = await reachable(appointment_id, Action.PASSWORD)
    try:
        await parts().appointments.send_link_now(mine.id, channel, present_adviser().id)
    except AppointmentError as error:
        return await _shown(mine, error)
    return await _shown(mine, sent_now=word)


@blueprint.post("/<appointment_id>/invite")
@access(Who.ADVISER, Budget.CONSOLE, Action.BOOK)
async def invite(appointment_id: str) -> Response:
    """Mails the invitation once more, with a link of its own."""
    mine = await reachable(appointment_id, Action.BOOK)
    return await _done(mine, parts().appointments.invite_again(mine.id, present_adviser().id))


@blueprint.post("/<appointment_id>/cancel")
@access(Who.ADVISER, Budget.CONSOLE, Action.BOOK)
async def cancel(appointment_id: str) -> Response:
    """Cancels: links end, the client gets a mail and the calendar's cancellation."""
    mine = await reachable(appointment_id, Action.BOOK)
    return await _done(mine, parts().appointments.cancel(mine.id, present_adviser().id))


@blueprint.post("/<appointment_id>/held")
@access(Who.ADVISER, Budget.CONSOLE, Action.BOOK)
async def held(appointment_id: str) -> Response:
    """Notes that the conversation took place."""
    mine = await reachable(appointment_id, Action.BOOK)
    return await _done(mine, parts().appointments.held(mine.id, present_adviser().id))


@blueprint.post("/<appointment_id>/no-show")
@access(Who.ADVISER, Budget.CONSOLE, Action.BOOK)
async def no_show(appointment_id: str) -> Response:
    """Notes that nobody came."""
    mine = await reachable(appointment_id, Action.BOOK)
    return await _done(mine, parts().appointments.no_show(mine.id, present_adviser().id))


@blueprint.post("/<appointment_id>/reopen")
@access(Who.ADVISER, Budget.CONSOLE, Action.BOOK)
async def reopen(appointment_id: str) -> Response:
    """Takes a mistaken note back."""
    mine = await reachable(appointment_id, Action.BOOK)
    return await _done(mine, parts().appointments.reopen(mine.id, present_adviser().id))


@blueprint.post("/<appointment_id>/move")
@access(Who.ADVISER, Budget.CONSOLE, Action.BOOK)
async def move(appointment_id: str) -> Response:
    """Another time: the link stays valid, a new mail says when."""
    mine = await reachable(appointment_id, Action.BOOK)
    fields = await typed("starts_on", "starts_at_time")
    values = dict.fromkeys(FIELDS, "") | fields | {"duration_min": "0"}
    try:
        starts_at = appointment_form.read(values, zone()).starts_at
        moved = await parts().appointments.move(mine.id, starts_at, present_adviser().id)
    except FormWrong as error:
        return await _shown(mine, next(iter(error.mistakes.values())), **fields)
    except BookingInvalid as error:
        return await _shown(mine, next(iter(error.mistakes.values())), **fields)
    except AppointmentError as error:
        return await _shown(mine, error, **fields)
    return see_other(f"/console/appointments/{moved.id}")


@blueprint.post("/<appointment_id>/letter")
@access(Who.ADVISER, Budget.CONSOLE, Action.PASSWORD)
async def letter(appointment_id: str) -> Response:
    """[console/letter] The invitation on paper, with a link of its own; the password is apart.

    Context: ``adviser``, ``appointment``, ``qr`` (a picture as a ``data:`` address), ``opens_at``,
    ``join_address``, ``with_whom`` (a name, or empty), ``paper`` (``pages.surroundings`` in the
    client's language).
    """
    mine = await reachable(appointment_id, Action.PASSWORD)
    try:
        secret = await parts().appointments.new_link(mine.id, Channel.PRINT, present_adviser().id)
    except AppointmentError as error:
        return await _shown(mine, error)
    address = link_address(parts().settings.web.base_url, secret)
    return await page(
        "console/letter",
        adviser=present_adviser(),
        appointment=mine,
        qr=_picture(address),
        opens_at=opens_at(mine.starts_at),
        join_address=_join_address(),
        with_whom=await parts().live.facts.adviser_name(mine.adviser_id),
        paper=surroundings(mine.language),
    )


@blueprint.get("/<appointment_id>/password-sheet")
@access(Who.ADVISER, Budget.CONSOLE, Action.PASSWORD)
async def password_sheet(appointment_id: str) -> Response:
    """[console/password_sheet] To print and hand over or post, apart from the link; audited.

    Context: ``adviser``, ``appointment``, ``password``, ``join_address``, ``paper`` as above.
    """
    mine = await reachable(appointment_id, Action.PASSWORD)
    try:
        shown = await parts().appointments.session_password(mine.id, present_adviser().id)
    except AppointmentError as error:
        return await _shown(mine, error)
    return await page(
        "console/password_sheet",
        adviser=present_adviser(),
        appointment=mine,
        password=in_groups(shown),
        join_address=_join_address(),
        paper=surroundings(mine.language),
    )


def _picture(address: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(qr_svg(address).encode()).decode()}"


def _join_address() -> str:
    return f"{parts().settings.web.base_url.rstrip('/')}/join"


def _number(mine: Appointment) -> str:
    return number_in_groups(mine.session_number) if mine.session_number else ""


async def reachable(appointment_id: str, action: Action) -> Appointment:
    """The row, where the table of rights lets one; else it is unknown like one that never was."""
    found = await parts().appointments.get(appointment_id)
    staff = await parts().advisers.staff()
    if not staff.may(present_adviser().id, action, found.adviser_id, found.team_id):
        raise AppointmentUnknown
    return found


async def _others(mine: Appointment) -> list[Appointment]:
    """Of the same client, as far as one may see them."""
    staff, viewer_id = await parts().advisers.staff(), present_adviser().id
    return [
        one
        for one in await parts().appointments.coming_of(mine)
        if staff.may(viewer_id, Action.SEE, one.adviser_id, one.team_id)
    ]


async def _done(mine: Appointment, doing: Any) -> Response:
    """Awaits the deed and shows the page anew, or the page with what stood in the way."""
    try:
        await doing
    except AppointmentError as error:
        return await _shown(mine, error)
    return see_other(f"/console/appointments/{mine.id}")


async def _shown(
    mine: Appointment, problem: AppointmentError | str | None = None, **more: Any
) -> Response:
    sentence = problem.sentence if isinstance(problem, AppointmentError) else problem
    await parts().looks.note(present_adviser().id, "appointment_shown", mine.id)
    there = mine.starts_at.astimezone(zone())
    messages = (await parts().outbox.deliveries([mine.id]))[mine.id]
    context: dict[str, Any] = {
        "adviser": present_adviser(),
        "appointment": mine,
        "phone": readable_phone(mine.client_phone),
        "with_whom": await parts().live.facts.adviser_name(mine.adviser_id),
        "week": f"/console/week?on={there.date().isoformat()}",
        "session_number": _number(mine),
        "mail": messages.mail,
        "sms": messages.sms,
        "link_sms": messages.link_sms,
        "sms_possible": parts().outbox.sms_configured,
        "sent_now": None,
        "planned": mine.status is AppointmentStatus.PLANNED,
        "others": await _others(mine),
        "booked": "",
        "password": None,
        "qr": None,
        "link": None,
        "starts_on": there.date().isoformat(),
        "starts_at_time": there.strftime("%H:%M"),
        "problem": translate(sentence) if sentence else None,
    }
    return await page("console/appointment", 409 if sentence else 200, **(context | more))
