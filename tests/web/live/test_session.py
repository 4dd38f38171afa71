"""From the link to the session and its end, with both sides."""

from datetime import timedelta

import pytest

from appliance.relay.control import PeerState
from appliance.visits.states import IdentityStatus, Outcome, VisitState


async def test_it_works(meeting):
    client_peer, adviser_peer = await meeting.begin()
    relay = meeting.stage.relay
    assert relay.words(meeting.visit.id) == {
        "c>a microphone",
        "c>a camera",
        "a>c microphone",
        "a>c camera",
    }
    assert meeting.client.shown.state is VisitState.IN_SESSION
    assert meeting.client.shown.media == "connected"
    assert meeting.client.shown.peer_id == client_peer
    assert meeting.client.shown.adviser.name == "Ayşe Yılmaz"
    assert meeting.client.shown.adviser.camera
    assert meeting.desk.desk.session.client.media == "connected"
    assert meeting.desk.desk.session.client.microphone
    assert meeting.desk.desk.peer_id == adviser_peer
    assert (await meeting.now()).media_up


async def test_screen_and_topic_wait_for_the_identity(meeting):
    await meeting.begin()
    assert meeting.client.shown.appointment.topic is None
    await meeting.desk.say("sending", microphone=True, camera=True, screen=True)
    assert "a>c screen" not in meeting.stage.relay.words(meeting.visit.id)
    assert not meeting.client.shown.adviser.screen
    await meeting.desk.say("confirm_identity", how="document_seen")
    assert "a>c screen" in meeting.stage.relay.words(meeting.visit.id)
    assert meeting.client.shown.adviser.screen
    assert meeting.client.shown.appointment.topic == "Wohngeld"


async def test_nothing_is_routed_before_both_are_admitted(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.connect()
    assert meeting.stage.relay.words(meeting.visit.id) == set()
    await meeting.desk.say("join_media")
    assert meeting.desk.problems == ["no_session"]
    assert meeting.stage.relay.words(meeting.visit.id) == set()


async def test_a_said_mute_ends_the_route_and_is_shown(meeting):
    await meeting.begin()
    await meeting.client.say("sending", microphone=False, camera=True)
    assert "c>a microphone" not in meeting.stage.relay.words(meeting.visit.id)
    assert not meeting.desk.desk.session.client.microphone
    assert meeting.desk.desk.session.client.camera
    await meeting.client.say("sending", microphone=True, camera=True)
    assert "c>a microphone" in meeting.stage.relay.words(meeting.visit.id)


@pytest.mark.parametrize(
    ("command", "outcome"),
    [("leave", Outcome.COMPLETED), ("withdraw_consent", Outcome.WITHDRAWN)],
)
async def test_the_client_ends_it_for_both(meeting, command, outcome):
    await meeting.begin()
    await meeting.client.say(command)
    assert meeting.stage.relay.closed == [meeting.visit.id]
    assert meeting.client.shown.state is VisitState.CLOSED
    assert meeting.client.shown.outcome is outcome
    assert meeting.client.shown.appointment is None
    assert meeting.desk.desk.session is None


async def test_the_adviser_ends_it_for_both(meeting):
    await meeting.begin()
    await meeting.desk.say("end_visit", outcome="telephone")
    assert meeting.stage.relay.closed == [meeting.visit.id]
    assert meeting.client.shown.outcome is Outcome.TELEPHONE
    assert meeting.desk.desk.session is None
    assert meeting.desk.desk.waiting == []


async def test_refused_identity_closes_it(meeting):
    await meeting.begin()
    await meeting.desk.say("refuse_identity")
    assert meeting.client.shown.state is VisitState.CLOSED


async def test_sent_back_the_client_keeps_its_peer_and_the_adviser_loses_it(meeting):
    client_peer, adviser_peer = await meeting.begin()
    await meeting.desk.say("send_back")
    assert meeting.client.shown.state is VisitState.WAITING
    assert meeting.client.shown.peer_id == client_peer
    assert adviser_peer not in meeting.stage.relay.rooms[meeting.visit.id]
    assert meeting.stage.relay.words(meeting.visit.id) == set()
    await meeting.admit()
    await meeting.desk.connect()
    assert meeting.client.shown.state is VisitState.IN_SESSION


async def test_a_visit_by_text_needs_no_media(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say(
        "change_choices", mode="text", sees_adviser=False, seen_by_adviser=False
    )
    await meeting.admit()
    assert meeting.client.shown.state is VisitState.IN_SESSION
    assert meeting.stage.relay.words(meeting.visit.id) == set()


async def test_choices_change_routes_at_once(meeting):
    await meeting.begin()
    await meeting.client.say(
        "change_choices", mode="audio", sees_adviser=True, seen_by_adviser=True
    )
    assert meeting.stage.relay.words(meeting.visit.id) == {"c>a microphone", "a>c microphone"}
    await meeting.client.say(
        "change_choices", mode="video", sees_adviser=True, seen_by_adviser=False
    )
    assert meeting.stage.relay.words(meeting.visit.id) == {
        "c>a microphone",
        "a>c microphone",
        "a>c camera",
    }


async def test_an_admission_without_media_waits(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.admit()
    await meeting.desk.connect()
    assert (await meeting.now()).state is VisitState.ADMITTED
    meeting.stage.clock.forward(seconds=61)
    await meeting.stage.parts.visits.fire_deadlines()
    await meeting.stage.live.settle()
    assert meeting.client.shown.state is VisitState.WAITING
    assert meeting.desk.desk.session is None


async def test_after_closing_nothing_can_be_done(meeting):
    await meeting.begin()
    await meeting.client.say("leave")
    for command in ("join_media", "go_back", "request_help", "leave"):
        await meeting.client.say(command)
    assert meeting.client.problems == ["not_allowed_now"] * 4
    assert meeting.visit.id not in meeting.stage.relay.rooms


async def test_a_failed_transport_is_offered_again_by_itself(meeting):
    client_peer, _ = await meeting.begin()
    await meeting.stage.relay.change(client_peer, PeerState.FAILED)
    await meeting.stage.live.settle()
    await meeting.stage.tick(seconds=2)
    assert meeting.client.offers[-1].peer_id != client_peer
    assert meeting.desk.desk.session.client.media == "lost"
    await meeting.client.take_offer()
    assert meeting.desk.desk.session.client.media == "connected"


async def test_who_has_arrived_goes_on_when_the_appointment_is_moved(meeting):
    stage, client = meeting.stage, meeting.client
    await stage.walk(client, meeting.visit, VisitState.IDENTITY)
    later = meeting.appointment.starts_at + timedelta(minutes=20)
    moved = await stage.parts.appointments.move(meeting.appointment.id, later, "test")
    await stage.parts.database.published()
    await stage.tick(seconds=1)
    assert client.shown.needs == ["password"]
    assert meeting.desk.desk.waiting[0].name == moved.client_name
    password = await stage.password(moved)
    await client.say("state_identity", name="Erika Mustermann", password=password)
    assert (await meeting.now()).identity is IdentityStatus.MATCHED
