"""Staff's pages of conferences: starting one, and the room; and the guests' link of a room."""

from __future__ import annotations

import base64

from quart import Blueprint, Response, request

from appliance.appointments.booking import tidy_email, tidy_line, tidy_phone
from appliance.appointments.credentials import qr_svg
from appliance.conferences.errors import ConferenceUnknown, LinkNotSendable
from appliance.conferences.states import ConferenceMode, LinkWay, MemberState
from appliance.i18n import N_
from appliance.web import api_types
from appliance.web.access import Who, access, present_adviser
from appliance.web.body import as_json, given
from appliance.web.language import reader_language, translate
from appliance.web.limits import Budget
from appliance.web.live.owners import desk_owner
from appliance.web.live.problems import WORDS, Refused
from appliance.web.pages import own_pictures, page, see_other
from appliance.web.parts import parts

TITLE_CHARACTERS = 80
OWN_TITLE = N_("Konferenz von %(name)s")
IN_THE_WAY = {
    "session_running": N_("Sie führen gerade ein Gespräch. Beenden Sie es zuerst."),
    "conference_running": WORDS["conference_running"].title,
}

blueprint = Blueprint("conference_pages", __name__)


@blueprint.get("/console/conferences")
@access(Who.ADVISER, Budget.CONSOLE)
async def conferences() -> Response:
    """[console/conferences] Picks colleagues, sound or picture, and starts; below, the own rooms.

    Context: ``adviser``, ``colleagues`` (``id``, ``name``, ``online``), ``rooms`` (``id``,
    ``title``, ``state``), ``title``, ``problem``.
    """
    return await _start_page()


async def _start_page(problem: str = "", title: str = "") -> Response:
    adviser, live = present_adviser(), parts().live
    staff = await parts().advisers.staff()
    return await page(
        "console/conferences",
        422 if problem else 200,
        adviser=adviser,
        colleagues=[
            {
                "id": one.adviser_id,
                "name": one.name,
                "online": live.pages.online(desk_owner(one.adviser_id)),
            }
            for one in staff.serving()
            if one.adviser_id != adviser.id
        ],
        rooms=[
            {"id": conference.id, "title": conference.title, "state": member.state.value}
            for conference, member in await parts().conferences.of_adviser(adviser.id)
            if member.state is not MemberState.REMOVED and conference.visit_id is None
        ],
        title=title or translate(OWN_TITLE, name=adviser.name),
        problem=problem,
    )


@blueprint.post("/console/conferences")
@access(Who.ADVISER, Budget.CONSOLE)
async def start() -> Response:
    """Makes the room, rings at the colleagues' desks, and goes there."""
    form = await request.form
    adviser = present_adviser()
    try:
        title = tidy_line(form.get("title", ""), TITLE_CHARACTERS)
    except ValueError as error:
        return await _start_page(translate(str(error)), form.get("title", "")[:TITLE_CHARACTERS])
    mode = ConferenceMode.AUDIO if form.get("mode") == "audio" else ConferenceMode.VIDEO
    serving = {one.adviser_id for one in (await parts().advisers.staff()).serving()}
    called = [one for one in form.getlist("colleague") if one in serving]
    live = parts().live
    async with live.capacity.one_at_a_time:
        if code := await live.engaged.word(adviser.id):
            return await _start_page(translate(IN_THE_WAY[code]), title)
        made = await parts().conferences.start(
            title or translate(OWN_TITLE, name=adviser.name), mode, adviser.id, called
        )
    return see_other(f"/console/conferences/{made.id}#enter")


@blueprint.get("/console/conferences/<conference_id>")
@access(Who.ADVISER, Budget.CONSOLE)
async def conference(conference_id: str) -> Response:
    """[conference] The room, for staff; everything in it comes by the socket's snapshots.

    Context: ``conference_id``, ``guest`` False, ``own_backgrounds``.
    """
    view = await parts().conferences.get(conference_id)
    if view.of_adviser(present_adviser().id) is None:
        raise ConferenceUnknown
    pictures = own_pictures()
    return await page(
        "conference", conference_id=conference_id, guest=False, own_backgrounds=pictures
    )


@blueprint.post("/api/v1/console/conferences/<conference_id>/link")
@access(Who.ADVISER, Budget.CONSOLE)
async def link(conference_id: str) -> Response:
    """The guests' link, for whoever leads."""
    return await _room_link(conference_id)


@blueprint.post("/api/v1/console/session/link")
@access(Who.ADVISER, Budget.CONSOLE)
async def session_link() -> Response:
    """The guests' link into the adviser's own running conversation with a confirmed client."""
    try:
        conference_id = await parts().live.joined_commands.open(present_adviser().id)
    except Refused as error:
        raise ConferenceUnknown from error
    return await _room_link(conference_id)


async def _room_link(conference_id: str) -> Response:
    address = await parts().conferences.link(conference_id, present_adviser().id)
    drawn = base64.b64encode(qr_svg(address).encode()).decode()
    return as_json(
        api_types.RoomLink(
            link=address,
            picture=f"data:image/svg+xml;base64,{drawn}",
            mail=parts().outbox.mail_configured,
            sms=parts().outbox.sms_configured,
        )
    )


@blueprint.post("/api/v1/console/conferences/<conference_id>/send")
@access(Who.ADVISER, Budget.CONSOLE)
async def send(conference_id: str) -> Response:
    """Sends the guests' link by mail or SMS."""
    asked = await given(api_types.RoomLinkSent)
    way = LinkWay(asked.way)
    try:
        to = tidy_email(asked.to) if way is LinkWay.MAIL else tidy_phone(asked.to)
    except ValueError as error:
        raise LinkNotSendable from error
    if not to:
        raise LinkNotSendable
    await parts().conferences.send_link(
        conference_id, present_adviser().id, way, to, reader_language()
    )
    return as_json(asked)
