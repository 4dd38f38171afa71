"""A half-done check moves to the phone by a code, keeps its place, and comes back."""

import asyncio

import pytest

from appliance.storage.errors import DatabaseBusy
from appliance.visits.machine import VisitEvent
from appliance.visits.states import VisitState
from appliance.web.live.hand_overs import LIVES_S, device_of
from appliance.web.wire import HandOver
from tests.web.live.stage import SYSTEM


async def offered(meeting):
    """The secret in the code that the client's window has got."""
    await meeting.client.say("move_to_device", on=True)
    assert meeting.client.newest(HandOver).picture.startswith("data:image/svg+xml;base64,")
    return meeting.stage.live.hand_overs._offers[meeting.visit.id].secret


async def take(meeting, secret):
    access = await meeting.stage.live.hand_over.take(secret)
    await meeting.stage.live.settle()
    return access


async def moved(meeting):
    """The window on the phone that has read the code."""
    access = await take(meeting, await offered(meeting))
    return await meeting.stage.client_window(meeting.visit, device=device_of(access))


async def to_the_waiting_room(meeting, window):
    await meeting.stage.walk(window, meeting.visit, VisitState.WAITING)
    assert window.shown.state is VisitState.WAITING


async def test_it_works(checking):
    await checking.client.say("run_step", kind="microphone")
    await checking.client.say("measured", record={"kind": "microphone", "error": "not_found"})
    access = await take(checking, await offered(checking))
    assert (await checking.stage.parts.visits.by_access(access)).id == checking.visit.id
    left = checking.client.shown
    assert (left.elsewhere, left.moved, left.check) == (True, True, None)
    phone = await checking.stage.client_window(checking.visit, device=device_of(access))
    assert phone.shown.state is VisitState.DEVICE_CHECK
    assert (phone.shown.elsewhere, phone.shown.moved) == (False, False)
    assert phone.shown.check.findings == []  # its own devices are checked
    journal = await checking.stage.parts.visits.journal(checking.visit.id)
    assert journal[-1].event is VisitEvent.MOVED_TO_DEVICE


async def test_place_consent_and_identity_are_kept(meeting):
    stage = meeting.stage
    await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    since = (await meeting.now()).waiting_since
    await meeting.client.say("restart_check")
    phone = await moved(meeting)
    await stage.pass_check(phone)
    visit = await meeting.now()
    assert (visit.state, visit.waiting_since) == (VisitState.WAITING, since)
    assert visit.consented


async def test_the_terms_accepted_at_the_start_are_kept(checking):
    phone = await moved(checking)
    await checking.stage.walk(phone, checking.visit, VisitState.IDENTITY)
    assert (await checking.now()).consented


async def test_the_way_back(checking):
    """The first window takes over again; what was found on the phone says nothing of it."""
    phone = await moved(checking)
    await checking.stage.pass_check(phone)
    assert (await checking.now()).state is VisitState.CONSENT
    await checking.client.say("continue_here")
    shown = checking.client.shown
    assert (shown.state, shown.elsewhere) == (VisitState.DEVICE_CHECK, False)
    assert shown.check.findings == []
    assert (phone.shown.elsewhere, phone.shown.moved) == (True, True)


async def test_each_way_back_is_checked(checking):
    """There, back, and there again: what one device has passed says nothing of the other."""
    phone = await moved(checking)
    await to_the_waiting_room(checking, phone)
    for window in (checking.client, phone, checking.client):
        await window.say("continue_here")
        assert window.shown.state is VisitState.DEVICE_CHECK
        assert window.shown.check.findings == []
        await to_the_waiting_room(checking, window)


async def test_a_page_loaded_anew_on_the_device_that_was_left_is_checked(checking):
    await to_the_waiting_room(checking, await moved(checking))
    again = await checking.stage.client_window(checking.visit)
    assert (again.shown.elsewhere, again.shown.state) == (False, VisitState.DEVICE_CHECK)


async def test_the_phone_that_comes_back_by_itself_goes_on(checking):
    phone = await moved(checking)
    await to_the_waiting_room(checking, phone)
    checking.stage.live.pages.close(phone.page)
    again = await checking.stage.client_window(checking.visit, device=phone.page.device)
    assert again.shown.state is VisitState.WAITING


async def test_a_window_that_was_left_takes_nothing_over_by_itself(checking):
    """The phone is locked for a moment, and the computer's socket reconnects meanwhile."""
    live, phone = checking.stage.live, await moved(checking)
    await to_the_waiting_room(checking, phone)
    live.pages.close(phone.page)
    live.pages.close(checking.client.page)
    left = live.hand_overs.left(checking.visit.id, "")
    again = await checking.stage.client_window(checking.visit, idle=True, left=left)
    assert (again.shown.elsewhere, again.shown.state) == (True, VisitState.WAITING)


