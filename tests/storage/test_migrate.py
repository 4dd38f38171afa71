from __future__ import annotations

import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine
from sqlmodel import Session, SQLModel, select

from appliance.messages.models import LeftMessage
from appliance.storage.database import Database, database_path
from appliance.storage.engine import Source, make_engine
from appliance.storage.errors import DatabaseTooNew, KeyMissing, UrlUnsupported, WrongKey
from appliance.storage.keys import KEY_FILE, read_key, unseal
from appliance.storage.migrate import alembic_config, migrate
from tests.builders.storage import make_settings


def engine_of(folder: Path, *, may_create: bool = False) -> Engine:
    settings = make_settings(folder)
    source = Source(database_path(settings), read_key(settings), may_create=may_create)
    return make_engine(source, connections=1)


def schema(engine: Engine) -> dict[str, str]:
    """Every table and index in its own words, columns in any order.

    A table that was made anew has its name in quotation marks, and an empty default in brackets.
    """
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL "
            "AND name != 'alembic_version'"
        ).all()
    engine.dispose()
    return {
        name: "\n".join(sorted(line.strip(" ,\t") for line in _plain(sql).splitlines()))
        for name, sql in rows
    }


def _plain(sql: str) -> str:
    return sql.replace('"', "").replace("DEFAULT ('')", "DEFAULT ''")


def test_it_works(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    settings = make_settings(folder)
    migrate(settings)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in (KEY_FILE, "vorzimmer.db"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    Database.open(settings).close()


def test_migrations_end_equal_to_the_models(tmp_path: Path) -> None:
    migrate(make_settings(tmp_path))
    migrated = engine_of(tmp_path)
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    by_models = tmp_path / "by_models"
    by_models.mkdir()
    (by_models / KEY_FILE).write_bytes((tmp_path / KEY_FILE).read_bytes())
    (by_models / KEY_FILE).chmod(0o600)
    created = engine_of(by_models, may_create=True)
    SQLModel.metadata.create_all(created)
    assert schema(migrated) == schema(created)


def test_down_and_up_again(tmp_path: Path) -> None:
    migrate(make_settings(tmp_path))
    engine = engine_of(tmp_path)
    before = schema(engine)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert schema(engine) == {}
    engine.dispose()
    migrate(make_settings(tmp_path))
    assert schema(engine) == before


def columns_of(connection: Connection, table: str, **known: str) -> str:
    """An INSERT for a row at the connection's schema, with something in each needed column."""
    rows = connection.exec_driver_sql(f"PRAGMA table_info({table})").all()
    needed = {name: known.get(name, "0") for _, name, _, must, *_ in rows if must or name in known}
    names, values = ", ".join(needed), ", ".join(f"'{value}'" for value in needed.values())
    return f"INSERT INTO {table} ({names}) VALUES ({values})"


def test_what_hangs_on_a_changed_table_stays(tmp_path: Path) -> None:
    """A visit's table is made anew in 0007; its journal must not go with the old one."""
    settings = make_settings(tmp_path)
    migrate(settings)
    engine = engine_of(tmp_path)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0006")
        words = {"state": "waiting", "state_to": "waiting", "entry": "link", "mode": "video"}
        words |= {"identity": "open", "event": "link_opened", "actor": "client"}
        for table, ids in (("visit", {"id": "v1"}), ("visit_journal", {"visit_id": "v1"})):
            connection.exec_driver_sql(columns_of(connection, table, **words, **ids))
    engine.dispose()
    migrate(settings)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT visit_id, second_factor FROM visit_journal JOIN visit ON visit.id = visit_id"
        ).all()
    engine.dispose()
    assert found == [("v1", "password")]


def test_messages_of_before_are_sealed_and_readable(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    migrate(settings)
    engine = engine_of(tmp_path)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0009")
        words = {"state": "closed", "entry": "link", "mode": "video", "identity": "open"}
        words |= {"second_factor": "password"}
        left = {"outcome": "call_back", "message_text": "Nach 16 Uhr", "stated_phone": "030 1"}
        times = {"closed_at": "2026-11-24 09:00:00", "id": "v1"}
        connection.exec_driver_sql(columns_of(connection, "visit", **words, **left, **times))
    engine.dispose()
    migrate(settings)
    with Session(engine_of(tmp_path)) as session:
        row = session.exec(select(LeftMessage)).one()
        assert (row.state, row.wants_call) == ("open", True)
        assert unseal(session, "v1", row.sealed_text) == "Nach 16 Uhr"
        assert unseal(session, "v1", row.sealed_phone) == "030 1"


def test_again_changes_nothing(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    migrate(settings)
    key = (tmp_path / KEY_FILE).read_text()
    before = schema(engine_of(tmp_path))
    migrate(settings)
    assert (tmp_path / KEY_FILE).read_text() == key
    assert schema(engine_of(tmp_path)) == before


def test_no_new_key_beside_a_database(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    migrate(settings)
    (tmp_path / KEY_FILE).rename(tmp_path / "envelope")
    with pytest.raises(KeyMissing):
        migrate(settings)
    assert not (tmp_path / KEY_FILE).exists()


def test_no_new_database_under_a_wrong_key(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    migrate(settings)
    before = (tmp_path / "vorzimmer.db").read_bytes()
    (tmp_path / KEY_FILE).write_text("ab" * 32)
    with pytest.raises(WrongKey):
        migrate(settings)
    assert (tmp_path / "vorzimmer.db").read_bytes() == before


def test_data_of_a_newer_release_stay_as_they_are(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    migrate(settings)
    with engine_of(tmp_path).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'of_next_year'")
    with pytest.raises(DatabaseTooNew):
        migrate(settings)


def test_a_configured_key_is_never_made(tmp_path: Path) -> None:
    settings = make_settings(tmp_path).model_copy(
        update={"database_key_file": tmp_path / "elsewhere" / "key"}
    )
    with pytest.raises(KeyMissing):
        migrate(settings)
    assert not (tmp_path / "vorzimmer.db").exists()


def test_a_database_by_url_is_refused_plainly(tmp_path: Path) -> None:
    settings = make_settings(tmp_path).model_copy(
        update={"database_url": "postgresql://somebody:secret@db/vorzimmer"}
    )
    with pytest.raises(UrlUnsupported) as caught:
        migrate(settings)
    assert "secret" not in str(caught.value)
