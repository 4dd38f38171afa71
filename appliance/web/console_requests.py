"""Staff: who asks for an appointment or for another time, and what they are offered."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from quart import Blueprint, Response

from appliance.advisers.rights import Action
from appliance.appointments.booking import readable_phone
from appliance.appointments.errors import (
    AppointmentUnknown,
    BookingInvalid,
    RequestChangedMeanwhile,
    SlotTaken,
)
from appliance.appointments.wanted import SLOTS_MOST, Clerk
from appliance.appointments.wishes import WishKind
from appliance.i18n import N_
from appliance.web import appointment_form
from appliance.web.access import Who, access, present_adviser
from appliance.web.appointment_form import FormWrong
from appliance.web.body import typed
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

blueprint = Blueprint("console_requests", __name__, url_prefix="/console/requests")

NUMBERS = tuple(str(number + 1) for number in range(SLOTS_MOST))
FIELDS = tuple(f"{name}_{n}" for n in NUMBERS for name in ("starts_on", "starts_at_time"))
NOT_FREE = N_("Zu einer dieser Zeiten haben Sie schon einen Termin.")


@blueprint.get("")
@access(Who.ADVISER, Budget.CONSOLE)
async def requests() -> Response:
    """[console/requests] What waits for an answer, and what clients have told us.

    Context: ``adviser``; ``requests`` (``appointments.wanted.RequestRow``, oldest first);
    ``wishes``, pairs of an ``appointments.wishes.Wish`` and its readable number. One is ticked off
    by a POST to ``…/settled/<appointment_id>/done`` with its ``kind``. ``problem``: a sentence;
    ``topics_listed``: clients can ask at all.
    """
    return await _list()


async def _list(problem: str | None = None, status: int = 200) -> Response:
    adviser = present_adviser()
    wishes = await parts().wishes.open(await _clerk())
    return await page(
        "console/requests",
        status,
        adviser=adviser,
        problem=problem,
        requests=await parts().requests.rows(await _clerk()),
        topics_listed=bool(await parts().topics.listed()),
        wishes=[(wish, readable_phone(wish.client_phone)) for wish in wishes],
    )


@blueprint.post("/settled/<appointment_id>/done")
@access(Who.ADVISER, Budget.CONSOLE)
async def settled(appointment_id: str) -> Response:
    """Called, or noted: the line goes from the list."""
    try:
        kind = WishKind((await typed("kind"))["kind"])
    except ValueError as error:
        raise AppointmentUnknown from error
    await parts().wishes.settle(appointment_id, kind, await _clerk())
    return see_other("/console/requests")


@blueprint.get("/<request_id>")
@access(Who.ADVISER, Budget.CONSOLE)
async def request(request_id: str) -> Response:
    """[console/request] One of them, with the form that offers times; reading is audited.

    Context: ``adviser``; ``request`` (the row), ``phone`` (readable or empty), ``mail`` (a
    ``Delivery``: of the newest mail about it), ``numbers`` ("1" to "3"), ``values`` (text per
    field of ``FIELDS``), ``mistakes`` (field to sentence).
    ``…/offer`` offers the times, ``…/decline`` ends it.
    """
    return await _shown(request_id, {})


@blueprint.post("/<request_id>/offer")
@access(Who.ADVISER, Budget.CONSOLE)
async def offer(request_id: str) -> Response:
    """Mails the times; with mistakes the form again (422), nothing lost; the slower see the list.

    ``seen`` is the ``state_since`` of the row that the page has shown.
    """
    values = await typed(*FIELDS, "seen")
    try:
        starts = _starts(values)
        await parts().requests.offer(request_id, starts, await _clerk(), _seen(values["seen"]))
    except RequestChangedMeanwhile as error:
        return await _list(error.sentence, 409)
    except FormWrong as error:
        return await _shown(request_id, values, error.mistakes)
    except BookingInvalid as error:
        return await _shown(request_id, values, error.mistakes)
    except SlotTaken:
        return await _shown(request_id, values, {"starts_on_1": NOT_FREE})
    return see_other("/console/requests")


@blueprint.post("/<request_id>/decline")
@access(Who.ADVISER, Budget.CONSOLE)
async def decline(request_id: str) -> Response:
    """No appointment, or no other time; the client gets a mail. ``seen`` as for an offer."""
    seen = _seen((await typed("seen"))["seen"])
    try:
        await parts().requests.decline(request_id, await _clerk(), seen)
    except RequestChangedMeanwhile as error:
        return await _list(error.sentence, 409)
    return see_other("/console/requests")


async def _clerk() -> Clerk:
    me, staff = present_adviser().id, await parts().advisers.staff()
    return Clerk(me, partial(staff.may, me, Action.BOOK))


def _seen(text: str) -> datetime:
    """A page that does not say it has seen nothing, so anything is newer."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _starts(values: dict[str, str]) -> list[datetime]:
    """The filled lines of the form. Raises ``FormWrong``."""
    zone = ZoneInfo(parts().settings.agency.time_zone)
    starts: list[datetime] = []
    mistakes: dict[str, str] = {}
    for n in NUMBERS:
        day, clock = values[f"starts_on_{n}"], values[f"starts_at_time_{n}"]
        if not (day.strip() or clock.strip()):
            continue
        try:
            starts.append(appointment_form.moment(day, clock, zone))
        except FormWrong as error:
            mistakes |= {f"{name}_{n}": sentence for name, sentence in error.mistakes.items()}
    if mistakes:
        raise FormWrong(mistakes)
    return starts


async def _shown(
    request_id: str, values: dict[str, str], mistakes: dict[str, str] | None = None
) -> Response:
    row = await parts().requests.read(request_id, await _clerk())
    context: dict[str, Any] = {
        "adviser": present_adviser(),
        "request": row,
        "phone": readable_phone(row.client_phone),
        "mail": (await parts().outbox.deliveries([row.id]))[row.id].mail,
        "numbers": NUMBERS,
        "values": values,
        "mistakes": {name: translate(sentence) for name, sentence in (mistakes or {}).items()},
    }
    return await page("console/request", 422 if mistakes else 200, **context)
