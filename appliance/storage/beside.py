"""What lies beside the database and belongs to the box all the same: a part of each backup.

What was typed on the set-up page, the agency's pictures, and IT's configuration as a text to
compare with. In a backup they are rows of a table of their own, encrypted like all of it; the
database in use has no such table. The key, certificates and IT's secrets are in no backup.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from appliance.settings import CONFIG_FILE_VARIABLE, DEFAULT_CONFIG_FILE, Settings
from appliance.storage.engine import Source, connect

FILES: Final = ("settings.toml", "mail.password", "logo.png", "logo.jpg", "logo.webp")
PICTURES: Final = "backgrounds"
PICTURES_MAX: Final = 24
BYTES_MAX: Final = 2_000_000  # a larger picture is not shown either
CONFIG: Final = "config.toml"
CONFIG_OF_THEN: Final = "config.toml.of-backup"
STAGED: Final = ".restoring"


def files_of(settings: Settings) -> dict[str, bytes]:
    """The files with their names in the data folder. Raises ``OSError``."""
    data_dir = settings.data_dir
    pictures = sorted((data_dir / PICTURES).glob("[!.]*"))[:PICTURES_MAX]
    found = [data_dir / name for name in FILES] + pictures
    kept = {str(file.relative_to(data_dir)): file.read_bytes() for file in found if _fit(file)}
    config = _config()
    if _fit(config) and os.access(config, os.R_OK):
        kept[CONFIG] = config.read_bytes()
    return kept


def _config() -> Path:
    return Path(os.environ.get(CONFIG_FILE_VARIABLE, DEFAULT_CONFIG_FILE))


def _fit(file: Path) -> bool:
    return file.is_file() and not file.is_symlink() and file.stat().st_size <= BYTES_MAX


def lay_in(copy: Any, files: Mapping[str, bytes]) -> None:
    """Into the backup that this driver's connection has open."""
    copy.execute("BEGIN IMMEDIATE")
    copy.execute("DROP TABLE IF EXISTS kept_file")
    copy.execute("CREATE TABLE kept_file (name TEXT NOT NULL PRIMARY KEY, content BLOB NOT NULL)")
    copy.executemany("INSERT INTO kept_file VALUES (?, ?)", list(files.items()))
    copy.execute("COMMIT")


def take_out(source: Source) -> dict[str, bytes] | None:
    """The files, which are no longer in it then; None when it was made by a version without them.

    Names that none of these files has are left out.
    """
    connection = connect(source)
    try:
        there = "SELECT count(*) FROM sqlite_master WHERE name = 'kept_file'"
        if not connection.execute(there).fetchone()[0]:
            return None
        rows = connection.execute("SELECT name, content FROM kept_file").fetchall()
        connection.execute("DROP TABLE kept_file")
    finally:
        connection.close()
    return {name: content for name, content in rows if _known(name)}


def _known(name: str) -> bool:
    folder, _, picture = name.rpartition("/")
    return name in (*FILES, CONFIG) or (folder == PICTURES and not picture.startswith("."))


def stage(files: Mapping[str, bytes], data_dir: Path) -> list[tuple[Path, Path]]:
    """Writes and syncs them under other names, for their owner alone; each with its own name.

    Raises ``OSError``; then nothing is left of them.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for file, content in _wanted(files, data_dir):
            file.parent.mkdir(mode=0o700, exist_ok=True)
            part = file.with_name(f".{file.name}{STAGED}")
            part.unlink(missing_ok=True)
            staged.append((part, file))
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as target:
                target.write(content)
                target.flush()
                os.fsync(target.fileno())
    except OSError:
        unstage(staged)
        raise
    return staged


def _wanted(files: Mapping[str, bytes], data_dir: Path) -> Iterator[tuple[Path, bytes]]:
    config = _config()
    for name, content in files.items():
        if name != CONFIG:
            yield data_dir / name, content
        elif not _fit(config) or config.read_bytes() != content:
            yield data_dir / CONFIG_OF_THEN, content


def unstage(staged: list[tuple[Path, Path]]) -> None:
    """What was staged goes; what was put in place stays."""
    for part, _ in staged:
        part.unlink(missing_ok=True)


def put(staged: list[tuple[Path, Path]]) -> None:
    """In place of those of now. A logo of another kind goes; what else was added since stays."""
    placed = {file for _, file in staged}
    for part, file in staged:
        part.replace(file)
        if file.stem == "logo":
            for other in (file.parent / name for name in FILES if name.startswith("logo.")):
                if other not in placed:
                    other.unlink(missing_ok=True)
