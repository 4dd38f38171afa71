"""A visit 91 days old is gone from file, WAL, log and backups; today's is not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlmodel import select

from appliance.retention import on_request
from appliance.retention.models import DeletionReason, PurgeProof
from appliance.retention.on_request import erase
from appliance.retention.proof import broken_at, unfinished
from appliance.retention.purge import purge
from appliance.retention.watch import DeletionWatch
from appliance.settings import Settings
from appliance.storage.audit import AuditLine, audit
from appliance.storage.backup import backup_folder, keep_backup, kept_backups
from appliance.storage.database import Database
from appliance.storage.engine import Source, connect, make_engine
from appliance.storage.migrate import alembic_config, migrate
from appliance.storage.pages import markers_found, plain_pages
from appliance.visits.service import VisitService
from appliance.visits.states import VisitState
from tests.builders.clock import HandClock
from tests.builders.storage import make_settings
from tests.builders.visits import visit_in
from tests.retention.test_purge import MARKER, book, marked_visit

TODAY = "CANARY8T"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """With migrations, which say of which version a backup is."""
    migrate(settings)
    opened = Database.open(settings)
    yield opened
    opened.close()


def found_in(file: Path, key: str, marker: str) -> bool:
    return markers_found(plain_pages(file, key), [marker]) == 1


async def held(
    database: Database, visits: VisitService, clock: HandClock, name: str, marker: str
) -> str:
    visit = await marked_visit(visits, name, marker)
    await database.write(lambda session: book(session, name, clock.now, marker))
    return visit.id


async def test_it_works(
    database: Database,
    visits: VisitService,
    clock: HandClock,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    old = await held(database, visits, clock, "appointment-1", MARKER)
    kept = [keep_backup(settings, clock.now)]
    clock.forward(days=91)
    await held(database, visits, clock, "appointment-2", TODAY)
    kept.append(keep_backup(settings, clock.now))
    key = database.source.key
    files = [database.source.path, *kept]
    assert [found_in(file, key, MARKER) for file in files] == [True, True, True]

    result = purge(database, clock, backups=backup_folder(settings))

    assert result.clean
    assert (result.backups.opened, result.backups.failed) == (2, 0)
    for file in files:
        assert not found_in(file, key, MARKER), file.name
        assert not found_in(file, key, old), file.name
    assert [found_in(file, key, TODAY) for file in files] == [True, False, True]
    wal = database.source.path.with_name("vorzimmer.db-wal")
    assert not wal.exists() or MARKER.encode() not in wal.read_bytes()
    assert sorted(kept[0].parent.iterdir()) == kept  # nothing lies beside them
    log = caplog.text + capsys.readouterr().out  # wherever this run's lines go
    assert MARKER not in log
    assert "purged" in log


async def test_the_proof_says_so_and_names_nobody(
    database: Database, visits: VisitService, clock: HandClock, settings: Settings
) -> None:
    await held(database, visits, clock, "appointment-1", MARKER)
    keep_backup(settings, clock.now)
    clock.forward(days=91)
    result = purge(database, clock, backups=backup_folder(settings))
    [line] = await database.read(lambda session: session.exec(select(PurgeProof)).all())
    assert (line.backups_opened, line.backups_failed) == (1, 0)
    assert line.backup_rows == sum(result.counts.values())
    assert MARKER not in repr(line)
    assert "backups: 1 opened" in str(result)
    assert database.read_sync(broken_at) is None
    database.write_sync(lambda session: setattr(session.get_one(PurgeProof, 1), "backup_rows", 0))
    assert database.read_sync(broken_at) == 1


async def test_one_that_does_not_open_is_counted_and_the_others_are_done(
    database: Database, visits: VisitService, clock: HandClock, settings: Settings
) -> None:
    await held(database, visits, clock, "appointment-1", MARKER)
    broken = keep_backup(settings, clock.now)
    good = keep_backup(settings, clock.forward(days=1))
    broken.write_bytes(b"not a database any more" * 1000)
    clock.forward(days=91)
    result = purge(database, clock, backups=backup_folder(settings))
    assert (result.backups.opened, result.backups.failed) == (1, 1)
    assert not result.clean
    assert not found_in(good, database.source.key, MARKER)


def brought_down(file: Path, key: str, revision: str) -> Path:
    """A copy of the backup as an older release would have made it."""
    older = file.with_name(f"vorzimmer-20260101T00{revision[2:]}00Z.db")
    shutil.copyfile(file, older)
    engine = make_engine(Source(older, key), connections=1)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), revision)
    engine.dispose()
    return older


def version_of(file: Path, key: str) -> tuple[str, list[str]]:
    """Its migration, and its tables word by word."""
    connection = connect(Source(file, key))
    version = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    tables = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    return version, [row[0] for row in tables]


OLDER = ["0017", "0013", "0011", "0009", "0006"]  # the last is the first with visits


async def older_backups(
    database: Database, visits: VisitService, clock: HandClock, settings: Settings
) -> tuple[dict[Path, tuple[str, list[str]]], str]:
    """One of each older version with somebody's data; and the id of the visit."""
    visit_id = await held(database, visits, clock, "appointment-1", MARKER)
    await held(database, visits, clock, "appointment-2", TODAY)
    key, file = database.source.key, keep_backup(settings, clock.now)
    found = {}
    for revision in OLDER:
        file = brought_down(file, key, revision)
        found[file] = version_of(file, key)
    assert [version for version, _ in found.values()] == OLDER
    assert all(found_in(file, key, MARKER) for file in found)
    return found, visit_id


