"""A link's secret, posted by the page that read it from the fragment."""

from __future__ import annotations

import base64

import structlog
from quart import Blueprint, Response, request

from appliance.appointments.credentials import link_address, qr_svg
from appliance.appointments.entry import LinkView
from appliance.appointments.errors import LinkError
from appliance.appointments.states import Alternative, Door, Need
from appliance.i18n import N_
from appliance.visits.errors import VisitUnderWay
from appliance.visits.models import Entry
from appliance.visits.service import Arrival
from appliance.visits.states import SecondFactor
from appliance.web import api_types
from appliance.web.access import Who, access, count_failure_now
from appliance.web.address import address_of
from appliance.web.body import as_json, given
from appliance.web.cookies import VISIT, VISIT_LIVES, give, kiosk_of
from appliance.web.language import reader_language, time_in_words, translate
from appliance.web.limits import Budget
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("links", __name__, url_prefix="/api/v1/links")

NOTED = {
    Alternative.TELEPHONE: N_("Wir rufen Sie zum Termin an."),
    Alternative.VISIT: N_("Wir erwarten Sie zum Termin im Amt."),
}
NOTED_DETAIL = N_("Ihre Beraterin oder Ihr Berater sieht Ihre Wahl. Der Link bleibt gültig.")


@blueprint.post("/look")
@access(Who.ANYONE, Budget.LINKS)
async def look() -> Response:
    """What the link leads to; begins nothing and uses nothing up."""
    asked = await given(api_types.LinkGiven)
    return as_json(door(await view_of(asked.secret), entered=False))


@blueprint.post("/open")
@access(Who.ANYONE, Budget.LINKS)
async def open_link() -> Response:
    """Begins the visit, or goes on with it, once the door is open."""
    asked = await given(api_types.LinkGiven)
    return await enter(await view_of(asked.secret), Entry.LINK)


@blueprint.post("/picture")
@access(Who.ANYONE, Budget.LINKS)
async def picture() -> Response:
    """The same link as a QR code, for a phone beside a computer that cannot; of no other link."""
    asked = await given(api_types.LinkGiven)
    await view_of(asked.secret)
    address = link_address(parts().settings.web.base_url, asked.secret)
    drawn = base64.b64encode(qr_svg(address).encode()).decode()
    response = as_json(api_types.LinkPicture(picture=f"data:image/svg+xml;base64,{drawn}"))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/alternative")
@access(Who.ANYONE, Budget.LINKS)
async def alternative() -> Response:
    """The client would rather telephone or come; staff see it."""
    asked = await given(api_types.AlternativeChosen)
    choice = Alternative(asked.choice)
    try:
        view = await parts().appointments.choose_alternative(asked.secret, choice)
    except LinkError as error:
        refused(error)
        raise
    log.info("alternative_chosen", appointment_id=view.appointment_id, kind=choice.value)
    noted = api_types.AlternativeNoted(
        choice=asked.choice, title=translate(NOTED[choice]), detail=translate(NOTED_DETAIL)
    )
    return as_json(noted)


async def view_of(secret: str) -> LinkView:
    """Where the secret leads now. A refusal is counted and raised."""
    try:
        return await parts().appointments.open_link(secret, parts().clock())
    except LinkError as error:
        refused(error)
        raise


def refused(error: LinkError, budget: Budget = Budget.LINKS) -> None:
    """Counts and logs a secret or number that leads nowhere; the old ones are no guesses.

    Raises ``TooMany`` when the address has guessed too often.
    """
    log.info("link_refused", code=error.code)
    if error.code in ("link_unknown", "number_unknown"):
        parts().limiter.check(budget, address_of(request))
        count_failure_now(budget)


async def enter(view: LinkView, entry: Entry) -> Response:
    """The visit with a secret of its own for this browser; nothing yet when it is too early."""
    if view.door is Door.EARLY:
        return as_json(door(view, entered=False))
    by_number, kiosk = Need.SESSION_NUMBER in view.needs, await kiosk_of(request)
    arrival = Arrival(
        entry=entry,
        language=reader_language(),
        appointment_id=view.appointment_id,
        adviser_id=view.adviser_id,
        team_id=view.team_id,
        slot_starts_at=view.starts_at,
        slot_ends_at=view.ends_at,
        second_factor=SecondFactor.SESSION_NUMBER if by_number else SecondFactor.PASSWORD,
        kiosk_id=kiosk.id if kiosk else None,
    )
    held = request.cookies.get(VISIT)  # a browser that is inside already goes on where it was
    before = await parts().visits.by_access(held) if held else None
    try:
        visit = await parts().visits.arrive(arrival, access=held)
    except VisitUnderWay:
        await parts().live.second_entries.kept_out(view.appointment_id)
        raise
    if before is None or before.id != visit.id:
        visit = await parts().live.client_commands.entered_anew(visit)
    secret = await parts().visits.issue_access(visit.id)
    log.info("visit_opened", visit_id=visit.id, kind=entry.value)
    response = as_json(door(view, entered=True))
    give(response, VISIT, secret, VISIT_LIVES)
    return response


def door(view: LinkView, *, entered: bool) -> api_types.Door:
    """What the page may show before identity: no client's name, no topic."""
    return api_types.Door(
        door="early" if view.door is Door.EARLY else "open",
        starts_at=view.starts_at,
        starts_in_words=time_in_words(view.starts_at),
        opens_in_words=time_in_words(view.opens_at),
        duration_min=round((view.ends_at - view.starts_at).total_seconds() / 60),
        adviser_name=view.adviser_name,
        can_change=view.can_change and bool(view.adviser_name),
        move_wished=view.move_wished,
        call_wanted=view.call_wanted,
        next="/visit" if entered else None,
    )
