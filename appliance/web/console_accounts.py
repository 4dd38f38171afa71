"""The administrator: accounts of staff, their roles and teams, their logins."""

from __future__ import annotations

import base64
from typing import Any

import structlog
from quart import Blueprint, Response, request

from appliance.advisers.accounts import NewAdviser
from appliance.advisers.errors import AdviserError
from appliance.advisers.models import Role
from appliance.advisers.passwords import new_first_password
from appliance.appointments.credentials import qr_svg
from appliance.i18n import N_
from appliance.web.access import Who, access, present_adviser
from appliance.web.body import typed
from appliance.web.errors import JsonWrong
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("console_accounts", __name__, url_prefix="/console")

ROLE_WORDS = {
    Role.ADVISER: N_("Beratung"),
    Role.FRONT_DESK: N_("Empfang"),
    Role.TEAM_LEAD: N_("Teamleitung"),
    Role.ADMINISTRATOR: N_("Verwaltung"),
}
ROLE_DETAILS = {
    Role.ADVISER: N_("Sieht die eigenen Gäste und die, die im Team noch niemand hat."),
    Role.FRONT_DESK: N_("Sieht alle Gäste des Teams, hilft und bucht, führt aber kein Gespräch."),
    Role.TEAM_LEAD: N_("Sieht alle Gäste des Teams und darf alles für sie tun."),
    Role.ADMINISTRATOR: N_("Wie Beratung. Dazu Zugänge, Teams und nicht gesendete Nachrichten."),
}


@blueprint.get("/accounts")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def accounts() -> Response:
    """[console/accounts] Everybody with an account, the teams, a form for a new account.

    Context: ``adviser``, ``accounts`` (rows of ``Adviser``), ``members`` (adviser id to names of
    teams), ``last_seen`` (adviser id to time), ``teams``, ``roles`` and ``role_details`` (role to
    words), ``values`` (``login``, ``name``), ``problem`` (a sentence, or None).
    Forms: ``/console/accounts/new`` (``login``, ``name``, ``role``, ``team_ids``),
    ``/console/teams/new`` and ``/console/teams/<id>/rename`` (``team_name``).
    """
    return await _all()


@blueprint.post("/accounts/new")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def add_account() -> Response:
    """[console/account_access] What the new colleague needs, shown this once."""
    fields = await typed("login", "name")
    password = new_first_password()
    try:
        made = await parts().advisers.add(
            fields["login"],
            fields["name"],
            password,
            await _role(),
            by=present_adviser().id,
            team_ids=await _team_ids(),
        )
    except AdviserError as error:
        return await _all(error, fields)
    log.info("account_added", adviser_id=made.adviser.id)
    return await _access(made, password)


@blueprint.get("/accounts/<adviser_id>")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def account(adviser_id: str) -> Response:
    """[console/account] One account.

    Context: ``adviser`` (who looks), ``account``, ``team_ids`` (of the account), ``teams``,
    ``roles``, ``role_details``, ``logins``, ``problem``. Forms, each a POST without fields unless
    said: ``…/rights`` (``role``, ``team_ids``, ``all_teams``), ``…/subject`` (``subject``; shown
    where ``directory`` is not empty), ``…/close``, ``…/reopen``,
    ``…/password`` and ``…/second-factor`` (show the new one), ``…/logins/revoke``,
    ``…/logins/<id>/revoke``.
    """
    return await _one(adviser_id)


@blueprint.post("/accounts/<adviser_id>/rights")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def set_rights(adviser_id: str) -> Response:
    """Role, teams, and whether all teams' clients may be seen."""
    advisers, by = parts().advisers, present_adviser().id
    all_teams = bool((await typed("all_teams"))["all_teams"])
    role, team_ids = await _role(), await _team_ids()
    try:
        await advisers.set_role(adviser_id, role, by)
        await advisers.set_teams(adviser_id, team_ids, by, all_teams=all_teams)
    except AdviserError as error:
        return await _one(adviser_id, error)
    log.info("account_changed", adviser_id=adviser_id, kind="rights")
    return see_other(f"/console/accounts/{adviser_id}")


@blueprint.post("/accounts/<adviser_id>/subject")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def set_subject(adviser_id: str) -> Response:
    """Who it is in the agency's directory; empty: nobody logs in by it."""
    subject = (await typed("subject"))["subject"]
    try:
        await parts().advisers.set_subject(adviser_id, subject, present_adviser().id)
    except AdviserError as error:
        return await _one(adviser_id, error)
    log.info("account_changed", adviser_id=adviser_id, kind="subject")
    return see_other(f"/console/accounts/{adviser_id}")


@blueprint.post("/accounts/<adviser_id>/close")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def close_account(adviser_id: str) -> Response:
    """Locks it; whoever waits for this adviser is the team's now."""
    try:
        await parts().advisers.close_account(adviser_id, present_adviser().id)
    except AdviserError as error:
        return await _one(adviser_id, error)
    log.info("account_changed", adviser_id=adviser_id, kind="closed")
    return see_other(f"/console/accounts/{adviser_id}")


