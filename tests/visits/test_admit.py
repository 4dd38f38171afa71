from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from appliance.visits.errors import Conflict
from appliance.visits.machine import Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.service import VisitService
from appliance.visits.states import Mode, VisitState
from tests.builders.clock import HandClock
from tests.builders.visits import visit_in


async def admit(visits: VisitService, visit: Visit, adviser_id: str) -> Visit:
    return await visits.happen(
        visit.id,
        VisitEvent.ADMITTED,
        Actor.ADVISER,
        actor_id=adviser_id,
        revision=visit.revision,
        adviser_id=adviser_id,
    )


async def test_it_works(visits: VisitService, clock: HandClock) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    admitted = await admit(visits, visit, "adviser-2")
    assert admitted.state is VisitState.ADMITTED
    assert admitted.admitted_by == admitted.adviser_id == "adviser-2"
    assert admitted.deadline_at == clock.now + timedelta(seconds=60)
    assert admitted.waiting_since == visit.waiting_since


async def test_two_at_once_one_wins(visits: VisitService) -> None:
    for _ in range(5):
        visit = await visit_in(visits, VisitState.WAITING)
        tries = (admit(visits, visit, name) for name in ("adviser-1", "adviser-2"))
        results = await asyncio.gather(*tries, return_exceptions=True)
        winners = [result for result in results if isinstance(result, Visit)]
        assert len(winners) == 1
        assert sum(isinstance(result, NotAllowedNow) for result in results) == 1
        assert (await visits.get(visit.id)).admitted_by == winners[0].admitted_by


async def test_a_stale_revision_is_refused(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    await visits.happen(visit.id, VisitEvent.HELP_REQUESTED, Actor.CLIENT)
    with pytest.raises(Conflict):
        await admit(visits, visit, "adviser-1")
    assert (await visits.get(visit.id)).state is VisitState.WAITING


async def test_somebody_admits(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    with pytest.raises(TypeError):
        await visits.happen(visit.id, VisitEvent.ADMITTED, Actor.ADVISER)


async def test_media_begin_the_session(visits: VisitService, clock: HandClock) -> None:
    visit = await visit_in(visits, VisitState.ADMITTED)
    clock.forward(seconds=4)
    begun = await visits.happen(visit.id, VisitEvent.MEDIA_CONNECTED, Actor.SYSTEM)
    assert begun.state is VisitState.IN_SESSION
    assert begun.session_began_at == clock.now
    assert begun.media_up
    assert begun.deadline_at is None


async def test_text_alone_begins_it_too(visits: VisitService, clock: HandClock) -> None:
    visit = await visit_in(visits, VisitState.ADMITTED)
    begun = await visits.happen(visit.id, VisitEvent.TEXT_ONLY, Actor.SYSTEM)
    assert (begun.state, begun.mode) == (VisitState.IN_SESSION, Mode.TEXT)
    assert not begun.media_up
    assert begun.deadline_at == clock.now + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("state", "admitted_by"), [(VisitState.WAITING, None), (VisitState.IN_SESSION, "adviser-2")]
)
async def test_a_transfer_changes_the_owner(
    visits: VisitService, state: VisitState, admitted_by: str | None
) -> None:
    """Who waits goes on waiting, who talks goes on talking."""
    visit = await visit_in(visits, state)
    after = await visits.happen(
        visit.id, VisitEvent.TRANSFERRED, Actor.ADVISER, adviser_id="adviser-2"
    )
    assert after.state is state
    assert (after.adviser_id, after.admitted_by) == ("adviser-2", admitted_by)
    assert [found.id for found in await visits.open_visits("adviser-2")] == [visit.id]
