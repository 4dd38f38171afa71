"""What the relay does by the clock goes on, and nothing grows with time."""

import time
from types import SimpleNamespace

from appliance.relay.control import TrackKind
from appliance.relay.plane import Plane
from appliance.relay.streams import KEYFRAME_PAUSE_S, Source
from appliance.relay.transport import Budget
from appliance.relay.upkeep import Upkeep
from tests.media.conftest import eventually


async def test_one_failure_does_not_end_it(box, monkeypatch):
    failed = []

    def raises():
        failed.append(True)
        raise ValueError

    monkeypatch.setattr(box.relay, "transports", raises)
    await eventually(lambda: len(failed) > 2)


async def test_a_request_of_a_key_frame_is_repeated_to_whoever_sends(box):
    """An analyser, too: the request that fell into the pause is not lost."""
    asked = []
    source = Source(TrackKind.CAMERA, asked.append)
    relay = SimpleNamespace(
        plane=Plane([], 0),
        transports=list,
        sources=lambda: [source],
        judge=lambda _: None,
        listen=lambda _: None,
        pour=lambda _: None,
        judge_pictures=lambda _: None,
    )
    upkeep = Upkeep(relay)
    source.want_keyframe()
    source.saw_keyframe()
    source.want_keyframe()
    assert len(asked) == 1
    upkeep.tick(time.monotonic() + KEYFRAME_PAUSE_S)
    assert len(asked) == 2


async def test_old_names_of_a_peer_are_forgotten(box):
    await box.phone("a", connect=False)
    for _ in range(20):
        box.relay.restart_ice("a")
    assert len(box.service.plane.by_ufrag) == 2


def test_a_clock_that_is_set_back_silences_nobody():
    budget = Budget(10)
    assert budget.allows(5_000.0)
    assert budget.allows(1_400.0)
    assert budget.allows(1_400.1)
