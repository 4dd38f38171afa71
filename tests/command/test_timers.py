"""Deletion and backups by the system's timers: as the web process does it, and never twice."""

import pytest
from click.testing import CliRunner

from appliance.cli import main
from appliance.retention import proof
from appliance.retention.models import PurgeProof
from appliance.settings import Settings
from appliance.storage.backup import backup_folder, kept_backups
from appliance.storage.database import Database
from tests.builders.storage import make_migrated


@pytest.fixture
def box(tmp_path, monkeypatch):
    monkeypatch.setenv("VORZIMMER_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("VORZIMMER_DATA_DIR", str(tmp_path / "data"))
    return make_migrated(tmp_path / "data")


def run(*words: str) -> None:
    answer = CliRunner().invoke(main, list(words), catch_exceptions=False)
    assert answer.exit_code == 0, answer.stderr


def proofs(settings: Settings) -> int:
    database = Database.open(settings)
    try:
        return database.read_sync(lambda session: session.query(PurgeProof).count())
    finally:
        database.close()


def test_each_hour_leaves_one_proof_a_day(box):
    for _ in range(3):
        run("purge", "--when-due")
    assert proofs(box) == 1


def test_deletion_that_left_something_fails_its_unit(box, monkeypatch):
    monkeypatch.setattr(proof, "clean", lambda _: False)
    answer = CliRunner().invoke(main, ["purge", "--when-due"], catch_exceptions=False)
    assert answer.exit_code == 1


def test_one_backup_a_day_and_none_where_it_makes_them(box, monkeypatch):
    for _ in range(2):
        run("backup", "--when-due")
    assert len(kept_backups(backup_folder(box))) == 1
    kept_backups(backup_folder(box))[0].unlink()
    monkeypatch.setenv("VORZIMMER_BACKUP__DAILY", "false")
    run("backup", "--when-due")
    assert kept_backups(backup_folder(box)) == []
