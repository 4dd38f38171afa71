"""The desk turns red when old data was not deleted for 26 hours, and when something was left."""

import asyncio

from sqlmodel import col, update

from appliance.retention.models import PurgeProof


async def desk_after(stage, hours):
    stage.clock.forward(hours=hours)
    await stage.live.ticker.tick()
    await stage.live.settle()


async def test_it_works(meeting):
    stage, watch = meeting.stage, meeting.stage.parts.deletion
    await watch.run()
    await desk_after(stage, 25)
    assert meeting.desk.desk.deletion == "ok"
    await desk_after(stage, 2)
    assert meeting.desk.desk.deletion == "late"
    await watch.run()
    await desk_after(stage, 0)
    assert meeting.desk.desk.deletion == "ok"


async def test_a_new_box_has_its_first_day(meeting):
    await desk_after(meeting.stage, 26)
    assert meeting.desk.desk.deletion == "ok"
    await desk_after(meeting.stage, 1)
    assert meeting.desk.desk.deletion == "late"


async def test_after_a_restart_the_last_proof_counts(meeting):
    stage, watch = meeting.stage, meeting.stage.parts.deletion
    await watch.run()
    stage.clock.forward(hours=30)
    anew = type(watch)(stage.parts.database, stage.clock, stage.folder / "backups")
    assert anew.word() == "ok"
    await anew.look()
    assert anew.word() == "late"


async def test_what_was_left_is_said(meeting):
    stage, watch = meeting.stage, meeting.stage.parts.deletion
    await watch.run()

    def leave_traces(session):
        session.execute(update(PurgeProof).where(col(PurgeProof.id) == 1).values(backups_failed=1))

    await asyncio.to_thread(stage.parts.database.write_sync, leave_traces)
    await watch.look()
    await desk_after(stage, 0)
    assert meeting.desk.desk.deletion == "traces"
