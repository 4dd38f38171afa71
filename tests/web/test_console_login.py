"""Logging in at the console, staying in, getting out."""

import re

import pytest

from appliance.advisers.models import Role
from appliance.advisers.second_factor import totp_now
from appliance.web.limits import FIGURES, Budget
from tests.builders.bookings import PASSWORD
from tests.web.conftest import text_of


async def account(web, login="yilmaz"):
    made = await web.parts.advisers.add(login, "Ayşe Yılmaz", PASSWORD)
    code = totp_now(made.adviser.totp_secret, web.clock())
    return {"login": login, "password": PASSWORD, "code": code}, made


async def test_it_works(web):
    form, _ = await account(web)
    browser = web.browser()
    assert (await browser.get("/console/login")).status_code == 200
    answer = await browser.post("/console/login", form=form)
    assert (answer.status_code, answer.location) == (303, "/console")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-login=")
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in cookie
    assert "Ayşe Yılmaz" in await text_of(await browser.get("/console"))


@pytest.mark.parametrize("wrong", ["login", "password", "code"])
async def test_every_refusal_is_the_same_sentence(web, wrong):
    form, _ = await account(web)
    form[wrong] = "nobody7" if wrong != "code" else "000000"
    answer = await web.browser().post("/console/login", form=form)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    html = await answer.get_data(as_text=True)
    assert "Anmeldung nicht möglich. Bitte prüfen Sie Name, Passwort und Code." in html
    assert f'value="{form["login"]}"' in html  # the name is not lost
    assert PASSWORD not in html


async def test_a_code_works_once(web):
    form, _ = await account(web)
    await web.browser().post("/console/login", form=form)
    assert (await web.browser().post("/console/login", form=form)).status_code == 401


async def test_a_recovery_code_works_once(web):
    form, made = await account(web)
    form["code"] = made.recovery_codes[0]
    assert (await web.browser().post("/console/login", form=form)).status_code == 303
    assert (await web.browser().post("/console/login", form=form)).status_code == 401


async def test_each_login_gets_a_new_secret(web):
    form, _ = await account(web)
    browser = web.browser()
    browser.cookies["__Host-login"] = fixed = "attackers-choice-of-a-secret-0123456789abc"
    await browser.post("/console/login", form=form)
    assert browser.cookies["__Host-login"] != fixed


async def test_who_is_logged_in_goes_to_the_desk(web):
    browser = await web.adviser()
    assert (await browser.get("/console/login")).location == "/console"


async def test_logging_out_ends_the_login_on_the_server(web):
    browser = await web.adviser()
    stolen = dict(browser.cookies)
    answer = await browser.post("/console/logout")
    assert (answer.status_code, answer.location) == (303, "/console/login")
    assert browser.cookies == {}
    assert "Clear-Site-Data" in answer.headers
    thief = web.browser()
    thief.cookies = stolen
    assert (await thief.get("/console")).status_code == 303


async def test_idle_locks_and_the_password_opens(web):
    browser = await web.adviser()
    web.clock.forward(minutes=31)
    assert (await browser.get("/console")).location == "/console/login"
    page = await (await browser.get("/console/login")).get_data(as_text=True)
    assert "/console/unlock" in page
    answer = await browser.post("/console/unlock", form={"password": "falsch"})
    assert answer.status_code == 401
    answer = await browser.post("/console/unlock", form={"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/console")
    assert (await browser.get("/console")).status_code == 200


async def test_a_login_ends_after_twelve_hours(web):
    browser = await web.adviser()
    for _ in range(25):
        web.clock.forward(minutes=29)
        answer = await browser.get("/console")
    assert answer.location == "/console/login"
    answer = await browser.post("/console/unlock", form={"password": PASSWORD})
    assert answer.status_code == 401


async def test_guessing_one_account_is_stopped_from_anywhere(web):
    form, _ = await account(web)
    wrong = form | {"password": "falsch"}
    for number in range(FIGURES[Budget.LOGIN].subject):
        await web.browser(f"198.51.{number}.1").post("/console/login", form=wrong)
    answer = await web.browser("203.0.113.1").post("/console/login", form=form)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "zu viele Versuche" in await text_of(answer)


async def test_one_guesser_locks_no_colleague_out(web):
    form, _ = await account(web)
    for number in range(FIGURES[Budget.LOGIN].address):
        wrong = {"login": f"nobody{number}", "password": "x", "code": "1"}
        await web.browser("198.51.100.1").post("/console/login", form=wrong)
    assert (await web.browser("203.0.113.1").post("/console/login", form=form)).status_code == 303


async def test_a_guesser_locks_nobody_out_who_is_inside(web):
    inside = await web.adviser("schmidt")
    wrong = {"login": "schmidt", "password": "x", "code": "1"}
    for _ in range(20):
        await inside.post("/console/login", form=wrong)
    assert (await inside.get("/console")).status_code == 200


async def test_own_logins_are_shown_and_all_can_be_ended(web):
    form, made = await account(web)
    one, two = web.browser(User_Agent="Eins"), web.browser(User_Agent="Zwei")
    await one.post("/console/login", form=form)
    web.clock.forward(seconds=60)
    form["code"] = totp_now(made.adviser.totp_secret, web.clock())
    await two.post("/console/login", form=form)
    words = await text_of(await one.get("/console/logins"))
    assert "Eins" in words
    assert "Zwei" in words
    answer = await one.post("/console/logins/revoke")
    assert (answer.status_code, answer.location) == (303, "/console/login")
    assert (await one.get("/console")).status_code == 303
    assert (await two.get("/console")).status_code == 303


async def test_each_login_has_a_button_that_ends_it(web):
    form, made = await account(web)
    one, two = web.browser(User_Agent="Eins"), web.browser(User_Agent="Zwei")
    await one.post("/console/login", form=form)
    web.clock.forward(seconds=60)
    form["code"] = totp_now(made.adviser.totp_secret, web.clock())
    await two.post("/console/login", form=form)
    html = await (await one.get("/console/logins")).get_data(as_text=True)
    (entry,) = (part for part in html.split("<li")[1:] if "Zwei" in part)
    assert "Abmelden" in entry
    assert "Dieses Gerät" not in entry
    address = re.search(r'action="(/console/logins/[\w-]+/revoke)"', entry).group(1)
    answer = await one.post(address)
    assert (answer.status_code, answer.location) == (303, "/console/logins")
    assert (await two.get("/console")).status_code == 303
    words = await text_of(await one.get("/console/logins"))
    assert "Zwei" not in words
    assert "Dieses Gerät" in words


async def test_one_login_can_be_ended_but_nobody_elses(web):
    mine, other = await web.adviser("yilmaz"), await web.adviser("schmidt")
    theirs = (await web.parts.advisers.logins(other.adviser_id))[0]
    await mine.post(f"/console/logins/{theirs.id}/revoke")
    assert (await other.get("/console")).status_code == 200
    own = (await web.parts.advisers.logins(mine.adviser_id))[0]
    await mine.post(f"/console/logins/{own.id}/revoke")
    assert (await mine.get("/console")).status_code == 303


async def test_the_administrator_sees_the_way_to_the_mail(web):
    plain, chief = await web.adviser(), await web.adviser("chef", Role.ADMINISTRATOR)
    assert "/console/mail" not in await (await plain.get("/console")).get_data(as_text=True)
    assert "/console/mail" in await (await chief.get("/console")).get_data(as_text=True)
