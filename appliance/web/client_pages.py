"""The client's pages. From the device check to goodbye it is one document, ``visit``."""

from __future__ import annotations

from quart import Blueprint, Response, request

from appliance.appointments.topics import named
from appliance.device_check.remedies import Explanation, explain
from appliance.device_check.remedy import ANY
from appliance.i18n import N_, translations
from appliance.statistics.feedback import Answer
from appliance.visits.models import Entry
from appliance.web import api_types
from appliance.web.access import Who, access, count_failure_now, present_visit
from appliance.web.body import as_json, given
from appliance.web.cookies import (
    CHECK,
    VISIT,
    check_grant_of,
    give_check_grant,
    kiosk_of,
    take,
)
from appliance.web.errors import WebError
from appliance.web.language import reader_language
from appliance.web.legal import kept_facts
from appliance.web.limits import Budget
from appliance.web.live.agreements import CONSENT_VERSION
from appliance.web.live.feedbacks import asked_of
from appliance.web.pages import own_pictures, page, see_other
from appliance.web.parts import parts

blueprint = Blueprint("client_pages", __name__)


class NothingToJudge(WebError):
    """No conversation has taken place in this visit, or it goes on."""

    status = 409
    code = "nothing_to_judge"
    sentence = N_("Zu diesem Termin gab es kein Gespräch.")


@blueprint.get("/")
@access(Who.ANYONE, Budget.PAGES)
async def start() -> Response:
    """[start] Who has a link is told to open it; number, device test, request, telephone.

    Context: ``can_ask`` (there are topics that an appointment can be asked for), ``can_come``
    (and some that need none).
    """
    topics = await parts().topics.listed()
    can_come = any(topic.public for topic in topics)
    return await page("start", can_ask=bool(topics), can_come=can_come)


@blueprint.get("/v")
@access(Who.ANYONE, Budget.PAGES)
async def link() -> Response:
    """[link] Reads the secret from the fragment; a GET alone uses nothing up.

    Context: ``insecure``. The page posts ``{"secret": …}`` to ``/api/v1/links/look`` when it
    is shown and to ``/api/v1/links/open`` on the click, then goes to ``next``. What the client
    changes goes to ``/api/v1/links/alternative``, ``…/move``, ``…/call`` and ``…/cancel``.
    """
    return await page("link", insecure=_insecure())


@blueprint.get("/visit")
@access(Who.CLIENT, Budget.PAGES)
async def visit() -> Response:
    """[visit] The one document of a visit; everything in it comes by the socket's snapshots.

    Context: ``test_mode`` False, ``visit_id``, ``consent_version``, ``own_backgrounds``,
    ``insecure``, ``kiosk`` (the device is the agency's own), ``kiosk_settings``; ``public``: came
    without an appointment, for ``topic``. At a kiosk also that of ``legal/datenschutz``.
    """
    visit, kiosk = present_visit(), await kiosk_of(request) is not None
    public = visit.entry in (Entry.PUBLIC, Entry.WALK_IN)
    found = await parts().topics.find(visit.topic_id) if public else None
    topic = named(found, reader_language()) if found else ""
    return await _document(
        test_mode=False, visit_id=visit.id, kiosk=kiosk, public=public, topic=topic
    )


def _insecure(*, kiosk: bool = False) -> Explanation:
    """What a page without encryption says by itself: none of our cookies stays with it."""
    translate = translations(reader_language()).gettext
    return explain("system_insecure_page", ANY, ANY, translate, kiosk=kiosk)


async def _document(*, kiosk: bool = False, **facts: object) -> Response:
    facts = {"public": False, "topic": ""} | facts
    return await page(
        "visit",
        consent_version=CONSENT_VERSION,
        own_backgrounds=own_pictures(),
        insecure=_insecure(kiosk=kiosk),
        kiosk=kiosk,
        kiosk_settings=parts().settings.kiosk,
        **(kept_facts() if kiosk else {}),
        **facts,
    )


@blueprint.post("/visit/forget")
@access(Who.ANYONE, Budget.PAGES)
async def forget() -> Response:
    """At the end: this browser lets go of the visit, and of all that it has kept of us."""
    response = see_other("/")
    for name in (VISIT, CHECK):
        take(response, name)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.post("/api/v1/visit/feedback")
@access(Who.CLIENT, Budget.PAGES)
async def feedback() -> Response:
    """Two taps at the end; 409 where there was no conversation to judge."""
    asked = await given(api_types.FeedbackGiven)
    visit, answer = present_visit(), Answer(asked.answer)
    if answer.partition("_")[0] not in asked_of(visit):
        raise NothingToJudge
    await parts().live.feedbacks.give(visit, answer)
    return as_json(api_types.FeedbackNoted())


@blueprint.get("/test")
@access(Who.ANYONE, Budget.CHECKS)
async def test() -> Response:
    """[visit] The same device check for anybody, any time, without a visit.

    Context: ``test_mode`` True, ``visit_id`` empty, ``consent_version``, ``own_backgrounds``,
    ``insecure``. The browser gets a grant for an hour.
    """
    response = await _document(test_mode=True, visit_id="")
    if check_grant_of(request) is None:
        count_failure_now(Budget.CHECKS)  # each new grant counts
        give_check_grant(response)
    return response


@blueprint.get("/requirements")
@access(Who.ANYONE, Budget.PAGES)
async def requirements() -> Response:
    """[requirements] What a client needs: device, browser, network, a quiet place.

    Context: nothing of its own.
    """
    return await page("requirements")


@blueprint.get("/robots.txt")
@access(Who.ANYONE, Budget.PAGES)
async def robots() -> Response:
    """Nothing here is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", 200, content_type="text/plain; charset=utf-8")
