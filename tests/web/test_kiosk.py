"""A kiosk: registered by a code, begins visits, and forgets whoever was there."""

import re

import pytest

from appliance.advisers.models import Role
from appliance.appointments.topics import TopicFacts
from appliance.visits.states import Outcome, VisitState
from appliance.web.live.hand_overs import device_of

LOOP = {"kind": "speaker", "over_median_db": 60, "gain_db": -20, "delay_s": 0.3}
WELL = {"picture": "good", "loop": LOOP, "path": True, "touch_points": 10}
SET_UP = {"devices": [{"kind": "camera", "label": "Kamera am Schirm"}], "gain_db": -20, "touch": 1}


@pytest.fixture
async def admin(web):
    return await web.adviser("admin", Role.ADMINISTRATOR)


@pytest.fixture
async def kiosk(web, admin):
    """The browser of a kiosk that has been set up."""
    made = await admin.post("/console/kiosks/new", form={"name": "Foyer"})
    code = re.search(r'id="kiosk-code">([^<]+)<', await made.get_data(as_text=True)).group(1)
    browser = web.browser()
    answer = await browser.post("/api/v1/kiosk/register", json={"code": code.lower()})
    assert answer.status_code == 200
    browser.secret = (await answer.get_json())["secret"]
    await browser.post(
        "/api/v1/kiosk/tested", json={"test": WELL, "set_up": SET_UP | {"touch": True}}
    )
    return browser


async def open_visit(web):
    (visit,) = await web.parts.visits.open_visits()
    return visit


async def test_it_works(web, kiosk):
    """Greeting, walk-in, and a greeting that knows nothing of it."""
    page = await (await kiosk.get("/kiosk")).get_data(as_text=True)
    assert "Kamera am Schirm" in page  # its own set-up, for a profile that begins empty
    answer = await kiosk.post("/api/v1/kiosk/walk-in", json={})
    assert (await answer.get_json())["next"] == "/visit"
    visit = await open_visit(web)
    page = await (await kiosk.get("/visit")).get_data(as_text=True)
    assert f'data-kiosk-visit="{visit.id}"' in page
    assert 'data-remember="no"' in page
    assert "Was wir nie speichern" in page  # no link leads out of a kiosk
    assert 'href="/topics"' not in page
    assert 'action="/kiosk/forget"' in page
    kiosk.cookies["__Host-language"] = "en"
    answer = await kiosk.post("/kiosk/forget")
    assert (answer.status_code, answer.location) == (303, "/kiosk#forgotten")
    assert answer.headers["Clear-Site-Data"] == '"cache"'  # its page has emptied its own stores
    assert set(kiosk.cookies) == {"__Host-kiosk"}
    fresh = web.browser()  # its profile has been thrown away in between
    await fresh.post("/api/v1/kiosk/enter", json={"secret": kiosk.secret})
    page = await (await fresh.get("/kiosk")).get_data(as_text=True)
    assert 'data-forgotten="yes"' in page
    assert "Your data have been deleted from this device." in page  # in the words of who left
    ended = await web.parts.visits.get(visit.id)
    assert (ended.state, ended.outcome) == (VisitState.CLOSED, Outcome.LEFT)


async def test_the_access_of_whoever_was_there_is_revoked(web, kiosk):
    await kiosk.post("/api/v1/kiosk/walk-in", json={})
    copied = kiosk.cookies["__Host-visit"]
    await kiosk.get("/kiosk")  # a browser that was restarted in the middle of it
    assert await web.parts.visits.by_access(copied) is None
    assert await web.parts.visits.open_visits() == []


async def test_a_number_typed_at_a_kiosk(web, kiosk):
    staff = await web.adviser()
    appointment = await web.booked(staff.adviser_id, web.clock())
    held = await web.parts.appointments.get(appointment.id)
    answer = await kiosk.post("/api/v1/numbers/open", json={"number": held.session_number})
    assert (await answer.get_json())["next"] == "/visit"
    visit = await open_visit(web)
    assert visit.kiosk_id is not None
    assert web.parts.live.runs.of_visit(visit).kiosk


