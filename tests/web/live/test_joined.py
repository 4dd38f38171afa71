"""A colleague and an interpreter beside client and adviser: asked, welcomed, heard, gone, heirs."""

import pytest

from appliance.advisers.models import Role
from appliance.conferences.errors import Elsewhere
from appliance.conferences.states import ConferenceMode, MemberState
from appliance.storage.errors import DiskFull
from appliance.visits.errors import Conflict
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.states import VisitState
from appliance.visits.writing import check_leads_none
from appliance.web.wire import ChatPush
from tests.web.live.joining import Talking, shown
from tests.web.live.stage import Meeting, Stage
from tests.web.live.test_box_full import allow


@pytest.fixture
async def talking(meeting) -> Talking:
    talking = Talking(meeting)
    await talking.begin()
    return talking


def both(one: str, other: str, there: int, back: int) -> set[str]:
    """Sound and picture both ways: in which slot the second receives, and the first."""
    kinds = ("microphone", "camera")
    return {f"{one}>{other} {kind} {there}" for kind in kinds} | {
        f"{other}>{one} {kind} {back}" for kind in kinds
    }


async def test_it_works(talking):
    meeting = talking.meeting
    await meeting.desk.say("invite_colleague", adviser_id=talking.berger.id)
    (call,) = talking.desk.desk.calls
    assert (call.beside, call.title, call.host_name) == (True, "", "Ayşe Yılmaz")
    window = await talking.colleague(welcome=True)
    assert [(one.name, one.role, one.inside) for one in meeting.client.shown.people] == [
        ("Bernd Berger", "colleague", True)
    ]
    client, adviser = await meeting.client.take_offer(), await meeting.desk.take_offer()
    berger = await window.connect()
    two = {"client>adviser", "adviser>client"}
    words = talking.words(client=client, adviser=adviser, berger=berger)
    assert {one for one in words if one.split()[0] not in two} == both(
        "client", "berger", 0, 1
    ) | both("adviser", "berger", 1, 1) | {"adviser>berger screen 1"}
    assert all(one.endswith(" 0") for one in words if one.split()[0] in two)
    assert [(one.name, one.client, one.leads, one.slot) for one in shown(window).people] == [
        ("Erika Mustermann", True, False, 0),
        ("Ayşe Yılmaz", False, True, 1),
        ("Bernd Berger", False, False, None),
    ]
    await window.say("leave_conference")
    assert talking.words(client=client, adviser=adviser) >= {"client>adviser microphone 0"}
    assert (await meeting.now()).state is VisitState.IN_SESSION
    assert meeting.client.shown.people == []


async def test_nobody_is_asked_before_the_client_is_confirmed(meeting):
    await meeting.begin()
    berger = await meeting.stage.add_adviser("berger", "Bernd Berger")
    await meeting.desk.say("invite_colleague", adviser_id=berger.id)
    assert meeting.desk.problems == ["not_confirmed_yet"]
    assert meeting.desk.desk.session.joined is None


async def test_only_who_may_talk_to_clients_is_asked(talking):
    """Not the front desk, not oneself, not nobody; and only by the visit's adviser."""
    meeting = talking.meeting
    front = await talking.stage.add_adviser("empfang", "Empfang", Role.FRONT_DESK)
    for adviser_id in (front.id, meeting.adviser.id, "nobody"):
        await meeting.desk.say("invite_colleague", adviser_id=adviser_id)
    await talking.desk.say("invite_colleague", adviser_id=meeting.adviser.id)
    assert meeting.desk.problems == ["not_allowed_now"] * 3
    assert talking.desk.problems == ["no_session"]
    assert [one.name for one in meeting.desk.desk.session.joined.colleagues] == ["Bernd Berger"]
    assert await talking.view() is None


