"""The page whose own line is too slow is told that its picture pauses, and no other."""

import pytest

from appliance.relay.control import (
    HelloReply,
    PausedPicture,
    PeerInfo,
    PeerState,
    PicturesPaused,
    RoomInfo,
    TrackKind,
)

CAMERA = [PausedPicture(slot=0, kind=TrackKind.CAMERA)]


async def pause(meeting, peer_id, paused):
    room_id = meeting.visit.id
    event = PicturesPaused(room_id=room_id, peer_id=peer_id, paused=paused)
    await meeting.stage.relay.on_event(event)
    await meeting.stage.live.settle()


async def test_it_works(meeting):
    client_peer, _ = await meeting.begin()
    await pause(meeting, client_peer, CAMERA)
    assert meeting.client.shown.adviser.paused == ["camera"]
    assert meeting.client.shown.adviser.camera
    assert meeting.desk.desk.session.client.paused == []
    await pause(meeting, client_peer, [])
    assert meeting.client.shown.adviser.paused == []


async def test_the_desk_is_told_of_its_own_line(meeting):
    _, adviser_peer = await meeting.begin()
    await pause(meeting, adviser_peer, CAMERA)
    assert meeting.desk.desk.session.client.paused == ["camera"]
    assert meeting.client.shown.adviser.paused == []


async def test_what_is_not_sent_is_not_paused(meeting):
    client_peer, _ = await meeting.begin()
    await pause(meeting, client_peer, CAMERA)
    await meeting.desk.say("sending", microphone=True, camera=False)
    assert meeting.client.shown.adviser.paused == []


async def test_a_new_connection_begins_without_a_pause(meeting):
    client_peer, _ = await meeting.begin()
    await pause(meeting, client_peer, CAMERA)
    await meeting.stage.relay.change(client_peer, PeerState.FAILED)
    await meeting.client.connect()
    assert meeting.client.shown.adviser.paused == []


@pytest.mark.parametrize("paused", [[], CAMERA])
async def test_after_a_restart_of_web_the_greeting_counts(meeting, paused):
    peers = await meeting.begin()
    infos = [PeerInfo(peer_id=one, state=PeerState.CONNECTED, paused=paused) for one in peers]
    room = RoomInfo(room_id=meeting.visit.id, peers=infos)
    await meeting.stage.relay.on_connected(HelloReply(protocol=1, rooms=[room]))
    await meeting.stage.live.settle()
    assert meeting.client.shown.adviser.paused == [each.kind for each in paused]


async def test_unknown_peers_are_no_news(meeting):
    await meeting.begin()
    await pause(meeting, "c-nobody", CAMERA)
    assert meeting.client.shown.adviser.paused == []
