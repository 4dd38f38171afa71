"""Staff: what clients have left instead of waiting on, and who works on it."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from quart import Blueprint, Response

from appliance.advisers.rights import Action
from appliance.messages.errors import MessageError
from appliance.messages.service import ReadableMessage, Reader
from appliance.web.access import Who, access, present_adviser
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

blueprint = Blueprint("console_messages", __name__, url_prefix="/console/messages")


@dataclass(frozen=True, slots=True)
class Line:
    """One message as the page shows it; ``name`` is the client's, the others are staff's."""

    message: ReadableMessage
    name: str
    appointment_id: str | None
    taken_by: str
    done_by: str


@blueprint.get("")
@access(Who.ADVISER, Budget.CONSOLE, Action.HELP)
async def messages() -> Response:
    """[console/messages] Of clients whom one may help, open ones first; reading is audited.

    Context: ``adviser``, ``lines`` (``Line`` rows), ``problem`` (a sentence, or None).
    """
    return await _list()


@blueprint.post("/<message_id>/take")
@access(Who.ADVISER, Budget.CONSOLE, Action.HELP)
async def take(message_id: str) -> Response:
    """Somebody works on it; who is slower sees the list with a word (409)."""
    return await _follow(parts().messages.take(message_id, await _reader()))


@blueprint.post("/<message_id>/finish")
@access(Who.ADVISER, Budget.CONSOLE, Action.HELP)
async def finish(message_id: str) -> Response:
    """Nothing is left to do."""
    return await _follow(parts().messages.finish(message_id, await _reader()))


@blueprint.post("/<message_id>/reopen")
@access(Who.ADVISER, Budget.CONSOLE, Action.HELP)
async def reopen(message_id: str) -> Response:
    """Taken or done by mistake."""
    return await _follow(parts().messages.reopen(message_id, await _reader()))


async def _follow(work: Awaitable[None]) -> Response:
    try:
        await work
    except MessageError as error:
        return await _list(error.sentence, 409)
    return see_other("/console/messages")


async def _list(problem: str | None = None, status: int = 200) -> Response:
    found = await parts().messages.read(await _reader())
    return await page(
        "console/messages",
        status,
        adviser=present_adviser(),
        lines=[await _line(one) for one in found],
        problem=problem,
    )


async def _line(message: ReadableMessage) -> Line:
    row, names = message.row, parts().live.facts.adviser_name
    visit = await parts().visits.get(row.visit_id)
    appointment = await parts().live.facts.appointment_of(visit)
    return Line(
        message=message,
        name=visit.stated_name or (appointment.client_name if appointment else ""),
        appointment_id=appointment.id if appointment else None,
        taken_by=await names(row.taken_by),
        done_by=await names(row.done_by),
    )


async def _reader() -> Reader:
    return await parts().live.busy.reader(present_adviser().id)
