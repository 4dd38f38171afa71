"""A place in the queue, where it is true: among those who came without an appointment."""

from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Entry
from appliance.visits.service import Arrival
from appliance.visits.states import VisitState
from tests.builders.visits import CONSENT, STATED


async def walked_in(stage):
    visits = stage.parts.visits
    visit = await visits.arrive(Arrival(entry=Entry.PUBLIC, language="de"))
    for event, details in (
        (VisitEvent.CHECK_STARTED, {"terms_version": "t1"}),
        (VisitEvent.CHECK_FINISHED, {"report": {}}),
        (VisitEvent.CONSENT_GIVEN, CONSENT),
        (VisitEvent.IDENTITY_STATED, {"stated": STATED}),
    ):
        visit = await visits.happen(visit.id, event, Actor.CLIENT, **details)
    stage.clock.forward(seconds=10)
    assert visit.state is VisitState.WAITING
    return visit, await stage.client_window(visit)


async def test_it_works(stage):
    adviser = await stage.add_adviser()
    desk = await stage.desk_window(adviser)
    first, one = await walked_in(stage)
    _, two = await walked_in(stage)
    _, three = await walked_in(stage)
    assert [window.shown.ahead for window in (one, two, three)] == [0, 1, 2]
    revision = (await stage.parts.visits.get(first.id)).revision
    await desk.say("admit", visit_id=first.id, revision=revision)
    await stage.live.settle()
    assert [window.shown.ahead for window in (one, two, three)] == [None, 0, 1]


async def test_who_has_an_appointment_has_a_time(meeting):
    await walked_in(meeting.stage)
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    assert meeting.client.shown.ahead is None


async def test_who_goes_leaves_nothing_behind(stage):
    visit, window = await walked_in(stage)
    _, other = await walked_in(stage)
    await window.say("leave")
    await stage.live.settle()
    assert other.shown.ahead == 0
    assert visit.id not in stage.live.facts.queued
