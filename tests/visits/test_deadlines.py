from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from appliance.storage.database import Database
from appliance.visits import writing
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.service import VisitService
from appliance.visits.states import Mode, Outcome, VisitState
from appliance.visits.writing import fire
from tests.builders.clock import HandClock
from tests.builders.visits import DETAILS, visit_in


async def test_it_works(visits: VisitService, clock: HandClock) -> None:
    waiting = await visit_in(visits, VisitState.WAITING)
    visit = await visits.happen(
        waiting.id, VisitEvent.ADMITTED, Actor.ADVISER, **DETAILS[VisitEvent.ADMITTED]
    )
    clock.forward(seconds=59)
    assert await visits.fire_deadlines() == 0
    clock.forward(seconds=1)
    assert [due.id for due in await visits.due(clock.now)] == [visit.id]
    assert await visits.fire_deadlines() == 1
    lapsed = await visits.get(visit.id)
    assert lapsed.state is VisitState.WAITING
    assert (lapsed.waiting_since, lapsed.admitted_by) == (waiting.waiting_since, None)
    line = (await visits.journal(visit.id))[-1]
    assert (line.event, line.actor) == (VisitEvent.ADMISSION_LAPSED, Actor.CLOCK)
    assert await visits.fire_deadlines() == 0


EARLY = [
    VisitState.ARRIVED,
    VisitState.DEVICE_CHECK,
    VisitState.CONSENT,
    VisitState.IDENTITY,
    VisitState.WAITING,
]


@pytest.mark.parametrize("state", EARLY)
async def test_an_unseen_client_has_left(
    visits: VisitService, clock: HandClock, state: VisitState
) -> None:
    visit = await visit_in(visits, state)
    clock.forward(minutes=20)
    await visits.seen(visit.id, clock.now)
    clock.forward(minutes=30, seconds=-1)
    assert await visits.fire_deadlines() == 0
    clock.forward(seconds=1)
    assert await visits.fire_deadlines() == 1
    gone = await visits.get(visit.id)
    assert (gone.state, gone.outcome) == (VisitState.CLOSED, Outcome.LEFT)


