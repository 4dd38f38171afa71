"""Staff: logging in and out, the desk, one's own logins."""

from __future__ import annotations

import structlog
from quart import Blueprint, Response, g, request

from appliance.advisers.errors import (
    AdviserError,
    DirectoryUnavailable,
    LoginBusy,
    LoginRefused,
)
from appliance.advisers.logins import LoginState
from appliance.advisers.models import Role
from appliance.advisers.rights import Action
from appliance.advisers.service import DEVICE_CHARACTERS
from appliance.i18n import N_
from appliance.web.access import Who, access, present_adviser
from appliance.web.address import address_of
from appliance.web.body import typed
from appliance.web.cookies import LOGIN, LOGIN_LIVES, give, take
from appliance.web.first_steps import first_steps
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

WRONG_PASSWORD = N_("Das bisherige Passwort stimmt nicht.")
log = structlog.get_logger()
blueprint = Blueprint("console_login", __name__, url_prefix="/console")


@blueprint.get("/login")
@access(Who.ANYONE, Budget.PAGES)
async def login() -> Response:
    """[console/login] Login name, password, code of the app or a recovery code.

    Context: ``values`` (``login``), ``problem`` (a sentence, or None), ``locked`` (True when this
    browser's login was idle for too long: only the password is asked for, and the form posts
    ``password`` to ``/console/unlock``), ``directory`` (what the link to the agency's own login
    says, empty without one), ``subject`` (known there, but not here). Else it posts ``login``,
    ``password`` and ``code`` to the same address.
    """
    view = await parts().advisers.look(request.cookies.get(LOGIN, ""))
    if view is not None and view.state is LoginState.OPEN:
        return see_other("/console")
    locked = view is not None and view.state is LoginState.LOCKED
    return await _form(view.adviser.login if view and locked else "", locked=locked)


@blueprint.post("/login")
@access(Who.ANYONE, Budget.LOGIN)
async def log_in() -> Response:
    """[console/login] again when refused (401, one sentence for every reason), else the desk."""
    fields = await typed("login", "password", "code")
    name = fields["login"].strip()
    try:
        secret = await parts().advisers.log_in(
            name, fields["password"], fields["code"], address_of(request), device()
        )
    except AdviserError as error:
        return await _refused(error, name)
    log.info("login_succeeded")
    response = see_other("/console")
    give(response, LOGIN, secret, LOGIN_LIVES)
    return response


@blueprint.post("/unlock")
@access(Who.ANYONE, Budget.LOGIN)
async def unlock() -> Response:
    """[console/login] again when refused, else the desk: the login was idle for too long."""
    secret = request.cookies.get(LOGIN, "")
    fields = await typed("password")
    try:
        await parts().advisers.unlock(secret, fields["password"], address_of(request))
    except AdviserError as error:
        view = await parts().advisers.look(secret)
        locked = view is not None and view.state is LoginState.LOCKED
        return await _refused(error, view.adviser.login if view and locked else "", locked=locked)
    return see_other("/console")


def device() -> str:
    """What the list of logins calls this browser: the words of its User-Agent."""
    return " ".join(request.headers.get("User-Agent", "").split())[:DEVICE_CHARACTERS]


async def _refused(error: AdviserError, name: str, *, locked: bool = False) -> Response:
    log.info("login_refused", code=error.code)
    g.counted = True  # the service has counted it, by account and address
    problem = translate(error.sentence)
    return await _form(name, problem, 503 if isinstance(error, LoginBusy) else 401, locked=locked)


async def refused_form(error: AdviserError, subject: str) -> Response:
    """The form again, for whom the agency's directory has not led in."""
    status = 503 if isinstance(error, DirectoryUnavailable) else 401
    return await _form("", translate(error.sentence), status, subject=subject)


async def _form(
    name: str,
    problem: str | None = None,
    status: int = 200,
    *,
    locked: bool = False,
    subject: str = "",
) -> Response:
    return await page(
        "console/login",
        status,
        adviser=None,
        values={"login": name},
        problem=problem,
        locked=locked,
        subject=subject,
        directory=parts().settings.oidc.label if parts().directory.configured else "",
    )


