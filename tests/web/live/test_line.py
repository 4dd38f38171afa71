"""The line test between page, web and relay, and what the agency's policy makes of its result."""

import pytest

from appliance.device_check.records import NetworkPolicy, Policy, Verdict
from appliance.device_check.report import LineAdvice
from appliance.relay.control import LineFilled
from appliance.visits.states import VisitState
from appliance.web import wire
from tests.device_check.test_network import line
from tests.web.live.acted_check import finding
from tests.web.live.stage import SYSTEM


def told(phases, **more):
    dumped = [phase.model_dump() for phase in phases]
    return {"kind": "network", "finished": True, "protocol": "udp", "phases": dumped} | more


WEAK = told(line(up=200))


def with_policy(meeting, **policy):
    """The agency's settings are frozen; a test's are not."""
    parts = meeting.stage.parts
    check = parts.settings.check.model_copy(update={"policy": Policy(**policy)})
    parts.settings = parts.settings.model_copy(update={"check": check})


async def finish(meeting):
    await meeting.stage.pass_check(meeting.client)
    return await meeting.now()


async def test_it_works(checking):
    """A phase is asked for, counted by the relay, told to the page; the record is judged."""
    await checking.client.say("fill_line", down_kbps=700, for_ms=900)
    [(peer_id, kbps, for_ms)] = checking.stage.relay.filled
    assert (kbps, for_ms) == (700, 900)
    counts = {"received_packets": 9, "received_octets": 4000, "expected_packets": 10}
    await checking.stage.relay.on_event(
        LineFilled(
            room_id=checking.visit.id,
            peer_id=peer_id,
            down_kbps=700,
            took_ms=905,
            sent_packets=280,
            lost_packets=1,
            jitter_ms=2.5,
            round_trips_ms=[20.0],
            estimate_kbps=900,
            **counts,
        )
    )
    filled = checking.client.newest(wire.LineFilled)
    assert (filled.refused, filled.took_ms, filled.sent_packets) == ("", 905, 280)
    await checking.client.say("measured", record=told(line()))
    assert finding(checking.client.shown, "network").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("code", "word"), [("busy", "busy"), ("line_budget", "later"), ("not_alone", "later")]
)
async def test_a_refusal_is_told_at_once(checking, code, word):
    checking.stage.relay.line_refuses = code
    await checking.client.say("fill_line", down_kbps=700, for_ms=900)
    assert checking.client.newest(wire.LineFilled).refused == word
    assert checking.client.problems == []


@pytest.mark.parametrize("state", [VisitState.CONSENT, VisitState.WAITING])
async def test_whoever_was_quick_is_measured_to_the_end_while_they_wait(checking, state):
    await checking.stage.walk(checking.client, checking.visit, state)
    await checking.client.say("fill_line", down_kbps=700, for_ms=900)
    assert len(checking.stage.relay.filled) == 1
    await checking.client.say("measured", record=WEAK)
    assert finding(checking.client.shown, "network").cause == "network_upload_weak"
    assert (await checking.now()).state is state
    assert (await checking.now()).seen_by_adviser


async def test_what_the_agency_wants_holds_for_a_late_verdict_too(checking):
    with_policy(checking, network=NetworkPolicy.SOUND_ONLY)
    await checking.stage.walk(checking.client, checking.visit, VisitState.WAITING)
    await checking.client.say("measured", record=WEAK)
    assert not (await checking.now()).seen_by_adviser
    choices = {"mode": "video", "sees_adviser": True, "seen_by_adviser": True}
    await checking.client.say("change_choices", **choices)  # overruled, which is allowed here
    await checking.client.say("measured", record=WEAK)
    assert (await checking.now()).seen_by_adviser, "said once"


async def test_a_late_verdict_of_a_good_line_leaves_the_choices_alone(checking):
    """Who switched the camera on in the waiting room does not lose it to an old waiver."""
    await checking.client.say("measured", record=SYSTEM)
    for kind in ("microphone", "speaker", "camera"):
        await checking.client.say("waive", kind=kind)
    await checking.client.say("finish_check")
    assert not (await checking.now()).seen_by_adviser
    await checking.stage.walk(checking.client, checking.visit, VisitState.WAITING)
    choices = {"mode": "video", "sees_adviser": True, "seen_by_adviser": True}
    await checking.client.say("change_choices", **choices)
    await checking.client.say("measured", record=told(line(up=900)))
    assert (await checking.now()).seen_by_adviser


