"""What the relay says of a conference reaches its pages: who speaks, and whose picture pauses."""

import pytest

from appliance.relay.control import PausedPicture, PicturesPaused, SpeakerChanged, TrackKind
from appliance.web.live.owners import conference_room
from tests.web.live.test_conferences import Conference, shown


@pytest.fixture
async def three(stage):
    """The host, a colleague and a guest, all connected: the conference, windows and peers."""
    made = Conference(stage)
    host = await made.start("weber")
    windows = [host, await made.staff(1), await made.guest(host)]
    peers = [await window.connect() for window in windows]
    return made, windows, peers


async def say(conference, event):
    await conference.stage.relay.on_event(event)
    await conference.stage.live.settle()


def speaking(window):
    return [person.name for person in shown(window).people if person.speaking]


async def test_it_works(three):
    conference, windows, peers = three
    room_id = conference_room(conference.id)
    for peer, name in zip(peers, ("Ayşe Yılmaz", "Weber", "Kim Gast"), strict=True):
        await say(conference, SpeakerChanged(room_id=room_id, peer_id=peer))
        assert [speaking(window) for window in windows] == [[name]] * 3
    await say(conference, SpeakerChanged(room_id=room_id, peer_id=None))
    assert [speaking(window) for window in windows] == [[]] * 3


async def test_a_picture_pauses_on_the_page_with_the_slow_line_alone(three):
    conference, windows, peers = three
    guest = shown(windows[0]).people[2]
    paused = [PausedPicture(slot=guest.slot, kind=TrackKind.CAMERA)]
    ids = {"room_id": conference_room(conference.id), "peer_id": peers[0]}
    await say(conference, PicturesPaused(**ids, paused=paused))
    told = [[one.name for one in shown(window).people if one.paused] for window in windows]
    assert told == [["Kim Gast"], [], []]
    await say(conference, PicturesPaused(**ids, paused=[]))
    assert not any(one.paused for one in shown(windows[0]).people)
