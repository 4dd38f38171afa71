"""The page behind the mails about a request, and what it posts."""

from __future__ import annotations

from quart import Blueprint, Response, request

from appliance.appointments.errors import RequestUnknown
from appliance.appointments.wanted import RequestView
from appliance.web import api_types
from appliance.web.access import Who, access, count_failure_now
from appliance.web.address import address_of
from appliance.web.body import as_json, given
from appliance.web.errors import JsonWrong
from appliance.web.language import time_in_words
from appliance.web.limits import Budget
from appliance.web.pages import page
from appliance.web.parts import parts

blueprint = Blueprint("requests", __name__)


@blueprint.get("/r")
@access(Who.ANYONE, Budget.PAGES)
async def shown() -> Response:
    """[request] Reads the secret from the fragment; a GET alone confirms and books nothing.

    Context: nothing of its own. The page posts to ``/api/v1/requests/…``.
    """
    return await page("request")


@blueprint.post("/api/v1/requests/look")
@access(Who.ANYONE, Budget.LINKS)
async def look() -> Response:
    """Where the request is."""
    asked = await given(api_types.RequestGiven)
    return _seen(await _counted(parts().requests.look(asked.secret)))


@blueprint.post("/api/v1/requests/confirm")
@access(Who.ANYONE, Budget.LINKS)
async def confirm() -> Response:
    """The mail address is the client's: staff see the request from now on."""
    asked = await given(api_types.RequestGiven)
    return _seen(await _counted(parts().requests.confirm(asked.secret)))


@blueprint.post("/api/v1/requests/pick")
@access(Who.ANYONE, Budget.LINKS)
async def pick() -> Response:
    """Books the offered time; the invitation is mailed."""
    asked = await given(api_types.SlotPicked)
    return _seen(await _counted(parts().requests.pick(asked.secret, asked.slot_id)))


@blueprint.post("/api/v1/requests/again")
@access(Who.ANYONE, Budget.LINKS)
async def again() -> Response:
    """None of the times suits; staff read the new wishes."""
    asked = await given(api_types.WishesGiven)
    try:
        return _seen(await _counted(parts().requests.ask_again(asked.secret, asked.wishes)))
    except ValueError as error:
        raise JsonWrong from error


@blueprint.post("/api/v1/requests/withdraw")
@access(Who.ANYONE, Budget.LINKS)
async def withdraw() -> Response:
    """The client wants it no longer."""
    asked = await given(api_types.RequestGiven)
    return _seen(await _counted(parts().requests.withdraw(asked.secret)))


async def _counted(doing: object) -> RequestView:
    """Awaits it; a secret that nobody has is counted as a guess. Raises ``TooMany`` then."""
    try:
        view: RequestView = await doing  # type: ignore[misc]
    except RequestUnknown:
        parts().limiter.check(Budget.LINKS, address_of(request))
        count_failure_now(Budget.LINKS)
        raise
    return view


def _seen(view: RequestView) -> Response:
    seen = api_types.RequestSeen(
        state=view.state.value,
        moves=view.moves,
        slots=[
            api_types.SlotShown(id=slot.id, in_words=time_in_words(slot.starts_at))
            for slot in view.slots
            if slot.starts_at > parts().clock()
        ],
        starts_in_words=time_in_words(view.starts_at) if view.starts_at else "",
    )
    return as_json(seen)
