"""The loops survive what their work raises."""

from __future__ import annotations

import asyncio

import pytest

from appliance import jobs
from appliance.jobs import Jobs, Loop


class Work:
    """Counts its calls, fails at the first ones, and says when it has been called often enough."""

    def __init__(self, fails: int = 0, enough: int = 3) -> None:
        self.calls = 0
        self.fails = fails
        self.enough = enough
        self.begun = asyncio.Event()
        self.reached = asyncio.Event()

    async def __call__(self) -> None:
        self.calls += 1
        self.begun.set()
        if self.calls >= self.enough:
            self.reached.set()
        if self.calls <= self.fails:
            raise ValueError("not this time")


async def test_it_works() -> None:
    work = Work()
    running = Jobs([Loop("test", 0.001, work)])
    running.start()
    await asyncio.wait_for(work.reached.wait(), 5)
    await running.stop()
    assert all(task.done() for task in running._tasks)


async def test_it_goes_on_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PAUSE_AFTER_FAILURE_S", 0.001)
    work = Work(fails=2)
    running = Jobs([Loop("test", 0.001, work)])
    running.start()
    await asyncio.wait_for(work.reached.wait(), 5)
    await running.stop()


async def test_one_that_fails_harms_no_other() -> None:
    broken, good = Work(fails=1_000_000), Work()
    running = Jobs([Loop("broken", 0.001, broken), Loop("good", 0.001, good)])
    running.start()
    await asyncio.wait_for(good.reached.wait(), 5)
    await running.stop()
    assert broken.calls >= 1


async def test_it_is_woken_early() -> None:
    work = Work(enough=2)
    loop = Loop("test", 3600, work)
    running = Jobs([loop])
    running.start()
    await asyncio.wait_for(work.begun.wait(), 5)
    loop.wake()
    await asyncio.wait_for(work.reached.wait(), 5)
    await running.stop()
    assert work.calls == 2
