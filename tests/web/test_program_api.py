"""The programs' API: book once, move, cancel, list; by a key that reaches this and no more."""

import asyncio
from datetime import timedelta

import pytest

from appliance.advisers.models import Role
from appliance.api_keys.models import Scope
from appliance.appointments.states import AppointmentStatus
from appliance.web.limits import FIGURES, Budget, Figures
from tests.builders.bookings import MONDAY_9, PASSWORD
from tests.web.conftest import text_of

API = "/api/v1/appointments"
BOOKING = {
    "adviser": "yilmaz",
    "starts_at": "2026-11-24T10:15:00+01:00",
    "client_name": "Erika Mustermann",
    "client_email": "erika@example.org",
    "customer_number": "K-77",
}


class Program:
    """Somebody's procedure with a key."""

    def __init__(self, web, secret, address="192.0.2.50"):
        self.secret = secret
        self._browser = web.browser(address)

    async def ask(self, method, path="", json=None, **headers):
        headers = {"Authorization": f"Bearer {self.secret}"} | headers
        return await self._browser.request(method, API + path, headers, json=json)

    async def book(self, idempotency_key="k-1", **changes):
        return await self.ask("POST", json=BOOKING | changes, Idempotency_Key=idempotency_key)


@pytest.fixture
async def yilmaz(web):
    return (await web.parts.advisers.add("yilmaz", "Ayşe Yılmaz", PASSWORD)).adviser


@pytest.fixture
async def program(web, yilmaz):
    _, secret = await web.parts.api_keys.make("Fachverfahren", Scope.BOOK, "chef")
    return Program(web, secret)


async def code_of(answer):
    assert answer.content_type == "application/problem+json; charset=utf-8"
    return (answer.status_code, (await answer.get_json())["code"])


async def test_it_works(web, program, yilmaz):
    """Booked, listed, moved and cancelled; the client gets the mails that an adviser's would."""
    answer = await program.book()
    assert answer.status_code == 201
    booked = await answer.get_json()
    assert answer.headers["Location"] == f"{API}/{booked['id']}"
    assert (booked["adviser"], booked["status"]) == ("yilmaz", "planned")
    row = await web.parts.appointments.get(booked["id"])
    assert (row.adviser_id, row.client_name) == (yilmaz.id, "Erika Mustermann")
    day = await (await program.ask("GET", "?on=2026-11-24")).get_json()
    assert [one["id"] for one in day["appointments"]] == [booked["id"]]
    assert (await (await program.ask("GET")).get_json())["appointments"] == [], "today"
    later = {"starts_at": "2026-11-24T14:00:00+01:00"}
    moved = await (await program.ask("POST", f"/{booked['id']}/move", json=later)).get_json()
    old = await (await program.ask("GET", f"/{booked['id']}")).get_json()
    assert (old["status"], old["moved_to"]) == ("moved", moved["id"])
    cancelled = await program.ask("POST", f"/{moved['id']}/cancel")
    assert (await cancelled.get_json())["status"] == "cancelled"
    kinds = [message.kind for message in await web.parts.outbox.messages_kept("test")]
    assert "cancellation" in kinds


async def test_asked_twice_it_is_one_appointment(web, program, yilmaz):
    first, again = await program.book(), await program.book()
    assert (first.status_code, again.status_code) == (201, 200)
    assert (await first.get_json())["id"] == (await again.get_json())["id"]
    other = await program.book(client_name="Max Mustermann")
    assert await code_of(other) == (422, "idempotency_key_reused")
    assert len(await web.parts.appointments.today(yilmaz.id, MONDAY_9 + timedelta(days=1))) == 1


async def test_asked_ten_times_at_once_it_is_one_appointment(web, program, yilmaz):
    answers = await asyncio.gather(*(program.book() for _ in range(10)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({(await answer.get_json())["id"] for answer in answers}) == 1
    assert len(await web.parts.appointments.today(yilmaz.id, MONDAY_9 + timedelta(days=1))) == 1


async def test_asked_again_after_a_crash_it_is_booked(web, program, yilmaz):
    """The id was settled, the booking was not made."""
    answer = await program.book(starts_at="2020-01-01T10:00:00+01:00")
    assert await code_of(answer) == (422, "booking_invalid")
    mended = await program.book("k-2")
    assert mended.status_code == 201


async def test_the_moved_one_is_what_a_late_repeat_gets(program):
    booked = await (await program.book()).get_json()
    later = {"starts_at": "2026-11-24T14:00:00+01:00"}
    moved = await (await program.ask("POST", f"/{booked['id']}/move", json=later)).get_json()
    assert (await (await program.book()).get_json())["id"] == moved["id"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"adviser": "nonesuch"}, (422, "adviser_not_reached")),
        ({"adviser": "empfang"}, (422, "adviser_not_reached")),
        ({"client_email": "erika@"}, (422, "booking_invalid")),
        ({"starts_at": "2026-11-24T10:15:00"}, (400, "json_wrong")),
        ({"starts_at": "9999-12-31T23:59:59+00:00"}, (400, "json_wrong")),
        ({"role": "administrator"}, (400, "json_wrong")),
        ({"client_name": ""}, (400, "json_wrong")),
    ],
)
async def test_what_cannot_be_booked(web, program, changes, refusal):
    await web.parts.advisers.add("empfang", "E. Empfang", PASSWORD, Role.FRONT_DESK)
    assert await code_of(await program.book(**changes)) == refusal


async def test_a_taken_slot(program):
    await program.book()
    assert await code_of(await program.book("k-2")) == (409, "slot_taken")
    assert (await program.book("k-3", overlap_allowed=True)).status_code == 201


