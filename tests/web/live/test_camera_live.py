"""The camera's step while somebody moves: advice for the client, notes for staff, no flicker."""

from appliance.device_check.records import Verdict
from tests.web.live.acted_check import GOOD_PICTURE, finding, measures, step

DARK = GOOD_PICTURE | {"mean_luma": 30, "face_highlight_luma": 60}


def seen(meeting):
    return [push.advice for push in meeting.client.pushes() if push.type == "seen"]


async def look(meeting, record, at_s):
    await measures(meeting, record | {"listening_s": at_s})


async def test_it_works(checking):
    await step(checking, "camera")
    await look(checking, GOOD_PICTURE, 2)
    assert seen(checking)[-1] == "good"
    for at_s in (4.0, 4.2, 4.4, 4.7):
        await look(checking, DARK, at_s)
    assert seen(checking)[-1] == "more_light"
    assert finding(checking.client.shown, "camera").verdict is Verdict.PASSED, "not yet for good"
    await look(checking, DARK, 5.3)
    assert finding(checking.client.shown, "camera").cause == "camera_dark"


async def test_a_moment_changes_nothing(checking):
    await step(checking, "camera")
    await look(checking, GOOD_PICTURE, 2)
    revision = checking.client.shown.revision
    await look(checking, DARK, 3)
    await look(checking, GOOD_PICTURE, 3.2)
    assert checking.client.shown.revision == revision
    assert set(seen(checking)) == {"good"}


async def test_nobody_is_told_well_done_before_a_camera_that_stands_still(checking):
    await step(checking, "camera")
    await look(checking, GOOD_PICTURE | {"same_picture_s": 3}, 4)
    assert finding(checking.client.shown, "camera").cause == "camera_frozen"
    assert seen(checking) == [None]


async def test_an_unplugged_camera_is_said_at_once(checking):
    await step(checking, "camera")
    await look(checking, GOOD_PICTURE, 2)
    await checking.client.say("measured", record={"kind": "camera", "error": "ended"})
    assert finding(checking.client.shown, "camera").cause == "camera_ended"


async def test_staff_read_what_the_client_need_not(checking):
    await step(checking, "camera")
    own = {"kind": "camera", "virtual": True, "width": 1280, "height": 720, "frames_per_s": 25}
    await checking.client.say("measured", record=own)
    await look(checking, GOOD_PICTURE | {"faces": 2}, 2)
    shown = finding(checking.client.shown, "camera")
    assert (shown.verdict, shown.title) == (Verdict.PASSED, "")
    row = checking.desk.desk.waiting[0]
    assert row.readiness != "red"
    assert "aus einem Programm" in row.findings[0].title
    assert "mehrere Gesichter" in row.findings[0].title


async def test_the_label_of_a_camera_is_refused(checking):
    await step(checking, "camera")
    await checking.client.say("measured", record={"kind": "camera", "label": "Integrated Camera"})
    assert checking.client.pushes()[-1].type != "seen"
    assert checking.client.shown.check.findings == []
