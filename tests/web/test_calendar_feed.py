"""An adviser's appointments in their own calendar program: no names, and an end at any time."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from appliance.advisers.models import Role
from tests.builders.bookings import MONDAY_9


@pytest.fixture
async def adviser(web):
    return await web.adviser()


async def made(adviser):
    html = await (await adviser.post("/console/calendar/new")).get_data(as_text=True)
    address = html.partition('id="feed-address">')[2].partition("<")[0]
    return address.removeprefix("http://localhost:8080")


async def read(web, path):
    answer = await web.browser().get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    return await answer.get_data(as_text=False)


async def test_it_works(web, adviser):
    appointment = await web.booked(
        adviser.adviser_id, client_email="erika@example.org", topic="Wohngeld"
    )
    body = await read(web, await made(adviser))
    [event] = Calendar.from_ical(body).walk("VEVENT")
    number = appointment.session_number
    grouped = f"{number[:3]} {number[3:6]} {number[6:8]} {number[8:]}"
    assert str(event["summary"]) == f"Termin {grouped}"
    assert (event["dtstart"].dt, event["uid"]) == (MONDAY_9, appointment.calendar_uid)
    for secret in (b"Erika", b"Mustermann", b"erika@", b"Wohngeld"):
        assert secret not in body


async def test_moved_and_cancelled(web, adviser):
    path = await made(adviser)
    appointment = await web.booked(adviser.adviser_id)
    later = MONDAY_9 + timedelta(days=1)
    moved = await web.parts.appointments.move(appointment.id, later, adviser.adviser_id)
    [event] = Calendar.from_ical(await read(web, path)).walk("VEVENT")
    assert (event["dtstart"].dt, event["sequence"]) == (later, 1)
    await web.parts.appointments.cancel(moved.id, adviser.adviser_id)
    assert Calendar.from_ical(await read(web, path)).walk("VEVENT") == []


async def test_nobody_elses(web, adviser):
    colleague = await web.adviser("schmidt")
    await web.booked(colleague.adviser_id)
    assert Calendar.from_ical(await read(web, await made(adviser))).walk("VEVENT") == []


async def test_a_new_address_ends_the_old_one(web, adviser):
    old, new = await made(adviser), await made(adviser)
    assert (await web.browser().get(old)).status_code == 404
    assert (await web.browser().get(new)).status_code == 200
    page = await (await adviser.get("/console/calendar")).get_data(as_text=True)
    assert new not in page, "shown once"
    await adviser.post("/console/calendar/revoke")
    assert (await web.browser().get(new)).status_code == 404


async def test_a_locked_account_has_no_calendar(web, adviser):
    path = await made(adviser)
    await web.parts.advisers.close_account(adviser.adviser_id, "chef")
    assert (await web.browser().get(path)).status_code == 404


async def test_guessing_ends(web, adviser):
    path = await made(adviser)
    guesses = [(await web.browser().get("/calendar/guess.ics")).status_code for _ in range(11)]
    assert guesses == [404] * 10 + [429]
    assert (await web.browser().get(path)).status_code == 200, "a right one opens all the same"


async def test_the_front_desk_has_none(web):
    desk = await web.adviser("empfang", Role.FRONT_DESK)
    assert (await desk.get("/console/calendar")).status_code == 403
    assert "/console/calendar" not in await (await desk.get("/console")).get_data(as_text=True)
