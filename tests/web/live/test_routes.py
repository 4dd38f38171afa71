import itertools

import pytest

from appliance.device_check.records import CheckKind
from appliance.relay.control import Route, TrackKind
from appliance.visits.states import IdentityStatus, Mode, VisitState
from appliance.web.live.routes import SESSION_STATES, Members, Rights, Sends, routes

ALL = Members(client="c", adviser="a", analyser="x")
BOTH = Members(client="c", adviser="a")


def words(found: list[Route]) -> set[str]:
    return {f"{route.source}>{route.target} {route.kind}" for route in found}


def test_it_works():
    rights = Rights(VisitState.IN_SESSION, identity=IdentityStatus.CONFIRMED)
    assert words(routes(BOTH, rights)) == {
        "c>a microphone",
        "c>a camera",
        "c>a screen",
        "a>c microphone",
        "a>c camera",
        "a>c screen",
    }


@pytest.mark.parametrize("state", [state for state in VisitState if state not in SESSION_STATES])
@pytest.mark.parametrize("step", [None, *CheckKind])
@pytest.mark.parametrize("identity", list(IdentityStatus))
def test_nothing_flows_between_client_and_adviser_before_admission(state, step, identity):
    found = routes(ALL, Rights(state, step=step, identity=identity))
    assert not [route for route in found if {route.source, route.target} == {"c", "a"}]
    assert not [route for route in found if "a" in {route.source, route.target}]


@pytest.mark.parametrize("state", [s for s in VisitState if s is not VisitState.DEVICE_CHECK])
def test_the_analyser_hears_nothing_outside_the_check(state):
    found = routes(ALL, Rights(state, step=CheckKind.MICROPHONE))
    assert not [route for route in found if "x" in {route.source, route.target}]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (None, set()),
        (CheckKind.SYSTEM, set()),
        (CheckKind.MICROPHONE, {"c>x microphone", "x>c microphone"}),
        (CheckKind.CAMERA, {"c>x camera"}),
        (CheckKind.SPEAKER, {"x>c microphone"}),
        (CheckKind.BACKGROUND, {"c>x camera", "x>c camera"}),
        (CheckKind.NETWORK, set()),
    ],
)
def test_the_check_routes_only_what_the_step_needs(step, expected):
    assert words(routes(ALL, Rights(VisitState.DEVICE_CHECK, step=step))) == expected


def test_a_check_without_an_analyser_routes_nothing():
    assert routes(BOTH, Rights(VisitState.DEVICE_CHECK, step=CheckKind.CAMERA)) == []


@pytest.mark.parametrize("state", sorted(SESSION_STATES))
def test_text_carries_no_media(state):
    rights = Rights(state, mode=Mode.TEXT, identity=IdentityStatus.CONFIRMED)
    assert routes(ALL, rights) == []


def test_audio_carries_sound_alone():
    rights = Rights(VisitState.IN_SESSION, mode=Mode.AUDIO, identity=IdentityStatus.CONFIRMED)
    assert words(routes(ALL, rights)) == {"c>a microphone", "a>c microphone"}


def test_the_client_may_stay_unseen():
    rights = Rights(VisitState.IN_SESSION, seen_by_adviser=False)
    assert words(routes(BOTH, rights)) == {"c>a microphone", "a>c microphone", "a>c camera"}


def test_the_client_may_not_want_to_see_the_adviser():
    rights = Rights(VisitState.IN_SESSION, sees_adviser=False)
    assert words(routes(BOTH, rights)) == {"c>a microphone", "a>c microphone", "c>a camera"}


@pytest.mark.parametrize("identity", [i for i in IdentityStatus if i != IdentityStatus.CONFIRMED])
@pytest.mark.parametrize("state", sorted(SESSION_STATES))
def test_a_screen_is_withheld_until_the_identity_is_confirmed(state, identity):
    found = routes(BOTH, Rights(state, identity=identity))
    assert TrackKind.SCREEN not in {route.kind for route in found}
    assert {route.kind for route in found} == {TrackKind.MICROPHONE, TrackKind.CAMERA}


def test_a_said_mute_ends_the_route():
    rights = Rights(
        VisitState.IN_SESSION,
        client_sends=Sends(microphone=False, camera=True, screen=False),
        adviser_sends=Sends(microphone=True, camera=False, screen=False),
    )
    assert words(routes(BOTH, rights)) == {"c>a camera", "a>c microphone"}


def test_a_blurred_client_is_seen_through_the_analyser_only():
    rights = Rights(VisitState.IN_SESSION, blurred=True)
    found = words(routes(ALL, rights))
    assert "c>a camera" not in found
    assert {"c>x camera", "x>a camera", "c>a microphone"} <= found


def test_a_blur_without_an_analyser_fails_closed():
    found = words(routes(BOTH, Rights(VisitState.IN_SESSION, blurred=True)))
    assert found == {"c>a microphone", "a>c microphone", "a>c camera"}


def test_a_blurred_client_who_stays_unseen_is_not_sent_to_the_analyser():
    rights = Rights(VisitState.IN_SESSION, blurred=True, seen_by_adviser=False)
    assert not [route for route in routes(ALL, rights) if "x" in {route.source, route.target}]


def test_one_side_alone_hears_nobody():
    for members in (Members(), Members(client="c"), Members(adviser="a")):
        for state in VisitState:
            assert routes(members, Rights(state)) == []


def test_routes_name_members_only_and_never_a_loop():
    for state, mode, step, blurred in itertools.product(
        VisitState, Mode, [None, *CheckKind], [False, True]
    ):
        for route in routes(ALL, Rights(state, mode=mode, step=step, blurred=blurred)):
            assert route.source != route.target
            assert {route.source, route.target} <= {"c", "a", "x"}
