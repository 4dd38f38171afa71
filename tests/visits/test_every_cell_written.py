"""Each cell of the table once more, through the service and the real database."""

from __future__ import annotations

import pytest

from appliance.visits.machine import TABLE, Actor, NotAllowedNow, VisitEvent
from appliance.visits.service import VisitService
from appliance.visits.states import VisitState
from tests.builders.visits import DETAILS, visit_in


@pytest.mark.parametrize("state", list(VisitState))
async def test_every_event_of_a_state(visits: VisitService, state: VisitState) -> None:
    visit = await visit_in(visits, state)
    for event in VisitEvent:
        cell = TABLE[state].get(event)
        actor = min(cell.actors) if cell else Actor.CLIENT
        lines = len(await visits.journal(visit.id))
        try:
            after = await visits.happen(
                visit.id, event, actor, actor_id="somebody", **DETAILS.get(event, {})
            )
        except NotAllowedNow:
            assert cell is None, event
            unchanged = await visits.get(visit.id)
            assert unchanged == visit
            assert len(await visits.journal(visit.id)) == lines
            continue
        assert cell is not None, event
        assert after.state in cell.to
        assert after.revision == visit.revision + 1
        journal = await visits.journal(visit.id)
        assert len(journal) == lines + 1
        line = journal[-1]
        assert (line.event, line.actor, line.actor_id) == (event, actor, "somebody")
        assert (line.state_from, line.state_to, line.revision) == (
            state,
            after.state,
            after.revision,
        )
        assert (after.outcome is not None) == (after.state is VisitState.CLOSED)
        assert (after.closed_at is not None) == (after.state is VisitState.CLOSED)
        if after.state is VisitState.CLOSED:
            assert after.deadline_at is None
        visit = await visit_in(visits, state)


@pytest.mark.parametrize("state", list(VisitState))
async def test_the_wrong_actor_is_refused(visits: VisitService, state: VisitState) -> None:
    visit = await visit_in(visits, state)
    for event, cell in TABLE[state].items():
        for actor in set(Actor) - cell.actors:
            with pytest.raises(NotAllowedNow):
                await visits.happen(visit.id, event, actor, **DETAILS.get(event, {}))
    assert await visits.get(visit.id) == visit
