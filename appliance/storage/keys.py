"""Keys: the one that opens the database, and the small ones that can be thrown away per row.

The database key is 256 random bit in a file as 64 hexadecimal digits. A field key belongs to one
visit or appointment; deleting it makes what it sealed unreadable.
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session, SQLModel

from appliance.secret_files import read_secret
from appliance.settings import Settings
from appliance.storage.clock import UtcDateTime
from appliance.storage.errors import DatabaseError, KeyMissing, KeyUnreadable
from appliance.storage.fields import Field, Retention
from appliance.storage.ids import ID_MAX_LENGTH

CREDENTIAL = "database-key"
KEY_FILE = "database.key"
KEY_PATTERN = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
KEY_BYTES = 32
NONCE_BYTES = 12  # 96 bit, random per sealing (security.md 6)


def key_path(settings: Settings) -> Path:
    """Where the database key is: the configured file, systemd's credential, else data_dir."""
    if settings.database_key_file is not None:
        return settings.database_key_file
    directory = os.environ.get("CREDENTIALS_DIRECTORY")
    if directory and (Path(directory) / CREDENTIAL).exists():
        return Path(directory) / CREDENTIAL
    return settings.data_dir / KEY_FILE


def read_key(settings: Settings) -> str:
    """The database key, 64 hexadecimal digits. Raises ``KeyMissing`` or ``KeyUnreadable``."""
    path = key_path(settings)
    try:
        text = read_secret(path)
    except FileNotFoundError as error:
        raise KeyMissing(str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnreadable(str(path)) from error
    if not KEY_PATTERN.fullmatch(text):
        raise KeyUnreadable(str(path))
    if path.parent == settings.data_dir and path.stat().st_mode & 0o077:
        raise KeyUnreadable(f"{path}: {path.stat().st_mode & 0o777:04o}")
    return text.lower()


def make_key(settings: Settings) -> None:
    """Makes the key file in data_dir (0600) and syncs it. An existing file is never replaced."""
    path = settings.data_dir / KEY_FILE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    directory = os.open(settings.data_dir, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


class FieldKeyGone(DatabaseError):
    """The row's key was thrown away, or what was sealed belongs to another row."""

    code = "field_key_gone"


class FieldKey(SQLModel, table=True):
    """The key of one visit or appointment."""

    __tablename__ = "field_key"

    owner_id: str = Field(primary_key=True, max_length=ID_MAX_LENGTH, retention=Retention.ID)
    key: bytes = Field(retention=Retention.SECRET)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=Retention.OPERATIONAL)


def seal(session: Session, owner_id: str, text: str, at: datetime) -> bytes:
    """Encrypts ``text`` under the owner's key, which is made when there is none yet."""
    row = session.get(FieldKey, owner_id)
    if row is None:
        row = FieldKey(owner_id=owner_id, key=AESGCM.generate_key(256), created_at=at)
        session.add(row)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(row.key).encrypt(nonce, text.encode(), owner_id.encode())


def unseal(session: Session, owner_id: str, sealed: bytes) -> str:
    """What was sealed for this owner. Raises ``FieldKeyGone``."""
    row = session.get(FieldKey, owner_id)
    if row is None:
        raise FieldKeyGone(owner_id)
    nonce, box = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(row.key).decrypt(nonce, box, owner_id.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise FieldKeyGone(owner_id) from error


def shred(session: Session, owner_id: str) -> None:
    """Throws the owner's key away; what it sealed is lost for good."""
    row = session.get(FieldKey, owner_id)
    if row is not None:
        session.delete(row)