async def test_backups_of_older_versions_are_cleared_and_stay_of_their_version(
    database: Database, visits: VisitService, clock: HandClock, settings: Settings
) -> None:
    """Else ``rollback --backup`` would find a backup that the release before cannot read."""
    older, visit_id = await older_backups(database, visits, clock, settings)
    key = database.source.key
    assert erase(database, clock, ["appointment-1"], "chef-1", backup_folder(settings)).clean
    for file, (version, _) in older.items():
        for marker in (MARKER, visit_id, "appointment-1"):
            assert not found_in(file, key, marker), (version, marker)
        assert found_in(file, key, TODAY), version
    clock.forward(days=91)
    result = purge(database, clock, backups=backup_folder(settings))
    assert (result.backups.opened, result.backups.failed) == (len(OLDER) + 1, 0)
    for file, version in older.items():
        assert not found_in(file, key, TODAY), version[0]
        assert version_of(file, key) == version


async def test_one_of_a_newer_version_is_counted_as_failed(
    database: Database, clock: HandClock, settings: Settings
) -> None:
    """It may have tables that this version does not know: nobody could say it was cleared."""
    newer = keep_backup(settings, clock.now)
    connection = connect(Source(newer, database.source.key))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    result = purge(database, clock, backups=backup_folder(settings))
    assert (result.backups.opened, result.backups.failed) == (0, 1)


async def test_without_backups_nothing_is_opened(
    database: Database, clock: HandClock, settings: Settings
) -> None:
    result = purge(database, clock, backups=backup_folder(settings))
    assert (result.backups.opened, result.backups.failed) == (0, 0)
    assert kept_backups(backup_folder(settings)) == []


async def test_on_request_all_of_one_person_goes_everywhere(
    database: Database, visits: VisitService, clock: HandClock, settings: Settings
) -> None:
    visit_id = await held(database, visits, clock, "appointment-1", MARKER)
    other = await held(database, visits, clock, "appointment-2", TODAY)
    await database.write(lambda s: audit(s, "adviser-1", "looked_up", "appointment-1", clock.now))
    kept = keep_backup(settings, clock.now)
    key = database.source.key
    result = erase(database, clock, ["appointment-1"], "chef-1", backup_folder(settings))
    assert result.clean
    assert result.counts["visit"] == result.counts["appointment"] == 1
    assert result.counts["outbox_message"] == 1
    assert result.searched.markers > 0
    for file in (database.source.path, kept):
        for marker in (MARKER, visit_id, "appointment-1"):
            assert not found_in(file, key, marker), (file.name, marker)
        for marker in (TODAY, other, "appointment-2"):
            assert found_in(file, key, marker), (file.name, marker)


