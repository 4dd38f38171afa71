"""A link: looked at, opened, too early, unknown, over."""

import base64

import pytest

from appliance.appointments.credentials import link_address, qr_svg
from appliance.appointments.states import Alternative
from appliance.visits.states import VisitState
from appliance.web.limits import FIGURES, Budget
from tests.builders.bookings import MONDAY_9
from tests.builders.visits import DETAILS, WAY


async def test_it_works(web):
    secret = await web.link_secret()
    browser = web.browser()
    answer = await browser.post("/api/v1/links/open", json={"secret": secret})
    assert answer.status_code == 200
    door = await answer.get_json()
    assert door["door"] == "open"
    assert door["next"] == "/visit"
    assert door["adviser_name"] == "Ayşe Yılmaz"
    assert "Erika" not in str(door)
    assert "Wohngeld" not in str(door)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-visit=")
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in cookie
    visit = await web.parts.visits.by_access(browser.cookies["__Host-visit"])
    assert visit.state is VisitState.ARRIVED
    assert (await browser.get("/visit")).status_code == 200


async def test_looking_begins_nothing(web):
    secret = await web.link_secret()
    browser = web.browser()
    answer = await browser.post("/api/v1/links/look", json={"secret": secret})
    assert (await answer.get_json())["next"] is None
    assert browser.cookies == {}
    assert await web.parts.visits.open_visits() == []


async def test_the_picture_is_the_same_link_and_kept_nowhere(web):
    secret = await web.link_secret()
    browser = web.browser()
    answer = await browser.post("/api/v1/links/picture", json={"secret": secret})
    address = link_address(web.parts.settings.web.base_url, secret)
    drawn = base64.b64encode(qr_svg(address).encode()).decode()
    assert (await answer.get_json())["picture"] == f"data:image/svg+xml;base64,{drawn}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.cookies == {}
    assert await web.parts.visits.open_visits() == []
    assert (await browser.get("/api/v1/links/picture")).status_code == 405


async def test_no_picture_of_a_link_that_leads_nowhere(web):
    answer = await web.browser().post("/api/v1/links/picture", json={"secret": "guessed"})
    assert answer.status_code == 404
    assert "picture" not in await answer.get_json()


async def test_a_get_uses_nothing_up(web):
    await web.link_secret()
    browser = web.browser()
    assert (await browser.get("/v")).status_code == 200
    assert (await browser.get("/api/v1/links/open")).status_code == 405
    assert await web.parts.visits.open_visits() == []


async def test_too_early_shows_the_time_and_opens_nothing(web):
    secret = await web.link_secret(MONDAY_9.replace(hour=15))
    browser = web.browser()
    answer = await browser.post("/api/v1/links/open", json={"secret": secret})
    door = await answer.get_json()
    assert (door["door"], door["next"]) == ("early", None)
    assert door["starts_in_words"] == "heute um 16 Uhr"
    assert door["opens_in_words"] == "heute um 15:45 Uhr"
    assert browser.cookies == {}


async def test_the_same_browser_goes_on_with_its_visit(web):
    secret = await web.link_secret()
    browser = web.browser()
    await browser.post("/api/v1/links/open", json={"secret": secret})
    await browser.post("/api/v1/links/open", json={"secret": secret})
    assert len(await web.parts.visits.open_visits()) == 1


async def test_a_second_browser_gets_a_secret_of_its_own(web):
    secret = await web.link_secret()
    one, two = web.browser(), web.browser()
    await one.post("/api/v1/links/open", json={"secret": secret})
    await two.post("/api/v1/links/open", json={"secret": secret})
    assert one.cookies != two.cookies
    assert len(await web.parts.visits.open_visits()) == 1


@pytest.mark.parametrize("secret", ["x" * 43, "A" * 20, "-" * 128])
async def test_an_unknown_link_is_said_plainly(web, secret):
    answer = await web.browser().post("/api/v1/links/open", json={"secret": secret})
    problem = await answer.get_json()
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json; charset=utf-8"
    assert problem["code"] == "link_unknown"
    assert problem["title"].startswith("Diesen Link kennen wir nicht.")
    assert problem["detail"]


async def test_a_link_ends_two_hours_after_the_slot(web):
    secret = await web.link_secret()
    web.clock.forward(hours=2, minutes=31)
    answer = await web.browser().post("/api/v1/links/look", json={"secret": secret})
    assert answer.status_code == 410
    assert (await answer.get_json())["code"] == "link_expired"


