"""A session number instead of a link: the page and what it posts."""

from __future__ import annotations

from quart import Blueprint, Response

from appliance.appointments.errors import NumberUnknown
from appliance.visits.models import Entry
from appliance.web import api_types
from appliance.web.access import Who, access
from appliance.web.body import given
from appliance.web.limits import Budget
from appliance.web.links import enter, refused
from appliance.web.pages import page
from appliance.web.parts import parts

blueprint = Blueprint("join", __name__)


@blueprint.get("/join")
@access(Who.ANYONE, Budget.PAGES)
async def join() -> Response:
    """[join] Ten digits, read out by the adviser or printed beside the QR code.

    Context: nothing of its own. The page posts ``{"number": …}`` to ``/api/v1/numbers/open`` and
    goes to ``next`` of the answer; a problem document has ``title`` and ``detail`` to show. A mail
    address goes to ``/api/v1/links/lost``.
    """
    return await page("join")


@blueprint.post("/api/v1/numbers/open")
@access(Who.ANYONE, Budget.NUMBERS)
async def open_number() -> Response:
    """Begins the visit. No such number, too early and too late get one and the same answer."""
    asked = await given(api_types.NumberGiven)
    try:
        view = await parts().appointments.by_number(asked.number, parts().clock())
    except NumberUnknown as error:
        refused(error, Budget.NUMBERS)
        raise
    return await enter(view, Entry.NUMBER)
