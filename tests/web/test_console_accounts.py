"""The administrator's page of accounts: adding, rights, locking, resetting, logins, teams."""

import re

import pyotp
import pytest

from appliance.advisers.models import Role
from tests.builders.bookings import PASSWORD
from tests.web.conftest import text_of

ACCOUNTS = "/console/accounts"


@pytest.fixture
async def chef(web):
    return await web.adviser("chef", Role.ADMINISTRATOR)


def found(html, element_id):
    return re.search(rf'id="{element_id}"[^>]*>([^<]+)<', html).group(1)


async def log_in(web, login, password, code):
    form = {"login": login, "password": password, "code": code}
    return await web.browser().post("/console/login", form=form)


async def add(chef, **fields):
    form = {"login": "yilmaz", "name": "Ayşe Yılmaz", "role": "front_desk"} | fields
    return await chef.post(f"{ACCOUNTS}/new", form=form)


async def test_it_works(web, chef):
    """Added, shown once, and the new colleague logs in with what the page has shown."""
    answer = await add(chef)
    assert answer.status_code == 200
    html = await answer.get_data(as_text=True)
    code = pyotp.TOTP(found(html, "totp-key")).at(web.clock())
    entered = await log_in(web, "yilmaz", found(html, "first-password"), code)
    assert (entered.status_code, entered.location) == (303, "/console")
    made = await web.parts.advisers.find("yilmaz")
    assert made.role is Role.FRONT_DESK
    listed = await text_of(await chef.get(ACCOUNTS))
    assert "Ayşe Yılmaz · yilmaz" in listed
    assert "Empfang" in listed
    page = await (await chef.get(f"{ACCOUNTS}/{made.id}")).get_data(as_text=True)
    assert found(html, "first-password") not in page
    assert found(html, "totp-key") not in page


async def test_mistakes_are_said_and_nothing_is_lost(web, chef):
    answer = await add(chef, login="Chef", name="Berta")
    assert answer.status_code == 409
    assert "Diesen Anmeldenamen gibt es schon." in await text_of(answer)
    assert 'value="Berta"' in await answer.get_data(as_text=True)
    assert (await add(chef, role="emperor")).status_code == 400


async def test_teams_and_rights(web, chef):
    await chef.post("/console/teams/new", form={"team_name": "Wohngeld"})
    again = await chef.post("/console/teams/new", form={"team_name": "wohngeld"})
    assert again.status_code == 409
    [team] = await web.parts.advisers.teams()
    await chef.post(f"/console/teams/{team.id}/rename", form={"team_name": "Wohngeld Nord"})
    made = await web.parts.advisers.add("yilmaz", "Ayşe Yılmaz", PASSWORD)
    rights = {"role": "team_lead", "team_ids": team.id, "all_teams": "yes"}
    answer = await chef.post(f"{ACCOUNTS}/{made.adviser.id}/rights", form=rights)
    assert answer.status_code == 303
    member = (await web.parts.advisers.staff()).member(made.adviser.id)
    assert (member.role, member.teams, member.all_teams) == (Role.TEAM_LEAD, {team.id}, True)
    words = await text_of(await chef.get(ACCOUNTS))
    assert "Teamleitung · Wohngeld Nord · sieht alle Teams" in words


async def test_locked_and_open_again(web, chef):
    colleague = await web.adviser("yilmaz")
    base = f"{ACCOUNTS}/{colleague.adviser_id}"
    await chef.post(f"{base}/close")
    assert (await colleague.get("/console")).status_code == 303
    assert "Gesperrt" in await text_of(await chef.get(base))
    await chef.post(f"{base}/reopen")
    assert "Offen" in await text_of(await chef.get(base))


async def test_the_last_administrator_stays(web, chef):
    answer = await chef.post(f"{ACCOUNTS}/{chef.adviser_id}/close")
    assert answer.status_code == 409
    assert "Jemand muss die Verwaltung behalten." in await text_of(answer)
    assert (await chef.get(ACCOUNTS)).status_code == 200


async def test_a_new_password(web, chef):
    colleague = await web.adviser("yilmaz")
    answer = await chef.post(f"{ACCOUNTS}/{colleague.adviser_id}/password")
    password = found(await answer.get_data(as_text=True), "first-password")
    assert (await colleague.get("/console")).status_code == 303, "logged out everywhere"
    row = await web.parts.advisers.get(colleague.adviser_id)
    web.clock.forward(minutes=1)
    code = pyotp.TOTP(row.totp_secret).at(web.clock())
    assert (await log_in(web, "yilmaz", password, code)).status_code == 303
    assert (await log_in(web, "yilmaz", PASSWORD, code)).status_code == 401


