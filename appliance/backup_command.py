"""The commands about what is kept: backup, restore, purge."""

from __future__ import annotations

import asyncio
from pathlib import Path

from appliance.kept_settings import KEPT_FILE
from appliance.restored_access import access_in, keep_revoked
from appliance.retention import proof
from appliance.retention.on_request import erase_again
from appliance.retention.purge import is_far_ahead, purge, purge_when_due
from appliance.retention.watch import word_of
from appliance.settings import Settings
from appliance.storage.audit import audit
from appliance.storage.backup import (
    BY_TIMER_EVERY,
    backup_folder,
    copy_whole,
    keep_backup,
    keep_backup_when_due,
    kept_backups,
)
from appliance.storage.beside import CONFIG_OF_THEN
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database
from appliance.storage.keys import key_path
from appliance.storage.restore import restore

NOT_PURGED = (
    "The clock is more than 30 days ahead of the last deletion, so nothing was deleted. "
    "If it is right: vorzimmer purge"
)
BY = "command"  # whoever may use the command line

START_AGAIN = (
    "Start the pages again: systemctl start vorzimmer-web && systemctl start vorzimmer.target"
)


def purge_now(settings: Settings, *, dry_run: bool = False, clock: Clock = utcnow) -> str:
    """Deletes what is due, in the kept backups too. Raises ``DatabaseError``."""
    database = Database.open(settings)
    try:
        return str(purge(database, clock, backups=backup_folder(settings), dry_run=dry_run))
    finally:
        database.close()


def purge_when_due_now(settings: Settings, clock: Clock = utcnow) -> bool:
    """For a timer: as the web process does it. Whether nothing was left. Raises ``DatabaseError``.

    Also finishes what a killed process has left of a deletion on request.
    """
    database = Database.open(settings)
    try:
        backups = backup_folder(settings)
        asyncio.run(purge_when_due(database, clock, backups, starting=True))
        return word_of(database.read_sync(proof.newest), clock(), clock()) == "ok"
    finally:
        database.close()


def make_when_due(settings: Settings, clock: Clock = utcnow) -> None:
    """For a timer: as the web process does it. Raises ``DatabaseError``."""
    database = Database.open(settings)  # held, so that no restore is at work meanwhile
    try:
        keep_backup_when_due(settings, clock, BY_TIMER_EVERY)
    finally:
        database.close()


def make(settings: Settings, file: Path | None = None, clock: Clock = utcnow) -> str:
    """Makes a kept backup, or a copy as ``file``. Raises ``DatabaseError``."""
    if file is None:
        made = keep_backup(settings, clock())
        kept = len(kept_backups(backup_folder(settings)))
        where = f"{made} ({kept} kept, of at most {settings.backup.keep} days)"
    else:
        copy_whole(settings, file.absolute())
        where = f"{file} (not purged: delete it after {settings.backup.keep} days at most)"
    return (
        f"Backup made and read through: {where}\n"
        f"The key is not in it. It is in {key_path(settings)}: keep a copy apart from the backups;"
        " without it, no backup opens."
    )


def put_back(
    settings: Settings, file: Path, *, discard_present: bool = False, clock: Clock = utcnow
) -> str:
    """Restores ``file``. Raises ``DatabaseError``; then the present database is untouched."""
    said: list[str] = []

    def prepare(database: Database, present: Database | None) -> None:
        access, now = access_in(present), clock()
        said.extend(database.write_sync(lambda session: keep_revoked(session, access, now)))
        database.write_sync(lambda session: audit(session, BY, "backup_restored", "database", now))
        again = erase_again(database)
        said.append(f"Deleted on request before, and again now: {again} rows")
        if is_far_ahead(database.read_sync(proof.newest_at), now):
            said.append(NOT_PURGED)
        else:
            said.append(str(purge(database, clock, backups=backup_folder(settings))))

    done = restore(settings, file, clock(), prepare, discard_present=discard_present)
    said += _files(done.files, settings.data_dir)
    kept = f"What was there before: {done.before}"
    kept = kept if done.before else "There was nothing to keep before it"
    return "\n".join(
        (
            f"Restored: {file}",
            *said,
            f"{kept}.",
            START_AGAIN,
        )
    )


def _files(names: tuple[str, ...] | None, data_dir: Path) -> list[str]:
    if names is None:
        said = ["This backup was made without the files of the set-up; those that are here stay."]
        if not (data_dir / KEPT_FILE).is_file():
            said.append(f"No {KEPT_FILE} in {data_dir}: nothing typed at set-up is there.")
        return said
    said = [f"Files of the set-up as they were then: {', '.join(names) or 'none'}"]
    if CONFIG_OF_THEN in names:
        said.append(f"IT's configuration was another one then: compare {data_dir / CONFIG_OF_THEN}")
    return said