async def test_in_a_conversation_nothing_is_forgotten(meeting):
    await meeting.client.say("start_check", terms_version="t-1")
    phone = await moved(meeting)
    await to_the_waiting_room(meeting, phone)
    await phone.connect()
    await meeting.admit()
    await meeting.desk.connect()
    run = meeting.stage.live.runs.of_visit(await meeting.now())
    before = run.report
    await meeting.client.say("continue_here")
    assert (await meeting.now()).state is VisitState.IN_SESSION
    assert (run.report, before.findings != {}) == (before, True)
    assert (phone.shown.elsewhere, phone.shown.moved) == (True, False)


# ---- who may not
async def test_the_window_that_was_left_gives_no_commands(checking):
    await take(checking, await offered(checking))
    await checking.client.say("finish_check")
    assert checking.client.problems == ["elsewhere"]


async def test_the_test_page_cannot_move(stage):
    page = await stage.test_window()
    await page.say("start_check", terms_version="t-1")
    await page.say("move_to_device", on=True)
    assert page.problems == ["not_allowed_now"]


# ---- what is wrong, too late
@pytest.mark.parametrize("secret", ["", "x", "ä" * 50, "\ud800"])
async def test_an_unknown_code_moves_nothing(checking, secret):
    await offered(checking)
    assert await take(checking, secret) is None
    assert not checking.client.shown.elsewhere


async def test_a_code_is_used_once(checking):
    secret = await offered(checking)
    assert await take(checking, secret)
    assert await take(checking, secret) is None


async def test_a_newer_code_ends_the_older(checking):
    old, new = await offered(checking), await offered(checking)
    assert await take(checking, old) is None
    assert await take(checking, new)


async def test_who_goes_on_here_revokes_it(checking):
    secret = await offered(checking)
    await checking.client.say("move_to_device", on=False)
    assert await take(checking, secret) is None


async def test_after_some_minutes_it_is_over(checking):
    secret = await offered(checking)
    checking.stage.clock.forward(seconds=LIVES_S)
    assert await take(checking, secret) is None


async def test_who_has_finished_the_check_has_nothing_to_move(checking):
    secret = await offered(checking)
    await checking.stage.pass_check(checking.client)
    assert await take(checking, secret) is None
    await checking.client.say("move_to_device", on=True)
    assert checking.client.problems == ["not_allowed_now"]


async def test_a_closed_visit_is_not_opened_again(checking):
    secret = await offered(checking)
    await checking.client.say("leave")
    assert await take(checking, secret) is None


# ---- two at once
async def test_one_of_two_phones_gets_it(checking):
    secret = await offered(checking)
    hand_over = checking.stage.live.hand_over
    both = await asyncio.gather(hand_over.take(secret), hand_over.take(secret))
    assert sorted(one is not None for one in both) == [False, True]


@pytest.mark.parametrize("first", ["take", "finish"])
async def test_finishing_at_the_same_moment_leads_nobody_past_the_check(checking, first):
    """Whoever comes first: the phone has the visit in its check, or nothing at all."""
    client, stage = checking.client, checking.stage
    await client.say("measured", record=SYSTEM)
    for kind in ("microphone", "speaker", "camera"):
        await client.say("waive", kind=kind)
    secret = await offered(checking)
    both = [stage.live.hand_over.take(secret), client.say("finish_check")]
    results = await asyncio.gather(*(both if first == "take" else reversed(both)))
    await stage.live.settle()
    access = next((one for one in results if one), None)
    state = (await checking.now()).state
    assert (access is None, state) in {
        (True, VisitState.CONSENT),
        (False, VisitState.DEVICE_CHECK),
    }


async def test_who_cannot_be_sent_back_to_the_check_takes_nothing_over(checking, monkeypatch):
    """The database fails just then: the window stays outside, and may ask again."""
    phone = await moved(checking)
    await to_the_waiting_room(checking, phone)
    visits = checking.stage.parts.visits
    happen = visits.happen

    async def busy(visit_id, event, *rest, **details):
        if event is VisitEvent.CHECK_RESTARTED:
            raise DatabaseBusy
        return await happen(visit_id, event, *rest, **details)

    monkeypatch.setattr(visits, "happen", busy)
    await checking.client.say("continue_here")
    monkeypatch.undo()
    assert checking.client.page.idle
    await checking.client.say("continue_here")
    assert checking.client.shown.state is VisitState.DEVICE_CHECK


async def test_a_restart_of_web_brings_no_verdicts_of_the_other_device_back(meeting):
    stage = meeting.stage
    await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("restart_check")
    await moved(meeting)
    stage.live.runs.forget(meeting.visit.id)  # as after a restart
    run = stage.live.runs.of_visit(await meeting.now())
    assert run.report.codes() == {}
