"""The database's raw pages in the clear: what somebody with file and key could dig out.

SQLCipher 4 with a raw key: each page is AES-256-CBC under that key, its last 80 bytes hold the IV
(16) and an HMAC (64); page 1 begins with the salt in the clear instead of SQLite's header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE_BYTES = 4096
RESERVED_BYTES = 80
IV_BYTES = 16
SALT_BYTES = 16
WAL_HEADER_BYTES = 32
WAL_FRAME_HEADER_BYTES = 24


def plain_pages(path: Path, key: str) -> Iterator[bytes]:
    """Every page of the file, used or free, then every page version in its WAL."""
    with path.open("rb") as file:
        for number, page in enumerate(iter(lambda: file.read(PAGE_BYTES), b"")):
            yield _decrypt(page, key, SALT_BYTES if number == 0 else 0)
    wal = path.with_name(f"{path.name}-wal")
    if not wal.exists():
        return
    with wal.open("rb") as file:
        file.seek(WAL_HEADER_BYTES)
        while header := file.read(WAL_FRAME_HEADER_BYTES):
            first = int.from_bytes(header[:4], "big") == 1
            yield _decrypt(file.read(PAGE_BYTES), key, SALT_BYTES if first else 0)


def markers_found(pages: Iterable[bytes], markers: Iterable[str]) -> int:
    """How many of the markers stand in any of the pages."""
    left = {marker.encode() for marker in markers}
    wanted = len(left)
    for page in pages:
        left = {marker for marker in left if marker not in page}
    return wanted - len(left)


def _decrypt(page: bytes, key: str, start: int) -> bytes:
    if len(page) < PAGE_BYTES:  # the torn end of a WAL
        return b""
    end = PAGE_BYTES - RESERVED_BYTES
    cipher = Cipher(algorithms.AES256(bytes.fromhex(key)), modes.CBC(page[end : end + IV_BYTES]))
    return cipher.decryptor().update(page[start:end])
