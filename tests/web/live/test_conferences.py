"""A conference as pages see it: rung, entered, knocked, led, seen and heard, closed."""

import asyncio

import pytest

from appliance.advisers.models import Role
from appliance.relay.client import RelayError
from appliance.relay.control import LoadReply, PeerState, SpeakerChanged
from appliance.storage.errors import DiskFull
from appliance.web.commands import JoinMedia
from appliance.web.live.media_commands import Place
from appliance.web.live.owners import conference_room
from appliance.web.live.problems import Refused
from tests.web.live.conferring import Conference, shown
from tests.web.live.house import eventually
from tests.web.live.stage import Stage


@pytest.fixture
def conference(stage) -> Conference:
    return Conference(stage)


async def test_it_works(conference):
    host = await conference.start("weber")
    desk = await conference.stage.desk_window(conference.advisers[1])
    assert [call.title for call in desk.desk.calls] == ["Runde"]
    weber = await conference.staff(1)
    await conference.stage.live.settle()
    assert desk.desk.calls == []
    await host.connect()
    await weber.connect()
    one, two = shown(host).member_id, shown(weber).member_id
    both = {
        f"{a}>{b} {kind}" for a, b in ((one, two), (two, one)) for kind in ("microphone", "camera")
    }
    assert conference.routes() == both
    assert [(person.name, person.leads, person.slot) for person in shown(weber).people] == [
        ("Ayşe Yılmaz", True, 0),
        ("Weber", False, None),
    ]


async def test_nothing_new_is_not_said_again(conference):
    host = await conference.start()
    before = shown(host)
    conference.stage.live.touch_conference(conference.id)
    await conference.stage.live.settle()
    assert shown(host) is before
    guest = await conference.guest(host)
    assert shown(host).revision > before.revision
    await guest.say("let_in", member_id="nobody")  # a problem is followed by a snapshot
    assert guest.problems == ["not_host"]
    assert guest.pushes()[-1].type == "conference"


async def test_declined_at_the_desk(conference):
    host = await conference.start("weber")
    desk = await conference.stage.desk_window(conference.advisers[1])
    await desk.say("decline_call", conference_id=conference.id)
    await conference.stage.live.settle()
    assert desk.desk.calls == []
    assert [(one.name, one.state) for one in shown(host).colleagues] == [("Weber", "declined")]


async def test_the_front_desk_is_not_called(conference):
    """They hold no conversations; every link to a conference is closed to them."""
    host = await conference.start("weber")
    desk = await conference.stage.add_adviser("empfang", "Empfang", Role.FRONT_DESK)
    conference.stage.live.touch_conference(conference.id)
    await conference.stage.live.settle()
    assert [one.name for one in shown(host).colleagues] == ["Weber"]
    await host.say("call_colleague", adviser_id=desk.id)
    assert host.problems == ["not_allowed_now"]


async def test_a_guest_waits_until_the_host_opens(conference):
    host = await conference.start()
    guest, member_id = await conference.knock()
    assert shown(guest).state == "knocking"
    assert (shown(guest).people, shown(guest).knocking) == ([], [])
    await guest.say("join_media")
    assert guest.problems == ["not_allowed_now"]
    await guest.say("let_in", member_id=member_id)
    await guest.say("enter_conference")
    assert shown(guest).state == "knocking"
    assert [one.name for one in shown(host).knocking] == ["Kim Gast"]
    await host.say("let_in", member_id=member_id)
    assert [one.name for one in shown(guest).people] == ["Ayşe Yılmaz", "Kim Gast"]


async def test_a_box_at_its_limit_lets_nobody_else_in(conference, monkeypatch):
    host = await conference.start()
    await host.connect()
    guest, member_id = await conference.knock()

    async def load(_room_id):
        return LoadReply(sessions=9, limit=9, full=True)

    monkeypatch.setattr(conference.stage.relay, "load", load)
    await host.say("let_in", member_id=member_id)
    assert host.problems == ["box_full"]
    assert shown(guest).state == "knocking"


