"""A conference as pages see it: rung, entered, knocked, led, seen and heard, closed."""

import pytest
from pydantic import TypeAdapter

from appliance.conferences.states import ConferenceMode
from appliance.relay.control import PeerState
from appliance.web import commands as c
from appliance.web.conference_messages import ConferenceSnapshot
from appliance.web.live.owners import conference_owner, conference_room
from appliance.web.sockets import Talk
from tests.web.live.stage import Stage, Window, _always


class Conference:
    """A room that the first adviser leads, with windows of its members."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.id = ""
        self.advisers = []

    async def start(self, *colleagues: str, mode=ConferenceMode.VIDEO) -> Window:
        self.advisers = [await self.stage.add_adviser()]
        self.advisers += [await self.stage.add_adviser(name, name.title()) for name in colleagues]
        called = [one.id for one in self.advisers[1:]]
        service = self.stage.parts.conferences
        self.id = (await service.start("Runde", mode, self.advisers[0].id, called)).id
        return await self.staff(0)

    async def window(self, member_id: str) -> Window:
        take = self.stage.live.conference_commands.take
        talk = Talk(TypeAdapter(c.ConferenceCommand), take, _always)
        return await self.stage._window(conference_owner(self.id, member_id), "de", talk)

    async def staff(self, number: int) -> Window:
        view = await self.stage.parts.conferences.get(self.id)
        window = await self.window(view.of_adviser(self.advisers[number].id).id)
        await window.say("enter_conference")
        return window

    async def knock(self, name: str = "Kim Gast") -> tuple[Window, str]:
        service = self.stage.parts.conferences
        link = await service.link(self.id, self.advisers[0].id)
        room, secret = link.rsplit("/", 1)[1].split("#")
        member, _ = await service.knock(room, secret, name, without_microphone=False)
        return await self.window(member.id), member.id

    async def guest(self, host: Window, name: str = "Kim Gast") -> Window:
        window, member_id = await self.knock(name)
        await host.say("let_in", member_id=member_id)
        return window

    def routes(self) -> set[str]:
        """Such as ``<member>><member> camera``."""
        room = self.stage.relay.routes.get(conference_room(self.id), [])
        return {f"{one.source[2:18]}>{one.target[2:18]} {one.kind}" for one in room}


def shown(window: Window) -> ConferenceSnapshot:
    return window.newest(ConferenceSnapshot)


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


async def test_declined_at_the_desk(conference):
    host = await conference.start("weber")
    desk = await conference.stage.desk_window(conference.advisers[1])
    await desk.say("decline_call", conference_id=conference.id)
    await conference.stage.live.settle()
    assert desk.desk.calls == []
    assert [(one.name, one.state) for one in shown(host).colleagues] == [("Weber", "declined")]


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


async def test_removed_is_out_at_once(conference):
    host = await conference.start()
    guest = await conference.guest(host)
    await host.connect()
    peer_id = await guest.connect()
    await host.say("remove_member", member_id=shown(guest).member_id)
    assert shown(guest).state == "removed"
    assert peer_id not in conference.stage.relay.rooms[conference_room(conference.id)]
    assert conference.routes() == set()


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
