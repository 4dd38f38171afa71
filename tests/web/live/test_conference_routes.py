"""Routes of a conference: sound always, pictures where they are shown, nothing without staff."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from appliance.conferences.states import ConferenceMode
from appliance.web.live.conference_routes import Sitting, conference_routes, slot_of
from appliance.web.live.routes import Sends

VIDEO, AUDIO = ConferenceMode.VIDEO, ConferenceMode.AUDIO


def people(count: int) -> list[Sitting]:
    return [
        Sitting(member_id=f"m{place}", place=place, staff=place == 0, peer=f"p{place}")
        for place in range(count)
    ]


def words(sitting, mode=VIDEO) -> set[str]:
    return {
        f"{route.source}>{route.target} {route.kind} {route.slot}"
        for route in conference_routes(sitting, mode)
    }


def test_it_works():
    assert words(people(2)) == {
        "p0>p1 microphone 0",
        "p0>p1 camera 0",
        "p1>p0 microphone 0",
        "p1>p0 camera 0",
    }
    assert len(words(people(6))) == 6 * 5 * 2


def test_sound_only_has_no_pictures():
    assert not [word for word in words(people(6), AUDIO) if "camera" in word]


def test_only_pictures_that_are_shown_are_forwarded():
    zero, one, two = people(3)
    found = words([replace(zero, views=frozenset({"m2"})), replace(one, views=frozenset()), two])
    cameras = {word for word in found if "camera" in word}
    assert cameras == {"p2>p0 camera 1", "p0>p2 camera 0", "p1>p2 camera 1"}
    assert len(found - cameras) == 6


def test_a_mute_ends_the_sound_whoever_said_it():
    zero, one = people(2)
    by_host = words([zero, replace(one, muted=True)])
    by_page = words([zero, replace(one, sends=Sends(microphone=False, camera=True))])
    assert by_host == by_page == {"p0>p1 microphone 0", "p0>p1 camera 0", "p1>p0 camera 0"}


def test_guests_are_not_among_themselves():
    assert conference_routes(people(4)[1:], VIDEO) == []


def test_who_has_no_connection_is_not_named():
    zero, one, two = people(3)
    assert {word[:5] for word in words([zero, replace(one, peer=None), two])} == {"p0>p2", "p2>p0"}


@given(places=st.sets(st.integers(0, 5), min_size=2, max_size=6))
def test_every_page_has_one_slot_for_each_other(places):
    sitting = [one for one in people(6) if one.place in places]
    for target in sitting:
        slots = [slot_of(source, target) for source in sitting if source is not target]
        assert len(set(slots)) == len(slots)
        assert set(slots) <= set(range(5))


def test_a_slot_stays_while_others_come_and_go():
    everybody = people(6)
    for source, target in combinations(everybody, 2):
        assert slot_of(source, target) == source.place
        assert slot_of(target, source) == target.place - 1