async def test_a_cancelled_appointment_is_said(web):
    adviser = await web.adviser()
    appointment = await web.booked(adviser.adviser_id)
    from appliance.appointments.states import Channel

    secret = await web.parts.appointments.new_link(appointment.id, Channel.SCREEN)
    await web.parts.appointments.cancel(appointment.id, adviser.adviser_id)
    answer = await web.browser().post("/api/v1/links/look", json={"secret": secret})
    assert answer.status_code == 410
    assert (await answer.get_json())["code"] == "link_cancelled"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"secret": 7}',
        b'{"secret": "xxxxxxxxxxxxxxxxxxxxx", "role": "adviser"}',
        b'{"secret": "xxxxxxxxxxxxxxxxxxxxx", "secret": "yyyyyyyyyyyyyyyyyyyyy"}',
        b'{"secret": NaN}',
        b'{"secret": ' + b"[" * 20 + b"]" * 20 + b"}",
        b'{"secret": "\xff\xfe"}',
    ],
)
async def test_anything_else_is_refused(web, body):
    answer = await web.browser().request(
        "POST",
        "/api/v1/links/look",
        {
            "Origin": "http://localhost:8080",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
        },
        data=body,
    )
    assert answer.status_code == 400
    assert (await answer.get_json())["code"] == "json_wrong"


async def test_a_garbled_secret_is_an_unknown_link(web):
    for secret in ("", "short", "%E0%A4%A", "ä" * 43, "x" * 5000):
        answer = await web.browser().post("/api/v1/links/look", json={"secret": secret})
        assert answer.status_code == 404
        assert (await answer.get_json())["code"] == "link_unknown"


async def test_english_browsers_get_english_sentences(web):
    browser = web.browser(Accept_Language="en-GB,en;q=0.9")
    answer = await browser.post("/api/v1/links/open", json={"secret": "x" * 43})
    assert (await answer.get_json())["title"].startswith("We do not know this link")


async def test_the_alternative_is_noted(web):
    secret = await web.link_secret()
    answer = await web.browser().post(
        "/api/v1/links/alternative", json={"secret": secret, "choice": "telephone"}
    )
    assert (await answer.get_json())["title"] == "Wir rufen Sie zum Termin an."
    today = await web.parts.appointments.today(
        (await web.parts.advisers.find("linkmaker")).id, web.clock()
    )
    assert today[0].alternative is Alternative.TELEPHONE


async def test_guessing_is_stopped_and_a_neighbour_is_not(web):
    secret = await web.link_secret()
    guesser = web.browser("198.51.100.9")
    for _ in range(FIGURES[Budget.LINKS].address):
        assert (
            await guesser.post("/api/v1/links/look", json={"secret": "x" * 43})
        ).status_code == 404
    answer = await guesser.post("/api/v1/links/look", json={"secret": "x" * 43})
    problem = await answer.get_json()
    assert answer.status_code == 429
    assert answer.content_type == "application/problem+json; charset=utf-8"
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert problem["retry_after_s"] == int(answer.headers["Retry-After"])
    for address in ("198.51.100.9", "198.51.100.10"):  # who has a right link gets in all the same
        neighbour = web.browser(address)
        answer = await neighbour.post("/api/v1/links/look", json={"secret": secret})
        assert answer.status_code == 200


async def test_many_right_links_behind_one_address_lock_nobody_out(web):
    secret = await web.link_secret()
    for _ in range(60):
        answer = await web.browser().post("/api/v1/links/look", json={"secret": secret})
        assert answer.status_code == 200


async def test_a_second_browser_is_told_that_the_conversation_runs_elsewhere(web):
    """And the adviser, that it has been there."""
    secret = await web.link_secret()
    await web.browser().post("/api/v1/links/open", json={"secret": secret})
    (visit,) = await web.parts.visits.open_visits()
    for after, event, actor in WAY:
        if after is not VisitState.CLOSED:
            await web.parts.visits.happen(visit.id, event, actor, **DETAILS.get(event, {}))
    second_entries = web.parts.live.second_entries
    assert await second_entries.among([visit]) == set()
    answer = await web.browser().post("/api/v1/links/open", json={"secret": secret})
    assert await second_entries.among([visit]) == {visit.id}
    assert answer.status_code == 409
    problem = await answer.get_json()
    assert problem["code"] == "visit_under_way"
    assert "in einem anderen Browser" in problem["title"]
