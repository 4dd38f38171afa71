"""The week: whose appointments one sees, what is free, and booking into it."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.advisers.models import Role
from appliance.appointments.models import Appointment
from appliance.web.timetable import timetable
from tests.builders.bookings import MONDAY_9
from tests.web.conftest import text_of

WEEK = "/console/week"
BERLIN = ZoneInfo("Europe/Berlin")


async def test_it_works(web):
    adviser = await web.adviser()
    appointment = await web.booked(adviser.adviser_id, MONDAY_9 + timedelta(days=1))
    html = await (await adviser.get(WEEK)).get_data(as_text=True)
    assert html.count(f'href="/console/appointments/{appointment.id}"') == 2  # table and list
    assert "Erika Mustermann" in html
    assert "Woche ab 23.11.2026" in html
    free = re.findall(r'href="(/console/appointments/new\?starts_on=2026-11-25[^"]+)"', html)
    assert len(set(free)) == 10  # the hours from 8 to 17
    form = await (await adviser.get(free[2].replace("&amp;", "&"))).get_data(as_text=True)
    assert 'value="2026-11-25"' in form
    assert 'value="10:00"' in form


async def test_other_weeks_are_a_step_away(web):
    adviser = await web.adviser()
    await web.booked(adviser.adviser_id, MONDAY_9 + timedelta(days=8))
    html = await (await adviser.get(WEEK)).get_data(as_text=True)
    assert "In dieser Woche steht noch kein Termin an." in html
    later = re.search(r'href="(/console/week\?on=2026-11-30)"', html).group(1)
    assert "Erika Mustermann" in await text_of(await adviser.get(later))
    assert 'href="/console/week?on=2026-11-16"' in html


@pytest.mark.parametrize("on", ["x", "0001-01-01", "9999-12-31", "2026-13-01", ""])
async def test_whatever_stands_in_the_address(web, on):
    adviser = await web.adviser()
    answer = await adviser.get(f"{WEEK}?on={on}&whose=nobody")
    assert answer.status_code == 200
    assert "Woche ab 23.11.2026" in await text_of(answer)


async def test_a_colleagues_week_is_for_the_team_lead_alone(web):
    adviser, other = await web.adviser(), await web.adviser("other")
    lead = await web.adviser("lead", Role.TEAM_LEAD)
    await web.booked(other.adviser_id, MONDAY_9 + timedelta(days=1))
    asked = f"{WEEK}?whose={other.adviser_id}"
    assert "Erika Mustermann" not in await text_of(await adviser.get(asked))
    html = await (await lead.get(asked)).get_data(as_text=True)
    assert "Erika Mustermann" in html
    assert f"for_whom={other.adviser_id}" in html
    assert "Erika Mustermann" in await text_of(await lead.get(WEEK))


async def test_another_teams_week_is_nobodys(web):
    teams = [(await web.parts.advisers.add_team(name, "test")).id for name in ("A", "B")]
    lead = await web.adviser("lead", Role.TEAM_LEAD, [teams[0]])
    stranger = await web.adviser("stranger", team_ids=[teams[1]])
    await web.booked(stranger.adviser_id, team_id=teams[1])
    answer = await lead.get(f"{WEEK}?whose={stranger.adviser_id}")
    assert "Erika Mustermann" not in await text_of(answer)


async def found_by(browser, wanted):
    return await text_of(await browser.post(f"{WEEK}/find", form={"wanted": wanted}))


async def test_an_appointment_is_found_on_whatever_day(web):
    adviser = await web.adviser()
    day = MONDAY_9 + timedelta(days=60)
    appointment = await web.booked(adviser.adviser_id, day, client_name="Jale Öztürk")
    html = await (await adviser.get(WEEK)).get_data(as_text=True)
    assert 'action="/console/week/find"' in html
    assert 'data-key="f"' not in html
    assert 'data-key="f"' in await (await adviser.get("/console")).get_data(as_text=True)
    answer = await adviser.post(f"{WEEK}/find", form={"wanted": "öztürk"})
    html = await answer.get_data(as_text=True)
    assert f'href="/console/appointments/{appointment.id}"' in html
    assert "Freitag, 22. Januar 2027, 10 Uhr" in html
    assert "Jale" in await found_by(adviser, appointment.session_number)
    assert "keinen Termin gefunden" in await found_by(adviser, "Mustermann")


async def test_only_those_that_one_may_see_are_found(web):
    teams = [(await web.parts.advisers.add_team(name, "test")).id for name in ("A", "B")]
    adviser = await web.adviser(team_ids=[teams[0]])
    colleague = await web.adviser("colleague", team_ids=[teams[0]])
    stranger = await web.adviser("stranger", team_ids=[teams[1]])
    front_desk = await web.adviser("front", Role.FRONT_DESK, [teams[0]])
    await web.booked(colleague.adviser_id, team_id=teams[0], client_name="Jale Öztürk")
    await web.booked(stranger.adviser_id, team_id=teams[1], client_name="Anna Öztürk")
    seen = [await found_by(one, "öztürk") for one in (adviser, colleague, front_desk)]
    assert ["Jale" in one for one in seen] == [False, True, True]
    assert not any("Anna" in one for one in seen)


def appointment_at(starts_at: datetime, minutes: int = 30) -> Appointment:
    return Appointment(
        adviser_id="a", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes),
        language="de", client_name="Erika", calendar_uid="u", created_at=starts_at,
    )  # fmt: skip


def week_with(*appointments, now=MONDAY_9 - timedelta(hours=3), one_calendar=True):
    return timetable(appointments, date(2026, 11, 23), BERLIN, now, one_calendar=one_calendar)


def test_an_hour_that_is_half_taken_is_free_from_its_half():
    cell = week_with(appointment_at(MONDAY_9)).days[0].cells[2]
    assert (len(cell.entries), cell.free_at) == (1, MONDAY_9 + timedelta(minutes=30))


def test_a_long_one_takes_the_next_hour_too():
    cells = week_with(appointment_at(MONDAY_9, 120)).days[0].cells
    assert (cells[2].free_at, cells[3].free_at) == (None, None)
    assert cells[4].free_at == MONDAY_9 + timedelta(hours=2)


def test_among_several_calendars_others_are_free():
    cell = week_with(appointment_at(MONDAY_9), one_calendar=False).days[0].cells[2]
    assert cell.free_at == MONDAY_9


def test_what_is_over_is_not_free():
    monday, tuesday = week_with(now=MONDAY_9 + timedelta(minutes=20)).days[:2]
    assert monday.free[0] == MONDAY_9 + timedelta(minutes=30)
    assert len(tuesday.free) == 10


def test_early_hours_and_weekends_are_there_once_somebody_comes():
    early = appointment_at(datetime(2026, 11, 28, 5, 30, tzinfo=UTC))
    found = week_with(early)
    assert found.hours[0] == 6
    assert len(found.days) == 6
    assert found.days[5].entries == [early]
    assert len(week_with().days) == 5
