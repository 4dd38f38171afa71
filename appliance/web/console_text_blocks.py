"""Staff: lines for the chat that are written beforehand."""

from __future__ import annotations

from quart import Blueprint, Response

from appliance.advisers.rights import Action, ever
from appliance.messages.errors import MessageError
from appliance.web.access import Who, access, present_adviser
from appliance.web.body import typed
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

blueprint = Blueprint("console_text_blocks", __name__, url_prefix="/console/text-blocks")


@blueprint.get("")
@access(Who.ADVISER, Budget.CONSOLE, Action.SERVE)
async def text_blocks() -> Response:
    """[console/text_blocks] One's own and everybody's, with the form for a new one.

    Context: ``adviser``; ``blocks`` (rows); ``may_for_all`` (those for everybody can be changed);
    ``text`` (what was typed), ``problem`` (a sentence, or None). A POST with ``text`` and the box
    ``for_all`` to the same address adds one, ``…/<block_id>/remove`` without fields removes one.
    """
    return await _shown()


@blueprint.post("")
@access(Who.ADVISER, Budget.CONSOLE, Action.SERVE)
async def add() -> Response:
    """A new one; with a mistake the form again (422)."""
    values, adviser = await typed("text", "for_all"), present_adviser()
    for_all = bool(values["for_all"]) and _may_for_all()
    try:
        await parts().text_blocks.add(values["text"], adviser.id, for_all=for_all)
    except MessageError as error:
        return await _shown(values["text"], error)
    return see_other("/console/text-blocks")


@blueprint.post("/<block_id>/remove")
@access(Who.ADVISER, Budget.CONSOLE, Action.SERVE)
async def remove(block_id: str) -> Response:
    """It is not offered any more; lines that were sent stay in their conversations."""
    try:
        await parts().text_blocks.remove(block_id, present_adviser().id, may_for_all=_may_for_all())
    except MessageError as error:
        return await _shown("", error)
    return see_other("/console/text-blocks")


def _may_for_all() -> bool:
    return ever(present_adviser().role, Action.ADMINISTER)


async def _shown(text: str = "", problem: MessageError | None = None) -> Response:
    return await page(
        "console/text_blocks",
        422 if problem else 200,
        adviser=present_adviser(),
        blocks=await parts().text_blocks.of(present_adviser().id),
        may_for_all=_may_for_all(),
        text=text,
        problem=problem.sentence if problem else None,
    )
