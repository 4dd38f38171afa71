"""Consents that were taken back: in force at once, whether or not the database can note it.

A full disk or a busy writer must not keep sound and picture going. Until it is noted the withdrawal
lives in memory: the visit is shown and treated as closed, and noting it is tried again each second.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from appliance.storage.errors import DatabaseError
from appliance.visits.errors import VisitUnknown
from appliance.visits.machine import Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.states import Outcome, VisitState
from appliance.web.live.owners import desk_owner
from appliance.web.live.problems import problem

if TYPE_CHECKING:
    from appliance.web.live import Live

log = structlog.get_logger()


class Withdrawals:
    """Those that are not noted yet, by visit."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._pending: set[str] = set()
        self._told: set[str] = set()  # the log
        self._desk_told: set[str] = set()

    def withdraw(self, visit_id: str) -> None:
        """From now on. Media end first, then it is noted (``VisitWork``)."""
        self._pending.add(visit_id)
        self._live.touch_visit(visit_id)

    def in_force(self, visit_id: str) -> bool:
        """Whether the database may not know it yet."""
        return visit_id in self._pending

    def tell_desk(self, visit: Visit) -> None:
        """Whoever is talking with the client reads why it is over; once.

        Nobody has let in who waits, or waits again: ``admitted_by`` is empty then.
        """
        if not self.in_force(visit.id) or not visit.admitted_by or visit.id in self._desk_told:
            return
        self._desk_told.add(visit.id)
        for page in self._live.pages.of(desk_owner(visit.admitted_by)):
            if not page.idle:
                page.push(problem("consent_withdrawn", page.language))

    def applied(self, visit: Visit) -> Visit:
        """The visit as it has to be treated."""
        if visit.is_open and self.in_force(visit.id):
            visit.state, visit.outcome = VisitState.CLOSED, Outcome.WITHDRAWN
        return visit

    async def note(self, visit_id: str) -> None:
        """Writes it down where that is still to be done, or leaves it for the next second."""
        if not self.in_force(visit_id):
            return
        event = VisitEvent.CONSENT_WITHDRAWN
        try:
            with suppress(NotAllowedNow, VisitUnknown):  # over by itself
                visit = await self._live.parts.visits.happen(visit_id, event, Actor.CLIENT)
                self.tell_desk(visit)  # withdrawn while this visit's work was under way
        except DatabaseError as error:
            if visit_id not in self._told:  # not each second: the disk may be full of lines already
                log.warning("database_failed", code=error.code, visit_id=visit_id)
            self._told.add(visit_id)
            return
        self._pending.discard(visit_id)
        self._told.discard(visit_id)
        self._desk_told.discard(visit_id)

    def tick(self) -> None:
        """What could not be noted is tried again."""
        for visit_id in self._pending:
            self._live.touch_visit(visit_id)
