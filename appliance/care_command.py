"""What ``doctor`` says of deletion, backups and the legal pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from appliance.retention import proof
from appliance.retention.watch import DeletionWord, word_of
from appliance.settings import AgencySettings, Settings
from appliance.storage.backup import backup_folder, kept_backups, newest_backup_at
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database
from appliance.storage.errors import DatabaseError, DatabaseMissing, KeyMissing

BACKUP_OVERDUE = timedelta(hours=48)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
LEGAL = (  # what imprint, data protection and accessibility pages are made of
    "name",
    "address",
    "phone",
    "email",
    "represented_by",
    "supervised_by",
    "data_protection_contact",
    "data_protection_authority",
    "accessibility_contact",
    "accessibility_authority",
    "accessibility_assessed",
)
WORDS: dict[DeletionWord, str] = {
    "ok": "ok",
    "late": "not for 26 hours. Start: vorzimmer purge; look why vorzimmer serve does not",
    "traces": "something was left. Look for backup_not_purged and purge_left_traces in the log",
}


def care(settings: Settings, clock: Clock = utcnow) -> tuple[bool, list[str]]:
    """Whether deletion and backups are in order, and a line for each thing."""
    deleted, deletion = _deletion(settings, clock)
    kept, backups = _backups(settings, clock)
    return deleted and kept, [deletion, backups, *_legal(settings.agency)]


def _legal(agency: AgencySettings) -> list[str]:
    """Warnings only: clients can be served meanwhile, but the law wants these pages whole."""
    sample = AgencySettings()
    facts = {name: getattr(agency, name) for name in LEGAL}
    empty = [f"agency.{name}" for name, value in facts.items() if not value]
    left = [f"agency.{name}" for name, value in facts.items() if value == getattr(sample, name)]
    left = [name for name in left if name not in empty]
    lines = [f"Legal pages: please fill in {', '.join(empty)}"] if empty else []
    lines += [f"Legal pages: still the sample: {', '.join(left)}"] if left else []
    return lines or ["Legal pages: ok"]


def _deletion(settings: Settings, clock: Clock) -> tuple[bool, str]:
    try:
        database = Database.open(settings)
    except (DatabaseMissing, KeyMissing):
        return True, "Deletion: no database on this box"
    except DatabaseError as error:
        return False, f"Database: {error}"
    try:
        newest, broken = database.read_sync(proof.newest), database.read_sync(proof.broken_at)
    except DatabaseError as error:
        return False, f"Database: {error}"
    finally:
        database.close()
    if broken is not None:
        return False, f"Deletion: proof {broken} was changed, or one before it is missing"
    word = word_of(newest, LONG_AGO, clock())
    last = f"last proof {newest.at:%Y-%m-%d %H:%M} UTC" if newest else "no proof yet"
    return word == "ok", f"Deletion: {last}: {WORDS[word]}"


def _backups(settings: Settings, clock: Clock) -> tuple[bool, str]:
    folder = backup_folder(settings)
    newest = newest_backup_at(folder)
    if newest is None:
        fresh = not (settings.data_dir / "vorzimmer.db").exists()
        return fresh, f"Backups: none in {folder}. Start: vorzimmer backup"
    late = clock() - newest > BACKUP_OVERDUE
    said = "too old. Start: vorzimmer backup" if late else "ok"
    count = len(kept_backups(folder))
    return not late, f"Backups: {count} in {folder}, newest {newest:%Y-%m-%d %H:%M} UTC: {said}"
