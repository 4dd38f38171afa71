"""What the power is cut under: real visits and purges on the product's database, said one by one.

Started by ``power_cut`` under strace: folder, ``PRAGMA synchronous``, how many visits. A line of
the file ``acknowledged`` stands for an answer that somebody has got: nothing before it may be lost.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, select

from appliance.retention.purge import purge
from appliance.storage import engine
from appliance.storage.database import Database
from appliance.visits.models import JournalEntry
from appliance.visits.service import VisitService
from tests.builders.clock import MORNING, HandClock
from tests.builders.storage import make_settings
from tests.builders.visits import DETAILS, WAY, arrival

ACKNOWLEDGED = "acknowledged"
PURGED = b"purged\n"
NOW = MORNING
OLD = NOW - timedelta(days=120)  # so long ago were the visits that the purge deletes
PURGE_EVERY = 15  # visits; each purge also empties the write-ahead log


def new_lines(session: Session) -> list[JournalEntry]:
    """The journal of this day's visits, as it was written."""
    query = select(JournalEntry).where(JournalEntry.at >= NOW).order_by("id")
    return list(session.exec(query))


async def work(folder: Path, visits_wanted: int) -> None:
    """Each transaction is acknowledged once it is committed, as a page is answered."""
    database = Database.open(make_settings(folder))
    visits, said = VisitService(database, HandClock(NOW)), 0
    file = os.open(folder / ACKNOWLEDGED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def acknowledge() -> None:
        nonlocal said
        said += 1
        os.write(file, b"%d\n" % said)

    for number in range(visits_wanted):
        visit = await visits.arrive(arrival(f"appointment-{number}"))
        acknowledge()
        for _, event, actor in WAY:
            await visits.happen(visit.id, event, actor, **DETAILS.get(event, {}))
            acknowledge()
        if number % PURGE_EVERY == PURGE_EVERY // 2:
            await asyncio.to_thread(purge, database, HandClock(NOW))
            os.write(file, PURGED)
    database.close()


if __name__ == "__main__":
    engine.PRAGMAS = tuple(
        (name, sys.argv[2] if name == "synchronous" else value) for name, value in engine.PRAGMAS
    )
    asyncio.run(work(Path(sys.argv[1]), int(sys.argv[3])))
