"""Topics for everybody, a request by mail, times to pick from, and what staff see of it."""

import re
from datetime import timedelta

import pytest

from appliance.advisers.models import Role
from appliance.appointments.topics import TopicFacts
from appliance.web.limits import FIGURES, Budget
from tests.builders.bookings import MONDAY_9, clerk
from tests.web.conftest import text_of

FORM = {
    "client_name": "Erika Mustermann",
    "client_email": "erika@example.org",
    "client_phone": "030 901820",
    "wishes": "montags",
}
OFFER = {"starts_on_1": "2026-11-24", "starts_at_time_1": "10:15"}


@pytest.fixture
async def topic(web):
    return await web.parts.topics.add(TopicFacts("Wohngeld", "Housing benefit"), "administrator")


async def newest(web) -> str:
    """The text of the newest mail."""
    web.clock.forward(seconds=1)
    return (await web.parts.outbox.messages_kept("administrator"))[0].text


async def secret_of(web) -> str:
    return re.search(r"/r#([\w-]{43})", await newest(web)).group(1)


async def asked(web, topic, browser=None, **changes):
    return await (browser or web.browser()).post(f"/topics/{topic.id}", form=FORM | changes)


async def post(web, deed, **body):
    answer = await web.browser().post(f"/api/v1/requests/{deed}", json=body)
    return answer.status_code, await answer.get_json()


async def confirmed(web, topic) -> str:
    await asked(web, topic)
    assert (await post(web, "confirm", secret=await secret_of(web)))[1]["state"] == "open"
    return (await web.parts.requests.rows(clerk("nobody")))[0].id


async def seen_at(adviser, request_id) -> str:
    """What the request's page hands back with an answer."""
    html = await (await adviser.get(f"/console/requests/{request_id}")).get_data(as_text=True)
    return re.search(r'name="seen" value="([^"]+)"', html).group(1)


async def respond(adviser, request_id, deed, form=OFFER):
    seen = await seen_at(adviser, request_id)
    return await adviser.post(f"/console/requests/{request_id}/{deed}", form={"seen": seen} | form)


async def test_it_works(web, topic):
    assert "Wohngeld" in await text_of(await web.browser().get("/topics"))
    assert (await asked(web, topic)).location == "/request-sent"
    adviser = await web.adviser()
    assert "Erika" not in await text_of(await adviser.get("/console/requests"))
    status, seen = await post(web, "confirm", secret=await secret_of(web))
    assert (status, seen["state"]) == (200, "open")
    assert "Erika Mustermann" in await text_of(await adviser.get("/console/requests"))
    request_id = (await web.parts.requests.rows(clerk(adviser.adviser_id)))[0].id
    page = f"/console/requests/{request_id}"
    words = await text_of(await adviser.get(page))
    assert "montags" in words
    assert "030 901820" in words
    assert (await respond(adviser, request_id, "offer")).status_code == 303
    secret = await secret_of(web)
    _, seen = await post(web, "look", secret=secret)
    assert [slot["in_words"] for slot in seen["slots"]] == ["morgen um 10:15 Uhr"]
    _, seen = await post(web, "pick", secret=secret, slot_id=seen["slots"][0]["id"])
    assert (seen["state"], seen["starts_in_words"]) == ("booked", "morgen um 10:15 Uhr")
    link = re.search(r"/v#([\w-]{43})", await newest(web)).group(1)
    answer = await web.browser().post("/api/v1/links/look", json={"secret": link})
    assert (await answer.get_json())["adviser_name"] == "Ayşe Yılmaz"
    assert "Keine Anfrage wartet." in await text_of(await adviser.get("/console/requests"))


async def test_the_start_page_leads_there_once_there_are_topics(web):
    browser = web.browser()
    assert "/topics" not in await (await browser.get("/")).get_data(as_text=True)
    await web.parts.topics.add(TopicFacts("Pass", listed=False), "administrator")
    assert "/topics" not in await (await browser.get("/")).get_data(as_text=True)
    await web.parts.topics.add(TopicFacts("Wohngeld"), "administrator")
    assert "/topics" in await (await browser.get("/")).get_data(as_text=True)


