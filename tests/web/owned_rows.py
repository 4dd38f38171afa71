"""Rows that belong to somebody, for the matrix of role, route and owner: one kind each."""

from __future__ import annotations

from typing import Any

from appliance.appointments.models import AppointmentRequest
from appliance.appointments.states import RequestState
from appliance.conferences.states import ConferenceMode
from appliance.messages.service import Reader
from appliance.visits.models import Entry
from appliance.visits.service import Arrival


async def appointment(web: Any, owner: str, team_id: str) -> str:
    return (await web.booked(owner, team_id=team_id)).id


async def message(web: Any, owner: str, team_id: str) -> str:
    """Left by a client of theirs."""
    visit = await web.parts.visits.arrive(
        Arrival(entry=Entry.PUBLIC, language="de", adviser_id=owner, team_id=team_id)
    )
    said = {"text": "Bitte melden.", "phone": "", "wants_call": False}
    return await web.parts.messages.leave(visit.id, owner, **said)


async def message_taken(web: Any, owner: str, team_id: str) -> str:
    """One that somebody works on."""
    message_id = await message(web, owner, team_id)
    await web.parts.messages.take(message_id, Reader(owner, lambda *_: True))
    return message_id


async def request(web: Any, owner: str, _team_id: str) -> str:
    """One for another appointment, that they have offered times for."""
    row = AppointmentRequest(
        state=RequestState.OPEN, adviser_id=owner, language="de", client_name="Erika",
        client_email="erika@example.org", created_at=web.clock(), state_since=web.clock(),
    )  # fmt: skip
    await web.parts.database.write(lambda session: session.add(row))
    return row.id


async def conference(web: Any, owner: str, _team_id: str) -> str:
    return (await web.parts.conferences.start("Runde", ConferenceMode.AUDIO, owner)).id


async def text_block(web: Any, owner: str, _team_id: str) -> str:
    await web.parts.text_blocks.add("Guten Tag", owner)
    return (await web.parts.text_blocks.of(owner))[-1].id