@pytest.mark.parametrize(
    "wish",
    [("close_conference", {}), ("call_colleague", {"adviser_id": "x"}), ("mute_member", None)],
)
async def test_only_the_host_leads(conference, wish):
    host = await conference.start("weber")
    weber = await conference.staff(1)
    command, fields = wish
    await weber.say(command, **({"member_id": shown(host).member_id} if fields is None else fields))
    assert weber.problems
    assert not shown(host).over
    assert not shown(host).muted


async def test_the_seventh_is_told_so(conference):
    host = await conference.start()
    for number in range(5):
        await conference.guest(host, f"Gast {number}")
    conference.advisers.append(await conference.stage.add_adviser("weber", "Weber"))
    await host.say("call_colleague", adviser_id=conference.advisers[1].id)
    weber = await conference.staff(1)
    assert weber.problems == ["conference_full"]
    assert shown(weber).full
    assert len(shown(host).people) == 6


async def test_pictures_go_where_they_are_shown(conference):
    host = await conference.start()
    guest = await conference.guest(host)
    await host.connect()
    await guest.connect()
    await host.say("show_pictures", members=[])
    one, two = shown(host).member_id, shown(guest).member_id
    assert f"{two}>{one} camera" not in conference.routes()
    assert {f"{two}>{one} microphone", f"{one}>{two} camera"} < conference.routes()
    await host.say("show_pictures", members=[two])
    assert f"{two}>{one} camera" in conference.routes()


async def test_mute_until_they_speak_again(conference):
    host = await conference.start()
    guest = await conference.guest(host)
    await host.connect()
    await guest.connect()
    word = f"{shown(guest).member_id}>{shown(host).member_id} microphone"
    assert word in conference.routes()
    await host.say("mute_member", member_id=shown(guest).member_id)
    assert shown(guest).muted
    assert word not in conference.routes()
    await guest.say("speak_again")
    assert word in conference.routes()


async def test_who_speaks_is_marked(conference):
    host = await conference.start()
    guest = await conference.guest(host)
    await host.connect()
    peer_id = await guest.connect()
    room_id = conference_room(conference.id)
    for speaker, marked in ((peer_id, ["Kim Gast"]), (None, [])):
        said = SpeakerChanged(room_id=room_id, peer_id=speaker)
        await conference.stage.relay.on_event(said)
        await conference.stage.live.settle()
        assert [one.name for one in shown(host).people if one.speaking] == marked


async def test_who_speaks_is_forgotten_with_the_room(conference):
    host = await conference.start()
    peer_id = await host.connect()
    stage, room_id = conference.stage, conference_room(conference.id)
    said = SpeakerChanged(room_id=room_id, peer_id=peer_id)
    await stage.relay.on_event(said)
    await host.say("leave_conference")
    assert room_id in stage.relay.closed
    await stage.relay.on_event(said)  # on its way when the room was closed
    assert stage.live.conference_work._speakers == {}


async def test_who_speaks_in_a_visit_is_no_news(meeting):
    """Three peers are in its room while somebody reconnects."""
    peer_id, _ = await meeting.begin()
    said = SpeakerChanged(room_id=meeting.visit.id, peer_id=peer_id)
    await meeting.stage.relay.on_event(said)
    assert meeting.stage.live.conference_work._speakers == {}


async def test_removed_is_out_at_once(conference):
    host = await conference.start()
    guest = await conference.guest(host)
    await host.connect()
    peer_id = await guest.connect()
    await host.say("remove_member", member_id=shown(guest).member_id)
    assert shown(guest).state == "removed"
    assert peer_id not in conference.stage.relay.rooms[conference_room(conference.id)]
    assert conference.routes() == set()


@pytest.mark.parametrize("command", ["remove_member", "close_conference"])
async def test_out_while_waiting_for_an_offer(conference, command):
    """The seat is gone when the room can be asked: a plain answer, and no peer."""
    host = await conference.start()
    guest = await conference.guest(host)
    stage, fields = conference.stage, {"member_id": shown(guest).member_id}
    room = stage.live.rooms.of(conference_room(conference.id))
    await room.lock.acquire()
    led = asyncio.create_task(host.say(command, **fields if command == "remove_member" else {}))
    await eventually(lambda: len(room.lock._waiters or ()) == 1)
    place = Place(room, fields["member_id"])
    room.seat(place.side)
    joined = asyncio.create_task(stage.live.media.join(guest.page, place, JoinMedia()))
    await eventually(lambda: len(room.lock._waiters or ()) == 2)
    room.lock.release()
    await led
    with pytest.raises(Refused, match="not_allowed_now"):
        await joined
    assert not stage.relay.rooms.get(room.room_id)


