"""What one can talk about by video: a form that asks for an appointment, a way in without one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import structlog
from quart import Blueprint, Response, request

from appliance.appointments.errors import BookingInvalid
from appliance.appointments.hours import read_hours
from appliance.appointments.models import Topic
from appliance.appointments.topics import named
from appliance.appointments.wanted import Wanted
from appliance.i18n import N_, negotiate
from appliance.visits.models import Entry
from appliance.web.access import Who, access, count_failure_now
from appliance.web.address import address_of
from appliance.web.body import typed
from appliance.web.cookies import VISIT, VISIT_LIVES, give, visit_of
from appliance.web.language import hours_in_words, mailed, reader_language, translate
from appliance.web.limits import Budget
from appliance.web.live.public_entry import Door, DoorShut, DoorState
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("topics", __name__)

FIELDS = ("client_name", "client_email", "client_phone", "wishes")
SHUT = {
    DoorState.CLOSED: N_("Gerade ist kein Einlass ohne Termin."),
    DoorState.NOBODY: N_("Gerade ist niemand am Arbeitsplatz."),
    DoorState.FULL: N_("Gerade warten schon zu viele."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A topic on the list; ``door`` and ``hours`` (lines) where no appointment is needed."""

    id: str
    name: str
    duration_min: int
    video: bool
    door: Door | None
    hours: list[str]


@blueprint.get("/topics")
@access(Who.ANYONE, Budget.PAGES)
async def topics() -> Response:
    """[topics] What there is to talk about, and whether one can come right now.

    Context: ``topics``, of ``Shown``; ``inside``, whether this browser is in a visit already;
    ``problem``, a sentence: why one could not come in just now; ``form``, random: what is sent
    twice by it counts once.
    """
    return await _list()


@blueprint.get("/topics/<topic_id>")
@access(Who.ANYONE, Budget.PAGES)
async def topic(topic_id: str) -> Response:
    """[topic_request] Asks for name, mail address, telephone number and wishes.

    Context: ``topic`` (its id), ``name``, ``duration_min``, ``values`` (text per field of
    ``FIELDS``), ``mistakes`` (field to sentence).
    """
    return await _form(await parts().topics.askable(topic_id), {})


@blueprint.post("/topics/<topic_id>")
@access(Who.ANYONE, Budget.REQUESTS)
async def ask(topic_id: str) -> Response:
    """Mails a link that confirms the address; with mistakes the form again (422)."""
    found = await parts().topics.askable(topic_id)
    values = await typed(*FIELDS)
    wanted = Wanted(
        topic_id=found.id, language=negotiate([reader_language()], "de", mailed()), **values
    )
    try:
        await parts().requests.ask(wanted)
    except BookingInvalid as error:
        return await _form(found, values, error.mistakes)
    count_failure_now(Budget.REQUESTS)
    return see_other("/request-sent")


@blueprint.post("/topics/<topic_id>/now")
@access(Who.ANYONE, Budget.ENTRIES)
async def enter(topic_id: str) -> Response:
    """Begins a visit without an appointment; with a shut door the list again (409).

    A browser that is in a visit goes on there: it never has two places in the queue.
    """
    found = await parts().topics.public(topic_id)
    if await _inside():
        return see_other("/visit")
    form, door = (await typed("form"))["form"], parts().live.public_entry
    async with door.one_by_one:
        if (given := await door.came(form)) is not None:
            return _inside_with(given)
        parts().limiter.check(Budget.ENTRIES, address_of(request))  # others came in meanwhile
        try:
            visit = await door.enter(found, reader_language())
        except DoorShut as error:
            log.info("public_door_shut", code=error.door.state.value)
            return await _list(SHUT[error.door.state], 409)
        count_failure_now(Budget.ENTRIES)
        secret = await parts().visits.issue_access(visit.id)
        door.note(form, secret)
    log.info("visit_opened", visit_id=visit.id, kind=Entry.PUBLIC.value)
    return _inside_with(secret)


@blueprint.get("/request-sent")
@access(Who.ANYONE, Budget.PAGES)
async def request_sent() -> Response:
    """[request_sent] A mail is on its way; the same words whether it is or not."""
    return await page("request_sent")


def _inside_with(secret: str) -> Response:
    response = see_other("/visit")
    give(response, VISIT, secret, VISIT_LIVES)
    return response


async def _inside() -> bool:
    visit = await visit_of(request)
    return visit is not None and visit.is_open


async def _list(problem: str = "", status: int = 200) -> Response:
    listed = [await _shown(topic) for topic in await parts().topics.listed()]
    form = secrets.token_urlsafe(16)
    return await page(
        "topics", status, topics=listed, inside=await _inside(), problem=problem, form=form
    )


async def _shown(topic: Topic) -> Shown:
    return Shown(
        id=topic.id,
        name=named(topic, reader_language()),
        duration_min=topic.duration_min,
        video=topic.video,
        door=await parts().live.public_entry.door(topic) if topic.public else None,
        hours=hours_in_words(read_hours(topic.public_hours)) if topic.public else [],
    )


async def _form(
    found: Topic, values: dict[str, str], mistakes: dict[str, str] | None = None
) -> Response:
    return await page(
        "topic_request",
        422 if mistakes else 200,
        topic=found.id,
        name=named(found, reader_language()),
        duration_min=found.duration_min,
        values=values,
        mistakes={name: translate(sentence) for name, sentence in (mistakes or {}).items()},
    )
