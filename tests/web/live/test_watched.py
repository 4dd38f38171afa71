"""What the client's page sees wrong with its devices is told at the adviser's desk."""

import pytest

from appliance.device_check.remedies import CAUSES
from appliance.device_check.watched import WatchedFault
from appliance.i18n import translations
from appliance.visits.states import VisitState
from tests.web.live.stage import make_meeting


async def test_it_works(meeting):
    await meeting.begin()
    assert meeting.desk.desk.session.fault == ""
    for fault in WatchedFault:
        await meeting.client.say("watched", cause=fault)
        assert meeting.desk.desk.session.fault == CAUSES[fault].staff
    await meeting.client.say("watched", cause=None)
    assert meeting.desk.desk.session.fault == ""
    assert meeting.client.problems == []


async def test_the_desk_reads_it_in_its_own_language(meeting):
    await meeting.begin()
    await meeting.client.say("watched", cause="camera_covered")
    desk = await meeting.stage.desk_window(meeting.adviser, language="en")
    staff = CAUSES["camera_covered"].staff
    assert desk.desk.session.fault == translations("en").gettext(staff) != staff


@pytest.mark.parametrize("cause", ["talking_muted", "no_such_cause", "", 7])
async def test_unknown_codes_are_refused(meeting, cause):
    await meeting.begin()
    await meeting.client.say("watched", cause="camera_black")
    await meeting.client.say("watched", cause=cause)
    assert meeting.client.problems == ["message_wrong"]
    assert meeting.desk.desk.session.fault == CAUSES["camera_black"].staff


async def test_nobody_else_can_say_it(meeting):
    await meeting.begin()
    other = await make_meeting(meeting.stage, login="other")
    await other.begin()
    await other.client.say("watched", cause="camera_black")
    idle = await meeting.stage.client_window(meeting.visit, idle=True)
    await idle.say("watched", cause="camera_black")
    assert idle.problems == ["elsewhere"]
    assert meeting.desk.desk.session.fault == ""
    assert other.desk.desk.session.fault != ""


async def test_it_is_no_news_before_the_session_and_forgotten_after_it(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("watched", cause="camera_black")
    await meeting.begin()
    assert meeting.desk.desk.session.fault == ""
    await meeting.client.say("watched", cause="camera_black")
    await meeting.desk.say("send_back")
    await meeting.admit()
    assert meeting.desk.desk.session.fault == ""
    assert meeting.client.problems == []


async def test_a_window_that_is_gone_has_no_fault(meeting):
    await meeting.begin()
    await meeting.client.say("watched", cause="camera_black")
    meeting.stage.live.pages.close(meeting.client.page)
    await meeting.stage.tick(seconds=10)
    assert not meeting.desk.desk.session.client.online
    assert meeting.desk.desk.session.fault == ""
