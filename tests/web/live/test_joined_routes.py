"""Who hears and sees whom beside client and adviser: the whole table, without anything else."""

from dataclasses import replace

import pytest

from appliance.device_check.records import CheckKind
from appliance.visits.states import IdentityStatus, Mode, VisitState
from appliance.web.live.conference_routes import Sitting
from appliance.web.live.joined_routes import joined_routes
from appliance.web.live.routes import Members, Rights, Sends, routes

MEMBERS = Members(client="client", adviser="adviser")
RIGHTS = Rights(VisitState.IN_SESSION, identity=IdentityStatus.CONFIRMED)
WEBER = Sitting("weber", 2, staff=True, peer="weber")
GUEST = Sitting("guest", 3, staff=False, peer="guest")


def words(members=MEMBERS, rights=RIGHTS, others=(WEBER, GUEST)) -> set[str]:
    """Such as ``client>weber camera 0``, beside what the two have of each other."""
    two = routes(members, rights)
    found = joined_routes(members, rights, others)
    assert [one for one in found if one in two] == two
    return {f"{o.source}>{o.target} {o.kind} {o.slot}" for o in found if o not in two}


def pairs(found: set[str], kind: str) -> set[str]:
    return {one.split()[0] for one in found if one.split()[1] == kind}


ALL = {
    "client>weber", "client>guest", "adviser>weber", "adviser>guest", "weber>client",
    "weber>adviser", "weber>guest", "guest>client", "guest>adviser", "guest>weber",
}  # fmt: skip


def test_everybody_hears_and_sees_everybody():
    found = words()
    assert pairs(found, "microphone") == pairs(found, "camera") == ALL
    slots = {one.rsplit(" ", 1)[0]: one.rsplit(" ", 1)[1] for one in found}
    assert [slots[f"{one}>guest camera"] for one in ("client", "adviser", "weber")] == list("012")
    assert [slots[f"{one}>client camera"] for one in ("weber", "guest")] == ["1", "2"]


def test_the_advisers_screen_is_seen_by_all_and_nobody_elses():
    assert pairs(words(), "screen") == {"adviser>weber", "adviser>guest"}
    unsent = replace(RIGHTS, adviser_sends=Sends(screen=False))
    assert pairs(words(rights=unsent), "screen") == set()
    assert pairs(words(rights=replace(RIGHTS, mode=Mode.AUDIO)), "screen") == set()
    unwatched = replace(GUEST, views=frozenset())  # small pictures are not asked for; a screen is
    assert "adviser>guest" in pairs(words(others=[unwatched]), "screen")


def test_alone_the_two_are_as_ever():
    assert joined_routes(MEMBERS, RIGHTS, []) == routes(MEMBERS, RIGHTS)


@pytest.mark.parametrize(
    "rights",
    [
        replace(RIGHTS, identity=IdentityStatus.MATCHED),
        replace(RIGHTS, state=VisitState.ADMITTED),
        replace(RIGHTS, state=VisitState.WAITING),
        replace(RIGHTS, mode=Mode.TEXT),
    ],
)
def test_nothing_goes_to_or_from_others(rights):
    assert words(rights=rights) == set()


def test_the_clients_choices_hold_towards_all():
    unseen = pairs(words(rights=replace(RIGHTS, seen_by_adviser=False)), "camera")
    assert {one for one in ALL if one.startswith("client>")} == ALL - unseen
    blind = pairs(words(rights=replace(RIGHTS, sees_adviser=False)), "camera")
    assert {one for one in ALL if one.endswith(">client")} == ALL - blind
    sound = words(rights=replace(RIGHTS, mode=Mode.AUDIO))
    assert (pairs(sound, "camera"), pairs(sound, "microphone")) == (set(), ALL)


def test_a_hidden_room_is_shown_by_the_analyser_alone():
    hidden = replace(RIGHTS, blurred=True, step=CheckKind.BACKGROUND)
    assert "client>weber" not in pairs(words(rights=hidden), "camera")
    found = pairs(words(replace(MEMBERS, analyser="analyser"), hidden), "camera")
    assert {"analyser>weber", "analyser>guest"} <= found
    assert not {one for one in found if one.startswith("client>")}


def test_what_is_muted_or_not_in_sight_is_not_sent():
    weber = replace(WEBER, sends=Sends(microphone=False), views=frozenset({"client"}))
    found = words(others=(weber, replace(GUEST, muted=True)))
    assert not {one for one in pairs(found, "microphone") if one.startswith(("weber", "guest"))}
    assert {one for one in pairs(found, "camera") if one.endswith(">weber")} == {"client>weber"}


def test_guests_are_alone_with_nobody():
    nobody = Members(client="client")
    assert words(nobody, others=[GUEST]) == set()
    assert "guest>client" in pairs(words(nobody), "microphone")  # a colleague is there