@pytest.mark.parametrize("key", ["", "mit leer", "x" * 201, "ä"])
async def test_without_an_idempotency_key(program, key):
    headers = {"Idempotency_Key": key} if key else {}
    answer = await program.ask("POST", json=BOOKING, **headers)
    assert await code_of(answer) == (400, "idempotency_key_missing")


async def test_nobody_and_whose_key_was_revoked(web, program):
    booked = await (await program.book()).get_json()
    [key] = await web.parts.api_keys.all_keys()
    await web.parts.api_keys.revoke(key.id, "chef")
    adviser = await web.adviser("cookie")
    for method, path in (("GET", ""), ("GET", f"/{booked['id']}"), ("POST", "")):
        assert await code_of(await program.ask(method, path)) == (401, "key_needed")
        nobody = Program(web, "")
        assert await code_of(await nobody.ask(method, path)) == (401, "key_needed")
        by_cookie = await adviser.request(method, API + path)
        assert await code_of(by_cookie) == (401, "key_needed"), "a cookie counts for nothing here"


async def test_a_key_that_reads_books_nothing(web, program):
    booked = await (await program.book()).get_json()
    _, secret = await web.parts.api_keys.make("Wandtafel", Scope.READ, "chef")
    reader = Program(web, secret)
    assert (await reader.ask("GET", f"/{booked['id']}")).status_code == 200
    for path in ("", f"/{booked['id']}/move", f"/{booked['id']}/cancel"):
        answer = await reader.ask("POST", path, json={})
        assert await code_of(answer) == (403, "key_too_narrow")
    row = await web.parts.appointments.get(booked["id"])
    assert row.status is AppointmentStatus.PLANNED


async def test_a_teams_key_reaches_the_team_alone(web, program, yilmaz):
    teams = [await web.parts.advisers.add_team(name, "chef") for name in ("Wohngeld", "Pflege")]
    await web.parts.advisers.set_teams(yilmaz.id, [teams[0].id], "chef")
    booked = await (await program.book()).get_json()
    assert (await web.parts.appointments.get(booked["id"])).team_id == teams[0].id
    for team, reaches in zip(teams, (True, False), strict=True):
        _, secret = await web.parts.api_keys.make("eng", Scope.BOOK, "chef", team.id)
        narrow = Program(web, secret)
        day = await (await narrow.ask("GET", "?on=2026-11-24")).get_json()
        assert bool(day["appointments"]) is reaches
        status = (await narrow.ask("GET", f"/{booked['id']}")).status_code
        assert status == (200 if reaches else 404)
        answer = await narrow.book(f"k-{team.id}", overlap_allowed=True)
        assert answer.status_code == (201 if reaches else 422)


async def test_a_closed_account_is_not_booked(web, program, yilmaz):
    """Not even by the key of a team, for which the appointment would be nobody's."""
    team = await web.parts.advisers.add_team("Wohngeld", "chef")
    await web.parts.advisers.set_teams(yilmaz.id, [team.id], "chef")
    await web.parts.advisers.close_account(yilmaz.id, "chef")
    _, secret = await web.parts.api_keys.make("eng", Scope.BOOK, "chef", team.id)
    assert (await Program(web, secret).book()).status_code == 422


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "heute"])
async def test_a_day_that_nobody_means(program, on):
    assert (await program.ask("GET", f"?on={on}")).status_code == 400


async def test_too_many_calls_of_one_key(web, program, monkeypatch):
    monkeypatch.setitem(FIGURES, Budget.CALLS, Figures(2, 1000, 1000, None))
    assert [(await program.ask("GET")).status_code for _ in range(3)] == [200, 200, 429]


async def test_the_console_makes_a_key_and_takes_it_back(web, yilmaz):
    chef = await web.adviser("chef", Role.ADMINISTRATOR)
    form = {"name": "Fachverfahren", "scope": "book", "team_id": ""}
    html = await (await chef.post("/console/keys/new", form=form)).get_data(as_text=True)
    secret = html.partition('id="api-secret">')[2].partition("<")[0]
    assert secret.startswith("vorzimmer_")
    assert (await Program(web, secret).book()).status_code == 201
    page = await chef.get("/console/keys")
    assert secret not in await page.get_data(as_text=True)
    assert "Fachverfahren" in await text_of(page)
    [key] = await web.parts.api_keys.all_keys()
    assert secret not in str(key.model_dump()), "only its hash is kept"
    assert (await chef.post(f"/console/keys/{key.id}/revoke")).status_code == 303
    assert (await Program(web, secret).ask("GET")).status_code == 401
    assert "Zurückgezogen" in await text_of(await chef.get("/console/keys"))
    for wrong in ({"name": " "}, {"scope": "all"}, {"team_id": "nonesuch"}):
        answer = await chef.post("/console/keys/new", form=form | wrong)
        assert answer.status_code in (400, 422)
    assert len(await web.parts.api_keys.all_keys()) == 1


async def test_the_document_is_served_and_nothing_else_of_it(web):
    browser = web.browser()
    document = await (await browser.get(f"{API}/openapi.json")).get_json()
    assert set(document["paths"]) == {
        API, f"{API}/{{appointment_id}}", f"{API}/{{appointment_id}}/move",
        f"{API}/{{appointment_id}}/cancel",
    }  # fmt: skip
    assert "http://" not in str(document)
    assert "cdn" not in str(document)
    for page in ("/docs", "/redocs", "/scalar", "/openapi.json"):
        assert (await browser.get(page)).status_code == 404
