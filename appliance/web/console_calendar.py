"""Staff: the address under which one's own calendar program reads one's appointments."""

from __future__ import annotations

import structlog
from quart import Blueprint, Response, request

from appliance.advisers.rights import Action
from appliance.appointments.errors import FeedUnknown
from appliance.web.access import Who, access, count_failure_now, present_adviser
from appliance.web.address import address_of
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("console_calendar", __name__)


@blueprint.get("/console/calendar")
@access(Who.ADVISER, Budget.CONSOLE, Action.SERVE)
async def calendar() -> Response:
    """[console/calendar] Whether there is an address, and how to have one.

    Context: ``adviser``, ``exists``, ``address`` (just made, shown this once; else empty). Forms
    without fields: ``/console/calendar/new``, ``/console/calendar/revoke``.
    """
    return await _shown()


@blueprint.post("/console/calendar/new")
@access(Who.ADVISER, Budget.CONSOLE, Action.SERVE)
async def make_feed() -> Response:
    """[console/calendar] with ``address``; an earlier one ends."""
    secret = await parts().calendar_feeds.make(present_adviser().id)
    log.info("calendar_feed_changed", adviser_id=present_adviser().id, kind="made")
    return await _shown(f"{parts().settings.web.base_url.rstrip('/')}/calendar/{secret}.ics")


@blueprint.post("/console/calendar/revoke")
@access(Who.ADVISER, Budget.CONSOLE, Action.SERVE)
async def revoke_feed() -> Response:
    """The address leads nowhere from now on."""
    await parts().calendar_feeds.revoke(present_adviser().id)
    log.info("calendar_feed_changed", adviser_id=present_adviser().id, kind="revoked")
    return see_other("/console/calendar")


@blueprint.get("/calendar/<secret>.ics")
@access(Who.ANYONE, Budget.LINKS)
async def feed(secret: str) -> Response:
    """The calendar itself, for programs that hold nothing but the address."""
    try:
        adviser_id = await _owner(secret)
    except FeedUnknown:
        parts().limiter.check(Budget.LINKS, address_of(request))
        count_failure_now(Budget.LINKS)
        raise
    body = await parts().calendar_feeds.calendar(adviser_id)
    return Response(body, content_type="text/calendar; charset=utf-8")


async def _owner(secret: str) -> str:
    """Raises ``FeedUnknown``, also where the account is locked."""
    adviser_id = await parts().calendar_feeds.owner(secret)
    if adviser_id not in await parts().advisers.staff():
        raise FeedUnknown
    return adviser_id


async def _shown(address: str = "") -> Response:
    return await page(
        "console/calendar",
        adviser=present_adviser(),
        exists=await parts().calendar_feeds.exists(present_adviser().id),
        address=address,
    )
