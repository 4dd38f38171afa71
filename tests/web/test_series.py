"""Booking a series, and another appointment for the same client."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders.bookings import MONDAY_9
from tests.web.conftest import text_of
from tests.web.test_console_appointments import FORM, NEW

BERLIN = ZoneInfo("Europe/Berlin")


async def booked_by(web, adviser):
    return await web.parts.appointments.between(
        adviser.adviser_id, MONDAY_9, MONDAY_9 + timedelta(weeks=60)
    )


async def test_it_works(web):
    adviser = await web.adviser()
    answer = await adviser.post(NEW, form=FORM | {"repeat_weeks": "2", "repeat_times": "3"})
    assert answer.status_code == 303
    found = await booked_by(web, adviser)
    assert [str(one.starts_at.date()) for one in found] == [
        "2026-11-24",
        "2026-12-08",
        "2026-12-22",
    ]
    words = await text_of(await adviser.get(answer.location))
    assert "Dienstag, 8. Dezember" in words
    assert "Dienstag, 22. Dezember" in words


async def test_the_time_of_day_stays_when_the_clocks_change(web):
    adviser = await web.adviser()
    form = FORM | {"starts_on": "2027-03-23", "repeat_weeks": "1", "repeat_times": "2"}
    assert (await adviser.post(NEW, form=form)).status_code == 303
    there = [one.starts_at.astimezone(BERLIN) for one in await booked_by(web, adviser)]
    assert [(one.hour, one.minute) for one in there] == [(10, 15), (10, 15)]
    assert there[0].utcoffset() != there[1].utcoffset()


@pytest.mark.parametrize(
    ("weeks", "times"), [("1", "1"), ("1", "13"), ("1", ""), ("3", "2"), ("x", "2")]
)
async def test_a_series_that_cannot_be(web, weeks, times):
    adviser = await web.adviser()
    answer = await adviser.post(NEW, form=FORM | {"repeat_weeks": weeks, "repeat_times": times})
    assert answer.status_code == 422
    assert "Eine Reihe hat 2 bis 12 Termine." in await text_of(answer)
    assert await booked_by(web, adviser) == []


async def test_taken_days_are_named_and_may_be_booked_all_the_same(web):
    adviser = await web.adviser()
    await adviser.post(NEW, form=FORM | {"starts_on": "2026-12-01"})
    series = FORM | {"repeat_weeks": "1", "repeat_times": "2"}
    answer = await adviser.post(NEW, form=series)
    assert answer.status_code == 422
    html = await answer.get_data(as_text=True)
    assert "An diesen Tagen ist die Zeit schon belegt: Dienstag, 1. Dezember." in html
    assert re.search(r'<option value="1" selected', html)
    assert (await adviser.post(NEW, form=series | {"overlap_allowed": "yes"})).status_code == 303
    assert len(await booked_by(web, adviser)) == 3


async def test_again_for_the_same_client(web):
    adviser = await web.adviser()
    answer = await adviser.post(NEW, form=FORM)
    page = await (await adviser.get(answer.location)).get_data(as_text=True)
    again = re.search(r'href="(/console/appointments/new\?again=[\w-]+)"', page).group(1)
    html = await (await adviser.get(again)).get_data(as_text=True)
    for name in ("client_name", "client_email", "topic", "customer_number", "birth_on"):
        assert f'value="{FORM[name]}"' in html
    assert 'value="2026-12-01"' in html
    assert 'value="10:15"' in html
    assert "erika" not in again.lower()


async def test_again_is_never_in_the_past(web):
    adviser = await web.adviser()
    appointment = await web.booked(adviser.adviser_id)
    web.clock.forward(days=30)
    web.clock.forward(hours=1)
    adviser = await web.adviser("another")  # the first login has lapsed
    await web.parts.advisers.close_account(appointment.adviser_id, "test")
    html = await (await adviser.get(f"/console/appointments/new?again={appointment.id}")).get_data(
        as_text=True
    )
    assert 'value="2026-12-28"' in html


async def test_again_of_a_strangers_client_is_unknown(web):
    adviser, other = await web.adviser(), await web.adviser("other")
    appointment = await web.booked(other.adviser_id)
    answer = await adviser.get(f"/console/appointments/new?again={appointment.id}")
    assert answer.status_code == 404


async def test_the_address_fills_in_a_time_but_no_client(web):
    adviser = await web.adviser()
    html = await (
        await adviser.get(f"{NEW}?starts_on=2026-11-27&starts_at_time=14:15&client_name=Mallory")
    ).get_data(as_text=True)
    assert 'value="2026-11-27"' in html
    assert 'value="14:15"' in html
    assert "Mallory" not in html.replace("client_name=Mallory", "")