async def test_with_the_link_at_home_it_is_no_kiosk_any_more(web, kiosk):
    secret = await web.link_secret()
    await kiosk.post("/api/v1/links/open", json={"secret": secret})
    assert (await open_visit(web)).kiosk_id is not None
    await web.browser().post("/api/v1/links/open", json={"secret": secret})
    assert (await open_visit(web)).kiosk_id is None
    await kiosk.get("/kiosk")  # forgets, and ends nothing that goes on elsewhere
    assert (await open_visit(web)).is_open


async def test_a_topic_that_can_be_asked_for(web, kiosk, admin):
    topic = await web.parts.topics.add(TopicFacts("Wohngeld"), admin.adviser_id)
    assert "Wohngeld" in await (await kiosk.get("/kiosk")).get_data(as_text=True)
    await kiosk.post("/api/v1/kiosk/walk-in", json={"topic_id": topic.id})
    assert (await open_visit(web)).topic_id == topic.id
    page = await (await kiosk.get("/visit")).get_data(as_text=True)
    assert "Ihr Gespräch ohne Termin" in page
    assert "Thema: Wohngeld" in page
    answer = await kiosk.post("/api/v1/kiosk/walk-in", json={"topic_id": "unknown"})
    assert answer.status_code == 404


async def test_a_walk_in_waits_for_the_topics_team_and_takes_no_place_from_home(web, kiosk, admin):
    team = await web.parts.advisers.add_team("Wohngeld", admin.adviser_id)
    topic = await web.parts.topics.add(TopicFacts("Wohngeld", team_id=team.id), admin.adviser_id)
    await kiosk.post("/api/v1/kiosk/walk-in", json={"topic_id": topic.id})
    assert (await open_visit(web)).team_id == team.id
    assert await web.parts.visits.crowd(topic.id) == 0


async def test_nobody_elses_browser_is_a_kiosk(web):
    browser = web.browser()
    assert 'id="register"' in await (await browser.get("/kiosk")).get_data(as_text=True)
    for path in ("/api/v1/kiosk/beat", "/api/v1/kiosk/walk-in"):
        assert (await browser.post(path, json={})).status_code == 401


async def test_codes_are_not_to_be_guessed(web):
    browser = web.browser()
    for _ in range(10):
        answer = await browser.post("/api/v1/kiosk/register", json={"code": "AAAAAAAAAA"})
        assert answer.status_code == 404
    answer = await browser.post("/api/v1/kiosk/register", json={"code": "AAAAAAAAAA"})
    assert answer.status_code == 429


async def test_a_profile_that_begins_empty_enters_by_the_kept_secret(web, kiosk):
    fresh = web.browser()
    answer = await fresh.post("/api/v1/kiosk/enter", json={"secret": kiosk.secret})
    assert answer.status_code == 200
    assert (await fresh.post("/api/v1/kiosk/beat", json={"started": True})).status_code == 200
    assert (await fresh.post("/api/v1/kiosk/enter", json={"secret": "no"})).status_code == 404


async def test_the_machine_is_told_to_end_the_browser(web, kiosk):
    async def watched():
        answer = await web.browser().post("/api/v1/kiosk/watch", json={"secret": kiosk.secret})
        return (await answer.get_json())["browser"]

    assert await watched() == "keep"
    await kiosk.post("/kiosk/forget")
    assert [await watched(), await watched()] == ["end", "keep"]


async def test_out_of_order_instead_of_a_broken_start(web, kiosk, admin):
    answer = await kiosk.post("/api/v1/kiosk/tested", json={"test": WELL | {"path": False}})
    orders = await answer.get_json()
    assert (orders["errand"], orders["out_of_order"]) == ("none", True)
    assert 'data-closed="yes"' in await (await kiosk.get("/kiosk")).get_data(as_text=True)
    page = await (await admin.get("/console/kiosks")).get_data(as_text=True)
    assert "außer Betrieb" in page
    (mail,) = await web.parts.outbox.messages_kept("admin")
    assert mail.subject == "Kiosk außer Betrieb: Foyer"
    assert "Netz und Firewall" in mail.text
    web.clock.forward(minutes=15)
    answer = await kiosk.post("/api/v1/kiosk/beat", json={})
    assert (await answer.get_json())["errand"] == "test"


async def test_away_is_shown_and_mailed(web, kiosk, admin):
    web.clock.forward(seconds=31)
    await web.parts.kiosks.look_after()
    assert "meldet sich nicht" in await (await admin.get("/console/kiosks")).get_data(as_text=True)
    (mail,) = await web.parts.outbox.messages_kept("admin")
    assert mail.subject == "Kiosk meldet sich nicht: Foyer"
    await kiosk.post("/api/v1/kiosk/beat", json={})
    assert "bereit" in await (await admin.get("/console/kiosks")).get_data(as_text=True)


