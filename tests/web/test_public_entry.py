"""From home without an appointment: what the door says, who gets in, and what keeps abuse out."""

import asyncio
import re
from datetime import timedelta

import pytest

from appliance.advisers.models import Role
from appliance.appointments.topics import TopicFacts
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Entry
from appliance.visits.states import VisitState
from appliance.web.cookies import VISIT
from appliance.web.limits import FIGURES, Budget
from appliance.web.live.owners import desk_owner
from tests.web.conftest import text_of

WEEKDAYS = ",".join(["08:00-16:00"] * 5 + ["", ""])  # the clock stands at ten on a Monday
FORM = {
    "name_de": "Wohngeld",
    "duration_min": "30",
    "listed": "yes",
    "video": "yes",
    "public": "yes",
    "public_most": "2",
    "from_0": "8:00",
    "until_0": "16:00",
}
START = "Ohne Termin starten"


async def opened(web, **facts):
    facts = {"public": True, "public_hours": WEEKDAYS} | facts
    return await web.parts.topics.add(TopicFacts("Wohngeld", "Housing benefit", **facts), "chef")


async def at_the_desk(web, **who):
    adviser = await web.adviser(**who)
    web.parts.live.pages.open(desk_owner(adviser.adviser_id), "de", "192.0.2.9")
    return adviser


@pytest.fixture
async def topic(web):
    return await opened(web)


async def come(browser, topic):
    answer = await browser.post(f"/topics/{topic.id}/now")
    return answer.status_code, answer.location


async def seen(web, browser=None) -> str:
    return await text_of(await (browser or web.browser()).get("/topics"))


async def test_it_works(web, topic):
    await at_the_desk(web)
    browser = web.browser()
    assert "Ich habe keinen Termin" in await text_of(await browser.get("/"))
    words = await seen(web, browser)
    assert START in words
    assert "Gerade wartet niemand. Einlass bis 16 Uhr." in words
    assert "Montag bis Freitag: 8 bis 16 Uhr" in words
    assert await come(browser, topic) == (303, "/visit")
    (visit,) = await web.parts.visits.open_visits()
    assert (visit.entry, visit.topic_id, visit.state) == (
        Entry.PUBLIC,
        topic.id,
        VisitState.ARRIVED,
    )
    assert (visit.adviser_id, visit.appointment_id, visit.stated_name) == (None, None, "")
    words = await text_of(await browser.get("/visit"))
    assert "Ihr Gespräch ohne Termin" in words
    assert "Thema: Wohngeld" in words


async def test_a_second_tap_or_a_reload_takes_no_second_place(web, topic):
    await at_the_desk(web)
    browser = web.browser()
    await come(browser, topic)
    assert await come(browser, topic) == (303, "/visit")
    assert len(await web.parts.visits.open_visits()) == 1
    words = await seen(web, browser)
    assert "Sie haben schon begonnen." in words
    assert START not in words
    (visit,) = await web.parts.visits.open_visits()
    await web.parts.visits.happen(visit.id, VisitEvent.LEFT, Actor.CLIENT)
    assert START in await seen(web, browser)
    assert await come(browser, topic) == (303, "/visit")


async def test_nobody_at_a_desk(web, topic):
    await web.adviser()  # logged in, but has never seen the desk
    words = await seen(web)
    assert START not in words
    assert "Gerade ist niemand am Arbeitsplatz" in words
    assert "Termin anfragen" in words
    browser = web.browser()
    answer = await browser.post(f"/topics/{topic.id}/now")
    assert answer.status_code == 409
    assert "Gerade ist niemand am Arbeitsplatz." in await text_of(answer)
    assert VISIT not in browser.cookies
    assert await web.parts.visits.open_visits() == []


async def test_who_is_away_is_not_there(web, topic):
    adviser = await at_the_desk(web)
    await web.parts.advisers.go_away(adviser.adviser_id, "")
    assert START not in await seen(web)
    await web.parts.advisers.come_back(adviser.adviser_id)
    assert START in await seen(web)


@pytest.mark.parametrize("role", [Role.ADVISER, Role.FRONT_DESK, Role.TEAM_LEAD])
async def test_only_who_talks_to_clients_counts(web, topic, role):
    await at_the_desk(web, role=role)
    assert (START in await seen(web)) is (role is not Role.FRONT_DESK)


async def test_only_the_topics_team_counts(web):
    housing = await web.parts.advisers.add_team("Wohngeld", "chef")
    parents = await web.parts.advisers.add_team("Elterngeld", "chef")
    topic = await opened(web, team_id=housing.id)
    await at_the_desk(web, team_ids=[parents.id])
    assert START not in await seen(web)
    await at_the_desk(web, login="berg", team_ids=[housing.id])
    assert START in await seen(web)
    await come(web.browser(), topic)
    (visit,) = await web.parts.visits.open_visits()
    assert visit.team_id == housing.id


async def test_outside_the_hours(web, topic):
    await at_the_desk(web)
    web.clock.forward(hours=6)  # four in the afternoon
    words = await seen(web)
    assert START not in words
    assert "Gerade ist kein Einlass ohne Termin" in words
    assert "Das nächste Mal: morgen um 8 Uhr." in words
    assert (await come(web.browser(), topic))[0] == 409


