"""Checks without a visit: the adviser's own, and anybody's on the test page."""

from appliance.device_check.records import Verdict
from appliance.visits.states import VisitState
from tests.web.live.acted_check import BLACK, HEARD, finding


async def test_the_desk_checks_its_own_devices(meeting):
    await meeting.desk.say("run_step", kind="microphone")
    await meeting.desk.connect()
    room_id = f"desk-check-{meeting.adviser.id}"
    await meeting.stage.relay.analyser_says(room_id, {"type": "ready"})
    await meeting.stage.live.settle()
    await meeting.stage.relay.analyser_says(
        room_id, {"type": "measured", "kind": "microphone", "record": HEARD}
    )
    await meeting.stage.live.settle()
    assert meeting.desk.desk.check.findings[0].verdict is Verdict.PASSED
    assert meeting.desk.desk.media == "connected"
    await meeting.desk.say("finish_check")
    assert meeting.desk.desk.check is None
    assert room_id not in meeting.stage.relay.rooms
    assert meeting.stage.relay.analysers == {}


async def test_anybody_checks_devices_without_a_visit(stage):
    window = await stage.test_window()
    assert window.shown.state is VisitState.ARRIVED
    await window.say("start_check", terms_version="t-1")
    await window.connect()
    await window.say("run_step", kind="camera")
    await stage.relay.analyser_says("test-check-grant-1", {"type": "ready"})
    await stage.live.settle()
    await stage.relay.analyser_says(
        "test-check-grant-1", {"type": "measured", "kind": "camera", "record": BLACK}
    )
    await stage.live.settle()
    assert finding(window.shown, "camera").cause == "camera_black"
    assert await stage.parts.visits.open_visits() == []
    await window.say("finish_check")
    assert stage.relay.rooms == {}


async def test_a_test_page_that_vanishes_frees_its_analyser(stage):
    window = await stage.test_window()
    await window.say("start_check", terms_version="t-1")
    await window.connect()
    await window.say("run_step", kind="camera")
    assert stage.relay.analysers
    stage.live.pages.close(window.page)
    await stage.tick(seconds=61)
    assert stage.relay.analysers == {}
    assert stage.relay.rooms == {}


async def test_of_a_test_page_that_only_began_nothing_is_kept(stage):
    window = await stage.test_window()
    await window.say("start_check", terms_version="t-1")
    stage.live.pages.close(window.page)
    await stage.tick(seconds=61)
    assert stage.live.runs.known("test-check-grant-1") is None
    await stage.tick(seconds=3600)
    assert stage.live.pages._heard_s == {}


async def test_a_closed_test_page_lets_the_next_one_in(stage):
    """Its check is kept for a reload, the analyser that others wait for is not."""
    window = await stage.test_window()
    await window.say("start_check", terms_version="t-1")
    await window.connect()
    await window.say("run_step", kind="camera")
    stage.live.pages.close(window.page)
    await stage.tick(seconds=5)
    assert stage.relay.analysers, "it may be a reload"
    await stage.tick(seconds=2)
    assert stage.relay.analysers == {}
    assert stage.relay.rooms
    again = await stage.test_window()
    await again.connect()
    await stage.tick(seconds=1)
    assert stage.relay.analysers
