"""A kiosk's visits end, and no browser holds them any more: a public device keeps nobody's."""

from __future__ import annotations

import structlog

from appliance.visits.errors import VisitError
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Visit
from appliance.web.live.routes import SESSION_STATES
from appliance.web.parts import parts

log = structlog.get_logger()


async def wipe(kiosk_id: str) -> None:
    """Whatever is open at this kiosk."""
    for visit in await parts().visits.at_kiosk(kiosk_id):
        await wipe_visit(visit)


async def wipe_visit(visit: Visit) -> None:
    """Ends it, if it has not ended by itself, and revokes every access to it."""
    event = VisitEvent.ENDED if visit.state in SESSION_STATES else VisitEvent.LEFT
    try:
        await parts().visits.happen(visit.id, event, Actor.CLIENT)
    except VisitError:  # ended by itself in the meantime, or admitted just now
        log.info("kiosk_wiped", visit_id=visit.id, state=visit.state)
    await parts().visits.revoke_access(visit.id)
    log.info("kiosk_wiped", visit_id=visit.id)
