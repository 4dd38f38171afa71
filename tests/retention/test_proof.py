from __future__ import annotations

from sqlmodel import col, delete, select, update

from appliance.retention.models import PurgeProof
from appliance.retention.proof import FIRST, broken_at
from appliance.retention.purge import purge
from appliance.storage.database import Database
from tests.builders.clock import HandClock


def purge_days(database: Database, clock: HandClock, days: int) -> list[PurgeProof]:
    for _ in range(days):
        clock.forward(days=1)
        purge(database, clock)
    return database.read_sync(lambda session: list(session.exec(select(PurgeProof))))


def test_it_works(database: Database, clock: HandClock) -> None:
    proofs = purge_days(database, clock, 3)
    assert [proof.previous_hash for proof in proofs] == [FIRST, proofs[0].hash, proofs[1].hash]
    assert database.read_sync(broken_at) is None


def test_a_changed_line_is_noticed(database: Database, clock: HandClock) -> None:
    proofs = purge_days(database, clock, 3)
    second = col(PurgeProof.id) == proofs[1].id
    database.write_sync(
        lambda session: session.execute(update(PurgeProof).where(second).values(markers_found=5))
    )
    assert database.read_sync(broken_at) == proofs[1].id


def test_a_missing_line_is_noticed(database: Database, clock: HandClock) -> None:
    proofs = purge_days(database, clock, 3)
    second = col(PurgeProof.id) == proofs[1].id
    database.write_sync(lambda session: session.execute(delete(PurgeProof).where(second)))
    assert database.read_sync(broken_at) == proofs[2].id


def test_lines_are_kept_three_years(database: Database, clock: HandClock) -> None:
    purge_days(database, clock, 1)
    clock.forward(days=3 * 365)
    assert len(purge_days(database, clock, 1)) == 2
    clock.forward(days=2)
    assert len(purge_days(database, clock, 1)) == 2
    assert database.read_sync(broken_at) is None
