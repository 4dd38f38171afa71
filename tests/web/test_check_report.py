"""The report of a check: for the browser that runs it, as page, file and JSON."""

import json
from pathlib import Path

import pytest

from appliance.device_check.records import BrowserMicrophone, CheckKind
from appliance.device_check.support_report import SupportReport
from appliance.web.cookies import check_grant_of
from appliance.web.live.owners import check_room_of
from appliance.web.live.owners import test_owner as owner_of_test
from tests.web.conftest import text_of
from tests.web.live.stage import SYSTEM

SCHEMA = Path(__file__).parents[2] / "appliance" / "docs" / "check_report.schema.json"


def measured(run):
    from pydantic import TypeAdapter

    from appliance.device_check.records import BrowserSystem

    run.take(TypeAdapter(BrowserSystem).validate_python(SYSTEM))
    run.begin(CheckKind.MICROPHONE)
    run.take(BrowserMicrophone(error="denied_by_browser"))
    return run


async def entered(web):
    """A browser with a visit, in the check."""
    browser = web.browser()
    secret = await web.link_secret()
    await browser.post("/api/v1/links/open", json={"secret": secret})
    (visit,) = await web.parts.visits.open_visits()
    return browser, measured(web.parts.live.runs.of(visit.id))


async def at_the_test_page(web, *, run=True):
    """A browser at the test page."""
    browser = web.browser()
    await browser.get("/test")
    async with web.app.test_request_context(
        "/", headers={"Cookie": f"__Host-check={browser.cookies['__Host-check']}"}
    ):
        from quart import request

        grant_id = check_grant_of(request)
    if run:
        measured(web.parts.live.runs.of(check_room_of(owner_of_test(grant_id))))
    return browser


async def test_it_works(web):
    browser, _ = await entered(web)
    answer = await browser.get("/check-report")
    words = await text_of(answer)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Mikrofon: klappt noch nicht" in words
    assert "microphone_denied_by_browser" in words
    assert "chromium 156" in words
    assert "denied_by_browser" in words
    data = await (await browser.get("/check-report.json")).get_json()
    SupportReport.model_validate_json(json.dumps(data))
    assert set(data) == set(json.loads(SCHEMA.read_text())["properties"])


@pytest.mark.parametrize(
    "path", ["/check-report", "/check-report.json", "/check-report?download=1"]
)
async def test_it_holds_nothing_of_the_person(web, path):
    browser, run = await entered(web)
    (visit,) = await web.parts.visits.open_visits()
    found = await (await browser.get(path)).get_data(as_text=True)
    for word in ("Erika", "Yılmaz", "192.0.2", visit.id, visit.appointment_id):
        assert word not in found
    assert run.report.findings


async def test_in_english(web):
    browser, _ = await entered(web)
    words = await text_of(await browser.get("/check-report", Accept_Language="en"))
    assert "Microphone: does not work yet" in words


async def test_the_files_need_nothing_from_us(web):
    browser, _ = await entered(web)
    page = await browser.get("/check-report?download=1")
    assert page.headers["Content-Disposition"] == 'attachment; filename="geraetetest.html"'
    html = await page.get_data(as_text=True)
    assert "src=" not in html
    assert "href=" not in html
    data = await browser.get("/check-report.json?download=1")
    assert data.headers["Content-Disposition"] == 'attachment; filename="geraetetest.json"'


async def test_the_test_page_has_one_too(web):
    browser = await at_the_test_page(web)
    for path in ("/check-report?test=1", "/check-report"):
        assert "Mikrofon: klappt noch nicht" in await text_of(await browser.get(path))


async def test_a_browser_with_both_sees_the_one_it_asks_for(web):
    browser, _ = await entered(web)
    browser.cookies |= (await at_the_test_page(web, run=False)).cookies
    assert (await browser.get("/check-report")).status_code == 200
    assert (await browser.get("/check-report?test=1")).status_code == 404


# ---- who may not, what is missing, too late
async def test_without_visit_or_grant_there_is_none(web):
    await entered(web)
    for path in ("/check-report", "/check-report.json", "/check-report?test=1"):
        assert (await web.browser().get(path)).status_code == 401


async def test_before_anything_is_checked_it_says_so(web):
    browser = await at_the_test_page(web, run=False)
    answer = await browser.get("/check-report?test=1")
    assert answer.status_code == 404
    assert "Bitte machen Sie zuerst den Gerätetest." in await text_of(answer)


async def test_after_the_check_verdicts_stay_measurements_go(web):
    browser, run = await entered(web)
    run.leave_steps()
    data = await (await browser.get("/check-report.json")).get_json()
    microphone = next(step for step in data["steps"] if step["kind"] == "microphone")
    assert microphone["cause"] == "microphone_denied_by_browser"
    assert microphone["measurements"] == []


async def test_another_browser_ends_this_ones_report(web):
    browser, _ = await entered(web)
    (visit,) = await web.parts.visits.open_visits()
    await web.parts.visits.revoke_access(visit.id)
    assert (await browser.get("/check-report")).status_code == 401