@blueprint.post("/logout")
@access(Who.ADVISER, Budget.CONSOLE, Action.BE_HERE)
async def log_out() -> Response:
    """Ends this login and clears what the browser holds of us."""
    await parts().advisers.log_out(request.cookies.get(LOGIN, ""))
    log.info("login_ended", adviser_id=present_adviser().id)
    response = see_other("/console/login")
    take(response, LOGIN)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("")
@access(Who.ADVISER, Budget.CONSOLE, Action.BE_HERE)
async def desk() -> Response:
    """[console/desk] The desk; what changes comes by the console's socket.

    Context: ``adviser`` (``name``, ``role``); ``blocks`` (for the chat); ``steps`` (what the box
    still lacks: see ``web.first_steps``; empty for all but administrators).
    """
    adviser = present_adviser()
    return await page(
        "console/desk",
        adviser=adviser,
        blocks=await parts().text_blocks.of(adviser.id),
        steps=await first_steps() if adviser.role is Role.ADMINISTRATOR else [],
    )


@blueprint.get("/logins")
@access(Who.ADVISER, Budget.CONSOLE, Action.BE_HERE)
async def logins() -> Response:
    """[console/logins] Where one is logged in, to end the others.

    Context: ``adviser``, ``logins`` (rows with ``id``, ``device``, ``created_at``, ``seen_at``),
    ``this_login_id``, ``problem`` (a sentence, or None). Forms, each a POST without fields:
    ``/console/logins/<id>/revoke``, ``/console/logins/revoke`` ends all of them, this one too;
    ``/console/password`` takes ``password`` and ``new_password``.
    """
    return await _logins()


async def _logins(problem: str | None = None) -> Response:
    adviser = present_adviser()
    found = await parts().advisers.logins(adviser.id)
    view = await parts().advisers.look(request.cookies.get(LOGIN, ""))
    this_login_id = view.login.id if view else ""
    return await page(
        "console/logins",
        422 if problem else 200,
        adviser=adviser,
        logins=found,
        this_login_id=this_login_id,
        problem=translate(problem) if problem else None,
    )


@blueprint.post("/logins/<login_id>/revoke")
@access(Who.ADVISER, Budget.CONSOLE, Action.BE_HERE)
async def revoke_login(login_id: str) -> Response:
    """Ends one of one's own logins; somebody else's is left alone."""
    adviser = present_adviser()
    await parts().advisers.revoke(adviser.id, login_id, adviser.id)
    log.info("login_ended", adviser_id=adviser.id, login_id=login_id)
    return see_other("/console/logins")


@blueprint.post("/password")
@access(Who.ADVISER, Budget.CONSOLE, Action.BE_HERE)
async def change_password() -> Response:
    """One's own password; then everybody logs in anew. With a mistake the list of logins again."""
    fields = await typed("password", "new_password")
    adviser = present_adviser()
    try:
        await parts().advisers.change_password(
            adviser.id, fields["password"], fields["new_password"], address_of(request)
        )
    except AdviserError as error:
        g.counted = True  # the service has counted it, by account and address
        return await _logins(WRONG_PASSWORD if isinstance(error, LoginRefused) else error.sentence)
    log.info("account_changed", adviser_id=adviser.id, kind="password")
    response = see_other("/console/login")
    take(response, LOGIN)
    return response


@blueprint.post("/logins/revoke")
@access(Who.ADVISER, Budget.CONSOLE, Action.BE_HERE)
async def revoke_logins() -> Response:
    """Ends every login of this adviser, this one too; a running conversation goes on."""
    adviser = present_adviser()
    await parts().advisers.revoke_all(adviser.id, adviser.id)
    log.info("login_ended", adviser_id=adviser.id, kind="all")
    response = see_other("/console/login")
    take(response, LOGIN)
    return response
