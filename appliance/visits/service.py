"""The only writer of visits: one transaction per event, journal line included."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import Session, col, select

from appliance.events import VisitChanged
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database, announce
from appliance.visits import deadlines, writing
from appliance.visits.effects import Happening
from appliance.visits.errors import VisitUnderWay
from appliance.visits.machine import OPEN_STATES, Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import JournalEntry, Visit, VisitAccess
from appliance.visits.states import VisitState
from appliance.visits.unstored import Report, Unstored
from appliance.visits.writing import Arrival

__all__ = ["Arrival", "VisitService"]

log = structlog.get_logger()

SEEN_STEP_S = 15  # presence is written at most this often; the deadlines are minutes


class VisitService:
    """Everything that can be done to a visit. Raises ``VisitError`` and ``DatabaseError``."""

    def __init__(self, database: Database, clock: Clock = utcnow) -> None:
        self._database = database
        self._clock = clock
        self._unstored = Unstored()

    async def arrive(self, arrival: Arrival, *, access: str | None = None) -> Visit:
        """A new visit, or the appointment's open one.

        ``access`` is the cookie's secret: a browser that is inside already goes on where it was.
        Another one has the link alone, so it states the second factor again (place kept), and the
        first one's access ends; while the conversation runs it stays outside: ``VisitUnderWay``.
        Either is asked for the second factor of the door it came by last. Who comes without an
        appointment may find the room full: ``WaitingRoomFull``.
        """
        now = self._clock()

        def work(session: Session) -> Visit:
            visit = writing.open_visit_of(session, arrival.appointment_id)
            if visit is None:
                return writing.begin(session, arrival, now)
            writing.sits_at(session, visit, arrival.kiosk_id)
            if access is not None and writing.holder(session, access, now) == visit.id:
                return writing.came_by(session, visit, arrival.second_factor)
            details = {"language": arrival.language, "second_factor": arrival.second_factor}
            happening = Happening(visit, VisitEvent.ENTERED_AGAIN, now, "", details)
            try:
                visit = writing.apply(session, happening, Actor.CLIENT, None)
            except NotAllowedNow as error:
                raise VisitUnderWay from error
            # Whoever states the second factor now must not let an earlier browser in with it.
            writing.revoke_accesses(session, visit.id, now)
            return visit

        return await self._database.write(work)

    async def issue_access(self, visit_id: str) -> str:
        """A new secret for the cookie of one browser; only its SHA-256 is stored."""
        secret, now = secrets.token_urlsafe(32), self._clock()

        def work(session: Session) -> None:
            writing.load(session, visit_id)
            secret_hash = writing.hash_of(secret)
            session.add(VisitAccess(visit_id=visit_id, secret_hash=secret_hash, created_at=now))

        await self._database.write(work)
        return secret

    async def by_access(self, secret: str) -> Visit | None:
        """The visit that the cookie's secret opens; None when it is unknown, revoked, too old."""
        now = self._clock()

        def work(session: Session) -> Visit | None:
            visit_id = writing.holder(session, secret, now)
            return None if visit_id is None else session.get(Visit, visit_id)

        return await self._database.read(work)

    async def revoke_access(self, visit_id: str) -> None:
        """No browser holds this visit any more."""
        now = self._clock()

        await self._database.write(lambda session: writing.revoke_accesses(session, visit_id, now))

    async def get(self, visit_id: str) -> Visit:
        """The visit. Raises ``VisitUnknown``."""
        return await self._database.read(lambda session: writing.load(session, visit_id))

    async def happen(
        self,
        visit_id: str,
        event: VisitEvent,
        actor: Actor,
        *,
        actor_id: str = "",
        revision: int | None = None,
        check: Callable[[Session], None] | None = None,
        **details: Any,
    ) -> Visit:
        """Makes ``event`` happen and gives the changed visit back. Details: see ``effects``.

        ``check`` looks at other domains' rows in the transaction, and raises what is in the way.
        Raises ``NotAllowedNow``, ``Conflict`` (``revision`` is stale), ``ConsentMissing``,
        ``VisitUnknown``.
        """
        now = self._clock()
        complete = self._unstored.add_to_consent(visit_id, event, details)

        def work(session: Session) -> Visit:
            visit = writing.load(session, visit_id)
            if check is not None:
                check(session)
            happening = Happening(visit, event, now, actor_id, complete)
            return writing.apply(session, happening, actor, revision)

        visit = await self._database.write(work)
        self._unstored.learn(visit, event, now, complete)
        return visit

    def report(self, visit: Visit) -> Report:
        """The check's verdict codes: from memory before consent, from the row afterwards."""
        kept = self._unstored.report(visit.id)
        if kept is not None:
            return kept
        stored: Report = json.loads(visit.check_report) if visit.check_report else {}
        return stored

    async def keep_report(self, visit_id: str, report: Report) -> None:
        """The codes anew, where consent has had them stored. A fact beside the state."""

        def work(session: Session) -> None:
            visit = writing.load(session, visit_id)
            if visit.is_open and visit.check_report:
                visit.check_report = json.dumps(report, sort_keys=True)

        await self._database.write(work)

    async def open_visits(self, adviser_id: str | None = None) -> list[Visit]:
        """Everything not closed, longest wait first; of one adviser, or of all."""
        waits = col(Visit.waiting_since)
        order = (waits.is_(None), waits, col(Visit.created_at), col(Visit.id))
        query = select(Visit).where(col(Visit.state).in_(OPEN_STATES)).order_by(*order)
        if adviser_id is not None:
            query = query.where(col(Visit.adviser_id) == adviser_id)
        return await self._database.read(lambda session: list(session.exec(query)))

    async def crowd(self, topic_id: str) -> int:
        """How many are there without an appointment for this topic."""
        now = self._clock()
        return await self._database.read(lambda session: writing.crowd(session, topic_id, now))

    async def closed_between(self, first: datetime, before: datetime) -> list[Visit]:
        """Those that ended from ``first`` on and before ``before``."""
        query = select(Visit).where(
            col(Visit.state) == VisitState.CLOSED,
            col(Visit.state_since) >= first,
            col(Visit.state_since) < before,
        )
        return await self._database.read(lambda session: list(session.exec(query)))

    async def at_kiosk(self, kiosk_id: str) -> list[Visit]:
        """Everything not closed that was begun or gone on with there."""
        mine = (col(Visit.kiosk_id) == kiosk_id, col(Visit.state).in_(OPEN_STATES))
        query = select(Visit).where(*mine)
        return await self._database.read(lambda session: list(session.exec(query)))

    async def sits_at(self, visit_id: str, kiosk_id: str | None) -> None:
        """The client goes on at a kiosk, or with a device of their own (None)."""

        def work(session: Session) -> None:
            writing.sits_at(session, writing.load(session, visit_id), kiosk_id)

        await self._database.write(work)

    async def due(self, now: datetime) -> list[Visit]:
        """Open visits whose deadline has passed, most overdue first."""
        return await self._database.read(lambda session: writing.due(session, now))

    async def fire_deadlines(self) -> int:
        """Makes the clock's events happen, each in its own transaction; how many did.

        One that fails is logged and stays due; the others must not wait for it.
        """
        now, fired = self._clock(), 0
        for late in await self.due(now):
            try:
                fired += await self._fire(late.id, now)
            except Exception:
                log.exception("deadline_failed", visit_id=late.id)
        return fired

    async def _fire(self, visit_id: str, now: datetime) -> bool:
        """Whether something happened; a deadline may have moved meanwhile."""
        visit = await self._database.write(lambda session: writing.fire(session, visit_id, now))
        if visit is not None and not visit.is_open:
            self._unstored.forget(visit_id)
        return visit is not None

    async def seen(self, visit_id: str, at: datetime) -> None:
        """The client's page is there. A fact beside the state: no revision, no journal line."""
        if not self._unstored.seen_is_news(visit_id, at, SEEN_STEP_S):
            return

        def work(session: Session) -> None:
            visit = session.get(Visit, visit_id)
            if visit is None or not visit.is_open or visit.client_seen_at > at:
                return
            visit.client_seen_at = at
            unseen = deadlines.unseen_deadline(writing.timing_of(visit), at)
            visit.deadline_at = unseen or visit.deadline_at

        await self._database.write(work)

    async def appointment_moved(
        self, old_id: str, new_id: str, starts_at: datetime, ends_at: datetime
    ) -> None:
        """The appointment's open visit goes on with the one that has taken over.

        Announced with the revision as it is: for an adviser it is still the same client.
        """

        def work(session: Session) -> None:
            visit = writing.open_visit_of(session, old_id)
            if visit is None or writing.open_visit_of(session, new_id) is not None:
                return  # nobody is there, or has come in by the link at this very moment
            visit.appointment_id = new_id
            visit.slot_starts_at, visit.slot_ends_at = starts_at, ends_at
            announce(session, VisitChanged(visit.id, visit.revision, "appointment_moved"))

        await self._database.write(work)

    async def media(self, visit_id: str, up: bool) -> None:
        """The client's media flow, or do not. Announced with the revision as it is."""
        now = self._clock()

        def work(session: Session) -> None:
            visit = writing.load(session, visit_id)
            if not visit.is_open or visit.media_up == up:
                return
            visit.media_up = up
            if visit.state is VisitState.IN_SESSION:
                visit.deadline_at = deadlines.fresh_deadline(writing.timing_of(visit), now)
            word = "media_up" if up else "media_lost"
            announce(session, VisitChanged(visit.id, visit.revision, word))

        await self._database.write(work)

    async def renew_after_restart(self) -> None:
        """Rooms are gone, visits are not: everybody gets the time to come back."""
        now = self._clock()

        def work(session: Session) -> None:
            for visit in session.exec(select(Visit).where(col(Visit.state).in_(OPEN_STATES))):
                visit.media_up = False
                visit.deadline_at = deadlines.fresh_deadline(writing.timing_of(visit), now)

        await self._database.write(work)

    async def entered_again(self, visit_ids: Collection[str]) -> set[str]:
        """Those of them that another browser has entered once their client had begun."""
        query = select(JournalEntry.visit_id).where(
            col(JournalEntry.visit_id).in_(visit_ids),
            col(JournalEntry.event) == VisitEvent.ENTERED_AGAIN,
            col(JournalEntry.state_from) != VisitState.ARRIVED,
        )
        return await self._database.read(lambda session: set(session.exec(query)))

    async def visited(self, appointment_ids: Collection[str]) -> set[str]:
        """Those of them that somebody has come to, however far they got."""
        query = select(Visit.appointment_id).where(
            col(Visit.appointment_id).in_(appointment_ids), col(Visit.appointment_id).is_not(None)
        )
        return await self._database.read(
            lambda session: {one for one in session.exec(query) if one}
        )

    async def journal(self, visit_id: str) -> list[JournalEntry]:
        """The visit's lines, oldest first."""
        mine = col(JournalEntry.visit_id) == visit_id
        query = select(JournalEntry).where(mine).order_by(col(JournalEntry.id))
        return await self._database.read(lambda session: list(session.exec(query)))