async def test_a_topic_has_the_readers_language(web, topic):
    browser = web.browser(Accept_Language="en")
    assert "Housing benefit" in await text_of(await browser.get("/topics"))
    assert "Housing benefit" in await text_of(await browser.get(f"/topics/{topic.id}"))


async def test_a_topic_without_video_is_named_and_not_asked_for(web):
    topic = await web.parts.topics.add(TopicFacts("Pass", video=False), "administrator")
    html = await (await web.browser().get("/topics")).get_data(as_text=True)
    assert "Pass" in html
    assert topic.id not in html
    assert (await web.browser().get(f"/topics/{topic.id}")).status_code == 404
    assert (await asked(web, topic)).status_code == 404


async def test_mistakes_lose_nothing(web, topic):
    answer = await asked(web, topic, client_email="erika@")
    words = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Bitte prüfen Sie die E-Mail-Adresse." in words
    assert "Erika Mustermann" in words
    assert "montags" in words
    assert await web.parts.outbox.messages_kept("administrator") == []


async def test_each_address_gets_the_same_answer(web, topic):
    answers = []
    for _ in range(4):  # the fourth sends nothing any more
        answer = await asked(web, topic)
        answers.append((answer.status_code, answer.location))
    assert set(answers) == {(303, "/request-sent")}
    assert len(await web.parts.outbox.messages_kept("administrator")) == 3


async def test_one_network_cannot_send_mails_without_end(web, topic):
    browser = web.browser("2001:db8:1:2::5")
    for number in range(FIGURES[Budget.REQUESTS].address):
        await asked(web, topic, browser, client_email=f"e{number}@example.org")
    answer = await asked(web, topic, browser, client_email="last@example.org")
    assert answer.status_code == 429
    other = await asked(web, topic, web.browser("198.51.100.4"), client_email="o@example.org")
    assert other.status_code == 303


@pytest.mark.parametrize("deed", ["look", "confirm", "withdraw"])
async def test_an_unknown_secret(web, deed):
    status, problem = await post(web, deed, secret="A" * 43)
    assert (status, problem["code"]) == (404, "request_unknown")


async def test_guessing_is_stopped(web):
    guesser = web.browser("2001:db8:9::1")
    for _ in range(FIGURES[Budget.LINKS].address):
        await guesser.post("/api/v1/requests/look", json={"secret": "A" * 43})
    answer = await guesser.post("/api/v1/requests/look", json={"secret": "A" * 43})
    assert answer.status_code == 429


async def test_a_time_that_is_gone_is_said(web, topic):
    request_id = await confirmed(web, topic)
    adviser = await web.adviser()
    await respond(adviser, request_id, "offer")
    secret = await secret_of(web)
    _, seen = await post(web, "look", secret=secret)
    await web.booked(adviser.adviser_id, MONDAY_9 + timedelta(days=1, minutes=15))
    status, problem = await post(web, "pick", secret=secret, slot_id=seen["slots"][0]["id"])
    assert (status, problem["code"]) == (409, "slot_gone")


async def test_new_wishes(web, topic):
    request_id = await confirmed(web, topic)
    adviser = await web.adviser()
    await respond(adviser, request_id, "offer")
    secret = await secret_of(web)
    _, seen = await post(web, "again", secret=secret, wishes="nur freitags")
    assert seen["state"] == "open"
    assert "nur freitags" in await text_of(await adviser.get(f"/console/requests/{request_id}"))
    status, _ = await post(web, "again", secret=secret, wishes="x" * 550)
    assert status == 400


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "mindestens eine Zeit"),
        ({"starts_on_2": "2026-11-24"}, "Bitte geben Sie die Uhrzeit an"),
        (OFFER | {"starts_on_3": "x", "starts_at_time_3": "9:00"}, "Bitte geben Sie den Tag an"),
        ({"starts_on_1": "2026-11-20", "starts_at_time_1": "9:00"}, "Eine Zeit liegt zu nah"),
    ],
)
async def test_an_offer_that_cannot_be_right(web, topic, form, sentence):
    request_id = await confirmed(web, topic)
    adviser = await web.adviser()
    answer = await respond(adviser, request_id, "offer", form)
    assert answer.status_code == 422
    assert sentence in await text_of(answer)


