"""Who is there: closed windows, two windows, long absence."""

import pytest

from appliance.visits.states import VisitState
from appliance.web.live.pages_online import TooManySockets
from appliance.web.wire import Offer


async def test_it_works(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    assert meeting.desk.desk.waiting[0].online
    meeting.stage.live.pages.close(meeting.client.page)
    await meeting.stage.tick(seconds=5)
    assert meeting.desk.desk.waiting[0].online, "a reload is no absence"
    await meeting.desk.say("alive")
    await meeting.stage.tick(seconds=2)
    assert not meeting.desk.desk.waiting[0].online
    assert (await meeting.now()).state is VisitState.WAITING
    await meeting.stage.client_window(meeting.visit)
    assert meeting.desk.desk.waiting[0].online


async def test_a_silent_page_is_offline_though_its_socket_stands(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.stage.tick(seconds=7)
    assert not meeting.desk.desk.waiting[0].online
    await meeting.client.say("alive")
    await meeting.stage.tick(seconds=0.5)
    assert meeting.desk.desk.waiting[0].online


async def test_the_client_sees_whether_the_adviser_is_there(meeting):
    await meeting.begin()
    assert meeting.client.shown.adviser.online
    meeting.stage.live.pages.close(meeting.desk.page)
    await meeting.stage.tick(seconds=4)
    await meeting.client.say("alive")
    await meeting.stage.tick(seconds=3)
    assert not meeting.client.shown.adviser.online


async def test_a_second_window_makes_the_first_idle(meeting):
    await meeting.begin()
    second = await meeting.stage.client_window(meeting.visit)
    assert meeting.client.shown.elsewhere
    assert not second.shown.elsewhere
    await meeting.client.say("leave")
    assert meeting.client.problems == ["elsewhere"]
    assert (await meeting.now()).state is VisitState.IN_SESSION
    await meeting.client.say("continue_here")
    assert not meeting.client.shown.elsewhere
    assert second.shown.elsewhere


async def test_an_idle_window_is_told_nothing_but_that(meeting):
    """It may be a browser that came by the link before the client, and never had the password."""
    await meeting.begin()
    second = await meeting.stage.client_window(meeting.visit)
    await meeting.desk.say("confirm_identity", how="data_match")
    await meeting.desk.say("chat", line_id="line-0001", text="Nur für Sie")
    assert second.shown.appointment.topic
    idle = meeting.client.shown
    assert idle.elsewhere
    assert (idle.appointment, idle.check, idle.adviser, idle.needs) == (None, None, None, [])
    assert [push for push in meeting.client.pushes() if push.type == "chat_lines"] == []


async def test_whoever_goes_on_here_gets_the_conversation(meeting):
    await meeting.begin()
    await meeting.stage.client_window(meeting.visit)
    await meeting.stage.desk_window(meeting.adviser)
    await meeting.desk.say("continue_here")
    await meeting.desk.say("chat", line_id="line-0001", text="Guten Tag")
    other = await meeting.stage.desk_window(meeting.adviser)
    for window in (meeting.client, other):
        await window.say("continue_here")
        (push,) = [push for push in window.pushes() if push.type == "chat_lines"]
        assert [line.text for line in push.lines] == ["Guten Tag"]


async def test_an_idle_window_that_reconnects_does_not_take_over(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    second = await meeting.stage.client_window(meeting.visit, idle=True)
    assert second.shown.elsewhere
    assert not meeting.client.shown.elsewhere


async def test_the_desk_has_one_active_window_too(meeting):
    second = await meeting.stage.desk_window(meeting.adviser)
    assert meeting.desk.desk.elsewhere
    assert not second.desk.elsewhere


async def test_a_fourth_window_is_refused(meeting):

    for _ in range(2):
        await meeting.stage.client_window(meeting.visit)
    with pytest.raises(TooManySockets):
        await meeting.stage.client_window(meeting.visit)


async def test_windows_of_a_lost_network_keep_nobody_out(meeting):
    for _ in range(2):
        await meeting.stage.client_window(meeting.visit)
    await meeting.stage.tick(seconds=7)
    back = await meeting.stage.client_window(meeting.visit)
    assert not back.shown.elsewhere


async def test_who_is_refused_leaves_no_trace(stage):
    pages = stage.live.pages
    with pytest.raises(TooManySockets):
        pages.open("test:somebody", "de", "192.0.2.1", most=0)
    assert pages.owners() == []


async def test_a_vanished_clients_room_is_given_up(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.connect()
    assert meeting.visit.id in meeting.stage.relay.rooms
    meeting.stage.live.pages.close(meeting.client.page)
    await meeting.stage.tick(seconds=30)
    assert meeting.visit.id in meeting.stage.relay.rooms
    await meeting.stage.tick(seconds=31)
    assert meeting.visit.id not in meeting.stage.relay.rooms
    assert (await meeting.now()).state is VisitState.WAITING


async def test_a_window_that_says_nothing_is_closed(meeting):
    await meeting.stage.tick(seconds=31)
    assert meeting.client.page.close_code == 4508


async def test_being_there_is_noted_for_the_idle_limit(meeting):
    before = (await meeting.now()).client_seen_at
    for _ in range(4):
        await meeting.client.say("alive")
        await meeting.stage.tick(seconds=5)
    assert (await meeting.now()).client_seen_at > before


async def test_a_page_that_does_not_read_is_closed(meeting):

    for number in range(201):
        meeting.client.page.push(Offer(peer_id=str(number), sdp=""))
    assert meeting.client.page.close_code == 4509


async def test_answers_to_signs_of_life_do_not_pile_up(meeting):
    """An idle window is answered too; who does not read has one answer waiting."""
    second = await meeting.stage.client_window(meeting.visit)
    assert meeting.client.shown.elsewhere
    for window in (meeting.client, second):
        for _ in range(300):
            await window.say("alive")
        assert window.page.close_code is None
        assert [push.type for push in window.pushes()].count("alive") == 1