async def test_at_night_it_is_shown_and_nobody_is_mailed_until_the_office_opens(web, kiosk):
    web.clock.forward(hours=12)
    await web.parts.kiosks.look_after()
    late = await web.adviser("late", Role.ADMINISTRATOR)
    page = await (await late.get("/console/kiosks")).get_data(as_text=True)
    assert "meldet sich nicht" in page
    assert "Zuletzt gemeldet" in page
    assert await web.parts.outbox.messages_kept("admin") == []
    web.clock.forward(hours=12)
    for _ in range(2):
        await web.parts.kiosks.look_after()
    await web.parts.database.published()
    (mail,) = await web.parts.outbox.messages_kept("admin")
    assert mail.subject == "Kiosk meldet sich nicht: Foyer"


async def test_a_test_on_demand_and_another_set_up(web, kiosk, admin):
    async def errand():
        return (await (await kiosk.post("/api/v1/kiosk/beat", json={})).get_json())["errand"]

    (row,) = await web.parts.kiosks.everything()
    assert await errand() == "none"
    web.clock.forward(seconds=1)
    await admin.post(f"/console/kiosks/{row.id}/test")
    assert await errand() == "test"
    await admin.post(f"/console/kiosks/{row.id}/set-up")
    assert await errand() == "set_up"


async def test_removed_it_is_nobodys(web, kiosk, admin):
    (row,) = await web.parts.kiosks.everything()
    await admin.post(f"/console/kiosks/{row.id}/remove")
    assert (await kiosk.post("/api/v1/kiosk/beat", json={})).status_code == 401
    assert (await admin.post(f"/console/kiosks/{row.id}/code")).status_code == 404
    for code in ["kiosk_code_unknown"] * 10 + [
        "too_many_attempts"
    ]:  # systemd/kiosk/session reads it
        answer = await web.browser().post("/api/v1/kiosk/watch", json={"secret": kiosk.secret})
        assert (await answer.get_json())["code"] == code


@pytest.mark.parametrize("back", [True, False])
async def test_after_the_phone_and_back_forgetting_ends_it(web, kiosk, back):
    """A visit that goes on with the phone is left alone; here, none is."""
    await kiosk.post("/api/v1/kiosk/walk-in", json={})
    visit, held = await open_visit(web), kiosk.cookies["__Host-visit"]
    await web.parts.visits.sits_at(visit.id, None)
    place = device_of(held if back else "the phone's")
    web.parts.live.hand_overs.note_moved(visit.id, place)
    await kiosk.post("/kiosk/forget")
    assert (await web.parts.visits.get(visit.id)).is_open is not back
    assert (await web.parts.visits.by_access(held) is None) is back


@pytest.mark.parametrize("how", ["removed", "registered anew"])
async def test_whoever_is_there_when_it_is_nobodys_any_more_is_forgotten(web, kiosk, admin, how):
    await kiosk.post("/api/v1/kiosk/walk-in", json={})
    copied, (row,) = kiosk.cookies["__Host-visit"], await web.parts.kiosks.everything()
    if how == "removed":
        await admin.post(f"/console/kiosks/{row.id}/remove")
    else:
        code = await web.parts.kiosks.new_code(row.id, admin.adviser_id)
        await web.browser().post("/api/v1/kiosk/register", json={"code": code})
    assert await web.parts.visits.open_visits() == []
    assert await web.parts.visits.by_access(copied) is None
    answer = await kiosk.post("/kiosk/forget")
    assert (answer.status_code, answer.location) == (303, "/kiosk#forgotten")
    assert "__Host-visit" not in kiosk.cookies


async def test_the_greeting_of_a_browser_that_is_no_kiosk_forgets_too(web):
    browser = web.browser()
    kept = {"__Host-visit": "x", "__Host-check": "x", "__Host-language": "en"}
    browser.cookies |= kept
    await browser.get("/kiosk", Sec_Fetch_Site="cross-site")
    assert browser.cookies == kept
    await browser.get("/kiosk", Sec_Fetch_Site="none")
    assert browser.cookies == {}
