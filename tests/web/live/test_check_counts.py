"""Each visit's check is counted once, when the client goes on or goes away."""

import pytest
from sqlmodel import select

from appliance.statistics.models import CheckCount
from appliance.storage.errors import DatabaseBusy
from appliance.visits.states import VisitState
from tests.device_check.test_network import line
from tests.web.live.test_line import WEAK, told


async def counts(meeting):
    found = await meeting.stage.parts.database.read(
        lambda session: list(session.exec(select(CheckCount)))
    )
    return {row.cause: row.count for row in found}


async def test_it_works(checking):
    await checking.stage.pass_check(checking.client)
    assert await counts(checking) == {"": 1, "camera_in_use": 1}


async def test_a_line_that_is_judged_after_the_check_counts_once_and_no_check_twice(checking):
    await checking.stage.pass_check(checking.client)
    for _ in range(2):
        await checking.client.say("measured", record=WEAK)
    assert await counts(checking) == {"": 1, "camera_in_use": 1, "network_upload_weak": 1}


async def test_a_line_that_is_tested_again_and_again_counts_each_cause_once(checking):
    """Forgotten between two tests, as the page's button does it; a second cause is a second one."""
    await checking.client.say("measured", record=WEAK)  # before the end, and so in its count
    await checking.stage.pass_check(checking.client)
    deep = told(line(up=900, loaded=900.0))  # with a note for staff, which is a cause of its own
    for record in (WEAK, deep, WEAK, deep):
        await checking.client.say("measured", record={"kind": "network"})
        await checking.client.say("measured", record=record)
    late = {"network_upload_small": 1, "network_load_delay": 1}
    early = {"": 1, "camera_in_use": 1, "network_upload_weak": 1}
    assert await counts(checking) == early | late


async def test_a_detour_counts_although_the_line_is_good(checking):
    """IT learns how many clients' networks block the direct way."""
    await checking.client.say("measured", record=told(line(), turn="tls"))
    await checking.stage.pass_check(checking.client)
    assert await counts(checking) == {"": 1, "camera_in_use": 1, "network_turn": 1}


async def test_a_second_run_of_the_same_visit_does_not_count(checking):
    await checking.stage.walk(checking.client, checking.visit, VisitState.WAITING)
    await checking.client.say("restart_check")
    await checking.client.say("finish_check")
    await checking.client.say("leave")
    assert await counts(checking) == {"": 1, "camera_in_use": 1}


async def test_who_gives_up_counts_too(checking):
    """Stuck for good: this is what IT must know of."""
    await checking.client.say("run_step", kind="microphone")
    record = {"kind": "microphone", "error": "denied_by_system"}
    await checking.client.say("measured", record=record)
    assert await counts(checking) == {}
    await checking.client.say("leave")
    assert await counts(checking) == {"": 1, "microphone_denied_by_system": 1}


async def test_who_has_tested_nothing_is_no_check(checking):
    await checking.client.say("leave")
    assert await counts(checking) == {}


async def test_a_mended_fault_is_none(checking):
    await checking.client.say("run_step", kind="camera")
    await checking.client.say("measured", record={"kind": "camera", "error": "in_use"})
    await checking.client.say("run_step", kind="camera")
    await checking.client.say("measured", record={"kind": "camera", "error": "not_found"})
    await checking.client.say("leave")
    assert await counts(checking) == {"": 1, "camera_not_found": 1}


async def test_a_full_disk_keeps_nobody_from_going_on(checking, monkeypatch):
    async def busy(_causes):
        raise DatabaseBusy

    monkeypatch.setattr(checking.stage.live.check_counts.statistics, "count", busy)
    await checking.stage.pass_check(checking.client)
    assert (await checking.now()).state is VisitState.CONSENT
    assert checking.client.problems == []


@pytest.mark.parametrize("end", ["withdraw_consent", "leave"])
async def test_nobodys_picture_waits_for_the_counting(checking, monkeypatch, end):
    """A writer that is busy with a purge, say: the room is closed before it is asked."""
    await checking.client.say("run_step", kind="camera")
    await checking.client.say("measured", record={"kind": "camera", "error": "in_use"})
    open_rooms = []

    async def busy(_causes):
        open_rooms.append(checking.visit.id in checking.stage.relay.rooms)

    monkeypatch.setattr(checking.stage.live.check_counts.statistics, "count", busy)
    assert checking.visit.id in checking.stage.relay.rooms
    await checking.client.say(end)
    assert open_rooms == [False]


async def test_who_goes_while_the_relay_is_away_is_counted_once(checking):
    await checking.client.say("run_step", kind="camera")
    await checking.client.say("measured", record={"kind": "camera", "error": "in_use"})
    checking.stage.relay.up = False  # asked in vain, and asked again
    await checking.client.say("leave")
    assert await counts(checking) == {"": 1, "camera_in_use": 1}
    checking.stage.relay.up = True
    await checking.stage.tick(seconds=1)
    assert checking.visit.id not in checking.stage.relay.rooms
    assert await counts(checking) == {"": 1, "camera_in_use": 1}
