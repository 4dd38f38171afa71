"""Settings that were typed on the set-up page: a TOML file in the data folder.

It lies below the configuration file of IT: what stands there wins. The set-up page may write the
keys of ``KEYS`` alone; whoever opens the web process gains no other setting by it, and names no
file of somebody else's.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import tomllib
from pathlib import Path
from typing import Any, Final

KEPT_FILE: Final = "settings.toml"
MAIL_PASSWORD: Final = "mail.password"  # noqa: S105 - a file's name
KEYS: Final = {
    "agency": (
        "name",
        "site",
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
    ),
    "mail": ("host", "port", "encryption", "username", "password_file"),
    "check": ("policy",),
}

_one_by_one = threading.Lock()  # it is called from threads

Tables = dict[str, dict[str, Any]]


def read_kept(data_dir: Path) -> Tables:
    """What was typed so far, by table; empty when there is no file.

    Raises ``tomllib.TOMLDecodeError`` and ``OSError`` for a file that cannot be read.
    """
    try:
        text = (data_dir / KEPT_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found = tomllib.loads(text)
    tables = {name: found[name] for name in KEYS if isinstance(found.get(name), dict)}
    return {
        table: {key: value for key, value in values.items() if _may(data_dir, table, key, value)}
        for table, values in tables.items()
    }


def keep(data_dir: Path, table: str, values: dict[str, Any]) -> None:
    """Sets these values of one table; the others stay. Whole or not at all, for the owner alone.

    Raises ``ValueError`` for what is not for the set-up page, ``OSError`` from the disk.
    """
    for key, value in values.items():
        if not _may(data_dir, table, key, value):
            raise ValueError(f"{table}.{key}")
    with _one_by_one:
        kept = read_kept(data_dir)
        kept[table] = kept.get(table, {}) | values
        lines = ["# Typed on the set-up page. The configuration file of IT comes before it."]
        for name, found in kept.items():
            lines += ["", f"[{name}]", *_lines(found)]
        write_private(data_dir / KEPT_FILE, "\n".join(lines) + "\n")


def _may(data_dir: Path, table: str, key: str, value: Any) -> bool:
    """Whether the set-up page has this setting; the password's file is its own and no other."""
    if key == "password_file" and value != str(data_dir / MAIL_PASSWORD):
        return False
    return key in KEYS.get(table, ())


def _lines(values: dict[str, Any]) -> list[str]:
    """TOML's strings are written like JSON's; a table within is written in one line."""
    told = []
    for name, value in values.items():
        if isinstance(value, dict):
            told.append(f"{name} = {{ {', '.join(_lines(value))} }}")
        else:
            told.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return told


def write_private(path: Path, text: str) -> None:
    """The file whole or not at all, readable by its owner alone. Raises ``OSError``."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
