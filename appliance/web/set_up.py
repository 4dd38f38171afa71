"""[/setup] The first start: what the agency is called, its first administrator, mail, topics.

Opened by the one-time code of the install; can be left and gone on with. What is typed is kept at
once (``kept_settings``) and holds from the restart of web with which set-up ends.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
from datetime import datetime
from typing import Any, Final

import structlog
from cryptography import x509
from quart import Blueprint, Response, request

from appliance.advisers.errors import AdviserError
from appliance.advisers.models import Role
from appliance.advisers.passwords import new_first_password
from appliance.appointments.credentials import qr_svg
from appliance.appointments.errors import BookingInvalid
from appliance.appointments.topics import TopicFacts
from appliance.i18n import N_
from appliance.kept_settings import MAIL_PASSWORD, Tables, keep, read_kept, write_private
from appliance.outbox.probe import try_mail
from appliance.outbox.states import Failure
from appliance.settings import MailSettings, WebSettings
from appliance.web import set_up_forms as forms
from appliance.web.access import Who, access
from appliance.web.body import typed
from appliance.web.cookies import FIRST_START, FIRST_START_LIVES, give, take
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.own_backgrounds import NotUsable
from appliance.web.own_logo import put_logo
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("set_up", __name__, url_prefix="/setup")

BY: Final = "set-up"
WRONG_CODE: Final = N_("Dieser Code stimmt nicht. Bitte vergleichen Sie ihn Zeichen für Zeichen.")
LOGO_SENTENCES: Final = {
    "size": N_("Das Logo ist zu groß. Es darf höchstens 48 KB haben."),
    "pixels": N_("Das Logo hat zu viele Bildpunkte. Es darf höchstens 2000 × 1000 haben."),
    "type": N_("Das ist kein PNG, JPEG oder WebP."),
}
RESTART_AFTER_S: Final = 0.3  # so that the answer is out


@blueprint.get("")
@access(Who.ANYONE, Budget.PAGES)
async def overview() -> Response:
    """[set_up/code] or, with the right code, [set_up/overview]: the steps and which are done."""
    if not parts().first_start.accepts(request.cookies.get(FIRST_START, "")):
        return await page("set_up/code", open=parts().first_start.is_open(), problem=None)
    return await page("set_up/overview", steps=await _steps())


@blueprint.post("")
@access(Who.ANYONE, Budget.LOGIN)
async def enter() -> Response:
    """The code was typed; with a wrong one the form again (401)."""
    code = (await typed("code"))["code"]
    if not parts().first_start.accepts(code):
        log.info("setup_refused")
        problem = translate(WRONG_CODE)
        return await page("set_up/code", 401, open=parts().first_start.is_open(), problem=problem)
    response = see_other("/setup")
    give(response, FIRST_START, code, FIRST_START_LIVES)
    return response


# ---- the agency --------------------------------------------------------------------------------
@blueprint.get("/agency")
@access(Who.INSTALLER, Budget.CONSOLE)
async def agency() -> Response:
    """[set_up/agency] Name, address, telephone, logo."""
    return await _agency("agency", forms.AGENCY)


@blueprint.post("/agency")
@access(Who.INSTALLER, Budget.CONSOLE)
async def keep_agency() -> Response:
    """Keeps it, and the logo if there is one; with mistakes the form again (422)."""
    logo = (await request.files).get("logo")
    data = logo.read() if logo and logo.filename else b""
    try:
        if data:
            put_logo(parts().settings.data_dir, data)
    except NotUsable as error:
        values = await typed(*(one.name for one in forms.AGENCY))
        return await _agency("agency", forms.AGENCY, values, {"logo": LOGO_SENTENCES[error.reason]})
    return await _keep_agency("agency", forms.AGENCY)


@blueprint.get("/legal")
@access(Who.INSTALLER, Budget.CONSOLE)
async def legal() -> Response:
    """[set_up/agency] What imprint, data protection page and accessibility statement need."""
    return await _agency("legal", forms.LEGAL)


@blueprint.post("/legal")
@access(Who.INSTALLER, Budget.CONSOLE)
async def keep_legal() -> Response:
    """Keeps it; with mistakes the form again (422)."""
    return await _keep_agency("legal", forms.LEGAL)


async def _keep_agency(step: str, fields: tuple[forms.Field, ...]) -> Response:
    values = await typed(*(one.name for one in fields))
    try:
        kept = forms.lines(fields, values)
    except forms.TypedWrong as wrong:
        return await _agency(step, fields, values, wrong.mistakes)
    await asyncio.to_thread(keep, parts().settings.data_dir, "agency", kept)
    log.info("setup_kept", kind=step)
    return see_other("/setup")


async def _agency(
    step: str,
    fields: tuple[forms.Field, ...],
    values: dict[str, str] | None = None,
    mistakes: dict[str, str] | None = None,
) -> Response:
    now, typed_before = _present("agency"), _fixed("agency") | set(_kept().get("agency", {}))
    there = {one.name: now[one.name] if one.name in typed_before else "" for one in fields}
    return await page(
        "set_up/agency",
        422 if mistakes else 200,
        step=step,
        fields=fields,
        fixed=_fixed("agency"),
        values=values or there,  # an example is not taken for what somebody typed
        mistakes=_sentences(mistakes),
    )


# ---- the first administrator -------------------------------------------------------------------
@blueprint.get("/administrator")
@access(Who.INSTALLER, Budget.CONSOLE)
async def administrator() -> Response:
    """[set_up/administrator] A form; or who there is already."""
    return await _administrator({"login": "", "name": ""})


@blueprint.post("/administrator")
@access(Who.INSTALLER, Budget.CONSOLE)
async def add_administrator() -> Response:
    """[set_up/administrator] with password, key and codes, shown this once."""
    values, first_start = await typed("login", "name", "form"), parts().first_start
    async with first_start.one_by_one:
        if made := first_start.shown(values["form"]):
            return await _administrator(values, made=made)
        if await _has_administrator():
            return see_other("/setup/administrator")
        try:
            made = await _made(values)
        except AdviserError as error:
            return await _administrator(values, 422, problem=translate(error.sentence))
        first_start.show(values["form"], made)
    return await _administrator(values, made=made)


async def _made(values: dict[str, str]) -> dict[str, Any]:
    """The account, and what is shown of it. Raises ``AdviserError``."""
    password = new_first_password()
    added = await parts().advisers.add(
        values["login"], values["name"], password, Role.ADMINISTRATOR, by=BY
    )
    log.info("account_added", adviser_id=added.adviser.id)
    picture = base64.b64encode(qr_svg(added.totp_uri).encode()).decode("ascii")
    return {
        "login": added.adviser.login,
        "password": password,
        "qr": f"data:image/svg+xml;base64,{picture}",
        "key": added.adviser.totp_secret,
        "codes": added.recovery_codes,
    }


async def _administrator(values: dict[str, str], status: int = 200, **more: Any) -> Response:
    there = await _has_administrator()
    context = {"made": None, "problem": None, "values": values, "there": there} | more
    context["form"] = values.get("form") or secrets.token_urlsafe(16)
    return await page("set_up/administrator", status, **context)


async def _has_administrator() -> bool:
    return any(one.role is Role.ADMINISTRATOR for one in await parts().advisers.everybody())


# ---- the mail server ---------------------------------------------------------------------------
@blueprint.get("/mail")
@access(Who.INSTALLER, Budget.CONSOLE)
async def mail() -> Response:
    """[set_up/mail] Server, login, and where a test mail goes."""
    now = _present("mail")
    return await _mail({name: str(now[name]) for name in forms.MAIL} | {"to": ""})


@blueprint.post("/mail")
@access(Who.INSTALLER, Budget.CONSOLE)
async def keep_mail() -> Response:
    """Keeps it and sends a mail by it; [set_up/mail] says how that went."""
    values = await typed(*forms.MAIL, "password", "to")
    try:
        kept: dict[str, Any] = forms.mail_server(values)
    except forms.TypedWrong as wrong:
        return await _mail(values, wrong.mistakes)
    to, data_dir = kept.pop("to"), parts().settings.data_dir
    if values["password"]:
        await asyncio.to_thread(write_private, data_dir / MAIL_PASSWORD, values["password"] + "\n")
    if values["password"] or _present("mail").get("password_file"):
        kept["password_file"] = str(data_dir / MAIL_PASSWORD)
    await asyncio.to_thread(keep, data_dir, "mail", kept)
    log.info("setup_kept", kind="mail")
    if not to:
        return see_other("/setup")
    return await _mail(values, failure=await _sent(MailSettings(**kept), to))


async def _sent(server: MailSettings, to: str) -> Failure:
    sender, name = _present("agency")["email"], _present("agency")["name"]
    failure = await try_mail(server, sender, name, to, parts().clock())
    log.info("setup_mail_tried", code=failure.value)
    return failure


async def _mail(
    values: dict[str, str],
    mistakes: dict[str, str] | None = None,
    failure: Failure | None = None,
) -> Response:
    return await page(
        "set_up/mail",
        422 if mistakes else 200,
        values=values | {"password": ""},
        mistakes=_sentences(mistakes),
        fixed=_fixed("mail"),
        encryptions={word: translate(text) for word, text in forms.ENCRYPTIONS.items()},
        failure=None if failure is None else translate(forms.MAIL_FAILURES[failure]),
    )


# ---- certificate, topics, policy ---------------------------------------------------------------
@blueprint.get("/certificate")
@access(Who.INSTALLER, Budget.CONSOLE)
async def certificate() -> Response:
    """[set_up/certificate] What is shown to browsers, and how to change it."""
    web = parts().settings.web
    return await page("set_up/certificate", web=web, shown=_certificate(web))


@blueprint.get("/topics")
@access(Who.INSTALLER, Budget.CONSOLE)
async def topics() -> Response:
    """[set_up/topics] A topic in each line."""
    return await _topics("")


@blueprint.post("/topics")
@access(Who.INSTALLER, Budget.CONSOLE)
async def add_topics() -> Response:
    """Adds each line that is no topic yet; with mistakes the form again (422)."""
    text = (await typed("topics"))["topics"]
    there = {one.name_de for one in await parts().topics.everything()}
    names = [forms.tidy(line) for line in text.splitlines()]
    try:
        for name in dict.fromkeys(filter(None, names)):
            if name not in there:
                await parts().topics.add(TopicFacts(name_de=name), BY)
    except BookingInvalid as error:
        return await _topics(text, translate(next(iter(error.mistakes.values()))))
    return see_other("/setup")


async def _topics(text: str, mistake: str = "") -> Response:
    return await page(
        "set_up/topics",
        422 if mistake else 200,
        there=await parts().topics.everything(),
        values={"topics": text},
        mistakes={"topics": mistake} if mistake else {},
    )


@blueprint.get("/policy")
@access(Who.INSTALLER, Budget.CONSOLE)
async def policy() -> Response:
    """[set_up/policy] What happens when a check fails."""
    now = _present("check").get("policy", {})
    return await page(
        "set_up/policy",
        values=now,
        kinds={name: translate(words) for name, words in forms.KINDS.items()},
        levels={name: translate(words) for name, words in forms.LEVELS.items()},
        network_levels={name: translate(words) for name, words in forms.NETWORK_LEVELS.items()},
    )


@blueprint.post("/policy")
@access(Who.INSTALLER, Budget.CONSOLE)
async def keep_policy() -> Response:
    """Keeps it; what nobody can choose is not taken."""
    try:
        values = forms.policy(await typed(*forms.KINDS, "network"))
    except forms.TypedWrong:
        return see_other("/setup/policy")
    await asyncio.to_thread(keep, parts().settings.data_dir, "check", {"policy": values})
    return see_other("/setup")


# ---- the end -----------------------------------------------------------------------------------
@blueprint.post("/done")
@access(Who.INSTALLER, Budget.CONSOLE)
async def done() -> Response:
    """[set_up/done] The code is good no more; web starts again with what was typed."""
    if not await _has_administrator():
        return see_other("/setup/administrator")
    parts().first_start.done()
    log.info("setup_done")
    asyncio.get_running_loop().call_later(RESTART_AFTER_S, parts().restart)
    response = await page("set_up/done")
    take(response, FIRST_START)
    return response


async def _steps() -> list[tuple[str, bool]]:
    """The steps in their order, and whether each is done."""
    now = _present("agency")
    legal_words = (one.name for one in forms.LEGAL)
    return [
        ("agency", "name" in _fixed("agency") or "name" in _kept().get("agency", {})),
        ("legal", all(now[name] for name in legal_words)),
        ("administrator", await _has_administrator()),
        ("mail", bool(_present("mail")["host"])),
        ("certificate", _certificate(parts().settings.web) is not None),
        ("topics", bool(await parts().topics.everything())),
        ("policy", "policy" in _kept().get("check", {})),
    ]


def _kept() -> Tables:
    return read_kept(parts().settings.data_dir)


def _present(table: str) -> dict[str, Any]:
    """What will hold after the restart, as it is kept now."""
    settings = getattr(parts().settings, table)
    fixed, kept = _fixed(table), _kept().get(table, {})
    holds = {name: value for name, value in kept.items() if name not in fixed}
    return settings.model_dump(mode="json") | holds  # type: ignore[no-any-return]


def _fixed(table: str) -> set[str]:
    """What stands in IT's configuration file or the environment: the page cannot change it."""
    settings, kept = getattr(parts().settings, table), parts().kept_at_start.get(table, {})
    now = settings.model_dump(mode="json")
    return {name for name in settings.model_fields_set if kept.get(name) != now[name]}


def _sentences(mistakes: dict[str, str] | None) -> dict[str, str]:
    return {name: translate(sentence) for name, sentence in (mistakes or {}).items()}


def _certificate(web: WebSettings) -> dict[str, str | datetime] | None:
    """Names, issuer and end of the pages' certificate; None without one that can be read."""
    try:
        found = x509.load_pem_x509_certificates(web.certificate_file.read_bytes())[0]  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError, IndexError):
        return None
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {
        "names": ", ".join(names.get_values_for_type(x509.DNSName)),
        "issuer": found.issuer.rfc4514_string(),
        "until": found.not_valid_after_utc,
    }