async def test_a_colleague_leads_nothing(talking):
    window = await talking.colleague()
    guest = await talking.guest()
    for command in ("let_in", "remove_member", "mute_member"):
        await window.say(command, member_id=shown(guest).member_id)
    await window.say("close_conference")
    assert window.problems == ["not_host"] * 4
    await talking.desk.say("hand_over_session", member_id=shown(window).member_id)
    assert talking.desk.problems == ["no_session"]


async def test_nobody_is_in_a_conference_and_here(talking):
    conferences = talking.stage.parts.conferences
    await conferences.start("Runde", ConferenceMode.VIDEO, talking.berger.id)
    window = await talking.colleague()
    assert window.problems == ["conference_running"]
    assert talking.meeting.client.shown.people == []


async def test_another_teams_adviser_helps_but_does_not_take_over(talking):
    advisers = talking.stage.parts.advisers
    team = await advisers.add_team("Pflege", "test")
    await advisers.set_teams(talking.berger.id, [team.id], "test")
    window = await talking.colleague()
    desk = talking.meeting.desk
    assert [one.may_take_over for one in desk.desk.session.joined.people] == [False]
    await desk.say("hand_over_session", member_id=shown(window).member_id)
    assert desk.problems == ["not_allowed_now"]


async def test_nobody_comes_in_before_the_client_has_said_yes(talking):
    client = talking.meeting.client
    window = await talking.guest()
    assert shown(window).state == "announced"
    assert shown(window).people == []
    assert [(one.name, one.role, one.inside) for one in client.shown.people] == [
        ("Dana Dolmetsch", "interpreter", False)
    ]
    await window.say("join_media")
    await window.say("chat", line_id="line-0001", text="Hallo")
    assert window.problems == ["not_allowed_now"] * 2
    await client.say("answer_person", member_id=shown(window).member_id, welcome=False)
    assert shown(window).state == "refused"
    assert client.shown.people == []


async def test_the_client_says_no_to_a_colleague_at_any_time(talking):
    window = await talking.colleague(welcome=True)
    await window.connect()
    member_id = shown(window).member_id
    await talking.meeting.client.say("answer_person", member_id=member_id, welcome=False)
    assert shown(window).state == "removed"
    await window.say("enter_conference")
    await window.say("join_media")
    assert window.problems == ["conference_unknown", "not_allowed_now"]
    assert member_id not in talking.stage.live.rooms.of(talking.meeting.visit.id).seats


async def test_a_no_is_not_asked_again_by_the_colleague(talking):
    window = await talking.colleague(welcome=False)
    await window.say("enter_conference")
    assert window.problems == ["not_welcome"]
    (one,) = [p for p in talking.meeting.desk.desk.session.joined.colleagues if p.state]
    assert (one.name, one.state) == ("Bernd Berger", "refused")


async def test_what_the_client_chose_holds_towards_all(talking):
    meeting = talking.meeting
    window = await talking.colleague()
    client, adviser = await meeting.client.take_offer(), await meeting.desk.take_offer()
    berger = await window.connect()
    peers = {"client": client, "adviser": adviser, "berger": berger}
    choose = {"mode": "video", "sees_adviser": False, "seen_by_adviser": False}
    await meeting.client.say("change_choices", **choose)
    assert {one for one in talking.words(**peers) if "camera" in one} == {
        "adviser>berger camera 1",
        "berger>adviser camera 1",
    }
    await meeting.client.say("change_choices", **choose | {"mode": "audio"})
    assert {one.split()[1] for one in talking.words(**peers)} == {"microphone"}
    await meeting.client.say("change_choices", **choose | {"mode": "text"})
    assert talking.words(**peers) == set()
    assert shown(window).text_only