async def test_media_lost_for_two_minutes_lead_to_the_waiting_room(
    visits: VisitService, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    clock.forward(hours=3)
    assert await visits.fire_deadlines() == 0
    await visits.media(visit.id, up=False)
    clock.forward(seconds=119)
    assert await visits.fire_deadlines() == 0
    await visits.media(visit.id, up=True)
    clock.forward(seconds=60)
    assert await visits.fire_deadlines() == 0
    await visits.media(visit.id, up=False)
    clock.forward(seconds=120)
    assert await visits.fire_deadlines() == 1
    assert (await visits.get(visit.id)).state is VisitState.WAITING


async def test_unseen_after_the_session_is_completed(
    visits: VisitService, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    await visits.happen(visit.id, VisitEvent.SENT_BACK, Actor.ADVISER)
    clock.forward(minutes=10)
    assert await visits.fire_deadlines() == 1
    gone = await visits.get(visit.id)
    assert (gone.state, gone.outcome) == (VisitState.CLOSED, Outcome.COMPLETED)


async def test_in_text_presence_counts(visits: VisitService, clock: HandClock) -> None:
    visit = await visit_in(visits, VisitState.ADMITTED)
    await visits.happen(visit.id, VisitEvent.TEXT_ONLY, Actor.SYSTEM)
    for _ in range(4):
        clock.forward(minutes=9)
        await visits.seen(visit.id, clock.now)
        assert await visits.fire_deadlines() == 0
    clock.forward(minutes=10)
    assert await visits.fire_deadlines() == 1
    assert (await visits.get(visit.id)).outcome is Outcome.COMPLETED


async def test_text_chosen_in_the_session_ends_the_wait_for_media(
    visits: VisitService, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    await visits.media(visit.id, up=False)
    choices = {**DETAILS[VisitEvent.CHOICES_CHANGED], "mode": Mode.TEXT}
    after = await visits.happen(visit.id, VisitEvent.CHOICES_CHANGED, Actor.CLIENT, **choices)
    assert after.deadline_at == clock.now + timedelta(minutes=10)


async def test_choices_do_not_prolong_lost_media(visits: VisitService, clock: HandClock) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    await visits.media(visit.id, up=False)
    lost = (await visits.get(visit.id)).deadline_at
    clock.forward(seconds=60)
    after = await visits.happen(visit.id, VisitEvent.HELP_REQUESTED, Actor.CLIENT)
    assert after.deadline_at == lost


async def test_being_seen_does_not_prolong_an_admission(
    visits: VisitService, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.ADMITTED)
    clock.forward(seconds=50)
    await visits.seen(visit.id, clock.now)
    clock.forward(seconds=10)
    assert await visits.fire_deadlines() == 1


async def test_being_seen_changes_no_revision(visits: VisitService, clock: HandClock) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    clock.forward(minutes=1)
    await visits.seen(visit.id, clock.now)
    after = await visits.get(visit.id)
    assert (after.client_seen_at, after.revision) == (clock.now, visit.revision)
    assert len(await visits.journal(visit.id)) == visit.revision


async def test_a_restart_gives_time_to_come_back(visits: VisitService, clock: HandClock) -> None:
    admitted = await visit_in(visits, VisitState.ADMITTED)
    talking = await visit_in(visits, VisitState.IN_SESSION)
    waiting = await visit_in(visits, VisitState.WAITING)
    clock.forward(hours=1)
    await visits.renew_after_restart()
    seconds = {admitted.id: 60, talking.id: 120, waiting.id: 30 * 60}
    for visit_id, wait_s in seconds.items():
        visit = await visits.get(visit_id)
        assert visit.deadline_at == clock.now + timedelta(seconds=wait_s)
        assert not visit.media_up
    assert await visits.fire_deadlines() == 0


async def test_a_deadline_that_moved_meanwhile_is_not_fired(
    visits: VisitService, database: Database, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    clock.forward(minutes=30)
    assert [due.id for due in await visits.due(clock.now)] == [visit.id]
    await visits.seen(visit.id, clock.now)
    assert await database.write(lambda session: fire(session, visit.id, clock.now)) is None
    assert await visits.get(visit.id) != visit
    assert (await visits.get(visit.id)).state is VisitState.WAITING


async def test_switched_off_for_months_it_still_ended_when_its_time_was_up(
    visits: VisitService, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    clock.forward(days=200)
    assert await visits.fire_deadlines() == 1
    gone = await visits.get(visit.id)
    assert gone.closed_at == visit.deadline_at
    assert gone.state_since == clock.now


async def test_one_that_fails_holds_nobody_else_up(
    visits: VisitService, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = await visit_in(visits, VisitState.WAITING)
    clock.forward(seconds=1)
    other = await visit_in(visits, VisitState.WAITING)
    clock.forward(minutes=30)
    assert [due.id for due in await visits.due(clock.now)] == [broken.id, other.id]

    def fire_or_raise(session: Session, visit_id: str, now: datetime) -> Visit | None:
        fired = fire(session, visit_id, now)
        if visit_id == broken.id:
            raise ValueError(visit_id)
        return fired

    with monkeypatch.context() as patch, capture_logs() as lines:
        patch.setattr(writing, "fire", fire_or_raise)
        assert await visits.fire_deadlines() == 1
    assert (await visits.get(other.id)).state is VisitState.CLOSED
    assert (await visits.get(broken.id)).state is VisitState.WAITING
    said = [(line["event"], line["visit_id"]) for line in lines if line["log_level"] == "error"]
    assert said == [("deadline_failed", broken.id)]
    assert await visits.fire_deadlines() == 1
    assert (await visits.get(broken.id)).state is VisitState.CLOSED
