"""One file for whoever helps: how the box is, and nothing of its clients.

What goes in is chosen line by line: log lines of ours (ids only by their making), counts of rows,
settings without secrets. Whatever has another form stays out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session

from appliance import doctor_command
from appliance.config_file import as_toml
from appliance.settings import Settings
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from appliance.storage.errors import DatabaseError
from appliance.storage.schema import whole_schema
from appliance.telemetry import EVENTS, FIELDS

UNITS: Final = "vorzimmer*"
LOG_LINES: Final = 20_000
# Ours: timestamp='…' level='…' event='…' key=value …; a value is a word, an id, a number, a place.
OURS: Final = re.compile(r"^(?P<head>.*?)timestamp='(?P<at>[^']+)' (?P<rest>level='\w+' event=.*)$")
PAIR: Final = re.compile(r"(\w+)=('(?:[^'\\]|\\.)*'|\S+)")
HARMLESS: Final = re.compile(r"'?[\w./:<>-]*(?: [\w.]+/[\w.]+:\d+)*'?")
FROM_SYSTEMD: Final = re.compile(
    r"^\S+ systemd\[\d+\]: (?:vorzimmer[\w@.-]*|Start\w*|Stop\w*|Fail\w*)\b[\w @.:'(),=/-]*$"
)
LEFT_OUT: Final = "(left out: a line of another form)"
ABOUT: Final = """What is in this file, and what is not

doctor.txt, doctor.json   what "vorzimmer doctor" said
config.toml               the settings, secrets masked
log.txt                   our log lines: events and ids; lines of another form are left out
rows.json                 how many rows each table has; no row
packages.txt, system.txt  versions, disks, units

Nothing of clients: no names, numbers, addresses, messages. No keys, no passwords.
Look through it before you send it.
"""

Journal = Callable[[], str]


def make(settings: Settings, file: Path, journal: Journal | None = None) -> list[str]:
    """Writes the file (0600), which must not be there; gives the names inside. Raises ``OSError``.

    ``journal``: gives the log lines, instead of systemd's. The file is the caller's: it is opened
    first, for ``collect`` gives root up.
    """
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        parts = collect(settings, journal or _journal)
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as made:
            for name, text in parts.items():
                made.writestr(name, text)
    return list(parts)


def default_name() -> str:
    """With the time in it."""
    return f"vorzimmer-support-{utcnow():%Y%m%dT%H%M%SZ}.zip"


def collect(settings: Settings, journal: Journal) -> dict[str, str]:
    """Texts by name. The log is root's to read, so it comes before ``diagnose``."""
    log = journal()
    findings = doctor_command.diagnose(settings)
    return {
        "about.txt": ABOUT,
        "doctor.txt": doctor_command.as_text(findings),
        "doctor.json": doctor_command.as_json(findings),
        "config.toml": as_toml(settings, origins=True),
        "log.txt": "\n".join(clean(line) for line in log.splitlines()),
        "rows.json": _rows(settings),
        "packages.txt": "\n".join(
            sorted({f"{one.metadata['Name']} {one.version}" for one in distributions()})
        ),
        "system.txt": _system(settings),
    }


def clean(line: str) -> str:
    """A log line as it may leave the house, or the remark that one was left out."""
    if FROM_SYSTEMD.match(line):
        return line
    found = OURS.match(line)
    if found is None:
        return LEFT_OUT
    pairs = dict(PAIR.findall(found["rest"]))
    if pairs.get("event", "").strip("'") not in EVENTS:
        return LEFT_OUT
    kept = [
        f"{key}={value if HARMLESS.fullmatch(value) else 'withheld'}"
        for key, value in pairs.items()
        if key in FIELDS
    ]
    return " ".join([found["at"], *kept])


def _rows(settings: Settings) -> str:
    def count(session: Session) -> dict[str, int]:
        tables = whole_schema().tables.values()
        there = session.execute
        return {
            one.name: there(select(func.count()).select_from(one)).scalar_one() for one in tables
        }

    try:
        database = Database.open(settings)
    except (DatabaseError, OSError) as error:
        return json.dumps({"error": getattr(error, "code", type(error).__name__)})
    try:
        return json.dumps(database.read_sync(count), indent=1)
    except DatabaseError as error:
        return json.dumps({"error": error.code})
    finally:
        database.close()


def _journal() -> str:
    lines = ("-n", str(LOG_LINES), "-o", "short-iso", "--no-pager", "--no-hostname", "-q")
    return _said("journalctl", "-u", UNITS, *lines)


def _system(settings: Settings) -> str:
    asked = (
        ("uname", "-srm"),
        ("df", "-h", str(settings.data_dir)),
        ("head", "-n", "3", "/proc/meminfo"),
        ("systemctl", "list-units", "--all", "--no-pager", "--plain", UNITS),
    )
    return "\n\n".join(f"$ {' '.join(words)}\n{_said(*words)}" for words in asked)


def _said(*words: str) -> str:
    """What a program printed, or that it could not be asked."""
    if not shutil.which(words[0]):
        return f"({words[0]} is not here)"
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            words, check=False, capture_output=True, text=True, errors="replace", timeout=60
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"({words[0]}: {type(error).__name__})"
    return done.stdout