async def test_the_chat_reaches_all(talking):
    meeting = talking.meeting
    await meeting.client.say("chat", line_id="line-0000", text="Unter uns")
    talking.stage.clock.forward(seconds=5)
    window = await talking.colleague()
    await window.say("chat", line_id="line-0001", text="Guten Tag")
    await meeting.client.say("chat", line_id="line-0002", text="Hallo")
    for one in (meeting.client, meeting.desk, window):
        lines = [line for push in one.pushes() if isinstance(push, ChatPush) for line in push.lines]
        assert ("joined", "Bernd Berger", "Guten Tag") in [
            (line.sender, line.name, line.text) for line in lines
        ]
        assert ("Unter uns" in [line.text for line in lines]) is (one is not window)
    window.page._pushes, window.seen = [], []
    await talking.stage.live.joined.greet(window.page)
    assert [line.text for line in window.newest(ChatPush).lines] == ["Guten Tag", "Hallo"]


async def test_handed_over_to_a_colleague_inside(talking):
    meeting, stage = talking.meeting, talking.stage
    window = await talking.colleague()
    await window.connect()
    (person,) = meeting.desk.desk.session.joined.people
    assert person.may_take_over
    await meeting.desk.say("hand_over_session", member_id=person.member_id)
    visit = await meeting.now()
    assert (visit.state, visit.admitted_by) == (VisitState.IN_SESSION, talking.berger.id)
    assert meeting.desk.desk.session is None
    assert talking.desk.desk.session.client.name == "Erika Mustermann"
    assert shown(window).taken_over
    assert shown(window).people == []
    assert meeting.client.shown.adviser.name == "Bernd Berger"
    assert (await talking.view()).conference.host_id == talking.berger.id
    adviser = await talking.desk.connect()
    assert stage.live.rooms.of(visit.id).seats["adviser"].active == adviser
    await meeting.desk.say("chat", line_id="line-0009", text="Noch da?")
    assert meeting.desk.problems == ["no_session"]


async def test_a_guest_does_not_take_over(talking):
    window = await talking.guest()
    member_id = shown(window).member_id
    await talking.meeting.client.say("answer_person", member_id=member_id, welcome=True)
    await talking.meeting.desk.say("hand_over_session", member_id=member_id)
    assert talking.meeting.desk.problems == ["not_allowed_now"]
    assert (await talking.meeting.now()).admitted_by == talking.meeting.adviser.id


async def test_withdrawn_ends_it_for_all_whatever_the_database_does(talking, monkeypatch):
    window = await talking.colleague()
    await window.connect()
    conferences = talking.stage.parts.conferences

    async def full(*_args, **_kinds):
        raise DiskFull

    with monkeypatch.context() as patched:
        patched.setattr(talking.stage.parts.visits, "happen", full)
        patched.setattr(conferences, "end_beside", full)
        await talking.meeting.client.say("withdraw_consent")
        assert talking.meeting.visit.id not in talking.stage.relay.rooms
        assert shown(window).over
        await window.say("join_media")
        assert window.problems == ["not_allowed_now"]
    await talking.stage.live.look_after_conferences()
    assert await talking.view() is None


async def test_the_adviser_ends_it_for_all(talking):
    window = await talking.colleague()
    await talking.meeting.desk.say("end_visit", outcome="completed")
    assert shown(window).over
    assert await talking.view() is None


async def test_web_is_killed_and_everybody_goes_on(talking, tmp_path):
    meeting = talking.meeting
    window = await talking.colleague()
    client, adviser = await meeting.client.take_offer(), await meeting.desk.take_offer()
    berger = await window.connect()
    before = talking.stage.relay.routes[meeting.visit.id]
    again = Stage(tmp_path, earlier=talking.stage)
    await again.open()
    later = Talking(Meeting(again, meeting.adviser, meeting.appointment, meeting.visit, None, None))
    windows = [await again.client_window(meeting.visit), await again.desk_window(meeting.adviser)]
    windows.append(await later.window(shown(window).member_id))
    for one, peer in zip(windows, (client, adviser, berger), strict=True):
        await one.say("join_media", peer_id=peer)
        assert peer in again.relay.rooms[meeting.visit.id]
        assert one.offers == []
    key = lambda one: (one.source, one.target, one.kind)  # noqa: E731
    assert sorted(again.relay.routes[meeting.visit.id], key=key) == sorted(before, key=key)
    await again.close()