async def test_closed_for_all(conference):
    host = await conference.start()
    guest = await conference.guest(host)
    await host.connect()
    await host.say("close_conference")
    await conference.stage.live.settle()
    assert shown(guest).over
    assert shown(host).over
    assert conference_room(conference.id) in conference.stage.relay.closed


async def test_guests_alone_are_silent(conference):
    host = await conference.start()
    guests = [await conference.guest(host, name) for name in ("Eins", "Zwei")]
    for window in (host, *guests):
        await window.connect()
    assert len(conference.routes()) == 12
    await host.say("leave_conference")
    assert conference.routes() == set()
    assert not shown(guests[0]).staffed


async def test_whoever_closes_the_window_has_left_after_a_minute(conference):
    host = await conference.start()
    guest = await conference.guest(host)
    conference.stage.live.pages.close(guest.page)
    for wait_s, people in ((30, 2), (31, 1)):
        conference.stage.live.pages.heard(host.page)
        await conference.stage.tick(seconds=wait_s)
        await conference.stage.live.look_after_conferences()
        await conference.stage.live.settle()
        assert len(shown(host).people) == people


async def test_a_full_disk_freezes_nobody(conference, monkeypatch):
    """That somebody has gone cannot be noted; the others' room and pages go on."""

    async def leave(_conference_id, _member_id):
        raise DiskFull

    host = await conference.start()
    away, guest = [await conference.guest(host, name) for name in ("Eins", "Zwei")]
    monkeypatch.setattr(conference.stage.parts.conferences, "leave", leave)
    conference.stage.live.pages.close(away.page)
    for window in (host, guest):
        conference.stage.live.pages.heard(window.page)
    await conference.stage.tick(seconds=61)
    for window in (host, guest):
        await window.connect()
    assert len(conference.routes()) == 4
    await host.say("mute_member", member_id=shown(guest).member_id)
    assert len(conference.routes()) == 3
    assert shown(guest).muted


async def test_a_restart_of_web_keeps_room_and_connections(conference):
    host = await conference.start()
    guest = await conference.guest(host)
    peers = [await window.connect() for window in (host, guest)]
    before = conference.routes()
    stage = conference.stage
    later = Conference(Stage(stage.folder, earlier=stage))
    later.id = conference.id
    await stage.close()
    await later.stage.open()
    try:
        again = [await later.window(shown(one).member_id) for one in (host, guest)]
        for window, peer_id in zip(again, peers, strict=True):
            await window.say("join_media", peer_id=peer_id)
            assert window.offers == []
            assert shown(window).media == "connected"
        assert later.routes() == before
    finally:
        await later.stage.close()


async def test_a_lost_connection_gets_a_new_one(conference):
    host = await conference.start()
    peer_id = await host.connect()
    await conference.stage.relay.change(peer_id, PeerState.FAILED)
    await conference.stage.tick(seconds=2)
    assert host.offers[-1].peer_id != peer_id


async def test_an_offer_refused_stops_nobody_else_s_routes(conference, monkeypatch):
    """A mute has to hold at once, whoever else cannot be connected."""

    async def add_peer(_room_id, _peer_id, _slots=1):
        conference.stage.clock.forward(seconds=2)
        raise RelayError("timeout")

    host = await conference.start()
    guest, other = [await conference.guest(host, name) for name in ("Eins", "Zwei")]
    for window in (host, guest, other):
        peer_id = await window.connect()
    with monkeypatch.context() as patched:
        patched.setattr(conference.stage.relay, "add_peer", add_peer)
        await conference.stage.relay.change(peer_id, PeerState.FAILED)
        conference.stage.clock.forward(seconds=2)
        word = f"{shown(guest).member_id}>{shown(host).member_id} microphone"
        assert word in conference.routes()
        await host.say("mute_member", member_id=shown(guest).member_id)
        assert word not in conference.routes()
    await conference.stage.tick(seconds=2)
    assert other.offers[-1].peer_id != peer_id
