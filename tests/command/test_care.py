"""What ``doctor`` says of deletion and backups."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.backup_command import make, purge_now
from appliance.care_command import LEGAL, care
from appliance.doctor.finding import Finding, State, all_well
from appliance.settings import AgencySettings, Settings
from appliance.storage.backup import backup_folder, kept_backups
from appliance.storage.database import Database, database_path
from tests.builders.clock import HandClock
from tests.builders.storage import make_migrated, make_settings


def box(tmp_path: Path) -> tuple[Settings, HandClock]:
    """One that made its backup and its purge this minute."""
    settings, clock = make_migrated(tmp_path / "box"), HandClock()
    make(settings, clock=clock)
    purge_now(settings, clock=clock)
    return settings, clock


def look(settings: Settings, clock: HandClock) -> dict[str, Finding]:
    return {one.code: one for one in care(settings, clock)}


def test_it_works(tmp_path: Path) -> None:
    settings, clock = box(tmp_path)
    found = look(settings, clock)
    assert all_well(found.values()), found
    assert found["deletion"].says == "last proof 2026-11-24 09:00 UTC: ok"
    assert found["deletion_requests"].state is State.OK
    assert "1 in" in found["backups"].says


def test_what_never_ran_is_said(tmp_path: Path) -> None:
    settings = make_migrated(tmp_path / "box")
    found = look(settings, HandClock())
    assert found["deletion"].says.startswith("no proof yet")
    assert (found["backups"].state, "vorzimmer backup" in found["backups"].do) == ("wrong", True)


def test_what_is_late_is_said(tmp_path: Path) -> None:
    settings, clock = box(tmp_path)
    clock.forward(hours=27)
    found = look(settings, clock)
    assert "not for 26 hours" in found["deletion"].says
    assert not all_well(found.values())
    clock.forward(hours=30)
    assert "too old" in look(settings, clock)["backups"].says


def test_a_backup_that_does_not_open_is_said(tmp_path: Path) -> None:
    settings, clock = box(tmp_path)
    [kept] = kept_backups(backup_folder(settings))
    kept.write_bytes(b"broken" * 999)
    purge_now(settings, clock=clock)
    assert "something was left" in look(settings, clock)["deletion"].says


def test_a_request_that_is_not_finished_is_named(tmp_path: Path, monkeypatch) -> None:
    settings, clock = box(tmp_path)
    monkeypatch.setattr("appliance.retention.proof.unfinished", lambda _: {7: {"a"}})
    found = look(settings, clock)["deletion_requests"]
    assert (found.state, found.says) == (State.WRONG, "not finished: proof 7")


def test_a_box_without_a_database_has_nothing_to_care_for(tmp_path: Path) -> None:
    found = look(make_settings(tmp_path), HandClock())
    assert all_well(found.values())
    assert "no database" in found["database"].says


def test_a_database_of_another_version_is_said(tmp_path: Path) -> None:
    settings, clock = box(tmp_path)
    database = Database.open(settings)
    old = "UPDATE alembic_version SET version_num = '0001'"
    database.write_sync(lambda session: session.connection().exec_driver_sql(old))
    database.close()
    assert "vorzimmer migrate" in look(settings, clock)["database"].do


def test_a_database_that_does_not_open_is_said(tmp_path: Path) -> None:
    settings = make_migrated(tmp_path / "box")
    database_path(settings).write_bytes(b"broken" * 999)
    found = look(settings, HandClock())["database"]
    assert (found.state, "vorzimmer restore" in found.do) == (State.WRONG, True)


@pytest.mark.parametrize("key", ["", "0" * 64])
def test_a_key_that_is_gone_or_wrong_is_no_missing_database(tmp_path: Path, key: str) -> None:
    settings, clock = box(tmp_path)
    file = settings.data_dir / "database.key"
    file.write_text(key) if key else file.unlink()
    found = look(settings, clock)["database"]
    assert (found.state, "envelope" in found.do) == (State.WRONG, True)
    assert "migrate" not in found.do


def test_what_the_legal_pages_lack_is_said_but_fails_nothing(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    lines = [str(one) for one in care(settings)]
    assert all_well(care(settings))
    assert any("please fill in agency.represented_by" in line for line in lines)
    assert any("still the sample: agency.name" in line for line in lines)
    whole = settings.model_copy(update={"agency": AgencySettings(**dict.fromkeys(LEGAL, "x"))})
    assert look(whole, HandClock())["legal"].says == "ok"
