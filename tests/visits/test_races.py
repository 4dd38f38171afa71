"""Two at once, from two threads with a database each, as two processes would have."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement
from pathlib import Path

import pytest

from appliance.storage.database import Database
from appliance.visits.errors import Conflict
from appliance.visits.machine import TABLE, Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.service import VisitService
from appliance.visits.states import VisitState
from tests.builders.clock import HandClock
from tests.builders.storage import make_settings
from tests.builders.visits import DETAILS, arrival, visit_in
from tests.visits.test_machine_of_rules import check_journal

Result = Visit | Exception


class Side:
    """One of two processes."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.database = Database.open(make_settings(folder))
        self.visits = VisitService(self.database, clock)
        self.runner = asyncio.Runner()
        self.thread = ThreadPoolExecutor(1)

    def happen(
        self, barrier: threading.Barrier, visit: Visit, event: VisitEvent, name: str
    ) -> Result:
        actor = min(TABLE[visit.state][event].actors)
        details = dict(DETAILS.get(event, {}))
        if "adviser_id" in details:
            details["adviser_id"] = name
        barrier.wait(10)
        try:
            return self.runner.run(
                self.visits.happen(visit.id, event, actor, actor_id=name, **details)
            )
        except (NotAllowedNow, Conflict) as error:
            return error

    def close(self) -> None:
        self.thread.submit(self.runner.close).result()
        self.thread.shutdown()
        self.database.close()


@pytest.fixture
def sides(database: Database, tmp_path: Path, clock: HandClock) -> Iterator[tuple[Side, Side]]:
    pair = (Side(tmp_path, clock), Side(tmp_path, clock))
    yield pair
    for side in pair:
        side.close()


def at_once(
    sides: tuple[Side, Side], visit: Visit, first: VisitEvent, second: VisitEvent
) -> list[Result]:
    barrier = threading.Barrier(2)
    futures = [
        side.thread.submit(side.happen, barrier, visit, event, name)
        for side, event, name in zip(
            sides, (first, second), ("adviser-1", "adviser-2"), strict=True
        )
    ]
    return [future.result(20) for future in futures]


async def test_it_works(visits: VisitService, sides: tuple[Side, Side]) -> None:
    """Two advisers admit one client: one wins, the other is told, in every round."""
    winners = set()
    for _ in range(10):
        visit = await visit_in(visits, VisitState.WAITING)
        results = at_once(sides, visit, VisitEvent.ADMITTED, VisitEvent.ADMITTED)
        won = [result for result in results if isinstance(result, Visit)]
        assert len(won) == 1
        assert isinstance(next(r for r in results if not isinstance(r, Visit)), NotAllowedNow)
        after = await visits.get(visit.id)
        assert after.admitted_by == won[0].admitted_by
        assert len(await visits.journal(visit.id)) == after.revision == visit.revision + 1
        winners.add(after.admitted_by)
    assert winners <= {"adviser-1", "adviser-2"}


OF_WAITING = sorted(TABLE[VisitState.WAITING])
OF_SESSIONS = [*sorted(set(TABLE[VisitState.IN_SESSION]) - set(OF_WAITING)), VisitEvent.ENDED]


@pytest.mark.parametrize(
    ("state", "events"),
    [(VisitState.WAITING, OF_WAITING), (VisitState.IN_SESSION, OF_SESSIONS)],
)
async def test_every_pair_of_events(
    visits: VisitService, sides: tuple[Side, Side], state: VisitState, events: list[VisitEvent]
) -> None:
    for pair in combinations_with_replacement(events, 2):
        visit = await visit_in(visits, state)
        results = at_once(sides, visit, *pair)
        done = [result for result in results if isinstance(result, Visit)]
        assert done, pair  # whoever comes first gets through
        after = await visits.get(visit.id)
        assert after.revision == visit.revision + len(done), pair
        journal = await visits.journal(visit.id)
        check_journal(after, journal)
        if len(done) == 1:
            loser = next(result for result in results if not isinstance(result, Visit))
            assert isinstance(loser, NotAllowedNow), pair
            assert loser.event not in TABLE[after.state], pair


def test_two_browsers_arrive(database: Database, sides: tuple[Side, Side]) -> None:
    for number in range(10):
        barrier = threading.Barrier(2)

        def come(side: Side, barrier: threading.Barrier, name: str) -> Visit:
            barrier.wait(10)
            return side.runner.run(side.visits.arrive(arrival(name)))

        name = f"appointment-{number}"
        futures = [side.thread.submit(come, side, barrier, name) for side in sides]
        assert len({future.result(20).id for future in futures}) == 1


def test_a_deadline_and_an_event(
    visits: VisitService, sides: tuple[Side, Side], clock: HandClock
) -> None:
    """Media connect in the very second in which the admission lapses."""
    with asyncio.Runner() as runner:
        for _ in range(10):
            visit = runner.run(visit_in(visits, VisitState.ADMITTED))
            clock.forward(seconds=60)
            barrier = threading.Barrier(2)

            def lapse(side: Side, barrier: threading.Barrier) -> int:
                barrier.wait(10)
                return side.runner.run(side.visits.fire_deadlines())

            connect = sides[0].thread.submit(
                sides[0].happen, barrier, visit, VisitEvent.MEDIA_CONNECTED, ""
            )
            lapsing = sides[1].thread.submit(lapse, sides[1], barrier)
            connected = isinstance(connect.result(20), Visit)
            assert (lapsing.result(20) == 1) is not connected
            after = runner.run(visits.get(visit.id))
            assert after.state is (VisitState.IN_SESSION if connected else VisitState.WAITING)
            end = runner.run(visits.happen(visit.id, VisitEvent.LEFT, Actor.CLIENT))
            assert end.state is VisitState.CLOSED