async def test_ones_own_appointment_is_in_the_way(web, topic):
    request_id = await confirmed(web, topic)
    adviser = await web.adviser()
    await web.booked(adviser.adviser_id, MONDAY_9 + timedelta(days=1, minutes=15))
    answer = await respond(adviser, request_id, "offer")
    assert "Zu einer dieser Zeiten haben Sie schon einen Termin." in await text_of(answer)


async def test_staff_decline(web, topic):
    request_id = await confirmed(web, topic)
    adviser = await web.adviser()
    answer = await respond(adviser, request_id, "decline")
    assert answer.status_code == 303
    assert "leider können wir Ihnen keinen" in await newest(web)


async def test_who_is_slower_is_told_and_takes_nothing_back(web, topic):
    """Two look at the same request; the offer of the first stays as it is, unsent or not."""
    request_id = await confirmed(web, topic)
    first, second = await web.adviser(), await web.adviser("oezdemir")
    stale = {"seen": await seen_at(second, request_id)}
    web.clock.forward(seconds=1)
    await respond(first, request_id, "offer")
    mail = await newest(web)
    for deed in ("offer", "decline"):
        answer = await second.post(f"/console/requests/{request_id}/{deed}", form=OFFER | stale)
        assert answer.status_code == 409
        assert "Jemand war schneller." in await text_of(answer)
        # A page that says nothing of what it has shown changes nothing either.
        answer = await first.post(f"/console/requests/{request_id}/{deed}", form=OFFER)
        assert answer.status_code == 409
    assert await newest(web) == mail
    _, seen = await post(web, "look", secret=await secret_of(web))
    assert [slot["in_words"] for slot in seen["slots"]] == ["morgen um 10:15 Uhr"]


async def test_who_has_offered_times_goes_on_with_it(web, topic):
    """A colleague sees it no longer; once the account is closed, everybody does again."""
    request_id = await confirmed(web, topic)
    first, second = await web.adviser(), await web.adviser("oezdemir")
    await respond(first, request_id, "offer")
    assert "Erika Mustermann" not in await text_of(await second.get("/console/requests"))
    assert (await second.get(f"/console/requests/{request_id}")).status_code == 404
    await web.parts.advisers.close_account(first.adviser_id, "test")
    assert "Erika Mustermann" in await text_of(await second.get("/console/requests"))
    assert (await respond(second, request_id, "decline")).status_code == 303


async def test_the_administrator_sets_topics(web):
    chef = await web.adviser("chef", Role.ADMINISTRATOR)
    form = {"name_de": "Elterngeld", "name_en": "", "duration_min": "45", "listed": "yes"}
    assert (await chef.post("/console/topics", form=form)).status_code == 303
    (topic,) = await web.parts.topics.everything()
    assert (topic.name_de, topic.duration_min, topic.listed, topic.video) == (
        "Elterngeld",
        45,
        True,
        False,
    )
    await chef.post(f"/console/topics/{topic.id}", form=form | {"video": "yes", "listed": ""})
    (topic,) = await web.parts.topics.everything()
    assert (topic.listed, topic.video) == (False, True)
    assert "Elterngeld" in await text_of(await chef.get("/console/topics"))
    await chef.post(f"/console/topics/{topic.id}/remove")
    assert await web.parts.topics.everything() == []
    assert (await chef.get(f"/console/topics/{topic.id}")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name_de": " "}, "Bitte nennen Sie das Thema."),
        ({"duration_min": "x"}, "Bitte geben Sie die Dauer in Minuten an."),
        ({"duration_min": "1"}, "Ein Termin dauert 5 bis 240 Minuten."),
    ],
)
async def test_a_topic_that_cannot_be_right(web, wrong, sentence):
    chef = await web.adviser("chef", Role.ADMINISTRATOR)
    answer = await chef.post("/console/topics", form={"name_de": "A", "duration_min": "30"} | wrong)
    assert answer.status_code == 422
    assert sentence in await text_of(answer)


async def test_an_adviser_sets_no_topics(web):
    adviser = await web.adviser()
    answer = await adviser.post("/console/topics", form={"name_de": "A", "duration_min": "30"})
    assert answer.status_code == 403
