"""Makes the database at the first start, and brings it to the present schema at each update."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, exc

from appliance.settings import Settings
from appliance.storage.database import database_path
from appliance.storage.engine import Source, make_engine
from appliance.storage.errors import (
    BackupDamaged,
    BackupTooNew,
    DatabaseConflict,
    DatabaseTooNew,
    KeyMissing,
    own_error,
)
from appliance.storage.keys import key_path, make_key, read_key

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(settings: Settings) -> None:
    """Makes folder (0700), key (0600) and database when they are missing; upgrades the schema.

    A key is never made beside an existing database, a database never under a wrong key. Raises
    ``KeyMissing``, ``KeyUnreadable``, ``WrongKey``, ``DatabaseTooNew``, ``DatabaseBusy``,
    ``DiskFull``.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = database_path(settings)
    try:
        read_key(settings)
    except KeyMissing:
        if path.exists() or key_path(settings).parent != settings.data_dir:
            raise
        make_key(settings)
    engine = make_engine(Source(path, read_key(settings), may_create=True), connections=1)
    try:
        found, known = _revision(engine)
        if found is not None and not known:
            raise DatabaseTooNew(found)
        upgrade(engine)
        path.chmod(0o600)
    finally:
        engine.dispose()


def upgrade(engine: Engine) -> None:
    """Runs the missing migrations in one transaction.

    A changed table is made anew and the old one dropped. With foreign keys in force that would
    delete what hangs on its rows, so they are off meanwhile and looked at before the commit.
    Raises ``DatabaseConflict``.
    """
    try:
        with engine.connect() as connection:
            _foreign_keys(connection, on=False)
            with connection.begin():
                command.upgrade(alembic_config(connection), "head")
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise DatabaseConflict
            _foreign_keys(connection, on=True)
    except exc.DBAPIError as error:
        raise own_error(error) from error


def ensure_known(engine: Engine, file: Path) -> None:
    """A schema of this version or of one before; else ``BackupTooNew``, or ``BackupDamaged``."""
    found, known = _revision(engine)
    if found is None:
        raise BackupDamaged(str(file))
    if not known:
        raise BackupTooNew(found)


def _revision(engine: Engine) -> tuple[str | None, bool]:
    """The last step of the schema that the file has taken, and whether this version knows it."""
    try:
        with engine.connect() as connection:
            steps = ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()
            found = MigrationContext.configure(connection).get_current_revision()
    except exc.DBAPIError as error:
        raise own_error(error) from error
    return found, found in {step.revision for step in steps}


def is_current(connection: Connection) -> bool:
    """Whether the schema is the one of this version."""
    newest = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Outside a transaction: inside one, SQLite ignores it without a word."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys = {int(on)}")


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration without a file; the connection is ours."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
