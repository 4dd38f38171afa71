"""What clients change about their appointment from the page behind their link."""

from __future__ import annotations

from collections.abc import Awaitable

import structlog
from quart import Blueprint, Response, current_app

from appliance.appointments.errors import BookingInvalid, LinkError
from appliance.i18n import N_
from appliance.web import api_types
from appliance.web.access import Who, access, count_failure_now
from appliance.web.body import as_json, given
from appliance.web.errors import JsonWrong, PhoneWrong
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.links import refused
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("own_appointment", __name__, url_prefix="/api/v1/links")

CALLED_OFF = (
    N_("Ihr Termin ist abgesagt."),
    N_("Sie bekommen eine E-Mail, wenn wir Ihre Adresse haben. Mehr brauchen Sie nicht zu tun."),
)
MOVE_WISHED = (
    N_("Wir suchen eine andere Zeit."),
    N_("Sie bekommen eine E-Mail mit Vorschlägen. Bis dahin gilt Ihr Termin weiter."),
)
CALL_WANTED = (
    N_("Wir rufen Sie vorher an."),
    N_("Am Telefon erklären wir Ihnen, wie der Video-Termin abläuft."),
)
LOST = (
    N_("Bitte sehen Sie in Ihre E-Mails."),
    N_("Gibt es zu dieser Adresse einen Termin, schicken wir den Link noch einmal."),
)


@blueprint.post("/cancel")
@access(Who.ANYONE, Budget.LINKS)
async def cancel() -> Response:
    """Called off by the client; links end, staff see it."""
    asked = await given(api_types.LinkGiven)
    await _done("called_off", parts().own.call_off(asked.secret))
    return _noted(*CALLED_OFF)


@blueprint.post("/move")
@access(Who.ANYONE, Budget.LINKS)
async def move() -> Response:
    """Another time, please: a request to staff; the appointment stays until one is picked."""
    asked = await given(api_types.MoveWished)
    try:
        await _done("move_wished", parts().own.ask_to_move(asked.secret, asked.wishes))
    except ValueError as error:
        raise JsonWrong from error
    return _noted(*MOVE_WISHED)


@blueprint.post("/call")
@access(Who.ANYONE, Budget.LINKS)
async def call() -> Response:
    """The client wants to be told on the phone how it goes."""
    asked = await given(api_types.CallWanted)
    try:
        await _done("call_wanted", parts().own.want_call(asked.secret, asked.phone))
    except BookingInvalid as error:
        raise PhoneWrong from error
    return _noted(*CALL_WANTED)


@blueprint.post("/lost")
@access(Who.ANYONE, Budget.REQUESTS)
async def lost() -> Response:
    """Mails the links of this address anew; words and time are the same when there are none."""
    asked = await given(api_types.LinkLost)
    count_failure_now(Budget.REQUESTS)
    # After the answer: looking, composing and writing would take longer where there is something.
    current_app.add_background_task(parts().own.send_lost_link, asked.email)
    return _noted(*LOST)


async def _done(kind: str, doing: Awaitable[str]) -> None:
    """Awaits it. A refused link is counted like at the door."""
    try:
        appointment_id = await doing
    except LinkError as error:
        refused(error)
        raise
    log.info("appointment_wish", kind=kind, appointment_id=appointment_id)


def _noted(title: str, detail: str) -> Response:
    return as_json(api_types.Noted(title=translate(title), detail=translate(detail)))
