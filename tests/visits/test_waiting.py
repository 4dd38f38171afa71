"""Who waits, in which order, and what staff learn of it."""

from __future__ import annotations

from appliance.events import EventBus, VisitChanged
from appliance.storage.database import Database
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.service import VisitService
from appliance.visits.states import VisitState
from tests.builders.clock import HandClock
from tests.builders.visits import DETAILS, visit_in


async def test_it_works(visits: VisitService, clock: HandClock) -> None:
    first = await visit_in(visits, VisitState.WAITING)
    clock.forward(minutes=1)
    arrived = await visit_in(visits, VisitState.ARRIVED)
    clock.forward(minutes=1)
    second = await visit_in(visits, VisitState.WAITING)
    await visit_in(visits, VisitState.CLOSED)
    assert [visit.id for visit in await visits.open_visits()] == [
        first.id,
        second.id,
        arrived.id,
    ]


async def test_the_place_is_kept(visits: VisitService, clock: HandClock) -> None:
    first = await visit_in(visits, VisitState.WAITING)
    clock.forward(minutes=1)
    second = await visit_in(visits, VisitState.WAITING)
    clock.forward(minutes=1)
    for event in (VisitEvent.CHECK_RESTARTED, VisitEvent.CHECK_FINISHED):
        await visits.happen(first.id, event, Actor.CLIENT)
    back = await visits.get(first.id)
    assert back.state is VisitState.WAITING
    assert [visit.id for visit in await visits.open_visits()] == [first.id, second.id]


async def test_every_change_is_announced_after_the_commit(
    visits: VisitService, database: Database, bus: EventBus
) -> None:
    heard: list[tuple[str, int, int]] = []

    async def listen(event: VisitChanged) -> None:
        stored = await visits.get(event.visit_id)
        heard.append((event.happened, event.revision, stored.revision))

    bus.subscribe(VisitChanged, listen)
    visit = await visit_in(visits, VisitState.WAITING)
    await database.published()
    assert [(word, revision) for word, revision, _ in heard] == [
        ("link_opened", 1),
        ("check_started", 2),
        ("check_finished", 3),
        ("consent_given", 4),
        ("identity_stated", 5),
    ]
    assert all(stored >= revision for _, revision, stored in heard)
    await visits.media(visit.id, up=True)
    await database.published()
    assert heard[-1][:2] == ("media_up", 5)


async def test_busy_and_help_are_noted(visits: VisitService, clock: HandClock) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    await visits.happen(visit.id, VisitEvent.BUSY_TOLD, Actor.ADVISER, actor_id="adviser-1")
    visit = await visits.happen(visit.id, VisitEvent.HELP_REQUESTED, Actor.CLIENT)
    assert visit.busy_told_at == visit.help_requested_at == clock.now
    assert visit.state is VisitState.WAITING


async def test_choices(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    choices = DETAILS[VisitEvent.CHOICES_CHANGED]
    visit = await visits.happen(visit.id, VisitEvent.CHOICES_CHANGED, Actor.CLIENT, **choices)
    assert (visit.mode, visit.sees_adviser, visit.seen_by_adviser) == tuple(choices.values())
