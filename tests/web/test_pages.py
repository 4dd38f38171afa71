"""The client's pages, their languages, the check without a visit."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from appliance.web.cookies import CHECK_LIVES, check_grant_of
from appliance.web.language import clock_in_words, day_in_words, time_in_words
from appliance.web.limits import FIGURES, Budget
from appliance.web.live.agreements import consent_text
from tests.builders.bookings import MONDAY_9
from tests.web.conftest import text_of

OPEN_PAGES = [
    "/", "/v", "/join", "/h", "/test", "/requirements", "/impressum", "/datenschutz",
    "/barrierefreiheit", "/console/login", "/topics", "/request-sent", "/r", "/rooms/runde",
]  # fmt: skip


@pytest.mark.parametrize("path", OPEN_PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
async def test_it_works(web, path, language):
    answer = await web.browser(Accept_Language=language).get(path)
    assert answer.status_code == 200
    html = await answer.get_data(as_text=True)
    assert f'<html lang="{language}"' in html
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", OPEN_PAGES)
async def test_pages_bring_no_inline_script_or_style(web, path):
    html = await (await web.browser().get(path)).get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", html)
    assert "<style" not in html
    assert not re.search(r'\sstyle="|\son\w+="', html)


async def test_a_chosen_language_stays(web):
    browser = web.browser()
    answer = await browser.get("/join?sprache=en")
    assert 'lang="en"' in await answer.get_data(as_text=True)
    assert browser.cookies["__Host-language"] == "en"
    assert 'lang="en"' in await (await browser.get("/")).get_data(as_text=True)


async def test_easy_german_is_chosen_and_stays(web):
    browser = web.browser()
    html = await (await browser.get("/join")).get_data(as_text=True)
    assert 'hreflang="de-simple"' in html
    answer = await browser.get("/test?sprache=de-simple")
    assert answer.headers["Content-Language"] == "de-simple"
    html = await answer.get_data(as_text=True)
    assert '<html lang="de-simple"' in html
    assert "Sie müssen nicht Ja sagen." in html
    assert browser.cookies["__Host-language"] == "de-simple"
    for path in OPEN_PAGES:
        language = "de" if path.startswith("/console") else "de-simple"
        assert f'<html lang="{language}"' in await (await browser.get(path)).get_data(as_text=True)


async def test_easy_german_shows_the_binding_statements_unchanged(web):
    """Easy German stands above them, marked as help."""
    pages = {
        language: await (await web.browser().get(f"/test?sprache={language}")).get_data(True)
        for language in ("de", "de-simple")
    }
    for statement in consent_text("de").splitlines():
        assert all(statement in html for html in pages.values()), statement
    assert "Dieser Text hier hilft nur beim Verstehen." in pages["de-simple"]
    assert "Dieser Text hier hilft nur beim Verstehen." not in pages["de"]


@pytest.mark.parametrize("wanted", ["xx", "", "en-GB;q=oops", "../../etc", "fr, pl"])
async def test_an_unknown_language_is_the_agencys(web, wanted):
    browser = web.browser(Accept_Language=wanted)
    answer = await browser.get(f"/join?sprache={wanted[:2]}")
    expected = "en" if wanted.startswith("en") else "de"
    assert f'lang="{expected}"' in await answer.get_data(as_text=True)


async def test_a_window_without_a_visit_is_told_what_to_do(web):
    answer = await web.browser().get("/visit")
    assert answer.status_code == 401
    assert "Bitte öffnen Sie den Link aus Ihrer E-Mail noch einmal." in await text_of(answer)


async def test_the_device_check_is_open_to_anybody_for_an_hour(web):
    browser = web.browser()
    answer = await browser.get("/test")
    assert answer.headers["Set-Cookie"].startswith("__Host-check=")
    granted = await grant(web, browser)
    assert granted
    web.clock.forward(seconds=CHECK_LIVES.total_seconds() + 1)
    assert await grant(web, browser) is None


async def test_a_grant_is_not_given_twice(web):
    browser = web.browser()
    await browser.get("/test")
    assert "Set-Cookie" not in (await browser.get("/test")).headers


@pytest.mark.parametrize("forged", ["a.9999999999.00", "a.b.c", "", "...", "a.9999999999."])
async def test_a_forged_grant_is_none(web, forged):
    browser = web.browser()
    browser.cookies["__Host-check"] = forged
    assert await grant(web, browser) is None


async def test_a_changed_grant_is_none(web):
    browser = web.browser()
    await browser.get("/test")
    grant_id, until, signed = browser.cookies["__Host-check"].split(".")
    browser.cookies["__Host-check"] = f"{grant_id}.{int(until) + 1}.{signed}"
    assert await grant(web, browser) is None


async def test_grants_are_limited_by_address(web):
    for _ in range(FIGURES[Budget.CHECKS].address):
        await web.browser().get("/test")
    assert (await web.browser().get("/test")).status_code == 429
    assert (await web.browser("203.0.113.8").get("/test")).status_code == 200


async def grant(web, browser) -> str | None:
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    async with web.app.test_request_context("/test", headers={"Cookie": cookie}):
        from quart import request

        return check_grant_of(request)


@pytest.mark.parametrize(
    ("ahead", "de", "en"),
    [
        (timedelta(minutes=12), "in 12 Minuten", "in 12 minutes"),
        (timedelta(minutes=1), "in einer Minute", "in one minute"),
        (timedelta(hours=5), "heute um 15 Uhr", "today at 3:00 pm"),
        (timedelta(hours=5, minutes=15), "heute um 15:15 Uhr", "today at 3:15 pm"),
        (timedelta(days=1), "morgen um 10 Uhr", "tomorrow at 10:00 am"),
        (timedelta(days=2), "Mittwoch, 25. November, 10 Uhr", "Wednesday, 25 November, 10:00 am"),
        (
            timedelta(days=60),
            "Freitag, 22. Januar 2027, 10 Uhr",
            "Friday, 22 January 2027, 10:00 am",
        ),
        (timedelta(minutes=-5), "heute um 9:55 Uhr", "today at 9:55 am"),
    ],
)
async def test_times_as_people_say_them(web, ahead, de, en):
    async with web.app.app_context():
        assert time_in_words(MONDAY_9 + ahead, "de") == de
        assert time_in_words(MONDAY_9 + ahead, "en") == en


async def test_times_are_the_agencys_in_summer_too(web):
    async with web.app.app_context():
        at = datetime(2027, 7, 1, 8, 0, tzinfo=UTC)
        assert clock_in_words(at, "de") == "10 Uhr"
        assert day_in_words(at, "de") == "Donnerstag, 1. Juli 2027"


async def test_a_browser_can_let_go_of_a_visit(web):
    secret = await web.link_secret()
    browser = web.browser()
    await browser.post("/api/v1/links/open", json={"secret": secret})
    answer = await browser.post("/visit/forget")
    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "__Host-visit" not in browser.cookies
    assert (await browser.get("/visit")).status_code == 401


async def test_a_page_at_home_is_no_kiosk(web):
    browser = web.browser()
    await browser.post("/api/v1/links/open", json={"secret": await web.link_secret()})
    page = await (await browser.get("/visit")).get_data(as_text=True)
    assert "data-kiosk-visit" not in page
    assert 'action="/kiosk/forget"' not in page


async def test_robots_stay_out(web):
    answer = await web.browser().get("/robots.txt")
    assert "Disallow: /" in await answer.get_data(as_text=True)
