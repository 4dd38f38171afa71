"""A media service on loopback and any free port, and rooms in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from appliance.relay.control import Event, Route
from appliance.relay.options import Limits, MediaOptions
from appliance.relay.service import Service
from tests.media.phone import Phone


class Box:
    """A running service, its events, and phones in the room ``r``."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.relay = service.relay
        self.events: list[Event] = []
        self.phones: list[Phone] = []
        service.relay.on_event = self.events.append
        self.relay.open_room("r")

    @property
    def counters(self):
        return self.service.plane.counters

    async def phone(
        self, peer_id: str, *, slots: int = 1, connect: bool = True, **options
    ) -> Phone:
        phone = Phone(**options)
        self.phones.append(phone)
        answer = await phone.join(self.relay.add_peer("r", peer_id, slots))
        self.relay.accept_answer(peer_id, answer)
        if connect:
            await phone.connect()
            await eventually(lambda: self.relay.peer(peer_id).state == "connected")
        return phone

    async def pair(self) -> tuple[Phone, Phone]:
        """Two phones that see and hear each other."""
        a, b = await self.phone("a"), await self.phone("b")
        self.route("a>b", "b>a")
        return a, b

    def route(self, *pairs: str, kinds: Sequence[str] = ("microphone", "camera")) -> None:
        routes = [
            Route(source=source, kind=kind, target=target)
            for source, target in (pair.split(">") for pair in pairs)
            for kind in kinds
        ]
        self.relay.set_routes("r", frozenset(routes))

    def heard_of(self, word: str) -> list[Event]:
        return [event for event in self.events if event.event == word]


async def eventually(true: Callable[[], object], within_s: float = 8.0) -> None:
    """Returns once it is true; fails after the time. Packets need real time to travel."""
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 - packets set no event
            await asyncio.sleep(0.01)


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
async def box(tmp_path, limits) -> AsyncIterator[Box]:
    service = Service(
        MediaOptions(runtime_dir=tmp_path, port=0, addresses=("127.0.0.1",), limits=limits)
    )
    await service.start()
    made = Box(service)
    yield made
    for phone in made.phones:
        phone.vanish()
    async with asyncio.timeout(5):
        await service.close()
