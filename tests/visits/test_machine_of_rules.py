"""Anything in any order, on the real database: what must always hold, holds after every step.

``VORZIMMER_EXAMPLES=2000`` makes a night's work of it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlmodel import Session, col, select

from appliance.retention.policy import cut_off
from appliance.retention.purge import purge
from appliance.visits.errors import VisitError, VisitUnderWay
from appliance.visits.identity import MAX_TRIES
from appliance.visits.machine import TABLE, Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import JournalEntry, Visit, VisitAccess
from appliance.visits.service import VisitService
from appliance.visits.states import IdentityStatus, Mode, VisitState
from tests.builders.clock import HandClock
from tests.builders.storage import make_database
from tests.builders.visits import DETAILS, EXPECTED, STATED, WAY, WRONG, arrival

FEW = 8  # in every run; the same ones each time
EXAMPLES = int(os.environ.get("VORZIMMER_EXAMPLES", str(FEW)))
ON_THE_WAY = {
    state: (event, actor) for state, (_, event, actor) in zip(VisitState, WAY, strict=False)
}
LATE = (VisitState.WAITING, VisitState.ADMITTED, VisitState.IN_SESSION)


@dataclass
class Known:
    """What the test remembers of a visit."""

    state: VisitState
    revision: int
    waiting_since: datetime | None = None
    access: str | None = None


class AnyOrder(RuleBasedStateMachine):
    """One appliance with a few clients who do what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.clock = HandClock()
        self.known: dict[str, Known] = {}
        self.start()

    def start(self) -> None:
        self.database = make_database(Path(self.folder.name))
        self.visits = VisitService(self.database, self.clock)

    def teardown(self) -> None:
        self.database.close()
        self.runner.close()
        self.folder.cleanup()

    def pick(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.known)), label="visit")

    def learn(self, visit: Visit) -> None:
        known = self.known.setdefault(visit.id, Known(visit.state, visit.revision))
        known.state, known.revision = visit.state, visit.revision

    @rule(number=st.sampled_from([None, "appointment-1", "appointment-2"]), inside=st.booleans())
    def arrive(self, number: str | None, inside: bool) -> None:
        held = [known.access for known in self.known.values() if known.access]
        access = held[-1] if inside and held else None
        try:
            visit = self.runner.run(self.visits.arrive(arrival(number), access=access))
        except VisitUnderWay:
            return
        self.learn(visit)
        self.known[visit.id].access = self.runner.run(self.visits.issue_access(visit.id))

    @precondition(lambda self: self.known)
    @rule(data=st.data(), event=st.sampled_from(VisitEvent), actor=st.sampled_from(Actor))
    def anything(self, data: st.DataObject, event: VisitEvent, actor: Actor) -> None:
        self.happen(self.pick(data), event, actor, DETAILS.get(event, {}))

    @precondition(lambda self: self.known)
    @rule(data=st.data(), steps=st.integers(1, 6))
    def go_on(self, data: st.DataObject, steps: int) -> None:
        visit_id = self.pick(data)
        for _ in range(steps):
            state = self.known[visit_id].state
            if state is VisitState.CLOSED or state is VisitState.IN_SESSION:
                return
            event, actor = ON_THE_WAY[state]
            self.happen(visit_id, event, actor, DETAILS.get(event, {}))

    @precondition(lambda self: self.known)
    @rule(data=st.data(), right=st.booleans())
    def state_identity(self, data: st.DataObject, right: bool) -> None:
        details = {"stated": STATED if right else WRONG, "expected": EXPECTED}
        self.happen(self.pick(data), VisitEvent.IDENTITY_STATED, Actor.CLIENT, details)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def leave_a_message(self, data: st.DataObject) -> None:
        details = {"call_back": True}
        self.happen(self.pick(data), VisitEvent.MESSAGE_LEFT, Actor.CLIENT, details)

    def happen(
        self, visit_id: str, event: VisitEvent, actor: Actor, details: dict[str, Any]
    ) -> None:
        known = self.known[visit_id]
        cell = TABLE[known.state].get(event)
        may = cell is not None and actor in cell.actors
        try:
            visit = self.runner.run(
                self.visits.happen(visit_id, event, actor, revision=known.revision, **details)
            )
        except NotAllowedNow:
            assert not may
            return
        except VisitError:
            assert may  # a guard beside the table, such as a missing consent
            return
        assert cell is not None
        assert may
        assert visit.state in cell.to
        assert visit.revision == known.revision + 1
        self.learn(visit)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), up=st.booleans(), seen=st.booleans())
    def facts(self, data: st.DataObject, up: bool, seen: bool) -> None:
        visit_id = self.pick(data)
        self.runner.run(self.visits.media(visit_id, up=up))
        if seen:
            self.runner.run(self.visits.seen(visit_id, self.clock.now))

    @rule(seconds=st.sampled_from([1, 30, 61, 121, 601, 1801]))
    def time_passes(self, seconds: int) -> None:
        self.clock.forward(seconds=seconds)
        self.runner.run(self.visits.fire_deadlines())
        assert self.runner.run(self.visits.due(self.clock.now)) == []
        for visit in self.database.read_sync(lambda session: session.exec(select(Visit)).all()):
            self.learn(visit)

    @rule()
    def crash_and_reload(self) -> None:
        self.database.close()
        self.start()
        self.runner.run(self.visits.renew_after_restart())

    @rule(days=st.sampled_from([1, 45, 91]))
    def days_pass(self, days: int) -> None:
        self.clock.forward(days=days)
        self.runner.run(self.visits.fire_deadlines())
        purge(self.database, self.clock)
        left = {
            visit.id: visit
            for visit in self.database.read_sync(lambda session: session.exec(select(Visit)).all())
        }
        self.known = {name: known for name, known in self.known.items() if name in left}
        for visit in left.values():
            self.learn(visit)
            assert (visit.closed_at or visit.created_at) > cut_off(self.clock.now)
        if days > 90:
            assert all(visit.is_open for visit in left.values())

    @invariant()
    def memory_is_what_is_stored(self) -> None:
        visits, journal, accesses = self.database.read_sync(everything)
        assert {v.id: (v.state, v.revision) for v in visits} == {
            name: (known.state, known.revision) for name, known in self.known.items()
        }
        assert {entry.visit_id for entry in journal} <= set(self.known)
        assert {access.visit_id for access in accesses} <= set(self.known)
        for visit in visits:
            self.check(visit)
            check_journal(visit, [entry for entry in journal if entry.visit_id == visit.id])

        booked = [v.appointment_id for v in visits if v.is_open and v.appointment_id]
        assert len(booked) == len(set(booked))

    def check(self, visit: Visit) -> None:
        known = self.known[visit.id]
        if known.waiting_since is not None:
            assert visit.waiting_since == known.waiting_since  # the place is kept
        known.waiting_since = visit.waiting_since
        assert visit.identity_tries <= MAX_TRIES
        if not visit.consented:
            words = (visit.stated_name, visit.stated_phone, visit.check_report)
            assert words == ("", "", "")
        if visit.state in LATE:
            assert visit.consented
            assert visit.identity is not IdentityStatus.OPEN
            assert visit.waiting_since is not None
        inside = visit.state in (VisitState.ADMITTED, VisitState.IN_SESSION)
        if visit.is_open:
            assert (visit.admitted_by is not None) == inside
        if visit.state is VisitState.IN_SESSION:
            assert visit.session_began_at is not None
        without_end = (
            visit.state is VisitState.IN_SESSION and visit.media_up and visit.mode is not Mode.TEXT
        )
        assert (visit.deadline_at is None) == (without_end or not visit.is_open)
        closed = visit.state is VisitState.CLOSED
        assert (visit.outcome is not None) == (visit.closed_at is not None) == closed


def everything(session: Session) -> tuple[list[Visit], list[JournalEntry], list[VisitAccess]]:
    journal = session.exec(select(JournalEntry).order_by(col(JournalEntry.id)))
    return (
        list(session.exec(select(Visit))),
        list(journal),
        list(session.exec(select(VisitAccess))),
    )


def check_journal(visit: Visit, lines: list[JournalEntry]) -> None:
    assert [line.revision for line in lines] == list(range(1, visit.revision + 1))
    states = [None, *(line.state_to for line in lines)]
    assert [line.state_from for line in lines] == states[:-1]
    assert states[-1] is visit.state
    assert all(line.at <= later.at for line, later in pairwise(lines))


AnyOrder.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    deadline=None,
    derandomize=EXAMPLES == FEW,
    suppress_health_check=list(HealthCheck),
)
TestAnyOrder = pytest.mark.timeout(60 + 5 * EXAMPLES)(AnyOrder.TestCase)
