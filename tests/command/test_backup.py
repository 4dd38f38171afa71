"""Backup, restore and purge as IT calls them, on real files."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from appliance.advisers.models import Adviser, AdviserLogin, RecoveryCode, Role
from appliance.api_keys.models import ApiKey, Scope
from appliance.appointments.models import CalendarFeed
from appliance.backup_command import NOT_PURGED, make, purge_now, put_back
from appliance.conferences.models import Conference
from appliance.conferences.states import ConferenceMode
from appliance.kiosks.models import Kiosk
from appliance.retention.models import PurgeProof
from appliance.retention.on_request import erase
from appliance.retention.proof import broken_at
from appliance.settings import Settings
from appliance.storage.audit import AuditLine, audit
from appliance.storage.backup import backup_folder, kept_backups
from appliance.storage.database import Database, database_path
from appliance.storage.errors import (
    BackupDamaged,
    BackupKeyWrong,
    BackupTooNew,
    DatabaseInUse,
    PresentDatabaseUnreadable,
)
from appliance.storage.keys import KEY_FILE
from appliance.storage.migrate import migrate
from appliance.visits.models import Entry, Visit, VisitAccess
from tests.builders.clock import HandClock
from tests.builders.storage import make_settings
from tests.retention.test_purge import book


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make_settings(tmp_path / "box")
    migrate(made)
    return made


def change(settings: Settings, work) -> None:
    database = Database.open(settings)
    try:
        database.write_sync(work)
    finally:
        database.close()


def read(settings: Settings, query) -> list:
    database = Database.open(settings)
    try:
        return database.read_sync(lambda session: list(session.exec(query)))
    finally:
        database.close()


def line(settings: Settings, name: str, clock: HandClock) -> None:
    change(settings, lambda session: audit(session, "adviser-1", "tested", name, clock.now))


def subjects(settings: Settings) -> list[str]:
    return read(settings, select(AuditLine.subject_id).where(AuditLine.action == "tested"))


def booked(settings: Settings) -> list[str]:
    from appliance.appointments.models import Appointment

    return sorted(read(settings, select(Appointment.id)))


def test_it_works(settings: Settings, clock: HandClock) -> None:
    change(settings, lambda session: book(session, "appointment-1", clock.now))
    said = make(settings, clock=clock)
    assert "1 kept, of at most 14 days" in said
    assert str(settings.data_dir / KEY_FILE) in said
    change(settings, lambda session: book(session, "appointment-2", clock.now))
    clock.forward(hours=1)
    [first] = kept_backups(backup_folder(settings))
    answer = put_back(settings, first, clock=clock)
    assert booked(settings) == ["appointment-1"]
    assert "Restored" in answer
    [_, before] = kept_backups(backup_folder(settings))
    assert str(before) in answer
    put_back(settings, before, clock=clock)  # and the other way round
    assert booked(settings) == ["appointment-1", "appointment-2"]


def test_on_a_second_box_with_the_key(settings: Settings, clock: HandClock, tmp_path: Path) -> None:
    change(settings, lambda session: book(session, "appointment-1", clock.now))
    make(settings, tmp_path / "stick.db", clock=clock)
    second = make_settings(tmp_path / "second")
    second.data_dir.mkdir(mode=0o700)
    key = (settings.data_dir / KEY_FILE).read_text()
    (second.data_dir / KEY_FILE).write_text(key)
    (second.data_dir / KEY_FILE).chmod(0o600)
    (tmp_path / "stick.db").chmod(0o400)
    said = put_back(second, tmp_path / "stick.db", clock=clock)
    assert "nothing to keep" in said
    assert booked(second) == ["appointment-1"]
    assert kept_backups(backup_folder(settings)) == []


def test_a_box_with_another_key_says_so(
    settings: Settings, clock: HandClock, tmp_path: Path
) -> None:
    make(settings, tmp_path / "stick.db", clock=clock)
    second = make_settings(tmp_path / "second")
    migrate(second)
    before = database_path(second).read_bytes()
    with pytest.raises(BackupKeyWrong):
        put_back(second, tmp_path / "stick.db", clock=clock)
    assert database_path(second).read_bytes() == before


def test_not_while_web_runs(settings: Settings, clock: HandClock, tmp_path: Path) -> None:
    make(settings, tmp_path / "stick.db", clock=clock)
    config = f'data_dir = "{settings.data_dir}"\nruntime_dir = "{tmp_path}/run"\n'
    (tmp_path / "config.toml").write_text(config + '[web]\nbind = ["127.0.0.1:0"]\n')
    command = [sys.executable, "-m", "appliance"]
    surroundings = {"VORZIMMER_CONFIG": str(tmp_path / "config.toml"), "PATH": "/usr/bin:/bin"}
    web = subprocess.Popen([*command, "serve"], env=surroundings, stderr=subprocess.PIPE, text=True)
    try:
        assert web.stderr is not None
        assert any("web_started" in said for said in web.stderr)
        restoring = [*command, "restore", str(tmp_path / "stick.db")]
        refused = subprocess.run(restoring, env=surroundings, capture_output=True, text=True)
        assert refused.returncode == 1
        assert "Vorzimmer läuft noch" in refused.stderr
    finally:
        web.terminate()
        web.communicate(timeout=20)
    done = subprocess.run(restoring, env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not list(settings.data_dir.glob("*.restoring*"))


def test_and_nothing_opens_while_it_restores(settings: Settings) -> None:
    from appliance.storage.database import hold

    hold(settings.data_dir, exclusive=True)
    with pytest.raises(DatabaseInUse):
        Database.open(settings)


def test_a_damaged_backup_changes_nothing(
    settings: Settings, clock: HandClock, tmp_path: Path
) -> None:
    line(settings, "before", clock)
    make(settings, tmp_path / "stick.db", clock=clock)
    content = bytearray((tmp_path / "stick.db").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "stick.db").write_bytes(content)
    line(settings, "after", clock)
    with pytest.raises(BackupDamaged):
        put_back(settings, tmp_path / "stick.db", clock=clock)
    assert subjects(settings) == ["before", "after"]
    assert kept_backups(backup_folder(settings)) == []


def test_a_newer_versions_backup_is_refused(
    settings: Settings, clock: HandClock, tmp_path: Path
) -> None:
    def grow(session: Session) -> None:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    change(settings, grow)
    make(settings, tmp_path / "stick.db", clock=clock)
    with pytest.raises(BackupTooNew):
        put_back(settings, tmp_path / "stick.db", clock=clock)


def test_a_damaged_database_is_thrown_away_only_when_told(
    settings: Settings, clock: HandClock
) -> None:
    line(settings, "before", clock)
    make(settings, clock=clock)
    [kept] = kept_backups(backup_folder(settings))
    database_path(settings).write_bytes(b"broken" * 1000)
    with pytest.raises(PresentDatabaseUnreadable):
        put_back(settings, kept, clock=clock)
    assert database_path(settings).read_bytes() == b"broken" * 1000
    put_back(settings, kept, discard_present=True, clock=clock)
    assert subjects(settings) == ["before"]


def test_audit_and_proofs_are_not_taken_back(settings: Settings, clock: HandClock) -> None:
    purge_now(settings, clock=clock)
    line(settings, "before", clock)
    make(settings, clock=clock)
    line(settings, "after", clock)
    clock.forward(days=1)
    purge_now(settings, clock=clock)
    put_back(settings, kept_backups(backup_folder(settings))[0], clock=clock)
    assert subjects(settings) == ["before", "after"]
    assert len(read(settings, select(PurgeProof.id))) == 3
    database = Database.open(settings)
    assert database.read_sync(broken_at) is None
    database.close()
    assert "backup_restored" in read(settings, select(AuditLine.action))


def test_ended_logins_stay_ended(settings: Settings, clock: HandClock) -> None:
    def log_in(session: Session) -> None:
        words = {"password_hash": "x", "totp_secret": "x", "created_at": clock.now}
        session.add(Adviser(id="a", login="y", name="Y", role=Role.ADVISER, **words))
        session.flush()
        times = {"created_at": clock.now, "seen_at": clock.now}
        session.add(AdviserLogin(adviser_id="a", secret_hash="x", **times))

    change(settings, log_in)
    make(settings, clock=clock)
    put_back(settings, kept_backups(backup_folder(settings))[0], clock=clock)
    [login] = read(settings, select(AdviserLogin))
    assert login.ended_at == clock.now


def room(name: str, now: datetime, visit_id: str | None = None) -> Conference:
    facts = {"created_at": now, "ends_at": now + timedelta(days=7), "visit_id": visit_id}
    return Conference(
        id=name, name=name, title="", mode=ConferenceMode.VIDEO, host_id="stays", **facts
    )


def grant(session: Session, now: datetime) -> None:
    """Accounts of three; a key, a calendar address and a kiosk of two."""
    for name in ("stays", "closed", "lowered"):
        words = {"password_hash": "old", "totp_secret": "x", "created_at": now}
        session.add(Adviser(id=name, login=name, name=name, role=Role.ADMINISTRATOR, **words))
    session.flush()
    session.add(RecoveryCode(adviser_id="stays", label="01", code_hash="x"))
    times = dict.fromkeys(("state_since", "client_seen_at", "created_at"), now)
    session.add(Visit(id="visit", entry=Entry.LINK, language="de", **times))
    session.flush()
    for name in ("stays", "closed"):
        key = {"name": name, "key_hash": name, "scope": Scope.READ, "created_by": "stays"}
        session.add(ApiKey(id=name, created_at=now, **key))
        session.add(CalendarFeed(id=name, adviser_id=name, secret_hash=name, created_at=now))
        words = {"secret_hash": name, "created_by": "stays", "created_at": now}
        session.add(Kiosk(id=name, name=name, code_hash=f"code-{name}", **words))
        session.add(room(name, now))
        session.add(
            VisitAccess(id=name, visit_id="visit", secret_hash=name.encode(), created_at=now)
        )
    session.add(room("beside", now, visit_id="visit"))


def take_away(session: Session, now: datetime) -> None:
    session.get_one(Adviser, "closed").active = False
    lowered = session.get_one(Adviser, "lowered")
    lowered.role, lowered.password_hash = Role.ADVISER, "new"
    session.exec(select(RecoveryCode)).one().used_at = now
    session.get_one(ApiKey, "closed").revoked_at = now
    session.get_one(CalendarFeed, "closed").revoked_at = now
    session.delete(session.get_one(Kiosk, "closed"))
    session.delete(session.get_one(Conference, "closed"))
    session.get_one(VisitAccess, "closed").revoked_at = now


def valid(settings: Settings, model) -> list[str]:
    return sorted(read(settings, select(model.id).where(col(model.revoked_at).is_(None))))


def test_what_was_taken_away_since_stays_so(settings: Settings, clock: HandClock) -> None:
    change(settings, lambda session: grant(session, clock.now))
    make(settings, clock=clock)
    change(settings, lambda session: take_away(session, clock.now))
    said = put_back(settings, kept_backups(backup_folder(settings))[0], clock=clock)
    assert "1 keys, 1 calendar addresses" in said
    assert "since the backup stay so: closed, lowered." in said
    assert "No administrator" not in said
    assert valid(settings, ApiKey) == valid(settings, CalendarFeed) == ["stays"]
    assert sorted(filter(None, read(settings, select(Kiosk.secret_hash)))) == ["stays"]
    assert set(read(settings, select(Kiosk.code_hash))) == {None}
    assert read(settings, select(Conference.id)) == valid(settings, VisitAccess) == ["stays"]
    accounts = {one.id: one for one in read(settings, select(Adviser))}
    assert [accounts[one].active for one in ("stays", "closed", "lowered")] == [True, False, True]
    assert (accounts["lowered"].role, accounts["lowered"].password_hash) == (Role.ADVISER, "new")
    assert read(settings, select(RecoveryCode.used_at)) == [clock.now]


def test_without_the_present_one_no_key_is_valid(settings: Settings, clock: HandClock) -> None:
    change(settings, lambda session: grant(session, clock.now))
    make(settings, clock=clock)
    database_path(settings).write_bytes(b"broken" * 1000)
    [kept] = kept_backups(backup_folder(settings))
    said = put_back(settings, kept, discard_present=True, clock=clock)
    assert "All keys (2) and calendar addresses (2) were revoked" in said
    assert "Kiosks (2) are to be registered anew" in said
    assert valid(settings, ApiKey) == valid(settings, CalendarFeed) == []
    assert read(settings, select(Conference.id)) == valid(settings, VisitAccess) == []
    assert all(read(settings, select(Adviser.active)))


def test_what_became_due_since_is_deleted_at_once(settings: Settings, clock: HandClock) -> None:
    change(settings, lambda session: book(session, "appointment-old", clock.now))
    make(settings, settings.data_dir / "stick.db", clock=clock)
    clock.forward(days=91)
    change(settings, lambda session: book(session, "appointment-new", clock.now))
    put_back(settings, settings.data_dir / "stick.db", clock=clock)
    assert booked(settings) == []


def test_a_clock_that_is_wrong_takes_nothing_of_a_restored_one(
    settings: Settings, clock: HandClock
) -> None:
    change(settings, lambda session: book(session, "appointment-old", clock.now))
    purge_now(settings, clock=clock)
    make(settings, settings.data_dir / "stick.db", clock=clock)
    clock.forward(days=5 * 365)
    said = put_back(settings, settings.data_dir / "stick.db", clock=clock)
    assert NOT_PURGED in said
    assert booked(settings) == ["appointment-old"]


def test_what_was_deleted_on_request_stays_deleted(
    settings: Settings, clock: HandClock, tmp_path: Path
) -> None:
    """The copy was carried away: no purge could reach it."""

    def two(session: Session) -> None:
        book(session, "appointment-1", clock.now + timedelta(days=1))
        book(session, "appointment-2", clock.now + timedelta(days=1))

    change(settings, two)
    make(settings, tmp_path / "stick.db", clock=clock)
    database = Database.open(settings)
    erase(database, clock, ["appointment-1"], "adviser-1", backup_folder(settings))
    database.close()
    assert booked(settings) == ["appointment-2"]
    assert "again now" in put_back(settings, tmp_path / "stick.db", clock=clock)
    assert booked(settings) == ["appointment-2"]


def test_a_large_one_is_quick(settings: Settings, clock: HandClock) -> None:
    def many(session: Session) -> None:
        for number in range(300):
            book(session, f"appointment-{number:010d}", clock.now)

    change(settings, many)
    began = time.perf_counter()
    make(settings, clock=clock)
    assert time.perf_counter() - began < 10
