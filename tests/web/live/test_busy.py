"""An adviser without time: the client is told, and waits, leaves a message, or is called back."""

import asyncio

import pytest

from appliance.visits.errors import VisitError
from appliance.visits.states import VisitState
from tests.web.live.stage import Stage, make_meeting


async def left(meeting):
    live = meeting.stage.live
    return await live.parts.messages.read(await live.busy.reader(meeting.adviser.id))


@pytest.fixture
async def waiting(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    return meeting


async def test_it_works(waiting):
    assert waiting.client.shown.busy is None
    await waiting.desk.say("tell_busy", visit_id=waiting.visit.id, phrase="in_talk")
    busy = waiting.client.shown.busy
    assert (busy.reason, busy.phrase, busy.text) == ("busy", "in_talk", "")
    await waiting.client.say("leave_message", text="Bitte rufen Sie mich an.", call_back=True)
    visit = await waiting.now()
    assert (visit.state, visit.outcome) == (VisitState.CLOSED, "call_back")
    (message,) = await left(waiting)
    assert (message.text, message.phone) == ("Bitte rufen Sie mich an.", "030 1")
    assert message.row.wants_call
    assert waiting.desk.desk.messages_open == 1


async def test_in_own_words(waiting):
    await waiting.desk.say("tell_busy", visit_id=waiting.visit.id, text="Bin \u202egleich da.")
    assert waiting.client.shown.busy.text == "Bin gleich da."


async def test_words_go_and_the_fact_stays_with_a_restart_of_web(waiting, tmp_path):
    await waiting.desk.say("tell_busy", visit_id=waiting.visit.id, text="Bin gleich da.")
    await waiting.stage.close()
    after = Stage(tmp_path, earlier=waiting.stage)
    await after.open()
    busy = (await after.client_window(waiting.visit)).shown.busy
    assert (busy.reason, busy.phrase, busy.text) == ("busy", "longer", "")
    await after.close()


async def test_away_until_back(waiting):
    await waiting.desk.say("go_away", text="Um 11 Uhr wieder da.")
    assert waiting.desk.desk.away == "Um 11 Uhr wieder da."
    busy = waiting.client.shown.busy
    assert (busy.reason, busy.text) == ("away", "Um 11 Uhr wieder da.")
    await waiting.desk.say("come_back")
    assert waiting.desk.desk.away is None
    assert waiting.client.shown.busy is None


async def test_who_lets_somebody_in_is_there(waiting):
    await waiting.desk.say("go_away")
    assert waiting.client.shown.busy.reason == "away"
    await waiting.admit()
    assert waiting.desk.desk.away is None
    assert waiting.client.shown.busy is None
    await waiting.client.connect()
    await waiting.desk.connect()
    await waiting.desk.say("send_back")
    assert waiting.client.shown.busy is None


async def test_a_colleagues_absence_is_not_mine(waiting):
    other = await waiting.stage.add_adviser("oezdemir", "Deniz Özdemir")
    desk = await waiting.stage.desk_window(other)
    await desk.say("go_away")
    await desk.say("tell_busy", visit_id=waiting.visit.id)
    assert desk.problems == ["visit_unknown"]
    assert waiting.client.shown.busy is None
    assert waiting.desk.desk.away is None


async def test_a_call_back_needs_a_number_but_no_words(stage):
    meeting = await make_meeting(stage)
    await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("leave_message", call_back=True, phone="anrufen!")
    assert meeting.client.problems == ["call_back_number_missing"]
    await meeting.client.say("leave_message", call_back=True, phone="0170 555 12 34")
    (message,) = await left(meeting)
    assert (message.text, message.phone) == ("", "0170 555 12 34")


async def test_the_page_knows_whether_a_number_is_known(waiting):
    assert waiting.client.shown.phone_known


async def test_no_words_and_no_call(waiting):
    await waiting.client.say("leave_message", text=" \n ")
    assert waiting.client.problems == ["chat_empty"]
    assert (await waiting.now()).state is VisitState.WAITING


async def test_nothing_is_kept_before_consent(meeting):
    await meeting.client.say("start_check", terms_version="t-1")
    await meeting.client.say("leave_message", text="Hallo")
    assert meeting.client.problems == ["consent_missing"]
    assert await left(meeting) == []


async def test_what_did_not_end_the_visit_is_not_kept(waiting, monkeypatch):
    async def refuses(*_words, **_details):
        raise VisitError

    monkeypatch.setattr(waiting.stage.parts.visits, "happen", refuses)
    await waiting.client.say("leave_message", text="Hallo")
    monkeypatch.undo()
    assert await left(waiting) == []
    assert (await waiting.now()).state is VisitState.WAITING


async def test_a_double_click_loses_nothing(waiting):
    say = waiting.client.say
    await asyncio.gather(*(say("leave_message", text="Bitte melden.") for _ in range(2)))
    await say("leave_message", text="Noch einmal")
    visit = await waiting.now()
    assert (visit.state, visit.outcome) == (VisitState.CLOSED, "message")
    assert [one.text for one in await left(waiting)] == ["Bitte melden."]
    assert waiting.client.problems == ["not_allowed_now"] * 2


async def test_an_idle_window_reads_no_words(waiting):
    await waiting.desk.say("tell_busy", visit_id=waiting.visit.id, text="Nur für Sie")
    await waiting.stage.client_window(waiting.visit)
    assert waiting.client.shown.elsewhere
    assert waiting.client.shown.busy is None
