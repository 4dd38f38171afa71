"""At a kiosk the device is the agency's: who has walked in reads a kiosk's words."""

import pytest

from appliance.visits.models import Entry
from appliance.web.live import Live
from tests.web.live.acted_check import finding, step
from tests.web.live.stage import make_meeting

NO_CAMERA = {"kind": "camera", "error": "not_found"}


@pytest.fixture
async def walked_in(stage):
    meeting = await make_meeting(stage, Entry.WALK_IN)
    await meeting.client.say("start_check", terms_version="t-1")
    await meeting.client.connect()
    return meeting


async def test_it_works(walked_in):
    await step(walked_in, "camera")
    await walked_in.client.say("measured", record=NO_CAMERA)
    seen = walked_in.client.shown
    assert seen.check.kiosk
    found = finding(seen, "camera")
    assert found.title == "Mit der Kamera an diesem Gerät stimmt etwas nicht."
    assert found.steps[0].startswith("Dieses Gerät gehört dem Amt.")
    (at_the_desk,) = walked_in.desk.desk.waiting
    assert [one.steps for one in at_the_desk.findings if one.kind == "camera"] == [found.steps]


async def test_at_home_nothing_is_the_agencys(checking):
    await step(checking, "camera")
    await checking.client.say("measured", record=NO_CAMERA)
    assert not checking.client.shown.check.kiosk
    assert "Dieses Gerät gehört" not in finding(checking.client.shown, "camera").steps[0]


async def test_it_is_a_kiosk_after_a_restart_too(walked_in):
    again = Live(walked_in.stage.parts, walked_in.stage.live.now_s)
    assert again.runs.of_visit(await walked_in.now()).kiosk


async def test_who_has_moved_on_to_a_phone_is_at_no_kiosk_any_more(walked_in):
    run = walked_in.stage.live.runs.of_visit(await walked_in.now())
    run.another_device()
    assert not walked_in.stage.live.runs.of_visit(await walked_in.now()).kiosk
