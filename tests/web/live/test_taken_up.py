"""Who had gone on without a device and uses it after all gets back what it had cost."""

import pytest

from appliance.device_check.records import CheckKind, NetworkPolicy, Verdict
from appliance.visits.states import Mode, VisitState
from tests.web.live.acted_check import (
    GOOD_PICTURE,
    HEARD,
    OWN_LEVELS,
    finding,
    measures,
    step,
)
from tests.web.live.stage import SYSTEM
from tests.web.live.test_line import WEAK, with_policy

TEXT = {"mode": "text", "sees_adviser": False, "seen_by_adviser": False}
SEEN = {"mode": "video", "sees_adviser": True, "seen_by_adviser": True}


async def waits_without(meeting, *, text=False):
    """All devices left out, by "only text" in the order of the page's own words."""
    client = meeting.client
    await client.say("measured", record=SYSTEM)
    if text:
        await client.say("waive", kind="system")
        await client.say("change_choices", **TEXT)
    for kind in ("microphone", "camera", "speaker"):
        await client.say("waive", kind=kind)
    await client.say("finish_check")
    await meeting.stage.walk(client, meeting.visit, VisitState.WAITING)
    return await meeting.now()


async def films_well(meeting):
    await meeting.client.say("restart_check")
    await step(meeting, "camera")
    await measures(meeting, GOOD_PICTURE)
    found = finding(meeting.client.shown, "camera").verdict
    assert found in {Verdict.PASSED, Verdict.WARNING}
    await meeting.client.say("finish_check")


async def test_it_works_with_the_camera(checking):
    """Tested and praised, so it is seen."""
    assert not (await waits_without(checking)).seen_by_adviser
    await films_well(checking)
    visit = await checking.now()
    assert (visit.state, visit.seen_by_adviser) == (VisitState.WAITING, True)


@pytest.mark.parametrize("again", ["waive", "failed", "nothing"])
async def test_whose_camera_stays_out_stays_unseen(checking, again):
    await waits_without(checking)
    await checking.client.say("restart_check")
    if again != "nothing":
        await checking.client.say("run_step", kind="camera")
        await checking.client.say("measured", record={"kind": "camera", "error": "in_use"})
    if again == "waive":
        await checking.client.say("waive", kind="camera")
    await checking.client.say("finish_check")
    assert not (await checking.now()).seen_by_adviser


async def test_who_has_switched_the_picture_off_by_hand_stays_unseen(checking):
    """On and off again in the waiting room: their last word counts, not the old waiver."""
    await waits_without(checking)
    await checking.client.say("change_choices", **SEEN)
    await checking.client.say("change_choices", **(SEEN | {"seen_by_adviser": False}))
    await films_well(checking)
    assert not (await checking.now()).seen_by_adviser


async def test_who_wanted_to_write_and_has_been_heard_since_talks(checking):
    visit = await waits_without(checking, text=True)
    assert (visit.mode, visit.sees_adviser) == (Mode.TEXT, False)
    await checking.client.say("restart_check")
    await checking.client.say("finish_check")
    assert (await checking.now()).mode is Mode.TEXT, "nothing was tested anew"
    await checking.client.say("restart_check")
    await step(checking, "microphone")
    await checking.client.say("measured", record=OWN_LEVELS)
    await measures(checking, HEARD)
    await checking.client.say("finish_check")
    visit = await checking.now()
    assert (visit.mode, visit.sees_adviser) == (Mode.VIDEO, True)
    assert not visit.seen_by_adviser, "the camera is still left out"


async def test_a_late_weak_line_makes_nobody_write_who_chose_to_talk(checking):
    with_policy(checking, network=NetworkPolicy.SOUND_ONLY)
    await waits_without(checking, text=True)
    await checking.client.say("change_choices", **SEEN)
    await checking.client.say("measured", record=WEAK)
    visit = await checking.now()
    assert (visit.mode, visit.seen_by_adviser) == (Mode.VIDEO, False)


async def test_the_microphone_that_is_switched_on_in_the_session_stays_on(checking):
    """Its page is not told any more that it was gone on without; not after a restart either."""
    await waits_without(checking)
    await checking.admit()
    for on in (False, True):
        assert checking.client.shown.check.without_microphone
        await checking.client.say("sending", microphone=on, camera=False, screen=False)
    assert not checking.client.shown.check.without_microphone
    live = checking.stage.live
    live.runs.forget(checking.visit.id)
    waivers = live.runs.of_visit(await checking.now()).report.waivers
    assert CheckKind.MICROPHONE not in waivers
    assert CheckKind.CAMERA in waivers


@pytest.mark.parametrize(("mode", "without"), [("audio", False), ("video", False), ("text", True)])
async def test_who_leaves_writing_in_the_waiting_room_has_a_microphone(checking, mode, without):
    await waits_without(checking, text=True)
    await checking.client.say("change_choices", **(TEXT | {"mode": mode}))
    assert checking.client.shown.check.without_microphone is without
