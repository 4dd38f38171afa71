"""Clients who come from home without an appointment: whether they can, and until when they wait.

What the door says is what is: hours alone open nothing, and somebody at a desk alone neither.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from appliance.advisers.rights import Action, Staff
from appliance.appointments.hours import closed_since, open_until, opens_next, read_hours
from appliance.appointments.models import Topic
from appliance.visits.errors import VisitError, WaitingRoomFull
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Entry, Visit
from appliance.visits.service import Arrival
from appliance.visits.states import VisitState
from appliance.web.live.desk_snapshots import adviser_of
from appliance.web.live.owners import desk_owner
from appliance.web.live.routes import SESSION_STATES
from appliance.web.live.words import clock_in_words
from appliance.web.wire import EntryView

if TYPE_CHECKING:
    from appliance.web.live import Live

log = structlog.get_logger()

AT_THE_DESK_S = 5 * 60.0  # own: an adviser at another page of the console is still on duty
CLOSING_LASTS = timedelta(minutes=15)  # own: long enough to read it and to leave a message
SENT_TWICE_S = 60.0  # own: the second tap of a double one, over a slow line
SETTLING_S = 30.0  # after a start of web, until desks have come back


class DoorState(StrEnum):
    """Whether somebody can come now."""

    NOW = "now"
    CLOSED = "closed"  # not the hour
    NOBODY = "nobody"  # the hour, but no adviser is at a desk
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Door:
    """What a topic's door says. ``until``: of an open hour; ``opens_at``: of a closed one."""

    state: DoorState
    until: datetime | None = None
    opens_at: datetime | None = None
    waiting: int = 0  # who would be before one
    free: bool = True  # somebody who is there is in no conversation


class DoorShut(Exception):
    """Nobody can come in now; ``door`` says why."""

    def __init__(self, door: Door) -> None:
        super().__init__(door.state.value)
        self.door = door


