"""Staff work off what clients have left: the page, its steps, and the count in the bar."""

import re

from appliance.advisers.models import Role
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Entry
from appliance.visits.service import Arrival
from tests.web.conftest import text_of


async def left(web, adviser_id, text="Bitte melden.", team_id=None, **words):
    """A visit that has ended with a message."""
    visit = await web.parts.visits.arrive(
        Arrival(entry=Entry.PUBLIC, language="de", adviser_id=adviser_id, team_id=team_id)
    )
    said = {"phone": "", "wants_call": False} | words
    await web.parts.messages.leave(visit.id, adviser_id, text=text, **said)
    await web.parts.visits.happen(visit.id, VisitEvent.MESSAGE_LEFT, Actor.CLIENT)


async def address(adviser, step):
    html = await (await adviser.get("/console/messages")).get_data(as_text=True)
    found = re.search(rf'action="(/console/messages/[^"]+/{step})"', html)
    assert found, html
    return found.group(1)


async def test_it_works(web):
    adviser = await web.adviser()
    await left(web, adviser.adviser_id, "<b>Wann</b> passt es?", phone="030 4711", wants_call=True)
    shown = await text_of(await adviser.get("/console/messages"))
    assert "&lt;b&gt;Wann&lt;/b&gt; passt es?" in shown
    assert "möchte zurückgerufen werden" in shown
    assert "030 4711" in shown
    assert "1 offen" in shown
    answer = await adviser.post(await address(adviser, "take"))
    assert (answer.status_code, answer.location) == (303, "/console/messages")
    shown = await text_of(await adviser.get("/console/messages"))
    assert "übernommen von Ayşe Yılmaz" in shown
    await adviser.post(await address(adviser, "finish"))
    assert "erledigt von Ayşe Yılmaz" in await text_of(await adviser.get("/console/messages"))
    await adviser.post(await address(adviser, "reopen"))
    assert "1 offen" in await text_of(await adviser.get("/console/logins"))  # on every page


async def test_who_is_slower_is_told(web):
    adviser = await web.adviser()
    await left(web, None)
    take = await address(adviser, "take")
    await adviser.post(take)
    answer = await adviser.post(take)
    assert answer.status_code == 409
    assert "Jemand war schneller." in await text_of(answer)


async def test_a_colleague_sees_nothing_of_it(web):
    adviser, colleague = await web.adviser(), await web.adviser("oezdemir")
    await left(web, adviser.adviser_id, "Nur für Frau Yılmaz")
    take = await address(adviser, "take")
    shown = await text_of(await colleague.get("/console/messages"))
    assert "Nur für Frau Yılmaz" not in shown
    assert "Niemand hat eine Mitteilung hinterlassen." in shown
    answer = await colleague.post(take)
    assert answer.status_code == 409
    assert "Nur für Frau Yılmaz" not in await text_of(answer)


async def test_who_has_left_leaves_them_to_the_team_alone(web):
    """A colleague and the front desk of the team see them, another team never."""
    advisers, browsers = web.parts.advisers, {}
    care, housing = [(await advisers.add_team(name, "test")).id for name in ("Pflege", "Wohngeld")]
    places = {"gone": care, "colleague": care, "frontdesk": care, "stranger": housing}
    for login, team_id in places.items():
        role = Role.FRONT_DESK if login == "frontdesk" else Role.ADVISER
        browsers[login] = await web.adviser(login, role, [team_id])
    await left(web, browsers["gone"].adviser_id, "Pflegegrad drei", team_id=care)
    take = await address(browsers["gone"], "take")
    await advisers.close_account(browsers["gone"].adviser_id, "test")
    shown = await text_of(await browsers["stranger"].get("/console/messages"))
    assert "Pflegegrad drei" not in shown
    assert "1 offen" not in shown
    assert (await browsers["stranger"].post(take)).status_code == 409
    for login in ("colleague", "frontdesk"):
        shown = await text_of(await browsers[login].get("/console/messages"))
        assert "Pflegegrad drei" in shown
        assert "1 offen" in shown
    assert (await browsers["frontdesk"].post(take)).status_code == 303


async def test_in_english(web):
    adviser = await web.adviser()
    await left(web, None, wants_call=True, phone="030 1")
    shown = await text_of(await adviser.get("/console/messages?sprache=en"))
    assert "would like to be called back" in shown
