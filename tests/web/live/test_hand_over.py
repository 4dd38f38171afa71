"""A half-done check moves to the phone by a code, keeps its place, and comes back."""

import asyncio

import pytest

from appliance.visits.machine import VisitEvent
from appliance.visits.states import VisitState
from appliance.web.live.hand_overs import LIVES_S
from appliance.web.wire import HandOver


async def offered(meeting):
    """The secret in the code that the client's window has got."""
    await meeting.client.say("move_to_device", on=True)
    assert meeting.client.newest(HandOver).picture.startswith("data:image/svg+xml;base64,")
    return meeting.stage.live.hand_overs._offers[meeting.visit.id].secret


async def take(meeting, secret):
    access = await meeting.stage.live.hand_over.take(secret)
    await meeting.stage.live.settle()
    return access


async def test_it_works(checking):
    await checking.client.say("run_step", kind="microphone")
    await checking.client.say("measured", record={"kind": "microphone", "error": "not_found"})
    access = await take(checking, await offered(checking))
    assert (await checking.stage.parts.visits.by_access(access)).id == checking.visit.id
    left = checking.client.shown
    assert (left.elsewhere, left.moved, left.check) == (True, True, None)
    phone = await checking.stage.client_window(checking.visit)
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
    await take(meeting, await offered(meeting))
    phone = await stage.client_window(meeting.visit)
    await stage.pass_check(phone)
    visit = await meeting.now()
    assert (visit.state, visit.waiting_since) == (VisitState.WAITING, since)
    assert visit.consented


async def test_the_terms_accepted_at_the_start_are_kept(checking):
    await take(checking, await offered(checking))
    phone = await checking.stage.client_window(checking.visit)
    await checking.stage.walk(phone, checking.visit, VisitState.IDENTITY)
    assert (await checking.now()).consented


async def test_the_way_back(checking):
    """The first window takes over again; what was found on the phone says nothing of it."""
    await take(checking, await offered(checking))
    phone = await checking.stage.client_window(checking.visit)
    await checking.stage.pass_check(phone)
    assert (await checking.now()).state is VisitState.CONSENT
    await checking.client.say("continue_here")
    shown = checking.client.shown
    assert (shown.state, shown.elsewhere) == (VisitState.DEVICE_CHECK, False)
    assert shown.check.findings == []
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
