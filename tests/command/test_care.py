"""What ``doctor`` says of deletion and backups."""

from __future__ import annotations

from pathlib import Path

from appliance.backup_command import make, purge_now
from appliance.care_command import LEGAL, care
from appliance.settings import AgencySettings
from appliance.storage.backup import backup_folder, kept_backups
from appliance.storage.database import database_path
from appliance.storage.migrate import migrate
from tests.builders.clock import HandClock
from tests.builders.storage import make_settings


def test_it_works(tmp_path: Path) -> None:
    settings, clock = make_settings(tmp_path / "box"), HandClock()
    migrate(settings)
    good, lines = care(settings, clock)
    assert not good
    assert "no proof yet" in lines[0]
    assert "vorzimmer backup" in lines[1]
    make(settings, clock=clock)
    purge_now(settings, clock=clock)
    good, lines = care(settings, clock)
    assert good, lines
    assert "last proof 2026-11-24 09:00 UTC: ok" in lines[0]
    assert "1 in" in lines[1]


def test_what_is_late_is_said(tmp_path: Path) -> None:
    settings, clock = make_settings(tmp_path / "box"), HandClock()
    migrate(settings)
    make(settings, clock=clock)
    purge_now(settings, clock=clock)
    clock.forward(hours=27)
    good, lines = care(settings, clock)
    assert (good, "not for 26 hours" in lines[0]) == (False, True)
    clock.forward(hours=30)
    assert "too old" in care(settings, clock)[1][1]


def test_a_backup_that_does_not_open_is_said(tmp_path: Path) -> None:
    settings, clock = make_settings(tmp_path / "box"), HandClock()
    migrate(settings)
    make(settings, clock=clock)
    [kept] = kept_backups(backup_folder(settings))
    kept.write_bytes(b"broken" * 999)
    purge_now(settings, clock=clock)
    good, lines = care(settings, clock)
    assert (good, "something was left" in lines[0]) == (False, True)


def test_a_box_without_a_database_has_nothing_to_care_for(tmp_path: Path) -> None:
    good, lines = care(make_settings(tmp_path))
    assert good
    assert "no database" in lines[0]


def test_a_database_that_does_not_open_is_said(tmp_path: Path) -> None:
    settings = make_settings(tmp_path / "box")
    migrate(settings)
    database_path(settings).write_bytes(b"broken" * 999)
    good, lines = care(settings)
    assert not good
    assert lines[0].startswith("Database: ")


def test_what_the_legal_pages_lack_is_said_but_fails_nothing(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    good, lines = care(settings)
    assert good
    assert any("please fill in agency.represented_by" in line for line in lines)
    assert any("still the sample: agency.name" in line for line in lines)
    whole = settings.model_copy(update={"agency": AgencySettings(**dict.fromkeys(LEGAL, "x"))})
    assert "Legal pages: ok" in care(whole)[1]
