"""The administrator: which kiosks there are, how they are, and codes to register them with."""

from __future__ import annotations

import structlog
from quart import Blueprint, Response

from appliance.device_check.kiosk_self_test import FAULT_WORDS, out_of_order
from appliance.i18n import N_
from appliance.kiosks.errors import KioskError
from appliance.kiosks.models import Kiosk
from appliance.kiosks.service import code_in_groups
from appliance.web.access import Who, access, present_adviser
from appliance.web.body import typed
from appliance.web.kiosk_wipe import wipe
from appliance.web.language import clock_in_words, day_in_words, translate
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

log = structlog.get_logger()
blueprint = Blueprint("console_kiosks", __name__, url_prefix="/console/kiosks")

STATES = {
    "new": N_("noch nicht angemeldet"),
    "away": N_("meldet sich nicht"),
    "broken": N_("außer Betrieb"),
    "untested": N_("noch nicht geprüft"),
    "ready": N_("bereit"),
}


@blueprint.get("")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def kiosks() -> Response:
    """[console/kiosks] All kiosks, and a form for a new one.

    Context: ``adviser``, ``kiosks`` (rows of ``id``, ``name``, ``state``, ``state_words``,
    ``faults``, ``seen``, ``tested``, ``started``), ``code`` (just made, shown this once),
    ``address`` (where the kiosk's browser goes), ``problem``. Forms: ``/console/kiosks/new``
    (``name``), ``/console/kiosks/<id>/code``, ``…/test``, ``…/set-up``, ``…/remove``.
    """
    return await _all()


@blueprint.post("/new")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def add_kiosk() -> Response:
    """[console/kiosks] with ``code``."""
    fields = await typed("name")
    try:
        kiosk, code = await parts().kiosks.add(fields["name"], present_adviser().id)
    except KioskError as error:
        return await _all(problem=error.sentence)
    log.info("kiosk_changed", name=kiosk.id)
    return await _all(code)


@blueprint.post("/<kiosk_id>/code")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def make_code(kiosk_id: str) -> Response:
    """[console/kiosks] with ``code``: for a kiosk that was set up anew."""
    code = await parts().kiosks.new_code(kiosk_id, present_adviser().id)
    log.info("kiosk_changed", name=kiosk_id)
    return await _all(code)


@blueprint.post("/<kiosk_id>/test")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def want_test(kiosk_id: str) -> Response:
    """As soon as nobody uses it."""
    await parts().kiosks.want_test(kiosk_id, present_adviser().id)
    return see_other("/console/kiosks")


@blueprint.post("/<kiosk_id>/set-up")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def want_set_up(kiosk_id: str) -> Response:
    """Its devices have been changed on purpose: it notes them anew."""
    await parts().kiosks.want_test(kiosk_id, present_adviser().id, set_up=True)
    return see_other("/console/kiosks")


@blueprint.post("/<kiosk_id>/remove")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def remove_kiosk(kiosk_id: str) -> Response:
    """Its browser is nobody's from now on, and whoever is there is so no longer."""
    await parts().kiosks.remove(kiosk_id, present_adviser().id)
    await wipe(kiosk_id)
    log.info("kiosk_changed", name=kiosk_id)
    return see_other("/console/kiosks")


async def _all(code: str = "", problem: str | None = None) -> Response:
    return await page(
        "console/kiosks",
        422 if problem else 200,
        adviser=present_adviser(),
        kiosks=[_row(kiosk) for kiosk in await parts().kiosks.everything()],
        code=code_in_groups(code) if code else "",
        address=f"{parts().settings.web.base_url.rstrip('/')}/kiosk",
        problem=translate(problem) if problem else None,
    )


def _row(kiosk: Kiosk) -> dict[str, object]:
    state = _state(kiosk)

    def when(at: object) -> str:
        return f"{day_in_words(at)}, {clock_in_words(at)}" if at else ""  # type: ignore[arg-type]

    return {
        "id": kiosk.id,
        "name": kiosk.name,
        "state": state,
        "state_words": translate(STATES[state]),
        "faults": [translate(FAULT_WORDS[one]) for one in kiosk.found if one in FAULT_WORDS],
        "seen": when(kiosk.seen_at),
        "tested": when(kiosk.tested_at),
        "started": when(kiosk.started_at),
    }


def _state(kiosk: Kiosk) -> str:
    if not kiosk.registered:
        return "new"
    # At night, too, when nobody has been told of it.
    if kiosk.away_since is not None or parts().kiosks.is_away(kiosk, parts().clock()):
        return "away"
    if out_of_order(kiosk.found):
        return "broken"
    return "ready" if kiosk.tested_at else "untested"