async def test_not_beside_a_conversation(checking):
    await checking.stage.walk(checking.client, checking.visit, VisitState.WAITING)
    await checking.admit()
    await checking.client.say("fill_line", down_kbps=700, for_ms=900)
    await checking.client.say("measured", record=WEAK)
    assert checking.stage.relay.filled == []
    assert checking.client.newest(wire.LineFilled).refused == "later"
    assert "network" not in [found.kind for found in checking.client.shown.check.findings]
    assert checking.client.problems == [], "its page has not heard yet that it is asked in"


async def test_the_test_page_may_too(stage):
    window = await stage.test_window()
    await window.say("start_check", terms_version="t-1")
    await window.connect()
    await window.say("fill_line", down_kbps=64, for_ms=500)
    assert len(stage.relay.filled) == 1


async def test_it_is_judged_beside_any_step_and_anew_when_repeated(checking):
    await checking.client.say("run_step", kind="microphone")
    await checking.client.say("measured", record=WEAK)
    assert finding(checking.client.shown, "network").cause == "network_upload_weak"
    await checking.client.say("measured", record={"kind": "network"})
    assert checking.client.shown.check.findings == []


async def test_a_rate_beyond_the_limit_is_no_command(checking):
    await checking.client.say("fill_line", down_kbps=50_000, for_ms=900)
    await checking.client.say("fill_line", down_kbps=300, for_ms=60_000)
    assert checking.stage.relay.filled == []
    assert checking.client.problems == ["message_wrong"] * 2


@pytest.mark.parametrize(
    ("policy", "advice", "seen"),
    [
        (NetworkPolicy.INFORM, LineAdvice.NONE, True),
        (NetworkPolicy.WARN, LineAdvice.WARN, True),
        (NetworkPolicy.SOUND_ONLY, LineAdvice.SOUND_ONLY, False),
        (NetworkPolicy.TELEPHONE, LineAdvice.TELEPHONE, False),
    ],
)
async def test_what_the_agency_wants_on_a_weak_line(checking, policy, advice, seen):
    with_policy(checking, network=policy)
    await checking.client.say("measured", record=WEAK)
    assert checking.client.shown.check.line_advice == advice
    assert (await finish(checking)).seen_by_adviser is seen


async def test_a_line_with_a_smaller_trouble_costs_no_picture(checking):
    with_policy(checking, network=NetworkPolicy.TELEPHONE)
    await checking.client.say("measured", record=told(line(up=900)))
    assert checking.client.shown.check.line_advice == LineAdvice.WARN
    assert (await finish(checking)).seen_by_adviser


async def test_the_client_may_overrule(checking):
    with_policy(checking, network=NetworkPolicy.SOUND_ONLY)
    await checking.client.say("measured", record=WEAK)
    await checking.client.say("waive", kind="network")
    assert checking.client.shown.check.line_advice == LineAdvice.NONE
    assert (await finish(checking)).seen_by_adviser


async def test_where_the_agency_says_no_the_camera_stays_off(checking):
    with_policy(checking, network=NetworkPolicy.SOUND_ONLY, network_overrule=False)
    await checking.client.say("measured", record=WEAK)
    await checking.client.say("waive", kind="network")
    assert not checking.client.shown.check.line_overrule
    assert not (await finish(checking)).seen_by_adviser
    choices = {"mode": "video", "sees_adviser": True, "seen_by_adviser": True}
    await checking.client.say("change_choices", **choices)
    assert checking.client.problems == ["line_too_weak"]
    assert not (await checking.now()).seen_by_adviser
    await checking.client.say("change_choices", **(choices | {"seen_by_adviser": False}))
    assert checking.client.problems == ["line_too_weak"]


async def test_a_weak_line_keeps_nobody_from_going_on(checking):
    for policy in NetworkPolicy:
        with_policy(checking, network=policy)
        await checking.client.say("measured", record=WEAK)
    assert (await finish(checking)).state is VisitState.CONSENT
