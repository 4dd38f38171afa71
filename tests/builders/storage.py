"""A real, encrypted database in a test's own folder."""

from __future__ import annotations

from pathlib import Path

from appliance.events import EventBus
from appliance.settings import Settings
from appliance.storage import keys
from appliance.storage.database import Database, database_path
from appliance.storage.engine import Source, make_engine
from appliance.storage.schema import whole_schema


def make_settings(folder: Path) -> Settings:
    """Settings whose data and sockets live in ``folder``."""
    return Settings(data_dir=folder, runtime_dir=folder / "run")


def make_database(
    folder: Path, bus: EventBus | None = None, *, busy_timeout_ms: int = 5000
) -> Database:
    """An open database with the tables of every model (no migration: fast)."""
    settings = make_settings(folder)
    if not keys.key_path(settings).exists():
        keys.make_key(settings)
    source = Source(database_path(settings), keys.read_key(settings), may_create=True)
    engine = make_engine(source, connections=1)
    whole_schema().create_all(engine)
    engine.dispose()
    return Database.open(settings, bus=bus, busy_timeout_ms=busy_timeout_ms)
