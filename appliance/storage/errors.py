"""What can go wrong with the database, each with a stable code and a plain German sentence."""

from __future__ import annotations

import errno
from typing import ClassVar

from sqlalchemy import exc

from appliance.i18n import N_


class DatabaseError(Exception):
    """The database could not do what was asked; nothing of it was stored.

    ``code`` is stable (logs, problem documents), ``sentence`` is a message id of the catalogues.
    """

    code: ClassVar[str] = "database_failed"
    sentence: ClassVar[str] = N_("Die Datenbank konnte den Vorgang nicht speichern.")

    def __str__(self) -> str:
        """The German sentence, then what the driver said."""
        detail = super().__str__()
        return f"{self.sentence} ({detail})" if detail else self.sentence


class DatabaseBusy(DatabaseError):
    """Another process holds the write lock for longer than the busy timeout."""

    code = "database_busy"
    sentence = N_("Die Datenbank ist gerade belegt. Bitte versuchen Sie es gleich noch einmal.")


class DiskFull(DatabaseError):
    """There is no room left on the disk."""

    code = "disk_full"
    sentence = N_("Der Speicher des Geräts ist voll. Bitte verständigen Sie die IT.")


class DatabaseConflict(DatabaseError):
    """A uniqueness, foreign key or CHECK rule of the schema was broken."""

    code = "database_conflict"
    sentence = N_("Diese Angaben passen nicht zu den gespeicherten Daten.")


class DatabaseReadOnly(DatabaseError):
    """The file or its directory may not be written, or a reader tried to write."""

    code = "database_read_only"
    sentence = N_("Die Datenbank darf nicht beschrieben werden. Bitte verständigen Sie die IT.")


class DatabaseMissing(DatabaseError):
    """There is no database file. It is made by ``vorzimmer migrate`` alone."""

    code = "database_missing"
    sentence = N_("Es gibt noch keine Datenbank. Bitte führen Sie »vorzimmer migrate« aus.")


class DatabaseDamaged(DatabaseError):
    """The start-up check found damage."""

    code = "database_damaged"
    sentence = N_("Die Datenbank ist beschädigt. Bitte spielen Sie eine Sicherung ein.")


class WrongKey(DatabaseError):
    """The key does not open the database. The file is left as it is."""

    code = "database_wrong_key"
    sentence = N_(
        "Der Schlüssel passt nicht zur Datenbank. Die Datenbank wurde nicht verändert. "
        "Bitte hinterlegen Sie den richtigen Schlüssel."
    )


class KeyMissing(DatabaseError):
    """No key where one must be. A new one is never made for an existing database."""

    code = "database_key_missing"
    sentence = N_(
        "Der Schlüssel der Datenbank fehlt. "
        "Bitte hinterlegen Sie ihn, zum Beispiel aus dem verschlossenen Umschlag."
    )


class KeyUnreadable(DatabaseError):
    """The key file is not 64 hexadecimal digits, or others may read it."""

    code = "database_key_unreadable"
    sentence = N_("Die Schlüsseldatei ist nicht brauchbar: 64 Hexadezimalziffern, Rechte 0600.")


class PragmaRefused(DatabaseError):
    """A safety setting of the connection reads back other than it was set."""

    code = "database_pragma_refused"
    sentence = N_("Eine Sicherheitseinstellung der Datenbank ließ sich nicht setzen.")


class UrlUnsupported(DatabaseError):
    """``database_url`` names a database that this version cannot use."""

    code = "database_url_unsupported"
    sentence = N_("Diese Version kennt nur die verschlüsselte Datei: »database_url« bleibt leer.")


class DatabaseInUse(DatabaseError):
    """Another program of ours has the database open."""

    code = "database_in_use"
    sentence = N_(
        "Vorzimmer läuft noch. Es wurde nichts verändert. Bitte beenden Sie zuerst die Seiten: "
        "systemctl stop vorzimmer-web.socket vorzimmer-metrics.socket vorzimmer-web.service"
    )


class BackupMissing(DatabaseError):
    """There is no such file."""

    code = "backup_missing"
    sentence = N_("Diese Sicherung gibt es nicht. Bitte prüfen Sie den Namen der Datei.")


class BackupExists(DatabaseError):
    """A backup never replaces a file."""

    code = "backup_exists"
    sentence = N_("Diese Datei gibt es schon. Bitte wählen Sie einen anderen Namen.")


class BackupFolderClosed(DatabaseError):
    """The folder for backups is not there, or not ours to write in."""

    code = "backup_folder_closed"
    sentence = N_(
        "In diesen Ordner lässt sich keine Sicherung schreiben. "
        "Gibt es ihn, und gehört er dem Benutzer »vorzimmer«?"
    )


class BackupKeyWrong(DatabaseError):
    """The first page does not open: another key's backup, or no backup at all."""

    code = "backup_wrong_key"
    sentence = N_(
        "Der Schlüssel passt nicht zu dieser Sicherung, oder die Datei ist keine Sicherung. "
        "Es wurde nichts verändert."
    )


class BackupDamaged(DatabaseError):
    """A page of the backup is not what was written."""

    code = "backup_damaged"
    sentence = N_(
        "Diese Sicherung ist beschädigt oder unvollständig. Es wurde nichts verändert. "
        "Bitte nehmen Sie eine andere."
    )


class DatabaseTooNew(DatabaseError):
    """The schema of the database is not known to this version."""

    code = "database_too_new"
    sentence = N_(
        "Die Daten stammen von einer neueren Version. Es wurde nichts verändert. "
        "Bitte installieren Sie die neuere Version."
    )


class BackupTooNew(DatabaseError):
    """The backup's schema is not known to this version."""

    code = "backup_too_new"
    sentence = N_(
        "Diese Sicherung stammt von einer neueren Version. Es wurde nichts verändert. "
        "Bitte bringen Sie Vorzimmer zuerst auf den neuen Stand."
    )


class PresentDatabaseUnreadable(DatabaseError):
    """What is there now cannot be kept as a backup before it is replaced."""

    code = "present_database_unreadable"
    sentence = N_(
        "Die jetzige Datenbank lässt sich vor dem Einspielen nicht sichern. "
        "Es wurde nichts verändert. Soll sie verworfen werden, geben Sie --discard-present an."
    )


# SQLite's result messages, which do not change between versions (sqlite3ErrStr in main.c).
_BY_MESSAGE: tuple[tuple[str, type[DatabaseError]], ...] = (
    ("database is locked", DatabaseBusy),
    ("database table is locked", DatabaseBusy),
    ("database or disk is full", DiskFull),
    ("readonly database", DatabaseReadOnly),
    ("file is not a database", WrongKey),
    ("malformed", DatabaseDamaged),
    ("unable to open database file", DatabaseMissing),
)


def own_error(error: exc.DBAPIError) -> DatabaseError:
    """Our exception for the driver's; the driver's message carries no values of the statement."""
    if isinstance(error, exc.IntegrityError):
        return DatabaseConflict(str(error.orig))
    return own_driver_error(error.orig)


def own_driver_error(error: BaseException | None) -> DatabaseError:
    """The same for what the driver, or a file operation, raised itself."""
    message = str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(message)
    for part, kind in _BY_MESSAGE:
        if part in message:
            return kind(message)
    return DatabaseError(message)
