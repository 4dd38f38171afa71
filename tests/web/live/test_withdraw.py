"""Consent is taken back: sound and picture end at once, whatever becomes of the note about it."""

import asyncio

import pytest

from appliance.storage.errors import DatabaseBusy, DiskFull
from appliance.visits.machine import VisitEvent
from appliance.visits.states import Outcome, VisitState


@pytest.fixture
def notes(meeting, monkeypatch):
    """Holds the database's answer to a withdrawal: an exception, or an event to wait for."""
    visits, answer = meeting.stage.parts.visits, {}
    happen = visits.happen

    async def held(visit_id, event, actor, **details):
        if event is VisitEvent.CONSENT_WITHDRAWN and "raises" in answer:
            raise answer["raises"]
        if event is VisitEvent.CONSENT_WITHDRAWN and "waits" in answer:
            answer["asked"].set()
            await answer["waits"].wait()
        return await happen(visit_id, event, actor, **details)

    monkeypatch.setattr(visits, "happen", held)
    return answer


async def test_it_works(meeting):
    await meeting.begin()
    await meeting.client.say("withdraw_consent")
    visit = await meeting.now()
    assert (visit.state, visit.outcome) == (VisitState.CLOSED, Outcome.WITHDRAWN)
    assert not visit.consented
    assert visit.stated_name == visit.check_report == ""
    assert meeting.visit.id not in meeting.stage.relay.rooms
    assert meeting.client.shown.outcome is Outcome.WITHDRAWN
    assert meeting.desk.desk.session is None
    assert meeting.desk.problems == ["consent_withdrawn"]  # why it is over


@pytest.mark.parametrize("error", [DiskFull, DatabaseBusy])
async def test_a_database_that_cannot_note_it_keeps_no_picture_going(meeting, notes, error):
    await meeting.begin()
    notes["raises"] = error()
    await meeting.client.say("withdraw_consent")
    assert meeting.visit.id not in meeting.stage.relay.rooms
    assert meeting.client.shown.outcome is Outcome.WITHDRAWN
    assert meeting.client.problems == []
    # Nothing begins again meanwhile: neither here, nor in the page loaded anew, nor at the desk.
    again = await meeting.stage.client_window(meeting.visit)
    assert again.shown.state is VisitState.CLOSED
    await again.say("join_media")
    assert again.problems == ["not_allowed_now"]
    await meeting.desk.say("join_media")
    await meeting.stage.tick(seconds=1)
    assert meeting.visit.id not in meeting.stage.relay.rooms
    notes.clear()
    await meeting.stage.tick(seconds=1)
    visit = await meeting.now()
    assert (visit.outcome, visit.consented) == (Outcome.WITHDRAWN, False)
    assert meeting.desk.desk.session is None
    journal = [one.event for one in await meeting.stage.parts.visits.journal(visit.id)]
    assert journal.count(VisitEvent.CONSENT_WITHDRAWN) == 1
    assert meeting.desk.problems.count("consent_withdrawn") == 1


async def test_a_slow_database_delays_nothing(meeting, notes):
    await meeting.begin()
    notes["asked"], notes["waits"] = asyncio.Event(), asyncio.Event()
    said = asyncio.create_task(meeting.client.say("withdraw_consent"))
    async with asyncio.timeout(20):
        await notes["asked"].wait()
    assert meeting.client.shown.state is VisitState.CLOSED
    assert meeting.visit.id not in meeting.stage.relay.rooms
    assert (await meeting.now()).is_open
    notes["waits"].set()
    await said
    assert (await meeting.now()).outcome is Outcome.WITHDRAWN


async def test_the_desk_is_told_also_when_it_comes_in_the_middle_of_other_work(
    meeting, monkeypatch
):
    """That work notes it, and the next one finds a visit that is closed already."""
    await meeting.begin()
    live = meeting.stage.live
    show = live.visit_work._show

    async def withdrawn_meanwhile(visit, **how):
        monkeypatch.undo()
        live.withdrawals.withdraw(visit.id)
        await show(visit, **how)

    monkeypatch.setattr(live.visit_work, "_show", withdrawn_meanwhile)
    live.touch_visit(meeting.visit.id)
    await live.settle()
    assert (await meeting.now()).outcome is Outcome.WITHDRAWN
    assert meeting.desk.problems == ["consent_withdrawn"]


async def test_before_the_session_too(checking):
    await checking.client.say("withdraw_consent")
    assert (await checking.now()).outcome is Outcome.WITHDRAWN
    assert checking.visit.id not in checking.stage.relay.rooms
    assert checking.desk.problems == []


async def test_twice(meeting):
    await meeting.begin()
    await meeting.client.say("withdraw_consent")
    await meeting.client.say("withdraw_consent")
    journal = await meeting.stage.parts.visits.journal(meeting.visit.id)
    assert [one.event for one in journal].count(VisitEvent.CONSENT_WITHDRAWN) == 1


async def test_media_end_while_the_visits_own_work_waits_for_the_database(meeting, monkeypatch):
    """One job per visit: what it waits for must not hold up the end of sound and picture."""
    await meeting.begin()
    asked, waits = asyncio.Event(), asyncio.Event()

    async def slow(*_):
        asked.set()
        await waits.wait()

    monkeypatch.setattr(meeting.stage.live.visit_work, "_note_facts", slow)
    meeting.stage.live.touch_visit(meeting.visit.id)
    async with asyncio.timeout(20):
        await asked.wait()
        meeting.stage.live.pages.heard(meeting.client.page)
        said = asyncio.create_task(meeting.client.say("withdraw_consent"))
        while meeting.visit.id in meeting.stage.relay.rooms:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    monkeypatch.undo()
    said.cancel()
    waits.set()


async def test_the_adviser_cannot_end_what_is_withdrawn_as_something_else(meeting, notes):
    await meeting.begin()
    notes["raises"] = DiskFull()
    await meeting.client.say("withdraw_consent")
    await meeting.desk.say("end_visit")
    notes.clear()
    await meeting.stage.tick(seconds=1)
    assert (await meeting.now()).outcome is Outcome.WITHDRAWN
