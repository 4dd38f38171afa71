"""The pages that law wants, reachable from every page."""

from __future__ import annotations

from quart import Blueprint, Response

from appliance.retention.periods import Period, periods
from appliance.retention.policy import KEEP_DAYS
from appliance.web.access import Who, access
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.pages import page
from appliance.web.parts import parts

blueprint = Blueprint("legal", __name__)


@blueprint.get("/impressum")
@access(Who.ANYONE, Budget.PAGES)
async def impressum() -> Response:
    """[legal/impressum] Who runs this. Context: nothing of its own."""
    return await page("legal/impressum")


@blueprint.get("/datenschutz")
@access(Who.ANYONE, Budget.PAGES)
async def datenschutz() -> Response:
    """[legal/datenschutz] What is kept, why, until when.

    Context: ``periods`` (message ids and their numbers: the page may say them in two languages),
    ``keep_days``.
    """
    return await page("legal/datenschutz", **kept_facts())


@blueprint.get("/barrierefreiheit")
@access(Who.ANYONE, Budget.PAGES)
async def barrierefreiheit() -> Response:
    """[legal/barrierefreiheit] The accessibility statement. Context: nothing of its own."""
    return await page("legal/barrierefreiheit")


def kept_facts() -> dict[str, object]:
    """What the declaration says of periods, wherever a page shows it."""
    lines = [one for one in periods(parts().settings.backup.keep) if not one.of_staff]
    return {"periods": lines, "keep_days": KEEP_DAYS}


def periods_in_words() -> list[tuple[str, str]]:
    """What is kept and until when, from the rules that delete, in the reader's language."""
    return [
        (_filled(one.what, one), _filled(one.how_long, one))
        for one in periods(parts().settings.backup.keep)
    ]


def _filled(sentence: str, period: Period) -> str:
    return translate(sentence).format(**period.numbers)
