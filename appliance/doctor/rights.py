"""Who may read what: secrets, keys, settings, data."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from appliance.doctor.finding import Finding, ok, unknown, wrong
from appliance.secret_files import FOLDER
from appliance.settings import Settings
from appliance.storage.backup import backup_folder

OTHERS = stat.S_IRWXO
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def examine(settings: Settings, config: Path) -> list[Finding]:
    """One finding when all is well, else one for each file."""
    code, name = "rights", "Rights"
    try:
        found = list(_wrong(settings, config))
    except PermissionError as error:
        return [unknown(code, name, f"{error.filename} cannot be seen", "Ask as root")]
    return [wrong(code, name, says, do) for says, do in found] or [ok(code, name)]


def _wrong(settings: Settings, config: Path) -> Iterator[tuple[str, str]]:
    if config.exists() and config.stat().st_mode & (OTHERS | stat.S_IWGRP):
        yield f"{config} is open to others", f"chmod 0640 {config}; chown root:vorzimmer {config}"
    secrets = [file for file in _secrets(settings) if file.exists()]
    for file in secrets:
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield f"{file} is open to others", f"chmod 0600 {file}"
    for key in (settings.web.certificate_key_file, settings.turn.certificate_key_file):
        if key is not None and key.exists() and key.stat().st_mode & OTHERS:
            yield f"{key} is open to others", f"chmod 0640 {key}"
    yield from _data(settings.data_dir)
    yield from _backups(settings)


def _secrets(settings: Settings) -> list[Path]:
    named = (
        settings.database_key_file,
        settings.turn.secret_file,
        settings.mail.password_file,
        settings.sms.token_file,
        settings.oidc.client_secret_file,
    )
    in_folder = list(FOLDER.iterdir()) if FOLDER.is_dir() else []
    return sorted({file for file in (*named, *in_folder) if file is not None})


def _data(folder: Path) -> Iterator[tuple[str, str]]:
    """A file of root's among the data stops the next deletion or backup."""
    if not folder.exists():
        return
    here = folder.stat()
    if here.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield f"{folder} is open to others", f"chmod 0700 {folder}"
    # Deletion and backups come and go meanwhile, and their files with them.
    there = {file: found for file in folder.rglob("*") if (found := _found(file)) is not None}
    foreign = [file for file, found in there.items() if found.st_uid != here.st_uid]
    if foreign:
        do = f"chown -R --from=root --reference={folder} {folder}"
        yield f"{len(foreign)} files in {folder} belong to somebody else ({foreign[0]})", do
    for file, found in there.items():
        mine = file.parent == folder and ".db" in file.name and not stat.S_ISLNK(found.st_mode)
        if mine and found.st_mode & OTHERS:
            yield f"{file} is open to others", f"chmod 0600 {file}"


def _found(file: Path) -> os.stat_result | None:
    try:
        return file.lstat()
    except FileNotFoundError:
        return None


def _backups(settings: Settings) -> Iterator[tuple[str, str]]:
    """Whoever keeps the data writes backups, too; a folder of their own is IT's to make."""
    folder, data = backup_folder(settings), settings.data_dir
    if not data.exists() or folder.parent == data:
        return
    if not folder.is_dir():
        do = f"If its disk is there: install -d -m 0700 -o vorzimmer -g vorzimmer {folder}"
        yield f"{folder} is not there", do
    elif folder.stat().st_uid != data.stat().st_uid:
        yield f"{folder} belongs to somebody else", f"chown --reference={data} {folder}"