class PublicEntry:
    """Reads hours, desks and the queue; of visits it makes new ones and ends forgotten ones."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._zone = ZoneInfo(live.parts.settings.agency.time_zone)
        self._began_s = live.now_s()
        self._came: dict[str, tuple[float, str]] = {}  # by form: until when, and the secret given
        self.one_by_one = asyncio.Lock()  # who is counted before the next one is let in

    async def door(self, topic: Topic) -> Door:
        """Of a topic with ``public``."""
        parts, hours = self._live.parts, read_hours(topic.public_hours)
        now = parts.clock()
        until = open_until(hours, now, self._zone)
        if until is None:
            return Door(DoorState.CLOSED, opens_at=opens_next(hours, now, self._zone))
        staff = await parts.advisers.staff()
        there = await self._on_duty(staff, topic.team_id)
        if not there:
            return Door(DoorState.NOBODY, until)
        if await parts.visits.crowd(topic.id) >= topic.public_most:
            return Door(DoorState.FULL, until)
        queue = await self._queue(staff, None, topic.team_id)
        return Door(DoorState.NOW, until, waiting=len(queue), free=await self._free(there))

    async def enter(self, topic: Topic, language: str) -> Visit:
        """A new visit. Raises ``DoorShut``."""
        door = await self.door(topic)
        if door.state is not DoorState.NOW:
            raise DoorShut(door)
        arrival = Arrival(
            entry=Entry.PUBLIC,
            language=language,
            team_id=topic.team_id,
            topic_id=topic.id,
            most=topic.public_most,
        )
        try:
            return await self._live.parts.visits.arrive(arrival)
        except WaitingRoomFull as error:
            raise DoorShut(Door(DoorState.FULL, door.until)) from error

    async def came(self, form: str) -> str | None:
        """The secret that was given to this very form a moment ago: it was sent twice."""
        until_s, secret = self._came.get(form, (0.0, ""))
        if until_s <= self._live.now_s():
            return None
        visit = await self._live.parts.visits.by_access(secret)
        return secret if visit is not None and visit.is_open else None

    def note(self, form: str, secret: str) -> None:
        """Somebody has come by this form (random; empty for none)."""
        now_s = self._live.now_s()
        self._came = {of: one for of, one in self._came.items() if one[0] > now_s}
        if form:
            self._came[form] = (now_s + SENT_TWICE_S, secret)

    async def ahead(self, visit: Visit, staff: Staff) -> int | None:
        """How many wait longer for the same advisers; None for who does not wait."""
        queue = await self._queue(staff, adviser_of(visit, staff), visit.team_id)
        return queue.index(visit.id) if visit.id in queue else None

    async def view(self, visit: Visit, language: str) -> EntryView | None:
        """What the waiting room says of the door; None for who has an appointment."""
        if visit.entry is Entry.WALK_IN:
            return EntryView(until_in_words="", staffed=await self._staffed(visit), here=True)
        if visit.entry is not Entry.PUBLIC:
            return None
        topic = await self._live.parts.topics.find(visit.topic_id)
        now = self._live.parts.clock()
        hours = read_hours(topic.public_hours if topic and topic.public else "")
        until = open_until(hours, now, self._zone)
        return EntryView(
            until_in_words=clock_in_words(until, language, self._zone) if until else "",
            staffed=await self._staffed(visit),
        )

    async def close_up(self) -> None:
        """For a loop: pages say what the hour is, and nobody waits overnight for nobody."""
        for visit_id in set(self._live.facts.queued):
            self._live.touch_visit(visit_id)
        for visit in await self._live.parts.visits.open_visits():
            if visit.entry is Entry.PUBLIC and await self._forgotten(visit):
                log.info("public_visit_closed", visit_id=visit.id)
                with suppress(VisitError):  # ended by itself in the meantime
                    happen = self._live.parts.visits.happen
                    await happen(visit.id, VisitEvent.CANCELLED, Actor.SYSTEM)

    async def _forgotten(self, visit: Visit) -> bool:
        """The door has been closed for a while, and nobody is left who could ask them in."""
        now = self._live.parts.clock()
        if visit.state in SESSION_STATES or now - visit.created_at < CLOSING_LASTS:
            return False
        topic = await self._live.parts.topics.find(visit.topic_id)
        hours = read_hours(topic.public_hours if topic and topic.public else "")
        if open_until(hours, now, self._zone) is not None:
            return False
        closed_at = closed_since(hours, now, self._zone)
        if closed_at is not None and now - closed_at < CLOSING_LASTS:
            return False
        return not await self._staffed(visit)

    async def _staffed(self, visit: Visit) -> bool:
        """Whether anybody is there who could ask this client in."""
        staff = await self._live.parts.advisers.staff()
        if self._live.now_s() - self._began_s < SETTLING_S:
            return bool(await self._on_call(staff, visit.team_id, adviser_of(visit, staff)))
        return bool(await self._on_duty(staff, visit.team_id, adviser_of(visit, staff)))

    async def _on_duty(
        self, staff: Staff, team_id: str | None, adviser_id: str | None = None
    ) -> set[str]:
        """Ids of those who are there and could ask such a client in."""
        return {
            one
            for one in await self._on_call(staff, team_id, adviser_id)
            if self._live.pages.lately(desk_owner(one), AT_THE_DESK_S)
        }

    async def _on_call(self, staff: Staff, team_id: str | None, adviser_id: str | None) -> set[str]:
        """Ids of those who could ask such a client in and have not said that they are away."""
        away = await self._live.parts.advisers.away()
        return {
            one.adviser_id
            for one in staff.serving()
            if staff.member_may(one, Action.SERVE, adviser_id, team_id)
        } - away

    async def _free(self, there: set[str]) -> bool:
        """Whether one of them talks to nobody."""
        visits = await self._live.parts.visits.open_visits()
        left = there - {one.admitted_by for one in visits if one.state in SESSION_STATES}
        return any([not await self._live.parts.conferences.elsewhere(one) for one in left])

    async def _queue(
        self, staff: Collection[str], adviser_id: str | None, team_id: str | None
    ) -> list[str]:
        """Ids of who waits without an appointment, longest first."""
        return [
            one.id
            for one in await self._live.parts.visits.open_visits()
            if one.state is VisitState.WAITING
            and one.appointment_id is None
            and adviser_of(one, staff) == adviser_id
            and (None in (one.team_id, team_id) or one.team_id == team_id)
        ]
