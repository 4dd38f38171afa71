"""At a kiosk the device is the agency's: who has walked in reads a kiosk's words."""

import pytest

from appliance.device_check.records import LoopBack
from appliance.visits.models import Entry
from appliance.web.live import Live
from appliance.web.live.check_counts import left
from appliance.web.live.hand_overs import device_of
from tests.web.live.acted_check import finding, step, told
from tests.web.live.stage import SYSTEM, make_meeting

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
    await walked_in.client.say("move_to_device")
    secret = walked_in.stage.live.hand_overs.offer(walked_in.visit.id)
    assert await walked_in.stage.live.hand_over.take(secret)
    assert not walked_in.stage.live.runs.of_visit(await walked_in.now()).kiosk


async def test_who_has_come_back_from_the_phone_is_at_the_kiosk_again(walked_in):
    stage, visit = walked_in.stage, walked_in.visit
    access = await stage.live.hand_over.take(stage.live.hand_overs.offer(visit.id))
    phone = await stage.client_window(visit, device=device_of(access))
    kiosk = await stage.client_window(visit, idle=True, left=True, kiosk_id="kiosk-1")
    assert (await walked_in.now()).kiosk_id is None  # a look is no way back
    for window, kiosk_id in ((kiosk, "kiosk-1"), (phone, None), (kiosk, "kiosk-1")):
        await window.say("continue_here")
        assert (await walked_in.now()).kiosk_id == kiosk_id
        assert window.shown.check.kiosk is (kiosk_id is not None)


HEARD = {"over_median_db": 60, "gain_db": -20, "delay_s": 0.6}
NOT_HEARD = {"over_median_db": 15, "gain_db": -80}


async def hears(meeting, loop):
    await meeting.client.say("measured", record={"kind": "speaker", "loop": loop})
    return meeting.client.shown.check


async def number(meeting):
    """Spoken to its end, and shown among six."""
    await meeting.client.say("say_number")
    (message,) = told(meeting, "say_number")
    said = {"type": "said", "digits": message["digits"]}
    await meeting.stage.relay.analyser_says(meeting.visit.id, said)
    await meeting.stage.live.settle()
    return message["digits"]


async def test_a_kiosk_that_hears_itself_asks_nobody(walked_in):
    await step(walked_in, "speaker")
    assert walked_in.client.shown.check.speaker_loop == "wanted"
    check = await hears(walked_in, HEARD)
    assert (check.findings[-1].verdict, check.speaker_loop) == ("passed", "none")
    run = walked_in.stage.live.runs.of_visit(await walked_in.now())
    assert LoopBack(**HEARD) in [record for _, record in run.measured()]


async def test_a_kiosk_that_hears_itself_has_a_microphone_that_hears(walked_in):
    await step(walked_in, "speaker")
    assert finding(await shown_after(walked_in, HEARD), "microphone").verdict == "passed"


async def shown_after(meeting, loop):
    await hears(meeting, loop)
    return meeting.client.shown


async def test_a_second_time_may_help(walked_in):
    await step(walked_in, "speaker")
    assert (await hears(walked_in, NOT_HEARD)).speaker_loop == "again"
    assert (await hears(walked_in, HEARD)).findings[-1].verdict == "passed"


async def test_muted_and_nobody_hears_the_number(walked_in):
    await step(walked_in, "speaker")
    await hears(walked_in, NOT_HEARD)
    check = await hears(walked_in, NOT_HEARD)
    assert check.speaker_loop == "none"
    assert [one for one in check.findings if one.kind == "speaker"] == []  # a person may hear it
    await number(walked_in)
    await walked_in.client.say("measured", record={"kind": "speaker", "heard_nothing": True})
    found = finding(walked_in.client.shown, "speaker")
    assert (found.verdict, found.cause) == ("failed", "kiosk_left_muted")
    assert found.title == "Der Lautsprecher an diesem Gerät ist nicht zu hören."


async def test_a_person_who_hears_the_number_is_right_and_it_learns_of_it(walked_in):
    await step(walked_in, "speaker")
    await hears(walked_in, HEARD | {"set_up_gain_db": -2})
    digits = await number(walked_in)
    await walked_in.client.say("measured", record={"kind": "speaker", "tapped": digits})
    assert finding(walked_in.client.shown, "speaker").verdict == "passed"
    (row,) = walked_in.desk.desk.waiting
    (at_the_desk,) = [one for one in row.findings if one.kind == "speaker"]
    assert at_the_desk.title.startswith("Der Kiosk ist viel leiser")
    run = walked_in.stage.live.runs.of_visit(await walked_in.now())
    assert left(run) == {"kiosk_turned_down"}


async def test_a_kiosk_that_cannot_listen_asks_at_once(walked_in):
    await step(walked_in, "speaker")
    assert (await hears(walked_in, {"error": "not_found"})).speaker_loop == "none"
    digits = await number(walked_in)
    await walked_in.client.say("measured", record={"kind": "speaker", "tapped": digits})
    assert finding(walked_in.client.shown, "speaker").verdict == "passed"


async def test_nobody_elses_speaker_passes_by_what_a_page_says_of_itself(checking):
    await step(checking, "speaker")
    assert checking.client.shown.check.speaker_loop == "none"
    await hears(checking, HEARD)
    assert checking.client.shown.check.findings == []


SYSTEM_OF_A_KIOSK = SYSTEM | {"os": "linux", "kiosk_missing": [], "kiosk_traces": False}


async def surroundings(meeting, **kiosk):
    await meeting.client.say("measured", record=SYSTEM_OF_A_KIOSK | kiosk)
    check = meeting.client.shown.check
    (tick,) = [one for one in check.ticks if one.item == "kiosk"]
    return finding(meeting.client.shown, "system"), tick


async def test_all_devices_of_the_set_up_are_there(walked_in):
    found, tick = await surroundings(walked_in)
    assert (found.verdict, tick.verdict) == ("passed", "passed")


@pytest.mark.parametrize("kind", ["microphone", "camera", "speaker"])
async def test_a_device_of_the_set_up_is_gone(walked_in, kind):
    found, tick = await surroundings(walked_in, kiosk_missing=[kind])
    assert (found.verdict, found.cause) == ("warning", f"kiosk_{kind}_missing")
    assert tick.title == found.title
    assert found.steps[0].startswith("Dieses Gerät gehört dem Amt.")
    run = walked_in.stage.live.runs.of_visit(await walked_in.now())
    assert left(run) == {f"kiosk_{kind}_missing"}


async def test_of_several_the_gravest_is_named(walked_in):
    found, _ = await surroundings(walked_in, kiosk_missing=["camera", "microphone"])
    assert found.cause == "kiosk_microphone_missing"


async def test_wiped_traces_stop_nobody_and_reach_staff_and_it(walked_in):
    found, _ = await surroundings(walked_in, kiosk_traces=True)
    assert (found.verdict, found.title) == ("passed", "")
    (row,) = walked_in.desk.desk.waiting
    (at_the_desk,) = [one for one in row.findings if one.kind == "system"]
    assert "IT: Profil prüfen." in at_the_desk.title
    run = walked_in.stage.live.runs.of_visit(await walked_in.now())
    assert left(run) == {"kiosk_traces"}


async def test_a_page_at_home_does_not_make_itself_a_kiosk(checking):
    found, tick = await surroundings(checking, kiosk_missing=["camera"], kiosk_traces=True)
    assert (found.verdict, tick.verdict) == ("passed", "open")
    run = checking.stage.live.runs.of_visit(await checking.now())
    assert left(run) == set()
