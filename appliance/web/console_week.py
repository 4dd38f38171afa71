"""Staff: the appointments of a week, to look at, to print and to book into."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from quart import Blueprint, Response, request

from appliance.advisers.rights import Action, Member, Staff
from appliance.appointments.models import Appointment
from appliance.web.access import Who, access, present_adviser
from appliance.web.body import typed
from appliance.web.console_appointments import zone
from appliance.web.limits import Budget
from appliance.web.pages import page
from appliance.web.parts import parts
from appliance.web.timetable import Week, midnight, monday_of, timetable

blueprint = Blueprint("console_week", __name__, url_prefix="/console")

FIRST_DAY, LAST_DAY = date(2000, 1, 3), date(2100, 1, 4)  # whatever stands in the address
WANTED_CHARACTERS = 254
FOUND_MOST = 20


@blueprint.get("/week")
@access(Who.ADVISER, Budget.CONSOLE, Action.SEE)
async def week() -> Response:
    """[console/week] The week of the day ``on`` (today's without one), of whom one may see.

    Context: ``adviser``; ``week`` (``web.timetable.Week``), ``monday``; ``earlier``, ``later`` and
    ``this_week`` (addresses); ``people`` (id to name, where there is a choice; ``whose`` is the one
    chosen, empty for all); ``names`` (of advisers, by id); ``booking`` (the query of the form for a
    free time, by that time).
    """
    adviser, now = present_adviser(), parts().clock()
    staff: Staff = await parts().advisers.staff()
    people = _people(staff, adviser.id)
    whose = request.args.get("whose", "")
    whose = whose if whose in people and len(people) > 1 else ""
    monday = monday_of(_asked_day(now.astimezone(zone()).date()))
    seen = await _seen(staff, adviser.id, monday, whose)
    await parts().looks.note(adviser.id, "week_shown", "week")
    calendar = whose or ("" if staff.sees_colleagues(adviser.id) else adviser.id)
    shown = timetable(seen, monday, zone(), now, one_calendar=bool(calendar))
    return await page(
        "console/week",
        adviser=adviser,
        week=shown,
        monday=midnight(monday, zone()),
        earlier=_address(monday - timedelta(weeks=1), whose),
        later=_address(monday + timedelta(weeks=1), whose),
        this_week=_address(None, whose),
        people=people if len(people) > 1 else {},
        whose=whose,
        names={one.adviser_id: staff.name(one.adviser_id) for one in seen},
        booking=_booking(shown, _place(staff, adviser.id, whose)),
    )


@blueprint.post("/week/find")
@access(Who.ADVISER, Budget.CONSOLE, Action.SEE)
async def find() -> Response:
    """[console/appointments_found] Those of a client whom one may see, nearest in time first.

    Posted, so that nobody's name stands in an address; each one that is shown is audited.
    Context: ``adviser``, ``wanted`` (as typed), ``found`` (rows), ``more`` (there are others),
    ``names`` (of advisers, by id).
    """
    adviser, now = present_adviser(), parts().clock()
    wanted = (await typed("wanted"))["wanted"][:WANTED_CHARACTERS]
    staff = await parts().advisers.staff()
    found = [
        one
        for one in await parts().appointments.matching(wanted)
        if staff.may(adviser.id, Action.SEE, one.adviser_id, one.team_id)
    ]
    found.sort(key=lambda one: abs(one.starts_at - now))
    for one in found[:FOUND_MOST]:
        await parts().looks.note(adviser.id, "appointment_found", one.id)
    return await page(
        "console/appointments_found",
        adviser=adviser,
        wanted=wanted,
        found=found[:FOUND_MOST],
        more=len(found) > FOUND_MOST,
        names={one.adviser_id: staff.name(one.adviser_id) for one in found},
    )


def _asked_day(today: date) -> date:
    try:
        asked = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today
    return asked if FIRST_DAY <= asked < LAST_DAY else today


def _people(staff: Staff, viewer_id: str) -> dict[str, str]:
    """Those whose appointments one may look at, oneself first."""
    if not staff.sees_colleagues(viewer_id):
        return {}
    found = [member for member, _ in staff.places(viewer_id, Action.SEE)]
    return {member.adviser_id: member.name for member in found}


async def _seen(staff: Staff, viewer_id: str, monday: date, whose: str) -> list[Appointment]:
    """The week's, as far as the table of rights lets one see them."""
    asked = whose or (None if staff.sees_colleagues(viewer_id) else viewer_id)
    first, before = midnight(monday, zone()), midnight(monday + timedelta(weeks=1), zone())
    return [
        one
        for one in await parts().appointments.between(asked, first, before)
        if staff.may(viewer_id, Action.SEE, one.adviser_id, one.team_id)
    ]


def _place(staff: Staff, viewer_id: str, whose: str) -> str:
    """The form's value for the one chosen; empty: chosen there."""
    places: list[tuple[Member, str | None]] = staff.places(viewer_id, Action.BOOK)
    wanted = whose or viewer_id
    for member, team_id in places:
        if member.adviser_id == wanted:
            return f"{member.adviser_id}.{team_id or ''}"
    return ""


def _booking(shown: Week, place: str) -> dict[str, str]:
    """For each free time of the week, what the booking form is to hold."""
    found = {}
    for at in (at for day in shown.days for at in day.free):
        there = at.astimezone(zone())
        fields = {"starts_on": there.date().isoformat(), "starts_at_time": there.strftime("%H:%M")}
        found[at.isoformat()] = urlencode(fields | ({"for_whom": place} if place else {}))
    return found


def _address(monday: date | None, whose: str) -> str:
    fields = {"on": monday.isoformat()} if monday else {}
    query = urlencode(fields | ({"whose": whose} if whose else {}))
    return f"/console/week?{query}" if query else "/console/week"