@blueprint.post("/accounts/<adviser_id>/reopen")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def reopen_account(adviser_id: str) -> Response:
    """Opens a locked one again."""
    await parts().advisers.reopen_account(adviser_id, present_adviser().id)
    log.info("account_changed", adviser_id=adviser_id, kind="reopened")
    return see_other(f"/console/accounts/{adviser_id}")


@blueprint.post("/accounts/<adviser_id>/password")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def reset_password(adviser_id: str) -> Response:
    """[console/account_access] with a new password; every login of the account ends."""
    password = new_first_password()
    await parts().advisers.set_password(adviser_id, password, present_adviser().id)
    log.info("account_changed", adviser_id=adviser_id, kind="password")
    owner = await parts().advisers.get(adviser_id)
    return await _access(NewAdviser(owner, "", []), password)


@blueprint.post("/accounts/<adviser_id>/second-factor")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def reset_second_factor(adviser_id: str) -> Response:
    """[console/account_access] with a new key and codes; every login of the account ends."""
    made = await parts().advisers.renew_second_factor(adviser_id, present_adviser().id)
    log.info("account_changed", adviser_id=adviser_id, kind="second_factor")
    return await _access(made, "")


@blueprint.post("/accounts/<adviser_id>/logins/revoke")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def revoke_all(adviser_id: str) -> Response:
    """Ends every login of the account."""
    await parts().advisers.revoke_all(adviser_id, present_adviser().id)
    log.info("login_ended", adviser_id=adviser_id, kind="all")
    return see_other(f"/console/accounts/{adviser_id}")


@blueprint.post("/accounts/<adviser_id>/logins/<login_id>/revoke")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def revoke_one(adviser_id: str, login_id: str) -> Response:
    """Ends one login of the account."""
    await parts().advisers.revoke(adviser_id, login_id, present_adviser().id)
    log.info("login_ended", adviser_id=adviser_id, login_id=login_id)
    return see_other(f"/console/accounts/{adviser_id}")


@blueprint.post("/teams/new")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def add_team() -> Response:
    """A team without anybody in it yet."""
    name = (await typed("team_name"))["team_name"]
    try:
        await parts().advisers.add_team(name, present_adviser().id)
    except AdviserError as error:
        return await _all(error)
    return see_other("/console/accounts")


@blueprint.post("/teams/<team_id>/rename")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def rename_team(team_id: str) -> Response:
    """Another name for it."""
    name = (await typed("team_name"))["team_name"]
    try:
        await parts().advisers.rename_team(team_id, name, present_adviser().id)
    except AdviserError as error:
        return await _all(error)
    return see_other("/console/accounts")


async def _role() -> Role:
    try:
        return Role((await typed("role"))["role"])
    except ValueError as error:
        raise JsonWrong from error


async def _team_ids() -> list[str]:
    return (await request.form).getlist("team_ids")


def _words() -> dict[str, Any]:
    return {
        "roles": {role: translate(words) for role, words in ROLE_WORDS.items()},
        "role_details": {role: translate(words) for role, words in ROLE_DETAILS.items()},
    }


async def _all(
    problem: AdviserError | None = None, values: dict[str, str] | None = None
) -> Response:
    advisers = parts().advisers
    teams = await advisers.teams()
    names = {team.id: team.name for team in teams}
    members = await advisers.members()
    return await page(
        "console/accounts",
        409 if problem else 200,
        adviser=present_adviser(),
        accounts=await advisers.all_accounts(),
        members={
            one: sorted(names[team] for team in teams_of) for one, teams_of in members.items()
        },
        last_seen=await advisers.last_seen(),
        teams=teams,
        values=values or {},
        problem=translate(problem.sentence) if problem else None,
        **_words(),
    )


async def _one(adviser_id: str, problem: AdviserError | None = None) -> Response:
    advisers = parts().advisers
    owner = await advisers.get(adviser_id)
    return await page(
        "console/account",
        409 if problem else 200,
        adviser=present_adviser(),
        account=owner,
        team_ids=(await advisers.members()).get(adviser_id, frozenset()),
        teams=await advisers.teams(),
        logins=await advisers.logins(adviser_id),
        directory=parts().settings.oidc.label if parts().directory.configured else "",
        problem=translate(problem.sentence) if problem else None,
        **_words(),
    )


async def _access(made: NewAdviser, password: str) -> Response:
    """Context: ``account``, ``password``, ``key`` (of the code app), ``qr``, ``codes``."""
    uri = made.totp_uri
    drawn = base64.b64encode(qr_svg(uri).encode()).decode() if uri else ""
    return await page(
        "console/account_access",
        adviser=present_adviser(),
        account=made.adviser,
        password=password,
        key=made.adviser.totp_secret if uri else "",
        qr=f"data:image/svg+xml;base64,{drawn}" if drawn else "",
        codes=made.recovery_codes,
        login_address=f"{parts().settings.web.base_url.rstrip('/')}/console",
    )
