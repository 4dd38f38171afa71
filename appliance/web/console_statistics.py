"""Counts by week, without persons: of the house for all staff, of device checks for IT."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from quart import Blueprint, Response

from appliance.advisers.rights import Action
from appliance.device_check.remedies import CAUSES
from appliance.statistics.service import SMALLEST, week_of
from appliance.statistics.weeks import Fact, week_numbers
from appliance.visits.models import Visit
from appliance.visits.states import Outcome
from appliance.web.access import Who, access, present_adviser
from appliance.web.limits import Budget
from appliance.web.pages import page
from appliance.web.parts import parts
from appliance.web.timetable import midnight

blueprint = Blueprint("console_statistics", __name__, url_prefix="/console")


WHOLE_WEEKS = 11  # the rows behind it go after 90 days: an older week would be a part of one
KINDS = ("held", "no_show", "cancelled", "talk", "left_word")
_LEFT_WORD = (Outcome.MESSAGE, Outcome.CALL_BACK)


@blueprint.get("/statistics")
@access(Who.ADVISER, Budget.CONSOLE, Action.BE_HERE)
async def statistics() -> Response:
    """[console/statistics] Finished weeks of the whole house, newest first; no adviser has a row.

    Context: ``adviser``, ``weeks`` (``statistics.weeks.WeekNumbers``), ``smallest``.
    """
    now, zone = parts().clock(), ZoneInfo(parts().settings.agency.time_zone)
    since = midnight(week_of(now, zone) - timedelta(weeks=WHOLE_WEEKS), zone)
    booked = await parts().appointments.between(None, since, now)
    visits = await parts().visits.closed_between(since, now)
    facts = [Fact(one.starts_at, one.status.value) for one in booked]
    facts += [fact for visit in visits if (fact := _fact(visit))]
    return await page(
        "console/statistics",
        adviser=present_adviser(),
        weeks=week_numbers(facts, KINDS, zone, now),
        smallest=SMALLEST,
    )


def _fact(visit: Visit) -> Fact | None:
    """A conversation, or a word that was left instead; None for all that came to nothing."""
    if visit.session_began_at is not None:
        waited = visit.waiting_since and visit.session_began_at - visit.waiting_since
        waited_s = max(0.0, waited.total_seconds()) if waited else None
        return Fact(visit.session_began_at, "talk", waited_s)
    return Fact(visit.state_since, "left_word") if visit.outcome in _LEFT_WORD else None


@blueprint.get("/check-statistics")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def check_statistics() -> Response:
    """[console/check_statistics] Finished weeks, newest first; fewer than five are not counted out.

    Context: ``adviser``, ``weeks`` (``statistics.service.WeekCounts``), ``smallest``,
    ``feedback`` (``statistics.feedback.FeedbackWeek`` rows),
    ``sentences`` (cause to what staff read).
    """
    return await page(
        "console/check_statistics",
        adviser=present_adviser(),
        weeks=await parts().live.check_counts.statistics.weeks(),
        smallest=SMALLEST,
        feedback=await parts().live.feedbacks.statistics.weeks(),
        sentences={code: cause.staff for code, cause in CAUSES.items()},
    )
