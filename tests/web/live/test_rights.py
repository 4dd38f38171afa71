"""Role × command × owner at the desk: what is shown, and what is followed, whatever id is sent."""

from dataclasses import replace

import pytest

from appliance.advisers.models import Role
from appliance.advisers.rights import Relation
from appliance.visits.models import Entry
from appliance.visits.service import Arrival
from appliance.visits.states import VisitState
from tests.advisers.test_rights import ALLOWED

COMMANDS = {
    "tell_busy": "help",
    "write_help": "help",
    "settle_help": "help",
    "hand_over_to": "hand_over",
    "admit": "serve",
}


class House:
    """Two teams; a viewer in the first, and an owner of each relation to them."""

    def __init__(self, stage):
        self.stage = stage

    async def open(self, role):
        advisers = self.stage.parts.advisers
        self.team, self.other_team = [
            (await advisers.add_team(name, "test")).id for name in ("Wohngeld", "Pflege")
        ]
        add = self.stage.add_adviser
        self.viewer = await add("viewer", "Vera", role, self.team)
        self.colleague = await add("colleague", "Bernd Berger", Role.ADVISER, self.team)
        self.stranger = await add("stranger", "Fremd", Role.ADVISER, self.other_team)
        self.desk = await self.stage.desk_window(self.viewer)

    async def waiting(self, relation):
        """A client of that relation to the viewer, in the waiting room."""
        stage = self.stage
        owner = {
            Relation.OWN: self.viewer,
            Relation.OPEN: self.colleague,
            Relation.TEAM: self.colleague,
            Relation.OTHER: self.stranger,
        }[relation]
        appointment = await stage.book(owner)
        arrival = Arrival(
            entry=Entry.LINK,
            language="de",
            appointment_id=appointment.id,
            adviser_id=owner.id,
            team_id=self.other_team if relation is Relation.OTHER else self.team,
            slot_starts_at=appointment.starts_at,
            slot_ends_at=appointment.ends_at,
        )
        if relation is Relation.OPEN:
            arrival = replace(arrival, adviser_id=None)
        visit = await stage.parts.visits.arrive(arrival)
        window = await stage.client_window(visit)
        await stage.walk(window, visit, VisitState.WAITING)
        return await stage.parts.visits.get(visit.id)

    def fields(self, command, visit):
        more = {
            "admit": {"revision": visit.revision},
            "write_help": {"line_id": f"line-{visit.id}", "text": "Guten Tag"},
            "settle_help": {"called": True},
            "hand_over_to": {"adviser_id": self.colleague.id},
        }
        return {"visit_id": visit.id, **more.get(command, {})}


@pytest.fixture
def house(stage):
    return House(stage)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("relation", Relation)
async def test_it_works(house, role, relation):
    """The row of the snapshot and every command that names a visit."""
    await house.open(role)
    await house.stage.add_adviser("second", "Cem Celik", Role.ADVISER, house.team)
    visit = await house.waiting(relation)
    rows = {row.visit_id: row for row in house.desk.desk.waiting}

    def allowed(action):
        return relation.value in ALLOWED[role].get(action, set())

    assert (visit.id in rows) is allowed("see")
    if visit.id in rows:
        assert rows[visit.id].may_admit is allowed("serve")
        assert bool(rows[visit.id].colleagues) is allowed("hand_over")
    for command, action in COMMANDS.items():
        visit = await house.waiting(relation)
        before = len(house.desk.problems)
        await house.desk.say(command, **house.fields(command, visit))
        refused = house.desk.problems[before:]
        assert (refused == []) is allowed(action), (command, refused)
        if refused:
            assert refused in (["visit_unknown"], ["conflict"]), "as if it did not exist"


async def test_a_colleagues_client_has_the_colleagues_name(house):
    await house.open(Role.TEAM_LEAD)
    visit = await house.waiting(Relation.TEAM)
    [row] = house.desk.desk.waiting
    assert (row.visit_id, row.adviser_name) == (visit.id, "Bernd Berger")
    assert {one.adviser_id for one in row.colleagues} == {house.viewer.id}


async def test_the_days_list(house):
    """One's own for an adviser, the team's for the front desk."""
    for role, names in ((Role.ADVISER, []), (Role.FRONT_DESK, ["Bernd Berger"])):
        if role is Role.ADVISER:
            await house.open(role)
            await house.stage.book(house.colleague)
            await house.stage.book(house.stranger)
        else:
            await house.stage.parts.advisers.set_role(house.viewer.id, role, "test")
            await house.stage.live.settle()
        shown = [row.adviser_name for row in house.desk.desk.today]
        assert shown == names, role


async def test_out_of_the_team_and_out_of_sight(house):
    """A change of teams is on the desk at once."""
    await house.open(Role.TEAM_LEAD)
    visit = await house.waiting(Relation.TEAM)
    assert [row.visit_id for row in house.desk.desk.waiting] == [visit.id]
    await house.stage.parts.advisers.set_teams(house.viewer.id, [], "test")
    await house.stage.parts.database.published()
    await house.stage.live.settle()
    assert house.desk.desk.waiting == []
    await house.desk.say("tell_busy", visit_id=visit.id)
    assert house.desk.problems == ["visit_unknown"]


async def test_handed_over_with_the_place_kept(house):
    """Off one desk, on the other's, waiting since the same moment; the client stays where it is."""
    await house.open(Role.ADVISER)
    visit = await house.waiting(Relation.OWN)
    house.stage.clock.forward(minutes=4)
    other = await house.stage.desk_window(house.colleague)
    assert other.desk.waiting == []
    [row] = house.desk.desk.waiting
    [colleague] = row.colleagues
    assert (colleague.name, colleague.online) == ("Bernd Berger", True)
    await house.desk.say("hand_over_to", visit_id=visit.id, adviser_id=colleague.adviser_id)
    assert house.desk.problems == []
    assert house.desk.desk.waiting == []
    [taken] = other.desk.waiting
    assert (taken.visit_id, taken.waiting_since) == (visit.id, visit.waiting_since)
    await other.say("admit", visit_id=taken.visit_id, revision=taken.revision)
    assert other.problems == []


async def test_not_to_another_team_and_not_before_the_waiting_room(house):
    await house.open(Role.ADVISER)
    visit = await house.waiting(Relation.OWN)
    await house.desk.say("hand_over_to", visit_id=visit.id, adviser_id=house.stranger.id)
    appointment = await house.stage.book(house.viewer)
    early = await house.stage.arrive(appointment)
    await house.desk.say("hand_over_to", visit_id=early.id, adviser_id=house.colleague.id)
    assert house.desk.problems == ["not_allowed_now", "not_allowed_now"]
    assert (await house.stage.parts.visits.get(visit.id)).adviser_id == house.viewer.id
