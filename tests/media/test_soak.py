"""Some sessions of ``scripts/soak``: every fault once, and the process is as it was before."""

import asyncio
import random

import pytest

from tests.media import soak
from tests.media.process import media_process

pytestmark = pytest.mark.timeout(60)


@pytest.mark.parametrize("name", soak.FAULTS)
def test_every_fault_has_a_name_and_a_share(name):
    share, act = soak.FAULTS[name]
    assert share > 0
    assert act.__name__ == name


async def test_it_works():
    """All faults, one after another and side by side; nothing is left of them."""
    async with media_process([soak.HOST]) as (process, client):
        one = soak.Soak(client, process.pid, random.Random(7))
        one.looks.append(await one.look())
        rooms = [soak.Session(one, f"r{n}", one.rng) for n in range(len(soak.FAULTS))]
        await asyncio.gather(*(client.open_room(session.room) for session in rooms))
        for session, (_, act) in zip(rooms, soak.FAULTS.values(), strict=True):
            await act(session)
        for session in rooms:
            for phone in session.phones:
                phone.vanish()
                soak._let_go(phone)
            await client.close_room(session.room)
        one.looks.append(await soak._settled(one))
        told = soak.summary(one)
    assert told["more_at_the_end"] == {"fds": 0, "threads": 0, "tasks": 0}
    assert told["left"] == {"rooms": 0, "paths": 0, "names": 0}
    assert one.failed == 0


def test_growth_is_a_slope_not_a_difference():
    """A warm-up is no leak; a leak that begins late is one."""
    held = dict.fromkeys(soak.THINGS, 1.0)
    warm = [soak.Look(n, held | {"memory_mib": min(60 + n, 90)}) for n in range(0, 1001, 10)]
    late = [
        soak.Look(n, held | {"memory_mib": 60 + max(n - 500, 0) / 10}) for n in range(0, 1001, 10)
    ]
    assert soak.slopes(warm)["memory_mib"] == 0
    assert soak.slopes(late)["memory_mib"] == pytest.approx(100, rel=0.01)
    assert set(soak.slopes(warm).values()) == {0.0}
