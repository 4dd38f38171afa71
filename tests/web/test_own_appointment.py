"""The page behind a link: another time, calling off, a call before; and a lost link."""

import asyncio
from datetime import timedelta

import pytest

from appliance.appointments.states import AppointmentStatus, Channel
from appliance.web.limits import FIGURES, Budget
from tests.builders.bookings import MONDAY_9
from tests.web.conftest import text_of

TOMORROW = MONDAY_9 + timedelta(days=1)


async def mine(web, **facts):
    """An adviser's browser, their appointment tomorrow, and a link's secret."""
    adviser = await web.adviser()
    appointment = await web.booked(adviser.adviser_id, TOMORROW, **facts)
    secret = await web.parts.appointments.new_link(appointment.id, Channel.PRINT)
    return adviser, appointment, secret


async def post(web, deed, browser=None, **body):
    answer = await (browser or web.browser()).post(f"/api/v1/links/{deed}", json=body)
    return answer.status_code, await answer.get_json()


async def test_it_works(web):
    adviser, appointment, secret = await mine(web)
    _, door = await post(web, "look", secret=secret)
    assert (door["can_change"], door["move_wished"]) == (True, False)
    status, noted = await post(web, "cancel", secret=secret)
    assert (status, noted["title"]) == (200, "Ihr Termin ist abgesagt.")
    row = await web.parts.appointments.get(appointment.id)
    assert row.status is AppointmentStatus.CANCELLED
    assert "Hat abgesagt" in await text_of(await adviser.get("/console/requests"))
    form = {"kind": "called_off"}
    answer = await adviser.post(f"/console/requests/settled/{appointment.id}/done", form=form)
    assert answer.status_code == 303
    assert "Hat abgesagt" not in await text_of(await adviser.get("/console/requests"))
    status, problem = await post(web, "cancel", secret=secret)
    assert (status, problem["code"]) == (410, "link_cancelled")


async def test_another_time(web):
    adviser, _, secret = await mine(web)
    status, noted = await post(web, "move", secret=secret, wishes="freitags")
    assert (status, noted["title"]) == (200, "Wir suchen eine andere Zeit.")
    assert (await post(web, "look", secret=secret))[1]["move_wished"]
    assert "Möchte eine andere Zeit" in await text_of(await adviser.get("/console/requests"))


async def test_a_call_before(web):
    adviser, appointment, secret = await mine(web)
    status, problem = await post(web, "call", secret=secret, phone="12")
    assert (status, problem["code"]) == (422, "phone_wrong")
    status, _ = await post(web, "call", secret=secret, phone="0171 2345678")
    assert status == 200
    words = await text_of(await adviser.get("/console/requests"))
    assert "Möchte vorher angerufen werden" in words
    assert "0171 2345678" in words
    await adviser.post(f"/console/requests/settled/{appointment.id}/done", form={"kind": "call"})
    assert "Nichts zu tun." in await text_of(await adviser.get("/console/requests"))


async def test_who_has_left_leaves_it_to_the_team(web):
    advisers = web.parts.advisers
    care, housing = [(await advisers.add_team(name, "test")).id for name in ("Pflege", "Wohngeld")]
    colleague = await web.adviser("colleague", team_ids=[care])
    stranger = await web.adviser("stranger", team_ids=[housing])
    gone, appointment, secret = await mine(web, team_id=care)
    await post(web, "call", secret=secret, phone="0171 2345678")
    await post(web, "move", secret=secret, wishes="freitags")
    lists = {"Möchte vorher angerufen werden", "Möchte eine andere Zeit"}

    async def read(adviser) -> set[str]:
        words = await text_of(await adviser.get("/console/requests"))
        return {line for line in lists if line in words}

    assert (await read(gone), await read(colleague)) == (lists, set())
    await advisers.close_account(gone.adviser_id, "test")
    assert (await read(colleague), await read(stranger)) == (lists, set())
    done = f"/console/requests/settled/{appointment.id}/done"
    assert (await stranger.post(done, form={"kind": "call"})).status_code == 404
    assert (await colleague.post(done, form={"kind": "call"})).status_code == 303


async def test_telephone_instead_of_video(web):
    adviser, appointment, secret = await mine(web, client_phone="030 901820")
    await post(web, "alternative", secret=secret, choice="telephone")
    words = await text_of(await adviser.get("/console/requests"))
    assert "Möchte telefonieren statt Video" in words
    assert "030 901820" in words
    await adviser.post(
        f"/console/requests/settled/{appointment.id}/done", form={"kind": "telephone"}
    )
    assert "Nichts zu tun." in await text_of(await adviser.get("/console/requests"))


@pytest.mark.parametrize("kind", ["", "everything"])
async def test_nothing_else_is_ticked_off(web, kind):
    adviser, appointment, _ = await mine(web)
    answer = await adviser.post(
        f"/console/requests/settled/{appointment.id}/done", form={"kind": kind}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("deed", ["cancel", "move", "call"])
async def test_an_unknown_link_is_a_guess(web, deed):
    guesser = web.browser("2001:db8:9::1")
    body = {"secret": "A" * 43} | {"move": {"wishes": ""}, "call": {"phone": ""}}.get(deed, {})
    for _ in range(FIGURES[Budget.LINKS].address):
        status, problem = await post(web, deed, guesser, **body)
        assert (status, problem["code"]) == (404, "link_unknown")
    assert (await post(web, deed, guesser, **body))[0] == 429


async def test_a_lost_link_tells_nobody_whether_there_is_an_appointment(web):
    await mine(web, client_email="erika@example.org")
    before = len(await web.parts.outbox.messages_kept("administrator"))
    answers = [
        await post(web, "lost", email=email)
        for email in ("erika@example.org", "nobody@example.org", "no address at all")
    ]
    await asyncio.gather(*web.app.background_tasks)
    assert answers[0] == answers[1] == answers[2]
    assert len(await web.parts.outbox.messages_kept("administrator")) == before + 1


async def test_lost_links_are_limited(web):
    browser = web.browser("2001:db8:1:2::5")
    for _ in range(FIGURES[Budget.REQUESTS].address):
        assert (await post(web, "lost", browser, email="a@example.org"))[0] == 200
    assert (await post(web, "lost", browser, email="a@example.org"))[0] == 429
    await asyncio.gather(*web.app.background_tasks)
