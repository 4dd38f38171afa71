"""A kiosk's own pages and API: registering, greeting, beginning, forgetting, looking it over."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

import structlog
from quart import Blueprint, Response, request

from appliance.device_check.kiosk_self_test import faults_of, out_of_order
from appliance.i18n import N_, READER_LANGUAGES, base_language, translations
from appliance.kiosks.errors import CodeUnknown
from appliance.kiosks.models import Kiosk
from appliance.kiosks.opening import errand
from appliance.visits.models import Entry, Visit
from appliance.visits.service import Arrival
from appliance.web import api_types
from appliance.web.access import Who, access, count_failure_now, present_kiosk
from appliance.web.address import address_of
from appliance.web.body import as_json, given
from appliance.web.cookies import (
    CHECK,
    KIOSK,
    KIOSK_LIVES,
    LANGUAGE,
    VISIT,
    VISIT_LIVES,
    give,
    kiosk_of,
    take,
    visit_of,
)
from appliance.web.kiosk_wipe import wipe, wipe_visit
from appliance.web.language import QUERY, reader_language
from appliance.web.legal import kept_facts
from appliance.web.limits import Budget
from appliance.web.live.hand_overs import device_of
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("kiosk", __name__)

GREETING = (
    N_("Guten Tag"),
    N_("Hier können Sie ein Video-Gespräch beginnen."),
    N_("Bitte berühren"),
    N_("Außer Betrieb"),
    N_("Bitte fragen Sie am Schalter. Dort hilft man Ihnen gern."),
)
GREETING_NAMES = ("hello", "what", "touch", "closed", "ask")
FORGOTTEN = N_("Ihre Daten sind von diesem Gerät gelöscht.")


@blueprint.get("/kiosk")
@access(Who.ANYONE, Budget.PAGES)
async def attract() -> Response:
    """[kiosk, kiosk_register] The greeting of a registered kiosk; elsewhere it asks for a code.

    Whoever was here is gone: an open visit ends, and its cookies are taken; a browser that is no
    kiosk any more is left with none, either. Context of ``kiosk``:
    ``greetings`` (rows of ``language``, ``hello``, ``what``, ``touch``, ``closed``, ``ask``),
    ``topics`` (rows of ``id``, ``name``), ``set_up`` (JSON or empty), ``closed`` (out of order),
    ``forgotten`` (``just_now``, ``language``, ``words``), ``kiosk_settings``;
    also that of ``legal/datenschutz``.
    """
    kiosk = await kiosk_of(request)
    if kiosk is None:
        response = await page("kiosk_register")
        if request.headers.get("Sec-Fetch-Site") != "cross-site":  # no other site logs anybody out
            _forget(response)
        return response
    await wipe(kiosk.id)
    language = base_language(reader_language())
    topics = [
        {"id": one.id, "name": one.name_en if language == "en" and one.name_en else one.name_de}
        for one in await parts().topics.listed()
        if one.video
    ]
    response = await page(
        "kiosk",
        greetings=_greetings(),
        topics=topics,
        set_up=kiosk.set_up,
        closed=out_of_order(kiosk.found),
        forgotten=_forgotten(kiosk.id),
        kiosk_settings=parts().settings.kiosk,
        **kept_facts(),
    )
    _forget(response, keep_language=request.args.get(QUERY) in READER_LANGUAGES)
    give(response, KIOSK, request.cookies[KIOSK], KIOSK_LIVES)
    return response


@blueprint.post("/kiosk/forget")
@access(Who.ANYONE, Budget.PAGES)
async def forget() -> Response:
    """Stop and forget everything: the visit ends here and now, and the greeting is shown.

    The page has emptied its stores itself, but for what the kiosk knows of its own set-up; the
    next client reads the agency's language. A page that is open while its kiosk is removed still
    gets rid of its cookies.
    """
    kiosk, visit = await kiosk_of(request), await visit_of(request)
    if kiosk is not None:
        await wipe(kiosk.id)
        parts().kiosks.left(kiosk.id, reader_language())
    if visit is not None and _came_back(visit):
        await wipe_visit(visit)
    response = see_other("/kiosk#forgotten")
    _forget(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.post("/api/v1/kiosk/register")
@access(Who.ANYONE, Budget.NUMBERS)
async def register() -> Response:
    """Makes this browser the kiosk, where nobody is any more. Raises ``CodeUnknown``.

    Guesses are counted.
    """
    asked = await given(api_types.KioskCodeGiven)
    try:
        kiosk, secret = await parts().kiosks.register(asked.code)
    except CodeUnknown:
        parts().limiter.check(Budget.NUMBERS, address_of(request))
        count_failure_now(Budget.NUMBERS)
        raise
    await wipe(kiosk.id)  # of the browser that was this kiosk before
    log.info("kiosk_registered", name=kiosk.id)
    response = as_json(api_types.KioskRegistered(secret=secret))
    give(response, KIOSK, secret, KIOSK_LIVES)
    return response


@blueprint.post("/api/v1/kiosk/enter")
@access(Who.ANYONE, Budget.LINKS)
async def enter() -> Response:
    """For a browser that begins with an empty profile, as kiosks do after each visitor."""
    asked = await given(api_types.KioskSecretGiven)
    await _of_secret(asked.secret)
    response = as_json(api_types.KioskEntered())
    give(response, KIOSK, asked.secret, KIOSK_LIVES)
    return response


@blueprint.post("/api/v1/kiosk/watch")
@access(Who.ANYONE, Budget.LINKS)
async def watch() -> Response:
    """For the machine's own watchman: whether to end the browser now, so that it begins anew."""
    asked = await given(api_types.KioskSecretGiven)
    kiosk = await _of_secret(asked.secret)
    return as_json(api_types.KioskWatched(browser=parts().kiosks.browser(kiosk)))


