"""Opening: pragmas in force, wrong keys refused plainly, nothing made by accident."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from appliance.storage import engine as engine_module
from appliance.storage.database import Database, database_path
from appliance.storage.engine import PRAGMAS, Source, connect
from appliance.storage.errors import (
    DatabaseDamaged,
    DatabaseError,
    DatabaseMissing,
    KeyMissing,
    KeyUnreadable,
    PragmaRefused,
    WrongKey,
)
from appliance.storage.keys import KEY_FILE, read_key
from tests.builders.storage import make_database, make_settings


def test_it_works(tmp_path: Path) -> None:
    make_database(tmp_path).close()
    Database.open(make_settings(tmp_path)).close()


@pytest.mark.parametrize("read_only", [False, True])
def test_the_pragmas_are_in_force(tmp_path: Path, read_only: bool) -> None:
    database = make_database(tmp_path)
    work = database.read_sync if read_only else database.write_sync
    for name, value in (*PRAGMAS, ("busy_timeout", "5000"), ("query_only", str(int(read_only)))):
        found = work(
            lambda session, name=name: (
                session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()
            )
        )
        assert str(found) == value, name
    database.close()


def test_the_settings_are_those_of_the_design() -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": "2",
        "foreign_keys": "1",
        "secure_delete": "1",
        "temp_store": "2",
        "trusted_schema": "0",
        "cell_size_check": "1",
        "mmap_size": "0",
        "wal_autocheckpoint": "1000",
    }
    assert wanted.items() <= dict(PRAGMAS).items()
    assert "journal_size_limit" in dict(PRAGMAS)


def test_a_pragma_that_does_not_hold_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_database(tmp_path).close()
    monkeypatch.setattr(engine_module, "PRAGMAS", (("synchronous", "full"),))
    with pytest.raises(PragmaRefused):
        Database.open(make_settings(tmp_path))


def test_the_file_is_encrypted(tmp_path: Path) -> None:
    make_database(tmp_path).close()
    assert not (tmp_path / "vorzimmer.db").read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "vorzimmer.db").execute("SELECT * FROM sqlite_master")


def test_a_wrong_key_is_said_plainly_and_harms_nothing(tmp_path: Path) -> None:
    make_database(tmp_path).close()
    before = (tmp_path / "vorzimmer.db").read_bytes()
    (tmp_path / KEY_FILE).write_text("0" * 64)
    with pytest.raises(WrongKey) as caught:
        Database.open(make_settings(tmp_path))
    assert caught.value.code == "database_wrong_key"
    assert "Der Schlüssel passt nicht zur Datenbank." in str(caught.value)
    assert (tmp_path / "vorzimmer.db").read_bytes() == before


def test_opening_makes_no_database(tmp_path: Path) -> None:
    make_database(tmp_path).close()
    (tmp_path / "vorzimmer.db").unlink()
    with pytest.raises(DatabaseMissing):
        Database.open(make_settings(tmp_path))
    assert not (tmp_path / "vorzimmer.db").exists()


def test_no_key(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        Database.open(make_settings(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "0" * 63, "g" * 64, "0" * 65])
def test_a_key_file_that_is_none(tmp_path: Path, text: str) -> None:
    make_database(tmp_path).close()
    (tmp_path / KEY_FILE).write_text(text)
    with pytest.raises(KeyUnreadable):
        Database.open(make_settings(tmp_path))


def test_a_key_file_that_others_may_read(tmp_path: Path) -> None:
    make_database(tmp_path).close()
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(KeyUnreadable):
        Database.open(make_settings(tmp_path))


def test_the_credential_of_systemd_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_database(tmp_path).close()
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (tmp_path / KEY_FILE).rename(credentials / "database-key")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    Database.open(make_settings(tmp_path)).close()


def test_a_damaged_file_is_noticed(tmp_path: Path) -> None:
    make_database(tmp_path).close()
    file = tmp_path / "vorzimmer.db"
    content = bytearray(file.read_bytes())
    content[4096 + 100 :: 4096] = bytes(len(content[4096 + 100 :: 4096]))
    file.write_bytes(content)
    with pytest.raises(DatabaseError) as caught:
        Database.open(make_settings(tmp_path))
    assert isinstance(caught.value, DatabaseDamaged)


def test_the_key_is_in_no_message(tmp_path: Path) -> None:
    make_database(tmp_path).close()
    settings = make_settings(tmp_path)
    source = Source(database_path(settings), read_key(settings))
    assert source.key not in repr(source)
    with pytest.raises(DatabaseMissing) as caught:
        connect(Source(tmp_path / "none", source.key))
    assert source.key not in repr(caught.value)
