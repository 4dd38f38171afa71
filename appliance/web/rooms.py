"""An external guest's door to a conference: the page behind the link, and what it posts."""

from __future__ import annotations

import structlog
from quart import Blueprint, Response, request

from appliance.appointments.booking import tidy_line
from appliance.conferences.errors import RoomUnknown
from appliance.conferences.rows import View
from appliance.web import api_types
from appliance.web.access import Who, access, count_failure_now
from appliance.web.address import address_of
from appliance.web.body import as_json, given
from appliance.web.cookies import GUEST, GUEST_LIVES, give, guest_of
from appliance.web.errors import JsonWrong
from appliance.web.limits import Budget
from appliance.web.pages import own_pictures, page
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("rooms", __name__)


@blueprint.get("/rooms/<name>")
@access(Who.ANYONE, Budget.PAGES)
async def room(name: str) -> Response:
    """[conference] Asks for a name, checks the devices shortly, knocks; then it is the room.

    It reads the secret from the fragment: a GET alone tells nothing and uses nothing up. Context:
    ``conference_id`` empty, ``guest`` True, ``own_backgrounds``.
    """
    del name  # read from the address by the page
    return await page("conference", conference_id="", guest=True, own_backgrounds=own_pictures())


@blueprint.post("/api/v1/rooms/look")
@access(Who.ANYONE, Budget.LINKS)
async def look() -> Response:
    """What a guest may know before knocking."""
    asked = await given(api_types.RoomGiven)
    view = await _by_link(asked.name, asked.secret)
    held = await guest_of(request)
    return as_json(
        api_types.RoomFound(
            title=view.conference.title,
            beside=view.conference.visit_id is not None,
            host_name=await parts().advisers.name(view.conference.host_id),
            mode=view.conference.mode.value,
            known=held is not None and held.conference_id == view.conference.id,
        )
    )


@blueprint.post("/api/v1/rooms/knock")
@access(Who.ANYONE, Budget.LINKS)
async def knock() -> Response:
    """Before the door, under the name that was typed."""
    asked = await given(api_types.Knock)
    try:
        guest_name = tidy_line(asked.guest_name, 80)
    except ValueError as error:
        raise JsonWrong from error
    if not guest_name:
        raise JsonWrong
    await _by_link(asked.name, asked.secret)
    member, access_secret = await parts().conferences.knock(
        asked.name,
        asked.secret,
        guest_name,
        without_microphone=asked.without_microphone,
        access=request.cookies.get(GUEST, ""),
    )
    response = as_json(api_types.Knocked(conference_id=member.conference_id))
    give(response, GUEST, access_secret, GUEST_LIVES)
    return response


async def _by_link(name: str, secret: str) -> View:
    """Where the link leads. A refusal is counted and raised."""
    try:
        return await parts().conferences.by_link(name, secret)
    except RoomUnknown as error:
        log.info("link_refused", code=error.code)
        parts().limiter.check(Budget.LINKS, address_of(request))
        count_failure_now(Budget.LINKS)
        raise
