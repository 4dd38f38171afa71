"""A sweep of numbers or links learns nothing from the time an answer takes (under 5 ms median)."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from statistics import median
from time import perf_counter

from appliance.appointments.errors import LinkError
from appliance.appointments.states import Channel
from tests.builders.bookings import make_booking

ROUNDS = 25
MOST_MS = 5.0


async def medians(*asks: Callable[[], Awaitable[object]]) -> list[float]:
    """Median time of each in ms; asked in turns, so that a busy machine disturbs all alike."""
    times: list[list[float]] = [[] for _ in asks]
    for _ in range(ROUNDS):
        for ask, own in zip(asks, times, strict=True):
            started = perf_counter()
            with suppress(LinkError):
                await ask()
            own.append((perf_counter() - started) * 1000)
    return [median(own) for own in times]


async def test_it_works(house):
    service = house.appointments
    booked = await service.book(make_booking(), "adviser")
    early = booked.starts_at - timedelta(days=1)
    none, too_early, malformed = await medians(
        lambda: service.by_number("9999999999", early),
        lambda: service.by_number(booked.session_number, early),
        lambda: service.by_number("x", early),
    )
    assert max(none, too_early, malformed) - min(none, too_early, malformed) < MOST_MS


async def test_links(house):
    service = house.appointments
    booked = await service.book(make_booking(), "adviser")
    await service.new_link(booked.id, Channel.SCREEN)
    unknown, malformed = await medians(
        lambda: service.open_link("A" * 43, booked.starts_at),
        lambda: service.open_link("A", booked.starts_at),
    )
    assert abs(unknown - malformed) < MOST_MS
