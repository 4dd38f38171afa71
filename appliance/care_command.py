"""What ``doctor`` says of deletion, backups and the legal pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from appliance.doctor.finding import Finding, ok, unknown, warning, wrong
from appliance.kept_settings import KEYS
from appliance.retention import proof
from appliance.retention.watch import DeletionWord, word_of
from appliance.settings import AgencySettings, Settings
from appliance.storage.backup import backup_folder, kept_backups, newest_backup_at
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database, database_path
from appliance.storage.errors import (
    DatabaseError,
    DatabaseMissing,
    KeyMissing,
    KeyUnreadable,
    WrongKey,
)
from appliance.storage.migrate import is_current

RESTORE = "Put a backup back: vorzimmer restore FILE"
KEY = (
    "Type the 64 digits of the envelope, Enter, Ctrl-D, after: "
    "install -m 0600 -o vorzimmer -g vorzimmer /dev/stdin /var/lib/vorzimmer/database.key"
)
BACKUP_OVERDUE = timedelta(hours=48)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
# What imprint, data protection and accessibility pages are made of.
LEGAL = tuple(name for name in KEYS["agency"] if name != "site")
SAYS: dict[DeletionWord, tuple[str, str]] = {
    "ok": ("ok", ""),
    "late": (
        "not for 26 hours",
        "Look at the clock. If it is right: vorzimmer purge; look why it does not run by itself",
    ),
    "traces": (
        "something was left",
        "Run: vorzimmer purge; it names each backup that it cannot open: backup_not_purged",
    ),
}


def care(settings: Settings, clock: Clock = utcnow) -> list[Finding]:
    """Whether database, deletion, backups and legal pages are in order."""
    found = [*_database(settings, clock), _backups(settings, clock)]
    return [*found, *_legal(settings.agency)]


def _legal(agency: AgencySettings) -> list[Finding]:
    """Warnings only: clients can be served meanwhile, but the law wants these pages whole."""
    code, name = "legal", "Legal pages"
    sample = AgencySettings()
    facts = {name: getattr(agency, name) for name in LEGAL}
    empty = [f"agency.{name}" for name, value in facts.items() if not value]
    left = [f"agency.{name}" for name, value in facts.items() if value == getattr(sample, name)]
    left = [name for name in left if name not in empty]
    found = [warning(code, name, f"please fill in {', '.join(empty)}")] if empty else []
    found += [warning(code, name, f"still the sample: {', '.join(left)}")] if left else []
    return found or [ok(code, name)]


def _database(settings: Settings, clock: Clock) -> list[Finding]:
    code, name = "database", "Database"
    try:
        database = Database.open(settings)
    except (DatabaseMissing, KeyMissing) as error:
        if isinstance(error, KeyMissing) and database_path(settings).exists():
            return [wrong(code, name, error.sentence.rstrip("."), KEY)]
        return [warning(code, name, "no database on this box", "Make it: vorzimmer migrate")]
    except PermissionError as error:
        return [unknown(code, name, f"{error.filename} cannot be read", "Ask as root")]
    except (KeyUnreadable, WrongKey) as error:
        return [wrong(code, name, str(error), f"{KEY}. If the database is damaged: {RESTORE}")]
    except DatabaseError as error:
        return [wrong(code, name, str(error), RESTORE)]
    try:
        return database.read_sync(lambda session: _looked_at(session, clock))
    except DatabaseError as error:
        return [wrong(code, name, str(error), RESTORE)]
    finally:
        database.close()


def _looked_at(session: Session, clock: Clock) -> list[Finding]:
    found = [ok("database", "Database", "opens, and is whole at a quick look")]
    if not is_current(session.connection()):
        # nothing below could be read
        return [wrong("database", "Database", "not of this version", "Run: vorzimmer migrate")]
    return [*found, _deletion(session, clock), _requests(session)]


def _deletion(session: Session, clock: Clock) -> Finding:
    code, name = "deletion", "Deletion"
    newest, broken = proof.newest(session), proof.broken_at(session)
    if broken is not None:
        says = f"proof {broken} was changed, or one before it is missing"
        return wrong(code, name, says, "Put the database back from a backup, and ask who did it")
    word = word_of(newest, LONG_AGO, clock())
    last = f"last proof {newest.at:%Y-%m-%d %H:%M} UTC" if newest else "no proof yet"
    says, do = SAYS[word]
    make = ok if word == "ok" else wrong
    return make(code, name, f"{last}: {says}", *([do] if do else []))


def _requests(session: Session) -> Finding:
    code, name = "deletion_requests", "Deletion on request"
    left = proof.unfinished(session)
    if not left:
        return ok(code, name, "all are finished")
    numbers = ", ".join(str(number) for number in sorted(left))
    do = "Start: vorzimmer purge; if it stays, a backup cannot be opened: see the log"
    return wrong(code, name, f"not finished: proof {numbers}", do)


def _backups(settings: Settings, clock: Clock) -> Finding:
    code, name = "backups", "Backups"
    folder = backup_folder(settings)
    try:
        newest = newest_backup_at(folder, clock())
        fresh = not (settings.data_dir / "vorzimmer.db").exists()
    except PermissionError:
        return unknown(code, name, f"{folder} cannot be read", "Ask as root")
    if newest is None:
        make = warning if fresh else wrong
        return make(code, name, f"none in {folder}", "Start: vorzimmer backup")
    says = f"{len(kept_backups(folder))} in {folder}, newest {newest:%Y-%m-%d %H:%M} UTC"
    if clock() - newest > BACKUP_OVERDUE:
        return wrong(code, name, f"{says}: too old", "Start: vorzimmer backup")
    return ok(code, name, says)
