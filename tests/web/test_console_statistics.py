"""The administrator sees what device checks ended with; nobody else does."""

from datetime import timedelta

import pytest

from appliance.advisers.models import Role
from appliance.visits.models import Entry, Visit
from appliance.visits.states import Outcome, VisitState
from tests.web.conftest import text_of

PAGE = "/console/check-statistics"


async def counted(web, times, *causes):
    for _ in range(times):
        await web.parts.live.check_counts.statistics.count(causes)


async def test_it_works(web):
    await counted(web, 33)
    await counted(web, 7, "camera_black")
    await counted(web, 2, "microphone_silent")
    web.clock.forward(days=7)
    administrator = await web.adviser(role=Role.ADMINISTRATOR)
    words = await text_of(await administrator.get(PAGE))
    assert "42 Tests" in words
    assert "7 von 42" in words
    assert "&lt; 5 von 42" in words
    assert "Hauptstelle" in words


async def test_too_few_name_no_cause(web):
    await counted(web, 2, "camera_black")
    web.clock.forward(days=7)
    administrator = await web.adviser(role=Role.ADMINISTRATOR)
    words = await text_of(await administrator.get(PAGE))
    assert "Zu wenige Tests, um Ursachen zu nennen." in words
    assert "Kamera" not in words.split("Zu wenige Tests")[0].split("Woche ab")[1]


async def test_nothing_yet(web):
    administrator = await web.adviser(role=Role.ADMINISTRATOR)
    assert "Es gibt noch keine Woche mit Tests." in await text_of(await administrator.get(PAGE))


@pytest.mark.parametrize("role", [Role.ADVISER])
async def test_an_adviser_may_not(web, role):
    adviser = await web.adviser(role=role)
    assert (await adviser.get(PAGE)).status_code == 403
    assert PAGE not in await (await adviser.get("/console")).get_data(as_text=True)


async def test_nobody_else_either(web):
    answer = await web.browser().get(PAGE)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/console/login"


async def test_everybody_sees_how_much_there_was_to_do(web):
    adviser = await web.adviser()
    for _ in range(6):
        appointment = await web.booked(adviser.adviser_id)
        await web.parts.appointments.held(appointment.id, adviser.adviser_id)
    await web.parts.appointments.cancel((await web.booked(adviser.adviser_id)).id, "test")
    assert "noch keine vergangene Woche" in await text_of(await adviser.get("/console/statistics"))
    web.clock.forward(days=7)
    words = await text_of(await (await web.adviser("other")).get("/console/statistics"))
    assert "23.11.2026 6 0 &lt; 5 0 0 –" in words
    assert "Erika" not in words


async def test_conversations_and_how_long_people_had_waited(web):
    began = web.clock()

    def work(session):
        for minutes in (1, 2, 7, 20, 45):
            waited = timedelta(minutes=minutes)
            session.add(closed_visit(began, waiting_since=began - waited, session_began_at=began))
        session.add(closed_visit(began))  # came to nothing: counts nowhere
        for _ in range(5):
            session.add(closed_visit(began, outcome=Outcome.CALL_BACK))

    await web.parts.database.write(work)
    web.clock.forward(days=7)
    words = await text_of(await (await web.adviser()).get("/console/statistics"))
    assert "23.11.2026 0 0 0 5 5 7" in words


def closed_visit(at, outcome=Outcome.COMPLETED, **facts):
    return Visit(
        entry=Entry.LINK, language="de", state=VisitState.CLOSED, outcome=outcome, state_since=at,
        client_seen_at=at, created_at=at, closed_at=at, **facts,
    )  # fmt: skip
