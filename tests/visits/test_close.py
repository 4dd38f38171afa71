from __future__ import annotations

import pytest

from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.service import VisitService
from appliance.visits.states import Outcome, VisitState
from tests.builders.visits import visit_in


async def test_it_works(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    closed = await visits.happen(visit.id, VisitEvent.CLOSED, Actor.ADVISER)
    assert (closed.state, closed.outcome) == (VisitState.CLOSED, Outcome.COMPLETED)
    assert await visits.open_visits() == []


@pytest.mark.parametrize(
    "outcome", [Outcome.COMPLETED, Outcome.TELEPHONE, Outcome.CALL_BACK, Outcome.FAILED]
)
async def test_the_adviser_says_how(visits: VisitService, outcome: Outcome) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    closed = await visits.happen(visit.id, VisitEvent.CLOSED, Actor.ADVISER, outcome=outcome)
    assert closed.outcome is outcome


async def test_not_in_the_clients_name(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    with pytest.raises(TypeError):
        await visits.happen(visit.id, VisitEvent.CLOSED, Actor.ADVISER, outcome=Outcome.WITHDRAWN)
    assert (await visits.get(visit.id)).state is VisitState.IN_SESSION


@pytest.mark.parametrize("event", [VisitEvent.LEFT, VisitEvent.ENDED])
@pytest.mark.parametrize(
    ("state", "outcome"),
    [(VisitState.WAITING, Outcome.LEFT), (VisitState.IN_SESSION, Outcome.COMPLETED)],
)
async def test_the_client_goes(
    visits: VisitService, event: VisitEvent, state: VisitState, outcome: Outcome
) -> None:
    visit = await visit_in(visits, state)
    assert (await visits.happen(visit.id, event, Actor.CLIENT)).outcome is outcome


async def test_cancelled(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    closed = await visits.happen(visit.id, VisitEvent.CANCELLED, Actor.SYSTEM)
    assert closed.outcome is Outcome.CANCELLED


@pytest.mark.parametrize(
    ("wants", "outcome"), [(True, Outcome.CALL_BACK), (False, Outcome.MESSAGE)]
)
async def test_a_message(visits: VisitService, wants: bool, outcome: Outcome) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    details = {"call_back": wants}
    closed = await visits.happen(visit.id, VisitEvent.MESSAGE_LEFT, Actor.CLIENT, **details)
    assert closed.outcome is outcome
