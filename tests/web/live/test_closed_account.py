"""Whoever waits for an adviser whose account is closed is on every other desk."""

import pytest

from appliance.visits.states import VisitState
from appliance.web.live.owners import conference_room
from tests.web.live.conferring import Conference, shown


async def left(meeting):
    """A client waits; their adviser leaves; a colleague sits at another desk."""
    stage = meeting.stage
    await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    colleague = await stage.add_adviser("berger", "Bernd Berger")
    desk = await stage.desk_window(colleague)
    assert desk.desk.waiting == [], "a colleague's client, so far"
    assert meeting.client.shown.appointment.adviser_name == "Ayşe Yılmaz"
    await stage.parts.advisers.close_account(meeting.adviser.id, "administrator")
    await stage.live.settle()
    return colleague, desk


async def test_it_works(meeting):
    """Shown at once, asked in, and served to the end."""
    colleague, desk = await left(meeting)
    [row] = desk.desk.waiting
    assert row.visit_id == meeting.visit.id
    await desk.say("admit", visit_id=row.visit_id, revision=row.revision)
    assert desk.problems == []
    visit = await meeting.now()
    assert (visit.state, visit.admitted_by) == (VisitState.ADMITTED, colleague.id)
    assert desk.desk.session.visit_id == visit.id
    assert meeting.client.shown.appointment.adviser_name == "Bernd Berger"


@pytest.mark.parametrize("state", [VisitState.ADMITTED, VisitState.IN_SESSION])
async def test_whom_they_had_asked_in_waits_for_the_others(meeting, state):
    """Else nobody would see the client whose conversation has no adviser any more."""
    stage = meeting.stage
    if state is VisitState.IN_SESSION:
        await meeting.begin()
    else:
        await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
        await meeting.admit()
    assert (await meeting.now()).state is state
    colleague = await stage.add_adviser("berger", "Bernd Berger")
    desk = await stage.desk_window(colleague)
    await stage.parts.advisers.close_account(meeting.adviser.id, "administrator")
    await stage.parts.database.published()
    await stage.live.settle()
    assert meeting.client.shown.state is VisitState.WAITING
    [row] = desk.desk.waiting
    await desk.say("admit", visit_id=row.visit_id, revision=row.revision)
    assert desk.problems == []
    assert (await meeting.now()).admitted_by == colleague.id


async def test_the_client_waits_for_the_office_and_for_no_name(meeting):
    await left(meeting)
    assert meeting.client.shown.appointment.adviser_name == ""


async def test_a_call_for_help_reaches_the_others(meeting):
    _, desk = await left(meeting)
    await meeting.client.say("request_help", note="Wo sind Sie?")
    assert meeting.client.shown.help.staffed
    assert desk.desk.waiting[0].wants_help
    await desk.say("tell_busy", visit_id=meeting.visit.id)
    assert desk.problems == []


async def test_the_client_of_an_adviser_who_is_there_stays_theirs(meeting):
    """Another account that is closed changes nothing."""
    stage = meeting.stage
    await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    gone, colleague = [await stage.add_adviser(login) for login in ("gone", "berger")]
    desk = await stage.desk_window(colleague)
    await stage.parts.advisers.close_account(gone.id, "administrator")
    await stage.live.settle()
    assert desk.desk.waiting == []
    assert [row.visit_id for row in meeting.desk.desk.waiting] == [meeting.visit.id]


async def test_out_of_a_conference_at_once(stage):
    """Else the others would hear them, and they the others, for another minute."""
    conference = Conference(stage)
    host = await conference.start("weber")
    weber = await conference.staff(1)
    await host.connect()
    peer_id = await weber.connect()
    assert len(conference.routes()) == 4
    await stage.parts.advisers.close_account(conference.advisers[1].id, "administrator")
    await stage.parts.database.published()
    await stage.live.settle()
    assert conference.routes() == set()
    assert peer_id not in stage.relay.rooms[conference_room(conference.id)]
    assert [one.name for one in shown(host).people] == ["Ayşe Yılmaz"]


async def test_with_the_host_s_account_a_colleague_leads(stage):
    conference = Conference(stage)
    await conference.start("weber")
    weber = await conference.staff(1)
    await stage.parts.advisers.close_account(conference.advisers[0].id, "administrator")
    await stage.parts.database.published()
    await stage.live.settle()
    assert [(one.name, one.leads) for one in shown(weber).people] == [("Weber", True)]
