"""Loops that go on whatever their work raises."""

import asyncio

from appliance.jobs import Jobs, Loop
from appliance.outbox.states import MessageState


async def test_it_works():
    rounds = asyncio.Event()

    async def work() -> None:
        rounds.set()

    jobs = Jobs([Loop("test", 60, work)])
    jobs.start()
    await asyncio.wait_for(rounds.wait(), 5)
    await jobs.stop()


async def test_waking_is_at_once():
    worked = asyncio.Queue()

    async def work() -> None:
        worked.put_nowait(None)

    loop = Loop("test", 60, work)
    jobs = Jobs([loop])
    jobs.start()
    await asyncio.wait_for(worked.get(), 5)
    loop.wake()
    await asyncio.wait_for(worked.get(), 5)
    await jobs.stop()


async def test_a_failing_round_ends_no_loop(caplog):
    worked = asyncio.Queue()

    async def work() -> None:
        worked.put_nowait(None)
        if worked.qsize() == 1:
            raise RuntimeError("Erika Mustermann")

    loop = Loop("test", 60, work)
    assert await loop.once() is False
    assert await loop.once() is True
    assert "job_failed" in caplog.text
    assert "Erika" not in caplog.text


async def test_deadlines_and_outbox_run_while_the_application_serves(web):
    adviser = await web.parts.advisers.add("yilmaz", "Ayşe Yılmaz", "ein-Vogel-im-Garten")
    fired = asyncio.Event()

    async def fire_deadlines() -> int:
        fired.set()
        return 0

    web.parts.visits.fire_deadlines = fire_deadlines
    from appliance.app import build_jobs
    from appliance.consequences import Consequences

    jobs = build_jobs(web.parts, Consequences(web.parts.visits, web.parts.appointments))
    jobs.start()
    await asyncio.wait_for(fired.wait(), 5)
    await web.booked(adviser.adviser.id, client_email="erika@example.org")
    await web.parts.database.published()
    await jobs.stop()
    kept = await web.parts.outbox.messages_kept("test")
    assert [message.recipient for message in kept] == ["erika@example.org"]
    assert MessageState.KEPT == "kept"


async def test_web_does_not_do_it_as_well(web, monkeypatch):
    """Under timers its only loop about deletion is the look that colours the desks."""
    from appliance.app import build_jobs
    from appliance.consequences import Consequences

    looked = []

    async def look() -> None:
        looked.append(True)

    async def purge() -> None:
        raise AssertionError

    monkeypatch.setattr(web.parts.deletion, "look", look)
    monkeypatch.setattr(web.parts.deletion, "run", purge)
    web.parts.settings = web.parts.settings.model_copy(update={"upkeep": "timers"})
    jobs = build_jobs(web.parts, Consequences(web.parts.visits, web.parts.appointments))
    loops = {loop.name: loop for loop in jobs._loops}
    assert "backup" not in loops
    assert await loops["purge"].once()
    assert looked == [True]
