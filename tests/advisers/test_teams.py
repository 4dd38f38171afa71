import pytest

from appliance.advisers.errors import (
    AdviserUnknown,
    LastAdministrator,
    TeamNameEmpty,
    TeamNameTaken,
    TeamUnknown,
)
from appliance.advisers.models import Role
from appliance.advisers.rights import Action


async def test_it_works(house):
    team = await house.advisers.add_team("  Wohngeld  Nord ", "administrator")
    assert team.name == "Wohngeld Nord"
    yilmaz = (await house.add_adviser("yilmaz")).adviser
    lead = (await house.add_adviser("lead", Role.TEAM_LEAD)).adviser
    await house.advisers.set_teams(yilmaz.id, [team.id], "administrator")
    await house.advisers.set_teams(lead.id, [team.id], "administrator")
    staff = await house.advisers.staff()
    assert staff.may(lead.id, Action.SERVE, yilmaz.id, team.id)
    await house.advisers.set_teams(lead.id, [], "administrator")
    staff = await house.advisers.staff()
    assert not staff.may(lead.id, Action.SEE, yilmaz.id, team.id)
    await house.advisers.set_teams(lead.id, [], "administrator", all_teams=True)
    assert (await house.advisers.staff()).may(lead.id, Action.SEE, yilmaz.id, team.id)


async def test_a_new_account_may_be_put_into_a_team_at_once(house):
    team = await house.advisers.add_team("Wohngeld", "administrator")
    made = await house.advisers.add(
        "yilmaz", "Ayşe", "ein-Vogel-im-Garten", team_ids=[team.id, team.id]
    )
    assert await house.advisers.members() == {made.adviser.id: {team.id}}


async def test_names_of_teams(house):
    team = await house.advisers.add_team("Wohngeld", "administrator")
    with pytest.raises(TeamNameTaken):
        await house.advisers.add_team("WOHNGELD", "administrator")
    with pytest.raises(TeamNameEmpty):
        await house.advisers.rename_team(team.id, "  ", "administrator")
    with pytest.raises(TeamUnknown):
        await house.advisers.rename_team("nonesuch", "Bafög", "administrator")
    await house.advisers.rename_team(team.id, "wohngeld", "administrator")
    assert [one.name for one in await house.advisers.teams()] == ["wohngeld"]


async def test_teams_and_accounts_that_do_not_exist(house):
    new = await house.add_adviser()
    with pytest.raises(TeamUnknown):
        await house.advisers.set_teams(new.adviser.id, ["nonesuch"], "administrator")
    with pytest.raises(AdviserUnknown):
        await house.advisers.set_teams("nonesuch", [], "administrator")


async def test_another_role_ends_the_logins(house):
    new = await house.add_adviser()
    secret = await house.log_in(new)
    await house.advisers.set_role(new.adviser.id, Role.ADVISER, "administrator")
    assert await house.advisers.by_login(secret) is not None, "nothing has changed"
    await house.advisers.set_role(new.adviser.id, Role.TEAM_LEAD, "administrator")
    assert await house.advisers.by_login(secret) is None


async def test_somebody_keeps_the_accounts(house):
    first = (await house.add_adviser("first", Role.ADMINISTRATOR)).adviser
    with pytest.raises(LastAdministrator):
        await house.advisers.set_role(first.id, Role.ADVISER, first.id)
    with pytest.raises(LastAdministrator):
        await house.advisers.close_account(first.id, first.id)
    second = (await house.add_adviser("second", Role.ADMINISTRATOR)).adviser
    await house.advisers.close_account(first.id, second.id)
    with pytest.raises(LastAdministrator):
        await house.advisers.close_account(second.id, second.id)
    await house.advisers.reopen_account(first.id, second.id)
    await house.advisers.set_role(second.id, Role.ADVISER, first.id)
