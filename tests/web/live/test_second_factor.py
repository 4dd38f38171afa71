"""What the identity page asks for, and what it is compared with, by the door."""

import pytest

from appliance.visits.service import Arrival
from appliance.visits.states import IdentityStatus, SecondFactor, VisitState
from tests.web.live.stage import Stage


async def called(stage: Stage, **facts: object):
    """A client who came by a link sent at short notice, at the identity page."""
    appointment = await stage.book(await stage.add_adviser(), **facts)
    visit = await stage.parts.visits.arrive(
        Arrival(
            entry="link",
            language="de",
            appointment_id=appointment.id,
            adviser_id=appointment.adviser_id,
            second_factor=SecondFactor.SESSION_NUMBER,
        )
    )
    client = await stage.client_window(visit)
    await stage.walk(client, visit, VisitState.IDENTITY)
    return appointment, visit, client


async def test_it_works(stage):
    appointment, visit, client = await called(stage)
    assert client.shown.needs == ["session_number"]
    typed = f" {appointment.session_number[:3]} {appointment.session_number[3:]}"
    await client.say("state_identity", name="Erika", session_number=typed)
    assert client.shown.state is VisitState.WAITING
    assert (await stage.parts.visits.get(visit.id)).identity is IdentityStatus.MATCHED


@pytest.mark.parametrize("wrong", ["1000000000", ""])
async def test_a_wrong_number_or_the_password_instead_does_not_match(stage, wrong):
    appointment, visit, client = await called(stage)
    password = await stage.password(appointment)
    await client.say("state_identity", name="Erika", session_number=wrong, password=password)
    assert client.problems == ["identity_mismatch_number"]
    assert (await stage.parts.visits.get(visit.id)).identity is IdentityStatus.OPEN


async def test_behind_other_doors_the_number_does_not_match(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.IDENTITY)
    number = meeting.appointment.session_number
    await meeting.client.say("state_identity", name="Erika", session_number=number)
    assert meeting.client.problems == ["identity_mismatch"]


async def test_what_else_is_held_is_asked_too(stage):
    _, _, client = await called(stage, customer_number="K-77")
    assert client.shown.needs == ["session_number", "customer_number"]


async def test_after_a_restart_of_web_it_is_still_the_number(stage, tmp_path):
    appointment, visit, _ = await called(stage)
    await stage.close()
    later = Stage(tmp_path, earlier=stage)
    await later.open()
    client = await later.client_window(visit)
    assert client.shown.needs == ["session_number"]
    number = appointment.session_number
    await client.say("state_identity", name="Erika", session_number=number)
    assert client.shown.state is VisitState.WAITING
    await later.close()


async def test_the_open_page_asks_for_what_belongs_to_the_last_door(meeting):
    stage, visit = meeting.stage, meeting.visit
    await stage.walk(meeting.client, visit, VisitState.IDENTITY)
    secret = await stage.parts.visits.issue_access(visit.id)
    arrival = Arrival(
        entry="link",
        language="de",
        appointment_id=meeting.appointment.id,
        second_factor=SecondFactor.SESSION_NUMBER,
    )
    await stage.parts.visits.arrive(arrival, access=secret)
    await stage.tick(seconds=1)
    assert meeting.client.shown.needs == ["session_number"]