async def test_full_until_somebody_goes(web):
    topic = await opened(web, public_most=1)
    await at_the_desk(web)
    await come(web.browser(), topic)
    words = await seen(web)
    assert START not in words
    assert "Gerade warten schon zu viele" in words
    assert (await come(web.browser(), topic))[0] == 409
    web.clock.now += timedelta(minutes=6)  # nobody was seen there since
    assert START in await seen(web)


async def test_two_at_once_share_no_last_place(web):
    topic = await opened(web, public_most=1)
    await at_the_desk(web)
    entry, was = web.parts.live.public_entry, await web.parts.live.public_entry.door(topic)

    async def still_open(_):
        return was

    entry.door = still_open
    assert await come(web.browser(), topic) == (303, "/visit")
    assert (await come(web.browser(), topic))[0] == 409
    assert len(await web.parts.visits.open_visits()) == 1


async def test_one_address_cannot_fill_the_room(web):
    topic = await opened(web, public_most=50)
    await at_the_desk(web)
    for _ in range(FIGURES[Budget.ENTRIES].address):
        assert (await come(web.browser(), topic))[0] == 303
    assert (await come(web.browser(), topic))[0] == 429
    assert (await come(web.browser("198.51.100.3"), topic))[0] == 303


async def test_a_double_click_is_one_visit(web, topic):
    await at_the_desk(web)
    html = await (await web.browser().get("/topics")).get_data(as_text=True)
    form = {"form": re.search(r'name="form" value="([^"]+)"', html)[1]}
    taps = [web.browser(), web.browser()]  # neither has the other's cookie yet
    path = f"/topics/{topic.id}/now"
    await asyncio.gather(*(tap.post(path, form=form) for tap in taps))
    assert len(await web.parts.visits.open_visits()) == 1
    assert taps[0].cookies[VISIT] == taps[1].cookies[VISIT]


async def test_many_at_once_share_the_budget_of_their_address(web):
    topic = await opened(web, public_most=50)
    await at_the_desk(web)
    allowed = FIGURES[Budget.ENTRIES].address
    answers = await asyncio.gather(*(come(web.browser(), topic) for _ in range(allowed + 3)))
    assert sorted(status for status, _ in answers) == [303] * allowed + [429] * 3
    assert len(await web.parts.visits.open_visits()) == allowed


@pytest.mark.parametrize("facts", [{"public": False}, {"listed": False}, {"video": False}])
async def test_a_topic_that_is_not_open_to_the_public(web, facts):
    wanted = {"public": True, "public_hours": WEEKDAYS} | facts
    if wanted["public"]:
        with pytest.raises(Exception, match="public"):
            await opened(web, **facts)
        return
    topic = await opened(web, **facts)
    await at_the_desk(web)
    assert START not in await seen(web)
    assert (await come(web.browser(), topic))[0] == 404


async def test_another_site_cannot_send_a_browser_in(web, topic):
    await at_the_desk(web)
    answer = await web.browser().post(f"/topics/{topic.id}/now", Sec_Fetch_Site="cross-site")
    assert answer.status_code == 403
    assert await web.parts.visits.open_visits() == []


async def test_the_administrator_opens_a_topic(web):
    chef = await web.adviser("chef", Role.ADMINISTRATOR)
    team = await web.parts.advisers.add_team("Wohngeld", "chef")
    assert (await chef.post("/console/topics", form=FORM | {"team_id": team.id})).status_code == 303
    (topic,) = await web.parts.topics.everything()
    assert (topic.public, topic.public_hours, topic.public_most, topic.team_id) == (
        True,
        "08:00-16:00,,,,,,",
        2,
        team.id,
    )
    words = await text_of(await chef.get("/console/topics"))
    assert "Auch ohne Termin" in words
    assert "Montag: 8 bis 16 Uhr · Team Wohngeld" in words
    html = await (await chef.get(f"/console/topics/{topic.id}")).get_data(as_text=True)
    assert 'value="08:00"' in html
    await chef.post(f"/console/topics/{topic.id}", form=FORM | {"public": "", "from_0": "9:00"})
    (topic,) = await web.parts.topics.everything()
    assert (topic.public, topic.public_hours, topic.team_id) == (False, "09:00-16:00,,,,,,", None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"from_0": "", "until_0": ""}, "Bitte nennen Sie mindestens einen Tag mit Einlass."),
        ({"until_0": "7:00"}, "Bitte geben Sie Beginn und Ende an"),
        ({"public_most": "0"}, "Es können 1 bis 50 Gäste zugleich da sein."),
        ({"public_most": "viele"}, "Bitte geben Sie eine Zahl an."),
        ({"listed": ""}, "Dafür muss das Thema sichtbar und per Video möglich sein."),
    ],
)
async def test_mistakes_of_the_administrator_are_named(web, changes, sentence):
    chef = await web.adviser("chef", Role.ADMINISTRATOR)
    answer = await chef.post("/console/topics", form=FORM | changes)
    words = await text_of(answer)
    assert answer.status_code == 422
    assert sentence in words
    assert await web.parts.topics.everything() == []