async def test_a_new_second_factor(web, chef):
    colleague = await web.adviser("yilmaz")
    answer = await chef.post(f"{ACCOUNTS}/{colleague.adviser_id}/second-factor")
    html = await answer.get_data(as_text=True)
    assert 'id="first-password"' not in html
    code = pyotp.TOTP(found(html, "totp-key")).at(web.clock())
    assert (await log_in(web, "yilmaz", PASSWORD, code)).status_code == 303
    recovery = re.search(r'<li class="code">([^<]+)<', html).group(1)
    assert (await log_in(web, "yilmaz", PASSWORD, recovery)).status_code == 303


async def test_the_list_of_logins(web, chef):
    colleague = await web.adviser("yilmaz")
    base = f"{ACCOUNTS}/{colleague.adviser_id}"
    [login] = await web.parts.advisers.logins(colleague.adviser_id)
    assert f"login-{login.id}" in await (await chef.get(base)).get_data(as_text=True)
    await chef.post(f"{base}/logins/{login.id}/revoke")
    assert (await colleague.get("/console")).status_code == 303
    assert "Gerade nirgends angemeldet." in await text_of(await chef.get(base))


async def test_an_account_that_does_not_exist(web, chef):
    assert (await chef.get(f"{ACCOUNTS}/nonesuch")).status_code == 404
    for deed in ("close", "reopen", "password", "second-factor", "logins/revoke"):
        answer = await chef.post(f"{ACCOUNTS}/nonesuch/{deed}")
        assert answer.status_code in (303, 404), deed
    answer = await chef.post(f"{ACCOUNTS}/nonesuch/rights", form={"role": "adviser"})
    assert answer.status_code == 404


async def test_ones_own_password(web):
    adviser = await web.adviser()
    wrong = {"password": "falsch-geraten", "new_password": "drei rote Fahrräder"}
    answer = await adviser.post("/console/password", form=wrong)
    assert answer.status_code == 422
    assert "Das bisherige Passwort stimmt nicht." in await text_of(answer)
    weak = await adviser.post(
        "/console/password", form=wrong | {"password": PASSWORD, "new_password": "kurz"}
    )
    assert "Bitte wählen Sie ein anderes Passwort" in await text_of(weak)
    right = wrong | {"password": PASSWORD}
    assert (await adviser.post("/console/password", form=right)).status_code == 303
    assert (await adviser.get("/console")).status_code == 303, "everybody logs in anew"
    row = await web.parts.advisers.find("yilmaz")
    web.clock.forward(minutes=1)
    code = pyotp.TOTP(row.totp_secret).at(web.clock())
    assert (await log_in(web, "yilmaz", "drei rote Fahrräder", code)).status_code == 303


async def test_the_front_desk_books_for_a_colleague(web):
    """A choice must be made; another team's adviser is not among them, whatever is sent."""
    teams = [await web.parts.advisers.add_team(name, "test") for name in ("Wohngeld", "Pflege")]
    ids = {}
    for login, team in zip(("berger", "fremd"), teams, strict=True):
        made = await web.parts.advisers.add(login, login.title(), PASSWORD, team_ids=[team.id])
        ids[login] = f"{made.adviser.id}.{team.id}"
    desk = await web.adviser("empfang", Role.FRONT_DESK)
    await web.parts.advisers.set_teams(desk.adviser_id, [teams[0].id], "test")
    html = await (await desk.get("/console/appointments/new")).get_data(as_text=True)
    assert ids["berger"] in html
    assert ids["fremd"] not in html
    form = {
        "starts_on": "2026-11-24", "starts_at_time": "10:15", "duration_min": "30",
        "client_name": "Erika Mustermann", "language": "de",
    }  # fmt: skip
    for value in ("", ids["fremd"], "nonesuch."):
        answer = await desk.post("/console/appointments/new", form=form | {"for_whom": value})
        assert answer.status_code == 422
        assert "Bitte wählen Sie, wer das Gespräch führt." in await text_of(answer)
    answer = await desk.post("/console/appointments/new", form=form | {"for_whom": ids["berger"]})
    assert answer.status_code == 303
    booked = await web.parts.appointments.get(answer.location.rpartition("/")[2].partition("?")[0])
    assert f"{booked.adviser_id}.{booked.team_id}" == ids["berger"]
    assert (await desk.get(answer.location)).status_code == 200
