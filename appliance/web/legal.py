"""The pages that law wants, reachable from every page."""

from __future__ import annotations

from quart import Blueprint, Response

from appliance.web.access import Who, access
from appliance.web.limits import Budget
from appliance.web.pages import page

blueprint = Blueprint("legal", __name__)


@blueprint.get("/impressum")
@access(Who.ANYONE, Budget.PAGES)
async def impressum() -> Response:
    """[legal/impressum] Who runs this. Context: nothing of its own."""
    return await page("legal/impressum")


@blueprint.get("/datenschutz")
@access(Who.ANYONE, Budget.PAGES)
async def datenschutz() -> Response:
    """[legal/datenschutz] What is kept, why, until when. Context: nothing of its own."""
    return await page("legal/datenschutz")


@blueprint.get("/barrierefreiheit")
@access(Who.ANYONE, Budget.PAGES)
async def barrierefreiheit() -> Response:
    """[legal/barrierefreiheit] The accessibility statement. Context: nothing of its own."""
    return await page("legal/barrierefreiheit")
