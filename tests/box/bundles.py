"""The release under test, laid into a box, and what could come after it: a good one, a bad one."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from appliance import __version__

HOUSE = Path(__file__).resolve().parents[2]
BUILD = HOUSE / "build"
VERSION = __version__
NAME = f"vorzimmer-{__version__}-amd64"
NEXT, BROKEN = "99.1.0", "99.2.0"
VERSIONS = "app/appliance/storage/migrations/versions"

SCHEMA_MOVES = '''"""A table more."""

from alembic import op

revision: str = "boxtest"
down_revision: str | None = "{last}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE box_test (id TEXT)")
'''


def lay_file(layer: Path) -> Path:
    """The release as the file that IT copies; the folder that it lies in."""
    home = layer / "root"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    link_or_copy(str(BUILD / f"{NAME}.tar.zst"), str(home / f"{NAME}.tar.zst"))
    return home


def lay_in(layer: Path) -> None:
    """The release's file, and two unpacked ones that follow it."""
    home = lay_file(layer)
    lay_variant(home, NEXT, {})
    lay_variant(home, BROKEN, broken())


def broken() -> dict[str, str]:
    """It moves the schema, and then its pages do not start."""
    folder = BUILD / NAME / VERSIONS
    last = max(re.findall(r'^revision: str = "(\d+)"', text_of(folder), re.MULTILINE))
    app = (BUILD / NAME / "app/appliance/app.py").read_text(encoding="utf-8")
    return {
        f"{VERSIONS}/zz_box_test.py": SCHEMA_MOVES.format(last=last),
        "app/appliance/app.py": f'{app}\n\nraise RuntimeError("a broken release")\n',
    }


def text_of(folder: Path) -> str:
    return "\n".join(one.read_text(encoding="utf-8") for one in folder.glob("*.py"))


def lay_variant(home: Path, version: str, changed: dict[str, str]) -> None:
    """The release's files under another version, with some of them changed, and right sums."""
    source, target = BUILD / NAME, home / version
    shutil.copytree(source, target, copy_function=link_or_copy)
    init = (source / "app/appliance/__init__.py").read_text(encoding="utf-8")
    release = (source / "RELEASE").read_text(encoding="utf-8")
    texts = {
        "app/appliance/__init__.py": init.replace(__version__, version),
        "RELEASE": release.replace(f"version={__version__}", f"version={version}"),
        **changed,
    }
    sums = (source / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = [line for line in sums if line.split("  ", 1)[1] not in texts]
    for name, text in texts.items():
        (target / name).unlink(missing_ok=True)  # not through the link into the release itself
        (target / name).write_text(text, encoding="utf-8")
        sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}")
    (target / "SHA256SUMS").unlink()
    (target / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    subprocess.run(["scripts/sign-release", str(target)], cwd=HOUSE, check=True)


def link_or_copy(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