@blueprint.post("/api/v1/kiosk/beat")
@access(Who.KIOSK, Budget.PAGES)
async def beat() -> Response:
    """Every ten seconds, from each of its pages; the answer says what it is to do."""
    asked = await given(api_types.KioskBeat)
    kiosk = present_kiosk()
    await parts().kiosks.beat(kiosk, started=asked.started)
    return _orders(kiosk)


@blueprint.post("/api/v1/kiosk/tested")
@access(Who.KIOSK, Budget.PAGES)
async def tested() -> Response:
    """What it has found out about itself is judged here, and IT is told."""
    asked = await given(api_types.KioskTested)
    set_up = asked.set_up.model_dump_json() if asked.set_up else ""
    return _orders(await parts().kiosks.tested(present_kiosk().id, faults_of(asked.test), set_up))


@blueprint.post("/api/v1/kiosk/walk-in")
@access(Who.KIOSK, Budget.PAGES)
async def walk_in() -> Response:
    """Begins a visit without an appointment. Raises ``TopicUnknown``."""
    asked = await given(api_types.WalkIn)
    kiosk = present_kiosk()
    topic = await parts().topics.askable(asked.topic_id) if asked.topic_id else None
    visit = await parts().visits.arrive(
        Arrival(
            entry=Entry.WALK_IN,
            language=reader_language(),
            team_id=topic.team_id if topic else None,
            topic_id=topic.id if topic else None,
            kiosk_id=kiosk.id,
        )
    )
    secret = await parts().visits.issue_access(visit.id)
    log.info("visit_opened", visit_id=visit.id, kind=Entry.WALK_IN.value)
    response = as_json(api_types.WalkedIn())
    give(response, VISIT, secret, VISIT_LIVES)
    return response


async def _of_secret(secret: str) -> Kiosk:
    """Raises ``CodeUnknown``; guesses are counted."""
    kiosk = await parts().kiosks.by_secret(secret)
    if kiosk is None:
        parts().limiter.check(Budget.LINKS, address_of(request))
        count_failure_now(Budget.LINKS)
        raise CodeUnknown
    return kiosk


def _greetings() -> list[dict[str, str]]:
    """In every language that we have, easy German apart: it is chosen, it greets alike."""
    shown = [code for code in READER_LANGUAGES if base_language(code) == code]
    rows = []
    for code in shown:
        said = (translations(code).gettext(text) for text in GREETING)
        rows.append({"language": code} | dict(zip(GREETING_NAMES, said, strict=True)))
    return rows


def _forgotten(kiosk_id: str) -> dict[str, str | bool]:
    """To whoever has just left, in their language: the browser has begun anew in between."""
    left_in = parts().kiosks.left_in(kiosk_id)
    language = left_in or reader_language()
    words = translations(language).gettext(FORGOTTEN)
    return {"just_now": bool(left_in), "language": base_language(language), "words": words}


def _came_back(visit: Visit) -> bool:
    """Whether it was on another device in between, and is in this browser now."""
    here = device_of(request.cookies.get(VISIT, ""))
    return visit.is_open and parts().live.hand_overs.place(visit.id) == here


def _forget(response: Response, *, keep_language: bool = False) -> None:
    for name in (VISIT, CHECK) if keep_language else (VISIT, CHECK, LANGUAGE):
        take(response, name)


def _orders(kiosk: Kiosk) -> Response:
    settings = parts().settings
    opens_at = time.fromisoformat(settings.kiosk.opens_at)
    zone = ZoneInfo(settings.agency.time_zone)
    broken = out_of_order(kiosk.found)
    wanted = errand(kiosk, parts().clock(), opens_at, zone, broken=broken)
    return as_json(api_types.KioskOrders(errand=wanted, out_of_order=broken))
