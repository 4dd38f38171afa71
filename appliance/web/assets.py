"""Static files: a fixed manifest made at start, one digest in the address, cached for ever.

Only names of the manifest are served, so there is no directory to list and no path to climb.
Modules import each other by relative paths, so all files share one digest.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quart import Blueprint, Response, abort, send_file

from appliance.web.access import Who, access
from appliance.web.limits import Budget
from appliance.web.modules import imported, needed
from appliance.web.own_backgrounds import OwnBackground
from appliance.web.parts import parts

UI_DIR = Path(__file__).parent.parent.parent / "kiosk_ui"
FOLDERS = ("client", "styles", "sounds", "images")
CACHED_S = 365 * 24 * 3600

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wasm": "application/wasm",
    ".tflite": "application/octet-stream",
}

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Assets:
    """What may be served: the path in the address to the file, and the digest of it all."""

    files: dict[str, Path]
    digest: str
    backgrounds: tuple[OwnBackground, ...] = ()
    logo: Path | None = None
    imports: dict[str, list[str]] = field(default_factory=dict)  # of each module of ours

    @classmethod
    def collect(
        cls,
        ui_dir: Path = UI_DIR,
        vendor_dir: Path | None = None,
        backgrounds: Sequence[OwnBackground] = (),
        logo: Path | None = None,
    ) -> Assets:
        """Reads every file once. Symbolic links, hidden files and unknown types stay out."""
        roots = [(name, ui_dir / name) for name in FOLDERS]
        roots.append(("vendor", vendor_dir or ui_dir / "vendor"))
        files: dict[str, Path] = {}
        for prefix, root in roots:
            for file in _files_below(root):
                files[f"{prefix}/{file.relative_to(root).as_posix()}"] = file
        files |= {picture.asset: picture.file for picture in backgrounds}
        files |= {f"logo/{logo.name}": logo} if logo else {}
        digest = hashlib.sha256()
        imports = {}
        for path, file in sorted(files.items()):
            content = file.read_bytes()
            digest.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
            if path.startswith("client/"):
                imports[path] = imported(path, content.decode())
        return cls(files, digest.hexdigest()[:16], tuple(backgrounds), logo, imports)

    def logo_address(self) -> str:
        """Of the agency's own logo; empty without one."""
        return self.address(f"logo/{self.logo.name}") if self.logo else ""

    def modules(self, path: str) -> list[str]:
        """Addresses of all that a page's module imports. Raises ``KeyError`` for an unknown one."""
        self.address(path)
        return [self.address(one) for one in needed(path, self.imports)]

    def address(self, path: str) -> str:
        """The address of a file. Raises ``KeyError`` for one that is not in the manifest."""
        if path not in self.files:
            raise KeyError(path)
        return f"/assets/{self.digest}/{path}"


def _files_below(root: Path) -> list[Path]:
    found = []
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(folder) / name
            if file.suffix in TYPES and not name.startswith(".") and not file.is_symlink():
                found.append(file)
    return found


@blueprint.get("/assets/<digest>/<path:path>")
@access(Who.ANYONE, Budget.PAGES)
async def asset(digest: str, path: str) -> Response:
    """A file of the manifest; another digest or path is unknown."""
    assets = parts().assets
    file = assets.files.get(path)
    if digest != assets.digest or file is None:
        abort(404)
    response = await send_file(file, mimetype=TYPES[file.suffix], conditional=True)
    response.headers["Content-Type"] = TYPES[file.suffix]
    response.headers["Cache-Control"] = f"public, max-age={CACHED_S}, immutable"
    return response


@blueprint.get("/favicon.ico")
@access(Who.ANYONE, Budget.PAGES)
async def favicon() -> Response:
    """Pages name their own symbol; browsers that ask here anyway get a calm nothing."""
    response = Response("", 204)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