async def test_the_relay_is_away_meanwhile(talking):
    """Whoever comes while media restarts is seated when it is back."""
    await talking.stage.relay.vanish(forgets=True)
    window = await talking.colleague()
    await window.say("join_media")
    assert window.problems == []
    await talking.stage.relay.appear()
    await talking.stage.tick(seconds=2)
    assert window.offers


async def test_announced_counts_as_a_conversation(talking):
    """Who waits for the client's word lets nobody else in meanwhile, and goes to no other room."""
    stage, desk = talking.stage, talking.desk
    await talking.colleague_announced()
    visit = await waiting_for(stage, talking.berger)
    await desk.say("admit", visit_id=visit.id, revision=visit.revision)
    assert desk.problems == ["conference_running"]
    conferences = stage.parts.conferences
    room = await conferences.start("Runde", ConferenceMode.VIDEO, "host", [talking.berger.id])
    with pytest.raises(Elsewhere):
        await conferences.enter(room.id, talking.berger.id)
    assert (await stage.parts.visits.get(visit.id)).state is VisitState.WAITING


async def test_a_yes_brings_nobody_out_of_another_conversation(talking):
    """However they came into it: the announcement is taken back, and the client told."""
    stage, client = talking.stage, talking.meeting.client
    window = await talking.colleague_announced()
    visit = await waiting_for(stage, talking.berger)
    happen = stage.parts.visits.happen
    await happen(visit.id, VisitEvent.ADMITTED, Actor.ADVISER, actor_id=talking.berger.id)
    await client.say("answer_person", member_id=shown(window).member_id, welcome=True)
    assert client.problems == ["member_unknown"]
    assert client.shown.people == []
    assert (await talking.view()).of_adviser(talking.berger.id).state is MemberState.LEFT


async def test_nobody_takes_over_a_second_conversation(talking):
    stage, desk = talking.stage, talking.meeting.desk
    window = await talking.colleague()
    visit = await waiting_for(stage, talking.berger)
    happen = stage.parts.visits.happen
    await happen(visit.id, VisitEvent.ADMITTED, Actor.ADVISER, actor_id=talking.berger.id)
    await desk.say("hand_over_session", member_id=shown(window).member_id)
    assert desk.problems == ["not_allowed_now"]
    with pytest.raises(Conflict):
        await happen(
            talking.meeting.visit.id,
            VisitEvent.TRANSFERRED,
            Actor.ADVISER,
            check=lambda session: check_leads_none(session, talking.berger.id),
            adviser_id=talking.berger.id,
        )
    assert (await talking.meeting.now()).admitted_by == talking.meeting.adviser.id


async def test_who_has_just_left_does_not_take_over(talking, monkeypatch):
    """Looked at again in the transaction."""
    window = await talking.colleague()
    member_id, before = shown(window).member_id, await talking.view()
    await window.say("leave_conference")

    async def as_it_was(_visit_id):
        return before

    monkeypatch.setattr(talking.stage.parts.conferences, "of_visit", as_it_was)
    await talking.meeting.desk.say("hand_over_session", member_id=member_id)
    assert talking.meeting.desk.problems == ["member_unknown"]
    assert (await talking.meeting.now()).admitted_by == talking.meeting.adviser.id


async def waiting_for(stage, adviser):
    """Somebody else who waits for this adviser."""
    visit = await stage.arrive(await stage.book(adviser))
    await stage.walk(await stage.client_window(visit), visit, VisitState.WAITING)
    return await stage.parts.visits.get(visit.id)


async def test_a_yes_brings_nobody_into_a_full_box(talking):
    """Announced while there was room, and welcomed when there is none."""
    window = await talking.colleague_announced()
    allow(talking.stage, 1)
    client = talking.meeting.client
    await client.say("answer_person", member_id=shown(window).member_id, welcome=True)
    assert client.problems == ["box_full_text"]
    assert shown(window).state == "announced"
