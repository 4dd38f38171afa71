"""Every route says whom it is for and what its failures cost; roles are kept apart."""

import pytest
from quart import Blueprint
from quart.testing.connections import WebsocketResponseError

from appliance.advisers.models import Role
from appliance.app import BLUEPRINTS
from appliance.web.access import Who, declared
from appliance.web.limits import FIGURES

UNSAFE_FOR_ALL = {
    "client_pages.forget",
    "console_login.log_in",
    "console_login.unlock",
    "hand_over.take",
    "health.browser_reports",
    "join.open_number",
    "kiosk.enter",
    "kiosk.forget",  # takes this browser's own cookies, and ends what is open at this kiosk
    "kiosk.register",
    "kiosk.watch",
    "links.alternative",
    "links.look",
    "links.open_link",
    "links.picture",
    "rooms.knock",
    "rooms.look",
    "own_appointment.call",
    "own_appointment.cancel",
    "own_appointment.lost",
    "own_appointment.move",
    "requests.again",
    "requests.confirm",
    "requests.look",
    "requests.pick",
    "requests.withdraw",
    "set_up.enter",
    "topics.ask",
    "topics.enter",
}

DOORS = ("/console/login", "/console/unlock", "/console/login/oidc", "/console/login/oidc/back")


def rules(web):
    return [
        (rule, declared(web.app.view_functions[rule.endpoint]))
        for rule in web.app.url_map.iter_rules()
    ]


async def test_it_works(web):
    undeclared = [rule.rule for rule, said in rules(web) if said is None]
    assert undeclared == []
    assert len(rules(web)) > 25


async def test_each_budget_has_figures(web):
    assert {said.budget for _, said in rules(web)} <= set(FIGURES)


async def test_what_anybody_may_change_is_listed_here(web):
    found = {
        rule.endpoint
        for rule, said in rules(web)
        if said.who is Who.ANYONE
        and (rule.methods or set()) - {"GET", "HEAD"}
        and not rule.websocket
    }
    assert found == UNSAFE_FOR_ALL


async def test_everything_of_the_console_but_the_login_needs_one(web):
    for rule, said in rules(web):
        if rule.rule.startswith("/console") and rule.rule not in DOORS:
            assert said.who in (Who.ADVISER, Who.ADMINISTRATOR), rule.rule


async def test_a_route_that_says_nothing_is_refused(web):
    web.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = await web.browser().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in await answer.get_data(as_text=True)


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda blueprint: blueprint.name)
async def test_each_blueprint_is_registered(web, blueprint: Blueprint):
    assert web.app.blueprints[blueprint.name] is blueprint


async def test_nobody_without_a_login_gets_into_the_console(web):
    for rule, said in rules(web):
        if said.who not in (Who.ADVISER, Who.ADMINISTRATOR) or rule.websocket:
            continue
        path = rule.rule.replace("<appointment_id>", "a").replace("<login_id>", "a")
        path = path.replace("<message_id>", "a").replace("<conference_id>", "a")
        path = path.replace("<message_id>", "a").replace("<team_id>", "a")
        path = path.replace("<adviser_id>", "a").replace("<key_id>", "a")
        method = "GET" if "GET" in rule.methods else "POST"
        browser = web.browser()
        answer = await (browser.get(path) if method == "GET" else browser.post(path))
        if method == "GET":
            assert (answer.status_code, answer.location) == (303, "/console/login"), path
        else:
            assert answer.status_code == 401, path


async def test_a_made_up_cookie_is_nobody(web):
    browser = web.browser()
    browser.cookies = {"__Host-login": "x" * 43, "__Host-visit": "x" * 43}
    assert (await browser.get("/console")).status_code == 303
    assert (await browser.get("/visit")).status_code == 401


async def test_an_adviser_is_no_administrator(web):
    adviser = await web.adviser()
    answer = await adviser.get("/console/mail", Accept="application/json")
    assert answer.status_code == 403
    assert (await answer.get_json())["code"] == "for_administrators"


async def test_an_administrator_reads_what_was_not_sent(web):
    administrator = await web.adviser("chef", Role.ADMINISTRATOR)
    await web.booked(administrator.adviser_id, client_email="erika@example.org")
    answer = await administrator.get("/console/mail")
    assert answer.status_code == 200
    assert "erika@example.org" in await answer.get_data(as_text=True)


async def test_a_colleagues_appointment_is_unknown(web):
    mine = await web.adviser("yilmaz")
    other = await web.adviser("schmidt")
    appointment = await web.booked(other.adviser_id)
    paths = [
        rule.rule.replace("<appointment_id>", appointment.id)
        for rule, _ in rules(web)
        if "<appointment_id>" in rule.rule and rule.rule.startswith("/console")
    ]
    assert len(paths) >= 10
    for path in paths:
        get = path.endswith((appointment.id, "password-sheet"))
        answer = await (mine.get(path) if get else mine.post(path))
        assert answer.status_code == 404, path
    assert (await other.get(f"/console/appointments/{appointment.id}")).status_code == 200


async def test_the_idle_lock_closes_the_desk_but_cuts_no_conversation(web, monkeypatch):
    adviser = await web.adviser()
    web.clock.forward(minutes=31)
    headers = {
        "Host": "localhost:8080",
        "Origin": "http://localhost:8080",
        "Cookie": f"__Host-login={adviser.cookies['__Host-login']}",
    }

    async def hears_a_snapshot() -> bool:
        client = web.app.test_client()
        try:
            async with client.websocket("/api/v1/console/socket", headers=headers) as socket:
                first = await socket.receive()
        except WebsocketResponseError as refused:
            if refused.response.status_code == 401:
                return False
            raise
        return '"desk"' in first

    assert not await hears_a_snapshot()

    async def talking(_adviser_id: str) -> object:
        return object()

    monkeypatch.setattr(web.parts.live.desk_commands, "session_of", talking)
    monkeypatch.setattr(web.parts.live.chat, "greet", lambda *_: None)
    assert await hears_a_snapshot()
