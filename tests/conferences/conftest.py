"""Conferences on a real database, with a clock that stands until moved."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from appliance.conferences.rows import View
from appliance.conferences.service import ConferenceService
from appliance.conferences.states import ConferenceMode
from tests.builders.bookings import House, make_house


@dataclass
class Rooms:
    """The service, and what tests do with it again and again."""

    house: House
    service: ConferenceService

    async def start(self, *called: str, title: str = "Runde am Montag") -> str:
        made = await self.service.start(title, ConferenceMode.VIDEO, "host", called)
        return made.id

    async def link(self, conference_id: str) -> tuple[str, str]:
        """Name and secret, as the guest's page reads them from the address."""
        address = await self.service.link(conference_id, "host")
        name, secret = address.rsplit("/rooms/", 1)[1].split("#")
        return name, secret

    async def knock(self, conference_id: str, guest: str = "Kim Gast", access: str = ""):
        link = await self.link(conference_id)
        return await self.service.knock(*link, guest, without_microphone=False, access=access)

    async def fill(self, conference_id: str, people: int) -> None:
        """So many colleagues come in beside the host."""
        for number in range(people):
            await self.service.ring(conference_id, "host", f"colleague-{number}")
            await self.service.enter(conference_id, f"colleague-{number}")

    async def states(self, conference_id: str) -> dict[str, str]:
        view: View = await self.service.get(conference_id)
        return {one.adviser_id or one.name: one.state.value for one in view.members}


@pytest.fixture
def rooms(tmp_path):
    house = make_house(tmp_path)
    yield Rooms(house, ConferenceService(house.database, house.settings, house.outbox, house.clock))
    house.database.close()
