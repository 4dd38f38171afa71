"""The agency's logo: one picture in the data folder, from the set-up page or put there by IT."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import structlog

from appliance.web.own_backgrounds import NotUsable, pixels

NAME: Final = "logo"
ENDINGS: Final = (".png", ".jpg", ".webp")
LARGEST_BYTES: Final = 48 * 1024  # with its form it must fit into a request
LARGEST_PX: Final = (2000, 1000)

log = structlog.get_logger()


def own_logo(data_dir: Path) -> Path | None:
    """The logo's file; None without one, or when it cannot be used."""
    for ending in ENDINGS:
        file = data_dir / f"{NAME}{ending}"
        if not file.is_file() or file.is_symlink():
            continue
        try:
            if file.stat().st_size <= LARGEST_BYTES and kind_of(file.read_bytes()) == ending:
                return file
        except (NotUsable, OSError):
            log.warning("logo_refused")
    return None


def kind_of(data: bytes) -> str:
    """The ending that fits the picture's own words. Raises ``NotUsable``."""
    if len(data) > LARGEST_BYTES:
        raise NotUsable("size")
    for ending in ENDINGS:
        try:
            width, height = pixels(data, ending)
        except NotUsable:
            continue
        if 0 < width <= LARGEST_PX[0] and 0 < height <= LARGEST_PX[1]:
            return ending
        raise NotUsable("pixels")
    raise NotUsable("type")


def put_logo(data_dir: Path, data: bytes) -> None:
    """Keeps it in place of the one before. Raises ``NotUsable`` and ``OSError``."""
    ending = kind_of(data)
    part = data_dir / f".{NAME}.part"
    part.write_bytes(data)
    for other in ENDINGS:
        (data_dir / f"{NAME}{other}").unlink(missing_ok=True)
    part.replace(data_dir / f"{NAME}{ending}")
