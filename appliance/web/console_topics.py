"""The administrator: what clients can ask a video appointment about, or come for without one."""

from __future__ import annotations

from quart import Blueprint, Response

from appliance.appointments.errors import BookingInvalid, TopicUnknown
from appliance.appointments.hours import DAYS, read_hours, write_hours
from appliance.appointments.models import PUBLIC_MOST, Topic
from appliance.appointments.topics import TopicFacts
from appliance.i18n import N_
from appliance.web.access import Who, access, present_adviser
from appliance.web.body import typed
from appliance.web.language import hours_in_words, translate, weekday_names
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

blueprint = Blueprint("console_topics", __name__, url_prefix="/console/topics")

HOURS = tuple(f"{name}_{day}" for day in range(DAYS) for name in ("from", "until"))
BOXES = ("listed", "video", "public")
NUMBERS = ("duration_min", "public_most")
FIELDS = ("name_de", "name_en", "team_id", *NUMBERS, *BOXES, *HOURS)
EMPTY = {
    "duration_min": "30",
    "public_most": str(PUBLIC_MOST),
    "listed": "yes",
    "video": "yes",
}
WRONG = {
    "duration_min": N_("Bitte geben Sie die Dauer in Minuten an."),
    "public_most": N_("Bitte geben Sie eine Zahl an."),
}
WRONG_HOURS = N_("Bitte geben Sie Beginn und Ende an, zum Beispiel 8:00 und 12:00.")


@blueprint.get("")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def topics() -> Response:
    """[console/topics] All topics, and the form for a new one, posted to the same address.

    Context: ``adviser``; ``topics``, pairs of a row and its hours (lines); ``topic`` (the row that
    is being changed, or None); ``teams`` (rows); ``days``, names of the weekdays; ``values`` (text
    per field of ``FIELDS``, boxes "yes" or empty), ``mistakes`` (field to sentence).
    ``…/<topic_id>`` changes one, ``…/<topic_id>/remove`` removes it.
    """
    return await _shown(None, EMPTY)


@blueprint.post("")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def add() -> Response:
    """A new topic; with mistakes the form again (422)."""
    values = await typed(*FIELDS)
    try:
        await parts().topics.add(await _facts(values), present_adviser().id)
    except BookingInvalid as error:
        return await _shown(None, values, error.mistakes)
    return see_other("/console/topics")


@blueprint.get("/<topic_id>")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def topic(topic_id: str) -> Response:
    """[console/topics] with one topic in the form."""
    found = await _found(topic_id)
    values = {name: getattr(found, name) or "" for name in ("name_de", "name_en", "team_id")}
    values |= {name: str(getattr(found, name)) for name in NUMBERS}
    values |= {name: "yes" if getattr(found, name) else "" for name in BOXES}
    for day, span in enumerate(read_hours(found.public_hours)):
        if span is not None:
            values |= {f"from_{day}": f"{span[0]:%H:%M}", f"until_{day}": f"{span[1]:%H:%M}"}
    return await _shown(found, values)


@blueprint.post("/<topic_id>")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def change(topic_id: str) -> Response:
    """Sets all of it anew; with mistakes the form again (422)."""
    found, values = await _found(topic_id), await typed(*FIELDS)
    try:
        await parts().topics.change(found.id, await _facts(values), present_adviser().id)
    except BookingInvalid as error:
        return await _shown(found, values, error.mistakes)
    return see_other("/console/topics")


@blueprint.post("/<topic_id>/remove")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def remove(topic_id: str) -> Response:
    """Nobody can ask for it any more."""
    await parts().topics.remove(topic_id, present_adviser().id)
    return see_other("/console/topics")


async def _facts(values: dict[str, str]) -> TopicFacts:
    mistakes: dict[str, str] = {}

    def number(name: str) -> int:
        text = values[name].strip()
        if text.isascii() and text.isdigit() and len(text) <= 4:
            return int(text)
        mistakes[name] = WRONG[name]
        return 0

    duration_min = number("duration_min")
    public_most = number("public_most") if values["public"] else PUBLIC_MOST
    hours = ""
    try:
        hours = write_hours([(values[f"from_{d}"], values[f"until_{d}"]) for d in range(DAYS)])
    except ValueError as error:
        mistakes[f"from_{error.args[0]}"] = WRONG_HOURS
    if mistakes:
        raise BookingInvalid(mistakes)
    teams = {team.id for team in await parts().advisers.teams()}
    return TopicFacts(
        name_de=values["name_de"],
        name_en=values["name_en"],
        duration_min=duration_min,
        listed=bool(values["listed"]),
        video=bool(values["video"]),
        public=bool(values["public"]),
        public_hours=hours,
        public_most=public_most,
        team_id=values["team_id"] if values["team_id"] in teams else None,
    )


async def _found(topic_id: str) -> Topic:
    found = await parts().topics.find(topic_id)
    if found is None:
        raise TopicUnknown
    return found


async def _shown(
    found: Topic | None, values: dict[str, str], mistakes: dict[str, str] | None = None
) -> Response:
    everything = await parts().topics.everything()
    return await page(
        "console/topics",
        422 if mistakes else 200,
        adviser=present_adviser(),
        topics=[(one, hours_in_words(read_hours(one.public_hours))) for one in everything],
        topic=found,
        teams=await parts().advisers.teams(),
        days=weekday_names(),
        values=values,
        mistakes={name: translate(sentence) for name, sentence in (mistakes or {}).items()},
    )
