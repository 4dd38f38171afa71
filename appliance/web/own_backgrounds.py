"""The agency's own background pictures: files in ``backgrounds`` of the data folder, read at start.

Served like the front end's files, from our own origin. What is not a picture of a fair size stays
out and is named in the log; a wrong file never keeps the appliance from starting.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

import structlog

FOLDER = "backgrounds"
MOST = 12
LARGEST_BYTES = 2_000_000
SMALLEST_PX = (320, 180)
LARGEST_PX = (3840, 2160)  # more costs a telephone's memory and shows nothing
ENDINGS = {".png": ".png", ".jpg": ".jpg", ".jpeg": ".jpg", ".webp": ".webp"}

_NO_FRAME = {0xC4, 0xC8, 0xCC}  # in the range of JPEG's frame markers, but tables

log = structlog.get_logger()


class NotUsable(Exception):
    """``reason``: ``size``, ``type`` or ``pixels``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OwnBackground:
    """One picture: what pages call it, and where it lies."""

    look: str  # as in commands and snapshots
    title: str  # the file's name, as the agency wrote it
    asset: str  # path among the assets
    file: Path


def own_backgrounds(data_dir: Path) -> list[OwnBackground]:
    """By name. Symbolic links, hidden files and other endings are passed over in silence."""
    folder = data_dir / FOLDER
    if not folder.is_dir():
        return []
    found = []
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in ENDINGS and not file.is_symlink() and file.name[0] != ".":
            try:
                found.append(_checked(file))
            except (NotUsable, OSError) as error:
                reason = error.reason if isinstance(error, NotUsable) else "unreadable"
                log.warning("background_refused", reason=reason)
    return found[:MOST]


def _checked(file: Path) -> OwnBackground:
    if not file.is_file() or file.stat().st_size > LARGEST_BYTES:
        raise NotUsable("size")
    data = file.read_bytes()
    ending = ENDINGS[file.suffix.lower()]
    width, height = pixels(data, ending)
    wide_enough = SMALLEST_PX[0] <= width <= LARGEST_PX[0]
    if not (wide_enough and SMALLEST_PX[1] <= height <= LARGEST_PX[1]):
        raise NotUsable("pixels")
    look = f"own-{hashlib.sha256(data).hexdigest()[:12]}"
    title = file.stem.replace("_", " ").strip()[:40]
    return OwnBackground(look, title, f"{FOLDER}/{look}{ending}", file)


def pixels(data: bytes, ending: str) -> tuple[int, int]:
    """Width and height by the file's own words. Raises ``NotUsable`` for another type."""
    readers = {".png": _png, ".jpg": _jpeg, ".webp": _webp}
    try:
        return readers[ending](data)
    except (struct.error, IndexError) as error:
        raise NotUsable("type") from error


def _png(data: bytes) -> tuple[int, int]:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        raise NotUsable("type")
    width, height = struct.unpack_from(">II", data, 16)
    return int(width), int(height)


def _jpeg(data: bytes) -> tuple[int, int]:
    if data[:3] != b"\xff\xd8\xff":
        raise NotUsable("type")
    at = 2
    while at < len(data):
        marker, length = struct.unpack_from(">xBH", data, at)
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return int(width), int(height)
        at += 2 + length
    raise NotUsable("type")


def _webp(data: bytes) -> tuple[int, int]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise NotUsable("type")
    kind = data[12:16]
    if kind == b"VP8X":
        size = data[24:30]
        return 1 + int.from_bytes(size[:3], "little"), 1 + int.from_bytes(size[3:], "little")
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return int(width) & 0x3FFF, int(height) & 0x3FFF
    raise NotUsable("type")
