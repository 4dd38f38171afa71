"""Either process may be killed: the visit goes on, media comes back by itself."""

from appliance.relay.control import PeerState, RestartOffered
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.states import VisitState
from tests.web.live.stage import Meeting, Stage

BOTH_WAYS = {"c>a microphone", "c>a camera", "a>c microphone", "a>c camera"}


async def restarted_web(meeting: Meeting, tmp_path) -> Meeting:
    """Another web process on the same database and the same relay; no page is back yet."""
    old = meeting.stage
    await old.close()
    stage = Stage(tmp_path, earlier=old)
    await stage.parts.visits.renew_after_restart()
    await stage.open()
    await stage.live.settle()
    return Meeting(
        stage, meeting.adviser, meeting.appointment, meeting.visit, meeting.client, meeting.desk
    )


async def test_media_killed_rooms_are_rebuilt_by_themselves(meeting):
    old_peers = await meeting.begin()
    relay = meeting.stage.relay
    await relay.vanish(forgets=True)
    await meeting.stage.live.settle()
    assert meeting.client.shown.media == "lost"
    assert meeting.desk.desk.media == "lost"
    assert meeting.desk.desk.session.client.media == "lost"
    await meeting.stage.tick(seconds=2)
    await relay.appear()
    await meeting.stage.live.settle()
    new_peers = await meeting.client.take_offer(), await meeting.desk.take_offer()
    assert not set(old_peers) & set(new_peers)
    assert relay.words(meeting.visit.id) == BOTH_WAYS
    assert meeting.client.shown.media == "connected"
    assert meeting.client.shown.state is VisitState.IN_SESSION
    assert (await meeting.now()).media_up


async def test_media_lost_is_noted_so_that_the_clock_can_act(meeting):
    await meeting.begin()
    await meeting.stage.relay.vanish(forgets=True)
    await meeting.stage.live.settle()
    assert not (await meeting.now()).media_up
    meeting.stage.clock.forward(seconds=121)
    await meeting.stage.parts.visits.fire_deadlines()
    await meeting.stage.live.settle()
    assert meeting.client.shown.state is VisitState.WAITING


async def test_a_short_silence_of_the_relay_changes_nothing(meeting):
    await meeting.begin()
    relay = meeting.stage.relay
    offers = len(meeting.client.offers)
    await relay.vanish(forgets=False)
    await meeting.stage.live.settle()
    await relay.appear()
    await meeting.stage.live.settle()
    assert relay.words(meeting.visit.id) == BOTH_WAYS
    assert meeting.client.shown.media == "connected"
    assert len(meeting.client.offers) == offers


async def test_web_killed_peers_are_adopted_without_a_gap(meeting, tmp_path):
    client_peer, adviser_peer = await meeting.begin()
    again = await restarted_web(meeting, tmp_path)
    relay = again.stage.relay
    assert relay.words(again.visit.id) == BOTH_WAYS, "routes stand before any page is back"
    assert (await again.now()).media_up
    client = await again.stage.client_window(again.visit)
    desk = await again.stage.desk_window(again.adviser)
    await client.say("join_media", peer_id=client_peer)
    await desk.say("join_media", peer_id=adviser_peer)
    assert client.offers == []
    assert desk.offers == []
    assert relay.words(again.visit.id) == BOTH_WAYS
    assert client.shown.media == "connected"
    assert client.shown.peer_id == client_peer
    assert desk.desk.session.client.media == "connected"
    await again.stage.close()


async def test_web_killed_a_page_without_its_peer_gets_a_new_one(meeting, tmp_path):
    client_peer, _ = await meeting.begin()
    again = await restarted_web(meeting, tmp_path)
    client = await again.stage.client_window(again.visit)
    await client.say("join_media")
    assert client_peer in again.stage.relay.rooms[again.visit.id], "stands until the new one does"
    new_peer = await client.take_offer()
    assert new_peer != client_peer
    assert client_peer not in again.stage.relay.rooms[again.visit.id]
    assert again.stage.relay.words(again.visit.id) == BOTH_WAYS
    await again.stage.close()


async def test_nobody_takes_anothers_peer(meeting, tmp_path):
    _, adviser_peer = await meeting.begin()
    await meeting.client.say("join_media", peer_id=adviser_peer)
    assert meeting.client.offers[-1].peer_id != adviser_peer
    await meeting.client.say("answer", peer_id=adviser_peer, sdp="v=0 stolen")
    assert meeting.stage.relay.answers[adviser_peer] == "v=0"


async def test_both_killed_everything_comes_back(meeting, tmp_path):
    await meeting.begin()
    await meeting.stage.relay.vanish(forgets=True)
    again = await restarted_web(meeting, tmp_path)
    client = await again.stage.client_window(again.visit)
    desk = await again.stage.desk_window(again.adviser)
    await client.say("join_media", peer_id="c-gone")
    await desk.say("join_media", peer_id="a-gone")
    await client.take_offer()
    await desk.take_offer()
    assert again.stage.relay.words(again.visit.id) == BOTH_WAYS
    await again.stage.close()


