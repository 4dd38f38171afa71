"""Who may let whom in, and what happens when two do it at once."""

import asyncio

import pytest

from appliance.visits.service import Arrival
from appliance.visits.states import VisitState
from appliance.web.live.agreements import CONSENT_VERSION
from tests.web.live.stage import make_meeting


async def waiting(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    return await meeting.now()


async def test_it_works(meeting):
    visit = await waiting(meeting)
    row = meeting.desk.desk.waiting[0]
    assert (row.visit_id, row.name, row.revision) == (visit.id, "Erika Mustermann", visit.revision)
    await meeting.desk.say("admit", visit_id=row.visit_id, revision=row.revision)
    assert meeting.desk.desk.session.state is VisitState.ADMITTED
    assert meeting.desk.desk.session.stated_name == "Erika Mustermann"
    assert meeting.desk.desk.waiting == []
    assert meeting.client.shown.state is VisitState.ADMITTED


async def test_another_advisers_visit_does_not_exist(meeting):
    visit = await waiting(meeting)
    stranger = await meeting.stage.add_adviser("berger", "Bernd Berger")
    desk = await meeting.stage.desk_window(stranger)
    assert desk.desk.waiting == []
    await desk.say("admit", visit_id=visit.id, revision=visit.revision)
    await desk.say("tell_busy", visit_id=visit.id)
    assert desk.problems == ["conflict", "visit_unknown"]
    assert (await meeting.now()).state is VisitState.WAITING


async def test_another_advisers_session_cannot_be_ended(meeting):
    await meeting.begin()
    stranger = await meeting.stage.add_adviser("berger", "Bernd Berger")
    desk = await meeting.stage.desk_window(stranger)
    for command, fields in [
        ("end_visit", {}),
        ("confirm_identity", {"how": "document_seen"}),
        ("refuse_identity", {}),
        ("send_back", {}),
        ("join_media", {}),
        ("chat", {"line_id": "line-0001", "text": "Hallo"}),
    ]:
        await desk.say(command, **fields)
    assert desk.problems == ["no_session"] * 6
    assert (await meeting.now()).state is VisitState.IN_SESSION
    assert desk.desk.session is None


async def test_an_old_revision_is_a_conflict_with_a_fresh_snapshot(meeting):
    visit = await waiting(meeting)
    await meeting.client.say("request_help")
    shown = len([push for push in meeting.desk.pushes() if push.type == "desk"])
    await meeting.desk.say("admit", visit_id=visit.id, revision=visit.revision)
    assert meeting.desk.problems == ["conflict"]
    assert len([push for push in meeting.desk.pushes() if push.type == "desk"]) > shown - 1
    assert meeting.desk.desk.waiting[0].wants_help
    assert meeting.desk.desk.session is None


async def test_one_of_two_advisers_wins(meeting):
    """An unassigned visit is on both desks."""

    stage = meeting.stage
    other = await stage.add_adviser("berger", "Bernd Berger")
    other_desk = await stage.desk_window(other)
    visit = await stage.parts.visits.arrive(Arrival(entry="walk_in", language="de"))
    client = await stage.client_window(visit)
    await client.say("start_check", terms_version="t-1")
    await stage.pass_check(client)
    await client.say(
        "give_consent",
        privacy=True,
        identity_check=True,
        session=True,
        text_version=CONSENT_VERSION,
    )
    await client.say("state_identity", name="Max Muster")
    visit = await stage.parts.visits.get(visit.id)
    assert visit.state is VisitState.WAITING
    assert {row.visit_id for row in other_desk.desk.waiting} == {visit.id}
    await asyncio.gather(
        meeting.desk.say("admit", visit_id=visit.id, revision=visit.revision),
        other_desk.say("admit", visit_id=visit.id, revision=visit.revision),
    )
    desks = {True: meeting.desk, False: other_desk}
    won = (await stage.parts.visits.get(visit.id)).admitted_by == meeting.adviser.id
    assert desks[won].problems == []
    assert desks[not won].problems == ["conflict"]
    assert desks[won].desk.session is not None
    assert desks[not won].desk.session is None
    assert visit.id not in {row.visit_id for row in desks[not won].desk.waiting}


async def test_one_session_at_a_time(meeting):
    await meeting.begin()
    appointment = await meeting.stage.book(meeting.adviser, client_name="Zweite Person")
    visit = await meeting.stage.arrive(appointment)
    client = await meeting.stage.client_window(visit)
    await meeting.stage.walk(client, visit, VisitState.WAITING)
    visit = await meeting.stage.parts.visits.get(visit.id)
    await meeting.desk.say("admit", visit_id=visit.id, revision=visit.revision)
    assert meeting.desk.problems == ["session_running"]


async def test_a_client_command_at_the_desk_is_no_command(meeting):
    visit = await waiting(meeting)
    await meeting.desk.say("withdraw_consent")
    await meeting.client.say("admit", visit_id=visit.id, revision=visit.revision)
    await meeting.client.say("leave", role="adviser")
    assert meeting.desk.problems == ["message_wrong"]
    assert meeting.client.problems == ["message_wrong", "message_wrong"]
    assert (await meeting.now()).state is VisitState.WAITING


async def test_who_waits_is_told_that_it_takes_longer(meeting):
    visit = await waiting(meeting)
    await meeting.desk.say("tell_busy", visit_id=visit.id)
    assert meeting.client.shown.busy


@pytest.mark.parametrize("turn", range(6))
async def test_consent_is_withdrawn_while_the_admission_is_on_its_way(meeting, turn):
    """Whoever is first: the visit is closed, and nothing flows."""
    visit = await waiting(meeting)
    await meeting.client.connect()

    async def later(turns, window, command, **fields):
        for _ in range(turns):
            await asyncio.sleep(0)
        await window.say(command, **fields)

    await asyncio.gather(
        later(turn, meeting.client, "withdraw_consent"),
        later(5 - turn, meeting.desk, "admit", visit_id=visit.id, revision=visit.revision),
    )
    visit = await meeting.now()
    assert (visit.state, visit.outcome) == (VisitState.CLOSED, "withdrawn")
    assert meeting.stage.relay.rooms == {}
    assert meeting.desk.desk.session is None
    assert meeting.client.shown.state is VisitState.CLOSED


async def test_stages_cannot_be_skipped(stage):
    meeting = await make_meeting(stage)
    await meeting.client.say(
        "give_consent",
        privacy=True,
        identity_check=True,
        session=True,
        text_version=CONSENT_VERSION,
    )
    await meeting.client.say("state_identity", name="Erika", password="x")
    await meeting.client.say("finish_check")
    await meeting.client.say("join_media")
    visit = await meeting.now()
    assert visit.state is VisitState.ARRIVED
    await meeting.desk.say("admit", visit_id=visit.id, revision=visit.revision)
    assert (
        meeting.client.problems
        == [
            "not_allowed_now",
            "consent_missing",
            "not_allowed_now",
            "not_allowed_now",
        ]
        or meeting.client.problems == ["not_allowed_now"] * 4
    )
    assert meeting.desk.problems == ["conflict"]
    assert meeting.stage.relay.rooms == {}
