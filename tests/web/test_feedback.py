"""Two taps at the end: counted without the person, once each, and only where there was a talk."""

import pytest

from appliance.statistics.service import SMALLEST
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.states import Mode, Outcome, VisitState
from appliance.web.cookies import VISIT
from tests.builders.visits import visit_in
from tests.web.conftest import text_of

PATH = "/api/v1/visit/feedback"


async def after(web, mode=Mode.VIDEO, event=VisitEvent.ENDED, state=VisitState.IN_SESSION):
    """The browser of a client whose visit has ended."""
    visits = web.parts.visits
    visit = await visit_in(visits, state)
    choices = {"mode": mode, "sees_adviser": True, "seen_by_adviser": True}
    await visits.happen(visit.id, VisitEvent.CHOICES_CHANGED, Actor.CLIENT, **choices)
    await visits.happen(visit.id, event, Actor.CLIENT)
    browser = web.browser()
    browser.cookies[VISIT] = await visits.issue_access(visit.id)
    return browser


async def counts(web):
    web.clock.forward(days=7)
    (week,) = await web.parts.live.feedbacks.statistics.weeks()
    return week.counts


async def test_it_works(web):
    for _ in range(SMALLEST):
        browser = await after(web)
        assert (await browser.post(PATH, json={"answer": "sound_good"})).status_code == 200
        assert (await browser.post(PATH, json={"answer": "picture_bad"})).status_code == 200
    assert await counts(web) == {"sound_good": SMALLEST, "picture_bad": SMALLEST}


async def test_few_are_not_counted_out(web):
    browser = await after(web)
    await browser.post(PATH, json={"answer": "sound_bad"})
    assert await counts(web) == {"sound_bad": None}


async def test_once_for_each_question(web):
    browsers = [await after(web) for _ in range(SMALLEST)]
    for browser in browsers:
        for _ in range(3):
            await browser.post(PATH, json={"answer": "sound_good"})
        await browser.post(PATH, json={"answer": "sound_bad"})
    assert await counts(web) == {"sound_good": SMALLEST}


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"mode": Mode.TEXT}, "sound_good"),
        ({"mode": Mode.AUDIO}, "picture_good"),
        ({"state": VisitState.WAITING, "event": VisitEvent.LEFT}, "sound_good"),
        ({"event": VisitEvent.CONSENT_WITHDRAWN}, "sound_good"),
    ],
)
async def test_nothing_to_judge(web, facts, answer):
    browser = await after(web, **facts)
    refused = await browser.post(PATH, json={"answer": answer})
    assert refused.status_code == 409
    assert (await refused.get_json())["code"] == "nothing_to_judge"


async def test_not_while_it_goes_on(web):
    visit = await visit_in(web.parts.visits, VisitState.IN_SESSION)
    browser = web.browser()
    browser.cookies[VISIT] = await web.parts.visits.issue_access(visit.id)
    assert (await browser.post(PATH, json={"answer": "sound_good"})).status_code == 409


async def test_by_nobody_and_in_no_other_words(web):
    assert (await web.browser().post(PATH, json={"answer": "sound_good"})).status_code == 401
    browser = await after(web)
    assert (await browser.post(PATH, json={"answer": "adviser_bad"})).status_code == 400


async def test_the_administrator_reads_it(web):
    from appliance.advisers.models import Role

    for _ in range(SMALLEST):
        await (await after(web)).post(PATH, json={"answer": "sound_good"})
    web.clock.forward(days=7)
    administrator = await web.adviser(role=Role.ADMINISTRATOR)
    words = await text_of(await administrator.get("/console/check-statistics"))
    assert f"Ton war gut {SMALLEST}" in words
    assert "Bild war nicht gut 0" in words


async def test_no_row_tells_of_a_person(web):
    visit = await visit_in(web.parts.visits, VisitState.IN_SESSION)
    await web.parts.visits.happen(
        visit.id, VisitEvent.CLOSED, Actor.ADVISER, outcome=Outcome.COMPLETED
    )
    browser = web.browser()
    browser.cookies[VISIT] = await web.parts.visits.issue_access(visit.id)
    await browser.post(PATH, json={"answer": "sound_good"})

    def rows(session):
        ask = session.connection().exec_driver_sql
        return repr(ask("SELECT * FROM feedback_count").all())

    assert visit.id not in await web.parts.database.read(rows)
