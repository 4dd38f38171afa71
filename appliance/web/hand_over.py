"""The device that has read the code of a half-done check: it goes on with the same visit."""

from __future__ import annotations

from typing import ClassVar

from quart import Blueprint, Response, request

from appliance.i18n import N_
from appliance.web import api_types
from appliance.web.access import Who, access, count_failure_now
from appliance.web.address import address_of
from appliance.web.body import as_json, given
from appliance.web.cookies import VISIT, VISIT_LIVES, give
from appliance.web.errors import WebError
from appliance.web.limits import Budget
from appliance.web.pages import page
from appliance.web.parts import parts

blueprint = Blueprint("hand_over", __name__)


class CodeOver(WebError):
    """Unknown, used, revoked or too old: all alike."""

    status: ClassVar[int] = 404
    code = "hand_over_over"
    sentence = N_("Dieser Code gilt nicht mehr.")
    advice = N_("Wählen Sie am Computer noch einmal „Mit dem Handy weitermachen“.")


@blueprint.get("/h")
@access(Who.ANYONE, Budget.PAGES)
async def hand_over() -> Response:
    """[hand_over] Reads the secret from the fragment; a GET alone uses nothing up.

    Context: nothing of its own. The page posts ``{"secret": …}`` on the click.
    """
    return await page("hand_over")


@blueprint.post("/api/v1/hand-over/take")
@access(Who.ANYONE, Budget.LINKS)
async def take() -> Response:
    """Gives this browser the visit, once. Raises ``CodeOver``; guesses are counted."""
    asked = await given(api_types.HandOverGiven)
    access_secret = await parts().live.hand_over.take(asked.secret)
    if access_secret is None:
        parts().limiter.check(Budget.LINKS, address_of(request))
        count_failure_now(Budget.LINKS)
        raise CodeOver
    response = as_json(api_types.HandOverTaken())
    give(response, VISIT, access_secret, VISIT_LIVES)
    return response
