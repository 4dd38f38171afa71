"""Role × action × relation: every cell is written down here, and what is not is refused."""

import itertools

import pytest

from appliance.advisers.models import Role
from appliance.advisers.rights import TABLE, Action, Member, Relation, Staff, ever

OWN, OPEN, TEAM = "own", "open", "team"
ALLOWED = {
    Role.ADVISER: {
        "be_here": {OWN},
        "see": {OWN, OPEN},
        "help": {OWN, OPEN},
        "serve": {OWN, OPEN},
        "book": {OWN, OPEN},
        "password": {OWN, OPEN},
        "hand_over": {OWN, OPEN},
    },
    Role.FRONT_DESK: {
        "be_here": {OWN},
        "see": {OWN, OPEN, TEAM},
        "help": {OWN, OPEN, TEAM},
        "book": {OWN, OPEN, TEAM},
        "password": {OWN, OPEN, TEAM},
        "hand_over": {OWN, OPEN, TEAM},
    },
    Role.TEAM_LEAD: {
        "be_here": {OWN},
        "see": {OWN, OPEN, TEAM},
        "help": {OWN, OPEN, TEAM},
        "serve": {OWN, OPEN, TEAM},
        "book": {OWN, OPEN, TEAM},
        "password": {OWN, OPEN, TEAM},
        "hand_over": {OWN, OPEN, TEAM},
    },
    Role.ADMINISTRATOR: {
        "be_here": {OWN},
        "see": {OWN, OPEN},
        "help": {OWN, OPEN},
        "serve": {OWN, OPEN},
        "book": {OWN, OPEN},
        "password": {OWN, OPEN},
        "hand_over": {OWN, OPEN},
        "administer": {OWN},
    },
}


@pytest.mark.parametrize("role", Role)
def test_it_works(role):
    for action, relation in itertools.product(Action, Relation):
        allowed = relation.value in ALLOWED[role].get(action.value, set())
        assert (relation in TABLE[role].get(action, ())) is allowed, (action, relation)


@pytest.mark.parametrize("role", Role)
def test_nobody_is_let_near_another_teams_clients(role):
    assert all(Relation.OTHER not in relations for relations in TABLE[role].values())


HOUSING, CARE = "team-housing", "team-care"


@pytest.fixture
def staff():
    housing = frozenset({HOUSING})
    return Staff(
        [
            Member("ayse", "Ayşe", Role.ADVISER, housing),
            Member("bernd", "Bernd", Role.ADVISER, housing),
            Member("clara", "Clara", Role.ADVISER, frozenset({CARE})),
            Member("both", "Dora", Role.ADVISER, frozenset({HOUSING, CARE})),
            Member("desk", "Emil", Role.FRONT_DESK, housing),
            Member("lead", "Frida", Role.TEAM_LEAD, housing),
            Member("wide", "Gerd", Role.TEAM_LEAD, housing, all_teams=True),
            Member("alone", "Hanna", Role.ADVISER),
        ]
    )


@pytest.mark.parametrize(
    ("viewer", "adviser", "team", "relation"),
    [
        ("ayse", "ayse", HOUSING, Relation.OWN),
        ("ayse", "ayse", CARE, Relation.OWN),
        ("ayse", "bernd", HOUSING, Relation.TEAM),
        ("ayse", "bernd", None, Relation.TEAM),
        ("ayse", None, HOUSING, Relation.OPEN),
        ("ayse", None, None, Relation.OPEN),
        ("ayse", None, CARE, Relation.OTHER),
        ("ayse", "clara", CARE, Relation.OTHER),
        ("ayse", "clara", None, Relation.OTHER),
        ("ayse", "gone", HOUSING, Relation.OPEN),
        ("ayse", "gone", CARE, Relation.OTHER),
        ("ayse", "gone", None, Relation.OPEN),
        ("ayse", "alone", None, Relation.OTHER),
        ("alone", "ayse", None, Relation.OTHER),
        # Who is in two teams shares each of them only with that team.
        ("lead", "both", HOUSING, Relation.TEAM),
        ("lead", "both", CARE, Relation.OTHER),
        ("wide", "clara", CARE, Relation.TEAM),
        ("wide", None, CARE, Relation.OPEN),
    ],
)
def test_how_a_client_stands_to_somebody(staff, viewer, adviser, team, relation):
    assert staff.relation(staff.member(viewer), adviser, team) is relation


def test_whoever_has_no_account_may_nothing(staff):
    for action in Action:
        assert not staff.may("gone", action, "gone", None)
        assert not staff.may("", action, None, None)


def test_an_agency_without_teams_is_one_team():
    staff = Staff([Member("a", "A", Role.ADVISER), Member("b", "B", Role.TEAM_LEAD)])
    assert staff.may("b", Action.SERVE, "a", None)
    assert not staff.may("a", Action.SEE, "b", None)


def test_for_whom_one_may_book(staff):
    def places(viewer):
        return [(one.adviser_id, team) for one, team in staff.places(viewer, Action.BOOK)]

    assert places("ayse") == [("ayse", HOUSING)]
    assert places("both") == [("both", CARE), ("both", HOUSING)]
    assert places("alone") == [("alone", None)]
    assert set(places("desk")) == {
        ("ayse", HOUSING), ("bernd", HOUSING), ("both", HOUSING), ("lead", HOUSING),
        ("wide", HOUSING),
    }  # fmt: skip
    assert places("lead")[0] == ("lead", HOUSING)
    assert ("clara", CARE) in places("wide")


def test_who_may_take_a_client_over(staff):
    def names(viewer, team):
        return {one.adviser_id for one in staff.successors(viewer, team)}

    assert names("ayse", HOUSING) == {"ayse", "bernd", "both", "lead", "wide"}
    assert names("ayse", None) == {"ayse", "bernd", "both", "lead", "wide"}
    assert names("clara", CARE) == {"clara", "both", "wide"}
    assert names("gone", CARE) == set()


def test_the_front_desk_never_serves():
    assert not ever(Role.FRONT_DESK, Action.SERVE)
    assert [role for role in Role if ever(role, Action.ADMINISTER)] == [Role.ADMINISTRATOR]
