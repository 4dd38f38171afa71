"""Staff: logging in by the agency's own directory."""

from __future__ import annotations

import hmac

import structlog
from quart import Blueprint, Response, request

from appliance.advisers.errors import AdviserError, LoginRefused, SubjectUnknown
from appliance.advisers.oidc import Directory, Pending
from appliance.web.access import Who, access, count_failure_now
from appliance.web.console_login import device, refused_form
from appliance.web.cookies import (
    LOGIN,
    LOGIN_LIVES,
    OIDC,
    OIDC_LIVES,
    give,
    give_to_returning,
    signature,
    take,
)
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("console_oidc", __name__, url_prefix="/console/login/oidc")
PURPOSE = "oidc"


@blueprint.get("")
@access(Who.ANYONE, Budget.LOGIN)
async def to_directory() -> Response:
    """To the directory; what belongs to the way back lies in a cookie of ten minutes."""
    pending = Pending.fresh()
    try:
        response = see_other(await _directory().address(pending, _back()))
    except AdviserError as error:
        return await _refused(error)
    until = int((parts().clock() + OIDC_LIVES).timestamp())
    text = f"{pending.state}.{pending.nonce}.{pending.verifier}.{until}"
    give_to_returning(response, OIDC, f"{text}.{signature(parts(), PURPOSE, text)}", OIDC_LIVES)
    return response


@blueprint.get("/back")
@access(Who.ANYONE, Budget.LOGIN)
async def back() -> Response:
    """[console/login_done] leads on to the desk; [console/login] again when refused.

    No redirect: it would still belong to the directory's page, and the login's cookie goes with
    no request that another site has begun.
    """
    pending = _pending()
    try:
        if pending is None or not hmac.compare_digest(
            request.args.get("state", "").encode(), pending.state.encode()
        ):
            raise LoginRefused
        subject = await _directory().subject(request.args.get("code", ""), pending, _back())
        secret = await parts().advisers.enter_by_directory(subject, device())
    except AdviserError as error:
        return await _refused(error)
    log.info("login_succeeded")
    response = await page("console/login_done", adviser=None)
    response.headers["Refresh"] = "0; url=/console"
    give(response, LOGIN, secret, LOGIN_LIVES)
    take(response, OIDC)
    return response


def _directory() -> Directory:
    directory = parts().directory
    if not directory.configured:
        raise LoginRefused
    return directory


def _back() -> str:
    return f"{parts().settings.web.base_url.rstrip('/')}/console/login/oidc/back"


def _pending() -> Pending | None:
    text, _, signed = request.cookies.get(OIDC, "").rpartition(".")
    found = text.split(".")
    if len(found) != 4 or not found[3].isdecimal():
        return None
    if not hmac.compare_digest(signed.encode(), signature(parts(), PURPOSE, text).encode()):
        return None
    return Pending(*found[:3]) if int(found[3]) > parts().clock().timestamp() else None


async def _refused(error: AdviserError) -> Response:
    log.info("login_refused", code=error.code)
    count_failure_now(Budget.LOGIN)
    subject = error.subject if isinstance(error, SubjectUnknown) else ""
    response = await refused_form(error, subject=subject)
    take(response, OIDC)
    return response
