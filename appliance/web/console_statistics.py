"""The administrator: what device checks ended with, by week, without persons."""

from __future__ import annotations

from quart import Blueprint, Response

from appliance.device_check.remedies import CAUSES
from appliance.statistics.service import SMALLEST
from appliance.web.access import Who, access, present_adviser
from appliance.web.limits import Budget
from appliance.web.pages import page
from appliance.web.parts import parts

blueprint = Blueprint("console_statistics", __name__, url_prefix="/console")


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
