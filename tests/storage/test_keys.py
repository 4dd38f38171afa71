from __future__ import annotations

import pytest

from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from appliance.storage.keys import FieldKeyGone, seal, shred, unseal


async def test_it_works(database: Database) -> None:
    sealed = await database.write(lambda session: seal(session, "visit-1", "K7MQ 2XWP", utcnow()))
    assert b"K7MQ" not in sealed
    assert await database.read(lambda session: unseal(session, "visit-1", sealed)) == "K7MQ 2XWP"


async def test_the_same_text_never_looks_the_same(database: Database) -> None:
    def work(session):
        return {seal(session, "visit-1", "K7MQ2XWP", utcnow()) for _ in range(10)}

    assert len(await database.write(work)) == 10


async def test_shredded_is_gone(database: Database) -> None:
    sealed = await database.write(lambda session: seal(session, "visit-1", "text", utcnow()))
    await database.write(lambda session: shred(session, "visit-1"))
    with pytest.raises(FieldKeyGone):
        await database.read(lambda session: unseal(session, "visit-1", sealed))


async def test_not_under_another_rows_key(database: Database) -> None:
    sealed = await database.write(lambda session: seal(session, "visit-1", "text", utcnow()))
    await database.write(lambda session: seal(session, "visit-2", "text", utcnow()))
    with pytest.raises(FieldKeyGone):
        await database.read(lambda session: unseal(session, "visit-2", sealed))


@pytest.mark.parametrize("change", [lambda box: box[:-1], lambda box: b"", lambda box: box + b"x"])
async def test_changed_is_refused(database: Database, change) -> None:
    sealed = await database.write(lambda session: seal(session, "visit-1", "text", utcnow()))
    with pytest.raises(FieldKeyGone):
        await database.read(lambda session: unseal(session, "visit-1", change(sealed)))
