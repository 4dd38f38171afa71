"""The link was opened in another browser as well: the adviser sees it, and no colleague."""

from appliance.visits.errors import VisitUnderWay
from appliance.visits.states import VisitState
from tests.web.live.stage import Stage


async def come_in_again(meeting):
    """Another browser, by the same link."""
    visit = await meeting.stage.arrive(meeting.appointment)
    await meeting.stage.live.client_commands.entered_anew(visit)
    await meeting.stage.live.settle()


async def test_it_works(meeting):
    """Said in the waiting list, and beside the identity once they talk."""
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    assert not meeting.desk.desk.waiting[0].second_entry
    await come_in_again(meeting)
    assert meeting.desk.desk.waiting[0].second_entry
    other = await meeting.stage.client_window(meeting.visit)
    await meeting.stage.walk(other, meeting.visit, VisitState.WAITING)
    await other.connect()
    await meeting.admit()
    assert meeting.desk.desk.session.second_entry


async def test_after_a_restart_of_web_it_is_still_said(meeting, tmp_path):
    await meeting.client.say("start_check", terms_version="t-1")
    await come_in_again(meeting)
    await meeting.stage.close()
    later = Stage(tmp_path, earlier=meeting.stage)
    await later.open()
    desk = await later.desk_window(meeting.adviser)
    assert desk.desk.waiting[0].second_entry
    await later.close()


async def test_before_anything_was_begun_it_says_nothing(meeting):
    """An app's own browser first, then a real one: most second entries are of this kind."""
    await come_in_again(meeting)
    assert not meeting.desk.desk.waiting[0].second_entry


async def test_another_clients_entry_is_not_theirs(meeting):
    other = await meeting.stage.arrive(await meeting.stage.book(meeting.adviser))
    await meeting.client.say("start_check", terms_version="t-1")
    await come_in_again(meeting)
    said = {one.visit_id: one.second_entry for one in meeting.desk.desk.waiting}
    assert said == {meeting.visit.id: True, other.id: False}


async def test_who_is_kept_out_of_a_running_conversation(meeting):
    await meeting.begin()
    try:
        await meeting.stage.arrive(meeting.appointment)
    except VisitUnderWay:
        await meeting.stage.live.second_entries.kept_out(meeting.appointment.id)
    await meeting.stage.live.settle()
    assert meeting.desk.desk.session.second_entry
    await meeting.client.say("leave")
    assert await meeting.stage.live.second_entries.among([meeting.visit]) == set()
