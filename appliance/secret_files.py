"""Reads secrets where they can be read: as systemd's credentials, or as root had them before.

``/etc/vorzimmer/secrets`` belongs to root alone. systemd hands copies of its files to the services
(``LoadCredential=secrets:/etc/vorzimmer/secrets``); a command that root starts reads them before
it becomes the user of the data.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FOLDER: Final = Path("/etc/vorzimmer/secrets")
CREDENTIAL: Final = "secrets"  # of a folder, systemd names each file "secrets_NAME" itself

_kept: dict[Path, str] = {}


def read_secret(path: Path) -> str:
    """What stands in the file, without space around. Raises ``OSError``, ``UnicodeDecodeError``."""
    if path in _kept:
        return _kept[path]
    return _handed_over(path).read_text(encoding="utf-8").strip()


def keep_secrets() -> None:
    """Remembers every readable secret of the folder for after this process has given root up."""
    for path in FOLDER.iterdir() if FOLDER.is_dir() else ():
        try:
            _kept[path] = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            continue  # whoever needs it says so


def _handed_over(path: Path) -> Path:
    directory = os.environ.get("CREDENTIALS_DIRECTORY")
    if directory and path.parent == FOLDER:
        given = Path(directory) / f"{CREDENTIAL}_{path.name}"
        if given.exists():
            return given
    return path
