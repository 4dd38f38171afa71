from __future__ import annotations

import hashlib

import pytest
from sqlmodel import select

from appliance.storage.database import Database
from appliance.visits.errors import VisitUnknown
from appliance.visits.models import VisitAccess
from appliance.visits.service import VisitService
from tests.builders.clock import HandClock
from tests.builders.visits import arrival


async def test_it_works(visits: VisitService) -> None:
    visit = await visits.arrive(arrival())
    secret = await visits.issue_access(visit.id)
    assert len(secret) >= 43
    found = await visits.by_access(secret)
    assert found is not None
    assert found.id == visit.id


async def test_only_the_hash_is_stored(visits: VisitService, database: Database) -> None:
    visit = await visits.arrive(arrival())
    secret = await visits.issue_access(visit.id)
    row = await database.read(lambda session: session.exec(select(VisitAccess)).one())
    assert row.secret_hash == hashlib.sha256(secret.encode()).digest()
    assert secret not in repr(row)


async def test_unknown_is_none(visits: VisitService) -> None:
    assert await visits.by_access("guessed") is None


async def test_too_old_is_none(visits: VisitService, clock: HandClock) -> None:
    secret = await visits.issue_access((await visits.arrive(arrival())).id)
    clock.forward(hours=4)
    assert await visits.by_access(secret) is not None
    clock.forward(seconds=1)
    assert await visits.by_access(secret) is None


async def test_revoked_is_none(visits: VisitService) -> None:
    visit = await visits.arrive(arrival())
    secret = await visits.issue_access(visit.id)
    await visits.revoke_access(visit.id)
    assert await visits.by_access(secret) is None


async def test_no_access_to_what_is_not_there(visits: VisitService) -> None:
    with pytest.raises(VisitUnknown):
        await visits.issue_access("nobody")
    with pytest.raises(VisitUnknown):
        await visits.get("nobody")
