"""The administrator: what clients can ask a video appointment about."""

from __future__ import annotations

from quart import Blueprint, Response

from appliance.appointments.errors import BookingInvalid, TopicUnknown
from appliance.appointments.models import Topic
from appliance.appointments.topics import TopicFacts
from appliance.i18n import N_
from appliance.web.access import Who, access, present_adviser
from appliance.web.body import typed
from appliance.web.language import translate
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

blueprint = Blueprint("console_topics", __name__, url_prefix="/console/topics")

FIELDS = ("name_de", "name_en", "duration_min", "listed", "video")
EMPTY = {"duration_min": "30", "listed": "yes", "video": "yes"}
WRONG_DURATION = N_("Bitte geben Sie die Dauer in Minuten an.")


@blueprint.get("")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def topics() -> Response:
    """[console/topics] All topics, and the form for a new one, posted to the same address.

    Context: ``adviser``; ``topics`` (rows); ``topic`` (the row that is being changed, or None);
    ``values`` (text per field of ``FIELDS``, boxes "yes" or empty), ``mistakes`` (field to
    sentence). ``…/<topic_id>`` changes one, ``…/<topic_id>/remove`` removes it.
    """
    return await _shown(None, EMPTY)


@blueprint.post("")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def add() -> Response:
    """A new topic; with mistakes the form again (422)."""
    values = await typed(*FIELDS)
    try:
        await parts().topics.add(_facts(values), present_adviser().id)
    except BookingInvalid as error:
        return await _shown(None, values, error.mistakes)
    return see_other("/console/topics")


@blueprint.get("/<topic_id>")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def topic(topic_id: str) -> Response:
    """[console/topics] with one topic in the form."""
    found = await _found(topic_id)
    values = {
        "name_de": found.name_de,
        "name_en": found.name_en,
        "duration_min": str(found.duration_min),
        "listed": "yes" if found.listed else "",
        "video": "yes" if found.video else "",
    }
    return await _shown(found, values)


@blueprint.post("/<topic_id>")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def change(topic_id: str) -> Response:
    """Sets all of it anew; with mistakes the form again (422)."""
    found, values = await _found(topic_id), await typed(*FIELDS)
    try:
        await parts().topics.change(found.id, _facts(values), present_adviser().id)
    except BookingInvalid as error:
        return await _shown(found, values, error.mistakes)
    return see_other("/console/topics")


@blueprint.post("/<topic_id>/remove")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def remove(topic_id: str) -> Response:
    """Nobody can ask for it any more."""
    await parts().topics.remove(topic_id, present_adviser().id)
    return see_other("/console/topics")


def _facts(values: dict[str, str]) -> TopicFacts:
    duration = values["duration_min"].strip()
    if not (duration.isascii() and duration.isdigit() and len(duration) <= 4):
        raise BookingInvalid({"duration_min": WRONG_DURATION})
    return TopicFacts(
        name_de=values["name_de"],
        name_en=values["name_en"],
        duration_min=int(duration),
        listed=bool(values["listed"]),
        video=bool(values["video"]),
    )


async def _found(topic_id: str) -> Topic:
    for one in await parts().topics.everything():
        if one.id == topic_id:
            return one
    raise TopicUnknown


async def _shown(
    found: Topic | None, values: dict[str, str], mistakes: dict[str, str] | None = None
) -> Response:
    return await page(
        "console/topics",
        422 if mistakes else 200,
        adviser=present_adviser(),
        topics=await parts().topics.everything(),
        topic=found,
        values=values,
        mistakes={name: translate(sentence) for name, sentence in (mistakes or {}).items()},
    )