async def test_the_proof_of_a_request_says_when_what_and_by_whom(
    database: Database, visits: VisitService, clock: HandClock, settings: Settings
) -> None:
    await held(database, visits, clock, "appointment-1", MARKER)
    result = erase(database, clock, ["appointment-1"], "chef-1", backup_folder(settings))
    line = await database.read(lambda session: session.get_one(PurgeProof, result.proof_id))
    assert (line.reason, line.by_id, line.at) == (DeletionReason.REQUEST, "chef-1", clock.now)
    assert '"appointment": 1' in line.counts
    assert MARKER not in repr(line)
    assert "appointment-1" not in line.erased
    assert database.read_sync(broken_at) is None
    audited = await database.read(
        lambda s: s.exec(select(AuditLine).where(AuditLine.action == "client_data_erased")).one()
    )
    assert (audited.actor_id, audited.subject_id) == ("chef-1", f"proof-{line.id}")


async def test_a_walk_in_is_deleted_by_the_visit(
    database: Database, visits: VisitService, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.CLOSED)
    assert erase(database, clock, [visit.id], "chef-1", None).counts["visit"] == 1


class Killed(BaseException):
    """The process ends here."""


def erase_until_killed(
    database: Database, clock: HandClock, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(on_request, "delete_in_backups", die)
        with pytest.raises(Killed):
            erase(database, clock, ["appointment-1"], "chef-1", backup_folder(settings))


async def test_killed_before_the_backups_the_next_purge_finishes_it(
    database: Database,
    visits: VisitService,
    clock: HandClock,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit_id = await held(database, visits, clock, "appointment-1", MARKER)
    await held(database, visits, clock, "appointment-2", TODAY)
    kept, key = keep_backup(settings, clock.now), database.source.key
    erase_until_killed(database, clock, settings, monkeypatch)
    assert not found_in(database.source.path, key, "appointment-1")
    assert found_in(kept, key, MARKER)
    assert set(database.read_sync(unfinished)) == {1}  # with its hashes, though nothing else ran
    result = purge(database, clock, backups=backup_folder(settings))
    assert result.clean
    for marker in (MARKER, visit_id, "appointment-1"):
        assert not found_in(kept, key, marker), marker
    assert found_in(kept, key, TODAY)
    assert database.read_sync(unfinished) == {}
    assert database.read_sync(broken_at) is None


async def test_or_the_next_start_does_though_nothing_is_due(
    database: Database,
    visits: VisitService,
    clock: HandClock,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await held(database, visits, clock, "appointment-1", MARKER)
    kept = keep_backup(settings, clock.now)
    purge(database, clock, backups=backup_folder(settings))  # today's has been
    erase_until_killed(database, clock, settings, monkeypatch)
    await DeletionWatch(database, clock, backup_folder(settings)).run()
    assert not found_in(kept, database.source.key, MARKER)
    assert database.read_sync(unfinished) == {}


async def test_a_backup_that_failed_is_done_once_it_can_be_opened(
    database: Database, visits: VisitService, clock: HandClock, settings: Settings
) -> None:
    await held(database, visits, clock, "appointment-1", MARKER)
    kept = keep_backup(settings, clock.now)
    content = kept.read_bytes()
    kept.write_bytes(b"not a database any more" * 1000)
    result = erase(database, clock, ["appointment-1"], "chef-1", backup_folder(settings))
    assert result.backups.failed == 1
    purge(database, clock, backups=backup_folder(settings))
    assert set(database.read_sync(unfinished)) == {result.proof_id}
    kept.write_bytes(content)
    purge(database, clock, backups=backup_folder(settings))
    assert not found_in(kept, database.source.key, MARKER)
    assert database.read_sync(unfinished) == {}
    assert database.read_sync(broken_at) is None
