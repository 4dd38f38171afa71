"""Commands that root types work as the user of the data, so that every file stays that user's."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.secret_files import keep_secrets
from appliance.settings import Settings


def become_owner(settings: Settings) -> None:
    """Root becomes the owner of ``data_dir``, for good; anybody else stays who they are.

    The secrets are read before: they are root's.
    """
    owner = _owner(settings.data_dir)
    if owner is None:
        return
    keep_secrets()
    user, group = owner
    os.setgroups([group])
    os.setgid(group)
    os.setuid(user)


@contextmanager
def brought_in(settings: Settings, file: Path) -> Iterator[Path]:
    """As ``become_owner``, with a file that only root may be able to read, as a private copy.

    Raises ``OSError``.
    """
    owner = _owner(settings.data_dir)
    if owner is None or not file.is_file() or _reaches(owner[0], file):
        become_owner(settings)
        yield file
        return
    copy = settings.data_dir / f".brought-{secrets.token_hex(8)}"
    handle = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as target, file.open("rb") as source:
            os.fchown(target.fileno(), *owner)
            shutil.copyfileobj(source, target)
        become_owner(settings)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _reaches(user: int, file: Path) -> bool:
    """Whether it is this user's file, and each folder on the way lets them pass."""
    found = [one.stat() for one in (file, *file.resolve().parents)]
    passable = [one.st_mode & (0o100 if one.st_uid == user else 0o001) for one in found[1:]]
    return found[0].st_uid == user and all(passable)


def _owner(folder: Path) -> tuple[int, int] | None:
    """Who to become; None where there is nothing to give up."""
    if os.geteuid() != 0:
        return None
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_uid, found.st_gid) if found.st_uid != 0 else None
