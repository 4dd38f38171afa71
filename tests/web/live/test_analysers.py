"""Who gets an analyser, who waits, and what is believed of what it says."""

import pytest

from appliance.visits.states import VisitState
from appliance.web.live.analysers import RETRY_S
from tests.web.live.acted_check import BLACK, hide, step


async def on_a_test_page(stage, grant_id):
    window = await stage.test_window(grant_id)
    await window.say("start_check", terms_version="t-1")
    await window.connect()
    await window.say("run_step", kind="camera")
    return window


async def test_an_analyser_that_is_ready_before_its_place_is_confirmed(checking):
    """On a busy machine its first word overtakes the relay's reply; it is not lost."""
    checking.stage.relay.ready_at_once = True
    await checking.client.say("run_step", kind="microphone")
    await checking.stage.live.settle()
    assert checking.client.shown.check.analyser == "ready"


async def test_more_checks_than_analysers_wait_in_line(checking):
    stage = checking.stage
    stage.relay.analysers_free = 1
    await step(checking, "microphone")
    visit = await stage.arrive(await stage.book(checking.adviser, client_name="Zweite Person"))
    second = await stage.client_window(visit)
    await second.say("start_check", terms_version="t-1")
    await second.connect()
    await second.say("run_step", kind="microphone")
    assert second.shown.check.analyser == "waiting"
    await second.say("run_step", kind="speaker")
    await second.say("say_number")
    assert second.problems == ["analyser_waiting"]
    await stage.tick(seconds=RETRY_S)
    assert second.shown.check.analyser == "waiting"
    await stage.pass_check(checking.client)
    await stage.live.settle()
    assert list(stage.relay.analysers) == [stage.relay.analyser_in(visit.id)]
    await stage.relay.analyser_says(visit.id, {"type": "ready"})
    await stage.live.settle()
    assert second.shown.check.analyser == "ready"


async def test_a_session_comes_before_a_check(checking):
    """Who is in a session with a hidden room gets the next analyser."""
    stage = checking.stage
    await hide(checking, "blur")
    await stage.walk(checking.client, checking.visit, VisitState.WAITING)
    stage.relay.analysers_free = 0
    visit = await stage.arrive(await stage.book(checking.adviser, client_name="Zweite Person"))
    second = await stage.client_window(visit)
    await second.say("start_check", terms_version="t-1")
    await second.connect()
    await second.say("run_step", kind="microphone")
    await checking.admit()
    await checking.desk.connect()
    stage.relay.analysers_free = 1
    await stage.tick(seconds=RETRY_S)
    assert stage.relay.analyser_in(checking.visit.id)
    assert second.shown.check.analyser == "waiting"


async def test_an_analyser_that_turns_us_away_is_not_asked_in_a_rush(checking):
    await checking.client.say("run_step", kind="microphone")
    for _ in range(3):
        await checking.stage.relay.analyser_dies(checking.visit.id)
        await checking.stage.live.settle()
        assert checking.stage.relay.analysers == {}
        assert checking.client.shown.check.analyser == "waiting"
        await checking.stage.tick(seconds=RETRY_S)
        assert checking.stage.relay.analyser_in(checking.visit.id)


async def test_whose_time_is_up_stands_behind_those_who_wait(checking):
    stage = checking.stage
    stage.relay.analysers_free = 1
    await step(checking, "microphone")
    visit = await stage.arrive(await stage.book(checking.adviser, client_name="Zweite Person"))
    second = await stage.client_window(visit)
    await second.say("start_check", terms_version="t-1")
    await second.connect()
    await second.say("run_step", kind="microphone")
    await stage.relay.analyser_dies(checking.visit.id)
    await stage.tick(seconds=RETRY_S)
    assert list(stage.relay.analysers) == [stage.relay.analyser_in(visit.id)]
    assert checking.client.shown.check.analyser == "waiting"


async def test_a_booked_client_stands_before_test_pages(checking):
    stage = checking.stage
    stage.relay.analysers_free = 1
    tests = [await on_a_test_page(stage, grant_id) for grant_id in ("one", "two")]
    assert list(stage.relay.analysers) == [stage.relay.analyser_in("test-check-one")]
    await checking.client.say("run_step", kind="microphone")
    await stage.tick(seconds=RETRY_S)
    assert stage.relay.analyser_in("test-check-one"), "a running check is not interrupted"
    await tests[0].say("finish_check")
    await stage.tick(seconds=RETRY_S)
    assert list(stage.relay.analysers) == [stage.relay.analyser_in(checking.visit.id)]
    assert tests[1].shown.check.analyser == "waiting"
    await stage.pass_check(checking.client)
    await stage.tick(seconds=RETRY_S)
    assert list(stage.relay.analysers) == [stage.relay.analyser_in("test-check-two")]


async def test_a_test_page_that_is_turned_away_is_not_before_a_booked_client(checking):
    stage = checking.stage
    stage.relay.analysers_free = 1
    await on_a_test_page(stage, "one")
    await checking.client.say("run_step", kind="microphone")
    await stage.relay.analyser_dies("test-check-one")
    await stage.tick(seconds=RETRY_S)
    assert list(stage.relay.analysers) == [stage.relay.analyser_in(checking.visit.id)]


async def test_where_no_analyser_runs_nobody_is_told_to_wait(checking):
    stage = checking.stage
    stage.relay.analysers_run = False
    await checking.client.say("run_step", kind="microphone")
    other = await on_a_test_page(stage, "one")
    await stage.tick(seconds=RETRY_S)
    windows = (checking.client, other)
    assert [window.shown.check.analyser for window in windows] == ["unavailable"] * 2
    stage.relay.analysers_run, stage.relay.analysers_free = True, 1
    await stage.tick(seconds=RETRY_S)
    assert stage.relay.analyser_in(checking.visit.id)
    assert [window.shown.check.analyser for window in windows] == ["waiting"] * 2


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": "measured"},
        {"type": "measured", "record": {"kind": "camera", "frames": "many"}},
        {"type": "measured", "record": {**BLACK, "name": "Erika"}},
        {"type": "said", "digits": ["4"]},
        {"type": 7},
    ],
)
async def test_what_an_analyser_babbles_harms_nothing(checking, message):
    await step(checking, "camera")
    await checking.stage.relay.analyser_says(checking.visit.id, message)
    await checking.stage.live.settle()
    assert checking.client.shown.check.findings == []
