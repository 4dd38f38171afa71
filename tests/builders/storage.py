"""A real, encrypted database in a test's own folder."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

from appliance.events import EventBus
from appliance.settings import Settings
from appliance.storage import keys
from appliance.storage.database import DATABASE_FILE, Database, database_path
from appliance.storage.engine import Source, make_engine
from appliance.storage.migrate import migrate
from appliance.storage.schema import whole_schema


def make_settings(folder: Path) -> Settings:
    """Settings whose data and sockets live in ``folder``."""
    return Settings(data_dir=folder, runtime_dir=folder / "run")


def make_database(
    folder: Path, bus: EventBus | None = None, *, busy_timeout_ms: int = 5000
) -> Database:
    """An open database with the tables of every model; one that is there already is taken."""
    for name, content in _empty().items():
        if not (folder / name).exists():
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
    return Database.open(make_settings(folder), bus=bus, busy_timeout_ms=busy_timeout_ms)


def make_migrated(folder: Path) -> Settings:
    """Settings of a box whose database ``vorzimmer migrate`` has made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in _migrated().items():
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    return make_settings(folder)


@cache
def _migrated() -> dict[str, bytes]:
    """Made once, as migrating takes a second, and copied for each test."""
    with tempfile.TemporaryDirectory() as folder:
        migrate(make_settings(Path(folder)))
        names = (keys.KEY_FILE, DATABASE_FILE)
        return {name: (Path(folder) / name).read_bytes() for name in names}


@cache
def _empty() -> dict[str, bytes]:
    """Key and empty database, made once (no migration: fast) and copied for each test."""
    with tempfile.TemporaryDirectory() as folder:
        settings = make_settings(Path(folder))
        keys.make_key(settings)
        source = Source(database_path(settings), keys.read_key(settings), may_create=True)
        engine = make_engine(source, connections=1)
        whole_schema().create_all(engine)
        engine.dispose()
        names = (keys.KEY_FILE, DATABASE_FILE)
        return {name: (Path(folder) / name).read_bytes() for name in names}
