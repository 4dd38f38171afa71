"""Who holds what × every route of the map: a secret opens its own routes and no others.

Views are replaced by one that says "inside", so that each cell is the door's answer alone. What
staff of each role may do with whose client is ``test_role_matrix``; here they are one holder.
"""

from __future__ import annotations

import functools
import re

import pytest
from quart import websocket
from quart.testing.connections import WebsocketResponseError

from appliance.advisers.models import Role
from appliance.api_keys.models import Scope
from appliance.conferences.states import ConferenceMode
from appliance.web.access import Who, declared
from appliance.web.limits import FIGURES, Figures
from tests.builders.bookings import PASSWORD

# Whose routes each one opens beside those of anybody. What is not here opens nothing.
OPENS = {
    "nobody": set(),
    "client": {Who.CLIENT, Who.CHECKER},
    "checker": {Who.CHECKER},
    "guest": {Who.GUEST},
    "kiosk": {Who.KIOSK, Who.CHECKER},
    "program": {Who.PROGRAM},
    "installer": {Who.INSTALLER},
    "administrator": {Who.ADVISER, Who.ADMINISTRATOR},
    "forger": set(),
}
COOKIES = ("visit", "check", "guest", "kiosk", "setup", "login")


async def guest(web):
    """Somebody who has knocked at a room."""
    host = (await web.parts.advisers.add("host", "Host", PASSWORD)).adviser
    room = await web.parts.conferences.start("Runde", ConferenceMode.AUDIO, host.id)
    name, secret = (await web.parts.conferences.link(room.id, host.id)).rsplit("/", 1)[1].split("#")
    browser = web.browser()
    knock = {"name": name, "secret": secret, "guest_name": "Kim", "without_microphone": True}
    assert (await browser.post("/api/v1/rooms/knock", json=knock)).status_code == 200
    return browser


async def holders(web):
    """One browser for each; whatever it holds is real, but for the forger's."""
    found = {name: web.browser() for name in OPENS}
    secret = await web.link_secret()
    await found["client"].post("/api/v1/links/open", json={"secret": secret})
    await found["checker"].get("/test")
    found["guest"] = await guest(web)
    found["administrator"] = await web.adviser("chef", Role.ADMINISTRATOR)
    made = await found["administrator"].post("/console/kiosks/new", form={"name": "Foyer"})
    code = re.search(r'id="kiosk-code">([^<]+)<', await made.get_data(as_text=True)).group(1)
    await found["kiosk"].post("/api/v1/kiosk/register", json={"code": code})
    _, key = await web.parts.api_keys.make("Fachverfahren", Scope.BOOK, "chef")
    found["program"] = web.browser(Authorization=f"Bearer {key}")
    await found["installer"].post("/setup", form={"code": web.parts.first_start.new_code()})
    found["forger"] = web.browser(Authorization=f"Bearer vorzimmer_{'x' * 43}")
    found["forger"].cookies = {f"__Host-{name}": "x" * 43 for name in COOKIES}
    return found


def only_doors(web, monkeypatch):
    """Each view that is let in to says so and does nothing."""
    for rule in web.app.url_map.iter_rules():
        view = web.app.view_functions[rule.endpoint]

        async def inside(**_):
            return "inside"

        async def inside_socket(**_):
            await websocket.send("inside")

        stub = functools.wraps(view)(inside_socket if rule.websocket else inside)
        monkeypatch.setitem(web.app.view_functions, rule.endpoint, stub)
    for budget in FIGURES:
        monkeypatch.setitem(FIGURES, budget, Figures(None, 10**6, 10**6, None))


async def opens(web, browser, rule) -> bool:
    path = re.sub(r"<[^>]+>", "a", rule.rule)
    if not rule.websocket:
        answer = await (browser.get(path) if "GET" in rule.methods else browser.post(path))
        return await answer.get_data(as_text=True) == "inside"
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Host": "localhost:8080", "Origin": "http://localhost:8080", "Cookie": cookies}
    try:
        async with web.app.test_client().websocket(path, headers=headers) as socket:
            return await socket.receive() == "inside"
    except WebsocketResponseError as refused:
        if refused.response.status_code not in (401, 403):
            raise
        return False


@pytest.mark.timeout(240)
async def test_it_works(web, monkeypatch):
    found = await holders(web)
    only_doors(web, monkeypatch)
    cells, wrong = 0, []
    for rule in web.app.url_map.iter_rules():
        who = declared(web.app.view_functions[rule.endpoint]).who
        for name, browser in found.items():
            wanted = who is Who.ANYONE or who in OPENS[name]
            cells += 1
            if await opens(web, browser, rule) is not wanted:
                wrong.append((rule.endpoint, name, "is shut" if wanted else "is open"))
    assert wrong == []
    assert cells > 1500


async def test_each_kind_of_route_has_a_holder():
    assert set().union(*OPENS.values()) == set(Who) - {Who.ANYONE}
