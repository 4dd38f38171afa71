"""What a video appointment can be about, for everybody; and the form that asks for one."""

from __future__ import annotations

from quart import Blueprint, Response

from appliance.appointments.errors import BookingInvalid
from appliance.appointments.models import Topic
from appliance.appointments.wanted import Wanted
from appliance.i18n import negotiate
from appliance.web.access import Who, access, count_failure_now
from appliance.web.body import typed
from appliance.web.language import mailed, reader_language, translate
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

blueprint = Blueprint("topics", __name__)

FIELDS = ("client_name", "client_email", "client_phone", "wishes")


@blueprint.get("/topics")
@access(Who.ANYONE, Budget.PAGES)
async def topics() -> Response:
    """[topics] The list. Context: ``topics``, pairs of a ``Topic`` and its name for the reader."""
    listed = await parts().topics.listed()
    return await page("topics", topics=[(topic, name_of(topic)) for topic in listed])


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


@blueprint.get("/request-sent")
@access(Who.ANYONE, Budget.PAGES)
async def request_sent() -> Response:
    """[request_sent] A mail is on its way; the same words whether it is or not."""
    return await page("request_sent")


async def _form(
    found: Topic, values: dict[str, str], mistakes: dict[str, str] | None = None
) -> Response:
    return await page(
        "topic_request",
        422 if mistakes else 200,
        topic=found.id,
        name=name_of(found),
        duration_min=found.duration_min,
        values=values,
        mistakes={name: translate(sentence) for name, sentence in (mistakes or {}).items()},
    )


def name_of(topic: Topic) -> str:
    """The topic in the reader's language, German where the agency has given no other name."""
    return topic.name_en if reader_language() == "en" and topic.name_en else topic.name_de
