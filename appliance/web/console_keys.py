"""The administrator: keys for the agency's programs."""

from __future__ import annotations

import structlog
from quart import Blueprint, Response

from appliance.api_keys.errors import ApiKeyError
from appliance.api_keys.models import Scope
from appliance.i18n import N_
from appliance.web.access import Who, access, present_adviser
from appliance.web.body import typed
from appliance.web.errors import JsonWrong
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("console_keys", __name__, url_prefix="/console/keys")

SCOPE_WORDS = {
    Scope.READ: N_("Termine des Tages lesen"),
    Scope.BOOK: N_("Termine lesen, buchen, verlegen und absagen"),
}


@blueprint.get("")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def keys() -> Response:
    """[console/keys] All keys, and a form for a new one.

    Context: ``adviser``, ``keys`` (rows of ``ApiKey``), ``teams`` (id to name), ``scopes`` (scope
    to words), ``secret`` (of the key just made, shown this once; else empty), ``address`` (of the
    OpenAPI document), ``problem``. Forms: ``/console/keys/new`` (``name``, ``scope``, ``team_id``),
    ``/console/keys/<id>/revoke``.
    """
    return await _all()


@blueprint.post("/new")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def make_key() -> Response:
    """[console/keys] with ``secret``."""
    fields = await typed("name", "scope", "team_id")
    teams = {team.id for team in await parts().advisers.teams()}
    if fields["scope"] not in set(Scope) or fields["team_id"] not in teams | {""}:
        raise JsonWrong
    try:
        key, secret = await parts().api_keys.make(
            fields["name"], Scope(fields["scope"]), present_adviser().id, fields["team_id"] or None
        )
    except ApiKeyError as error:
        return await _all(problem=error.sentence)
    log.info("api_key_made", name=key.id)
    return await _all(secret)


@blueprint.post("/<key_id>/revoke")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def revoke_key(key_id: str) -> Response:
    """From now on it opens nothing."""
    await parts().api_keys.revoke(key_id, present_adviser().id)
    log.info("api_key_revoked", name=key_id)
    return see_other("/console/keys")


async def _all(secret: str = "", problem: str | None = None) -> Response:
    base = parts().settings.web.base_url.rstrip("/")
    return await page(
        "console/keys",
        422 if problem else 200,
        adviser=present_adviser(),
        keys=await parts().api_keys.all_keys(),
        teams={team.id: team.name for team in await parts().advisers.teams()},
        scopes={scope: translate(words) for scope, words in SCOPE_WORDS.items()},
        secret=secret,
        address=f"{base}/api/v1/appointments/openapi.json",
        problem=translate(problem) if problem else None,
    )
