"""A browser that hides the room itself: no analyser, and the choice outlives restarts."""

import pytest

from appliance.device_check.records import Verdict
from appliance.relay.client import RelayError
from appliance.visits.states import VisitState
from tests.web.live.acted_check import finding, hide
from tests.web.live.stage import Stage

RUNNING = {
    "kind": "background",
    "mode": "blur",
    "ready": True,
    "frames_per_s": 22,
    "source_frames_per_s": 24,
    "running_s": 4,
}


async def paint(meeting, look="blur"):
    await meeting.client.say("run_step", kind="background")
    await meeting.client.say("choose_background", mode="none", look=look)


async def test_it_works(checking):
    await paint(checking)
    check = checking.client.shown.check
    assert (check.background, check.look, check.analyser) == ("none", "blur", "none")
    assert checking.stage.relay.analysers == {}
    assert checking.stage.relay.words(checking.visit.id) == set()
    await checking.client.say("measured", record=RUNNING)
    assert finding(checking.client.shown, "background").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("record", "cause"),
    [
        ({"mode": "blur", "trouble": "unable"}, "background_unable"),
        ({"mode": "blur", "trouble": "lost"}, "background_lost"),
        ({"mode": "blur", "waiting_s": 9}, "background_not_available"),
        ({**RUNNING, "frames_per_s": 7}, "background_too_slow"),
    ],
)
async def test_what_the_browser_cannot_is_said(checking, record, cause):
    await paint(checking)
    await checking.client.say("measured", record={"kind": "background", **record})
    assert finding(checking.client.shown, "background").cause == cause


async def test_its_own_picture_goes_straight_to_the_adviser(checking):
    await paint(checking, "shelf")
    await checking.stage.walk(checking.client, checking.visit, VisitState.WAITING)
    await checking.admit()
    await checking.desk.connect()
    await checking.stage.tick(seconds=1)
    assert "c>a camera" in checking.stage.relay.words(checking.visit.id)
    assert checking.stage.relay.analysers == {}


async def test_late_words_of_the_browser_say_nothing_about_the_appliance(checking):
    await hide(checking, "blur")
    await checking.client.say("measured", record={**RUNNING, "trouble": "unable"})
    assert checking.client.shown.check.findings == []


async def test_the_choice_is_known_after_a_restart_of_everything(checking, tmp_path):
    await paint(checking, "blur_strong")
    await checking.stage.walk(checking.client, checking.visit, VisitState.WAITING)
    await checking.admit()
    await checking.stage.relay.vanish(forgets=True)
    await checking.stage.close()
    stage = Stage(tmp_path, earlier=checking.stage)
    await stage.open()
    client = await stage.client_window(checking.visit)
    await stage.live.settle()
    assert client.shown.check.look == "blur_strong"
    await stage.close()


@pytest.mark.parametrize("state", [VisitState.CONSENT, VisitState.IDENTITY, VisitState.WAITING])
async def test_the_choice_may_change_before_the_session(checking, state):
    await paint(checking)
    await checking.stage.walk(checking.client, checking.visit, state)
    await checking.client.say("choose_background", mode="none", look="shelf")
    assert checking.client.problems == []
    assert checking.client.shown.check.look == "shelf"


async def test_in_the_session_the_appliance_takes_over_and_gives_back(meeting):
    await meeting.client.say("start_check", terms_version="t-1")
    client, adviser = await meeting.begin()
    relay = meeting.stage.relay
    assert "c>a camera" in relay.words(meeting.visit.id)
    await meeting.client.say("choose_background", mode="blur")
    assert "c>a camera" not in relay.words(meeting.visit.id)
    await relay.analyser_says(meeting.visit.id, {"type": "ready"})
    await meeting.stage.live.settle()
    analyser = relay.analyser_in(meeting.visit.id)
    assert {"type": "background", "mode": "blur"} in relay.analysers[analyser]
    cameras = {
        (route.source, route.target)
        for route in relay.routes[meeting.visit.id]
        if route.kind == "camera" and route.target != client
    }
    assert cameras == {(client, analyser), (analyser, adviser)}
    assert meeting.client.shown.check.background == "blur"
    await meeting.client.say("choose_background", mode="none", look="wall")
    assert "c>a camera" in relay.words(meeting.visit.id)
    assert relay.analysers == {}


async def test_a_page_is_not_told_that_its_room_is_hidden_before_it_is(meeting, monkeypatch):
    """The page sends its raw picture as soon as it is told so."""
    await meeting.client.say("start_check", terms_version="t-1")
    await meeting.begin()
    relay = meeting.stage.relay

    async def refuse(_room_id, _routes):
        raise RelayError("peer_unknown")  # the analyser has just died

    with monkeypatch.context() as broken:
        broken.setattr(relay, "set_routes", refuse)
        await meeting.client.say("choose_background", mode="blur")
        assert "c>a camera" in relay.words(meeting.visit.id)
        assert meeting.client.shown.check.background == "none"
    await meeting.stage.tick(seconds=2)
    assert "c>a camera" not in relay.words(meeting.visit.id)
    assert meeting.client.shown.check.background == "blur"


async def test_what_was_chosen_in_the_session_is_known_after_a_restart(meeting, tmp_path):
    await meeting.client.say("start_check", terms_version="t-1")
    await meeting.begin()
    await meeting.client.say("choose_background", mode="blur_strong")
    await meeting.stage.relay.vanish(forgets=True)
    await meeting.stage.close()
    stage = Stage(tmp_path, earlier=meeting.stage)
    await stage.open()
    client = await stage.client_window(meeting.visit)
    await stage.live.settle()
    assert client.shown.check.background == "blur_strong"
    await stage.close()


async def test_after_the_end_nothing_is_chosen(checking):
    await checking.client.say("leave")
    await checking.client.say("choose_background", mode="none", look="blur")
    assert checking.client.problems


async def test_a_look_is_a_short_name(checking):
    await checking.client.say("choose_background", mode="none", look="../passwd")
    assert checking.client.problems
    assert checking.client.shown.check.look == ""