async def test_a_closed_visits_room_is_closed_when_web_is_back(meeting, tmp_path):
    await meeting.begin()
    await meeting.stage.relay.vanish(forgets=False)
    await meeting.client.say("leave")
    assert meeting.client.shown.state is VisitState.CLOSED
    await meeting.stage.relay.appear()
    await meeting.stage.live.settle()
    assert meeting.visit.id not in meeting.stage.relay.rooms


async def test_a_page_reloads_in_the_session(meeting):
    client_peer, _ = await meeting.begin()
    meeting.stage.live.pages.close(meeting.client.page)
    window = await meeting.stage.client_window(meeting.visit)
    new_peer = await window.connect()
    assert new_peer != client_peer
    assert client_peer not in meeting.stage.relay.rooms[meeting.visit.id]
    assert meeting.stage.relay.words(meeting.visit.id) == BOTH_WAYS


async def test_the_relays_restart_is_handed_to_the_right_page(meeting):
    client_peer, adviser_peer = await meeting.begin()
    for window, peer in ((meeting.client, client_peer), (meeting.desk, adviser_peer)):
        await meeting.stage.relay.change(peer, PeerState.LOST)
        event = RestartOffered(room_id=meeting.visit.id, peer_id=peer, offer="again")
        await meeting.stage.relay.on_event(event)
        await meeting.stage.live.settle()
        assert window.offers[-1].peer_id == peer
        assert window.offers[-1].sdp == "again"
    assert meeting.client.shown.media == "lost"
    assert meeting.client.shown.adviser.media == "lost"
    await meeting.stage.relay.change(client_peer, PeerState.CONNECTED)
    await meeting.stage.live.settle()
    assert meeting.client.shown.media == "connected"


async def test_a_restart_that_the_page_did_not_get_is_offered_again(meeting):
    """Its network has changed, and its socket with it."""
    peer, _ = await meeting.begin()
    event = RestartOffered(room_id=meeting.visit.id, peer_id=peer, offer="again")
    await meeting.stage.relay.on_event(event)
    heard = len(meeting.client.offers)
    await meeting.client.say("join_media", peer_id=peer)
    assert len(meeting.client.offers) == heard + 1
    assert meeting.client.offers[-1].peer_id == peer
    await meeting.client.say("answer", peer_id=peer, sdp="v=0")
    await meeting.client.say("join_media", peer_id=peer)
    assert len(meeting.client.offers) == heard + 1


async def test_a_page_asks_for_a_restart(meeting):
    client_peer, _ = await meeting.begin()
    await meeting.client.say("restart_media")
    assert meeting.client.offers[-1].peer_id == client_peer
    assert meeting.client.offers[-1].sdp == f"restart for {client_peer}"


async def test_an_answer_that_is_no_answer(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("join_media")
    await meeting.client.say("answer", peer_id=meeting.client.offers[-1].peer_id, sdp="nonsense")
    assert meeting.client.problems == ["answer_invalid"]


async def test_many_joins_leave_one_peer_behind(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    for _ in range(5):
        await meeting.client.say("join_media")
    assert len(meeting.stage.relay.rooms[meeting.visit.id]) == 1


async def test_chat_is_offered_again_after_a_restart(meeting, tmp_path):
    await meeting.begin()
    await meeting.client.say("chat", line_id="line-0001", text="Guten Tag")
    again = await restarted_web(meeting, tmp_path)
    client = await again.stage.client_window(again.visit)
    desk = await again.stage.desk_window(again.adviser)
    line = {"line_id": "line-0001", "text": "Guten Tag", "sent_at": again.stage.clock()}
    await client.say("offer_chat_again", lines=[line])
    await client.say("offer_chat_again", lines=[line])
    pushed = [push for push in desk.pushes() if push.type == "chat_lines"]
    assert [entry.text for entry in pushed[-1].lines] == ["Guten Tag"]
    assert len(pushed) == 1
    await again.stage.close()


async def test_the_adviser_before_hears_nothing_when_the_relay_comes_back(meeting):
    """The visit was handed on while the relay could not be told."""
    _, adviser_peer = await meeting.begin()
    stage = meeting.stage
    other = await stage.add_adviser("berger", "Bernd Berger")
    other_desk = await stage.desk_window(other)
    await stage.relay.vanish(forgets=False)
    handed_on = {"actor_id": meeting.adviser.id, "adviser_id": other.id}
    await stage.parts.visits.happen(
        meeting.visit.id, VisitEvent.TRANSFERRED, Actor.ADVISER, **handed_on
    )
    visit = await meeting.now()
    await stage.live.settle()
    assert other_desk.desk.session is not None
    await stage.relay.appear()
    await stage.live.settle()
    assert adviser_peer not in stage.relay.rooms[visit.id]
    assert stage.relay.words(visit.id) == set()
