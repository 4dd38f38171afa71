"""The administrator: messages that stay on the box because no mail server is set."""

from __future__ import annotations

from quart import Blueprint, Response

from appliance.web.access import Who, access, present_adviser
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

blueprint = Blueprint("console_mail", __name__, url_prefix="/console")


@blueprint.get("/mail")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def mail() -> Response:
    """[console/mail] What would have been sent, marked as not sent; reading is audited.

    Context: ``adviser``, ``messages`` (``outbox.service.KeptMessage`` rows: ``id``, ``kind``,
    ``recipient``, ``subject``, ``text``, ``created_at``),
    ``mail_possible`` (True once a mail server is set).
    """
    return await page(
        "console/mail",
        adviser=present_adviser(),
        messages=await parts().outbox.messages_kept(present_adviser().id),
        mail_possible=bool(parts().settings.mail.host),
    )


@blueprint.post("/mail/<message_id>/send-again")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def send_again(message_id: str) -> Response:
    """A kept or failed message waits again, from now on."""
    await parts().outbox.send_again(message_id, present_adviser().id)
    return see_other("/console/mail")
