"""The release under test, carried to a box, and what could come after it: good ones, a bad one."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from appliance import __version__

HOUSE = Path(__file__).resolve().parents[2]
BUILD = HOUSE / "build"
VERSION = __version__
# Nothing but the number, another schema and another relay, and one that does not start.
NEXT, FURTHER, BROKEN = "99.1.0", "99.2.0", "99.3.0"
VERSIONS = "app/appliance/storage/migrations/versions"
RELAY = "app/appliance/relay/__init__.py"
APP = "app/appliance/app.py"

SCHEMA_MOVES = '''"""A table more."""

from alembic import op

revision: str = "{name}"
down_revision: str | None = "{last}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE {name} (id TEXT)")
'''


@dataclass(frozen=True)
class Release:
    """What ``scripts/release`` has made: a file, and the same as a folder."""

    name: str

    @property
    def folder(self) -> Path:
        """What lies in the file."""
        return BUILD / self.name

    @property
    def file(self) -> Path:
        """The file that IT copies."""
        return BUILD / f"{self.name}.tar.zst"


def make(debian: str, *, for_both: bool) -> Release:
    """As IT would get it; for one Debian alone it is made in half the time."""
    alone = [] if for_both else ["--debian", debian]
    subprocess.run(["scripts/release", *alone], cwd=HOUSE, check=True)
    return Release(f"vorzimmer-{VERSION}-amd64{'' if for_both else f'-debian{debian}'}")


@contextmanager
def carried(release: Release, *versions: str) -> Iterator[Path]:
    """A root folder with the release's file and others unpacked; all of it links, beside it."""
    place = Path(tempfile.mkdtemp(prefix="carried-", dir=BUILD))
    try:
        place.chmod(0o755)
        home = place / "root"
        home.mkdir(mode=0o700)
        link_or_copy(str(release.file), str(home / release.file.name))
        changed: dict[str, str] = {}
        for version in versions:
            changed |= CHANGES[version](release.folder, changed)
            lay_variant(release.folder, home / version, version, changed)
        yield place
    finally:
        shutil.rmtree(place)


def another_schema(folder: Path, changed: dict[str, str], name: str) -> dict[str, str]:
    """A migration after the last one."""
    texts = [one.read_text(encoding="utf-8") for one in (folder / VERSIONS).glob("*.py")]
    last = max(re.findall(r'^revision: str = "(\d+)"', "\n".join(texts), re.MULTILINE))
    before = [Path(one).stem for one in changed if one.startswith(VERSIONS)]
    text = SCHEMA_MOVES.format(name=name, last=before[-1] if before else last)
    return {f"{VERSIONS}/{name}.py": text}


def further(folder: Path, changed: dict[str, str]) -> dict[str, str]:
    """It moves the schema, and media have to start anew for it."""
    relay = (folder / RELAY).read_text(encoding="utf-8")
    media = {RELAY: f"{relay}\nANOTHER = True\n", "MEDIA": f"{FURTHER}\n"}
    return another_schema(folder, changed, "box_further") | media


def broken(folder: Path, changed: dict[str, str]) -> dict[str, str]:
    """It moves the schema, and then its pages do not start."""
    app = (folder / APP).read_text(encoding="utf-8")
    fails = {APP: f'{app}\n\nraise RuntimeError("a broken release")\n'}
    return another_schema(folder, changed, "box_broken") | fails


CHANGES = {NEXT: lambda _folder, _changed: {}, FURTHER: further, BROKEN: broken}


def lay_variant(source: Path, target: Path, version: str, changed: dict[str, str]) -> None:
    """The release's files under another version, with some of them changed, and right sums."""
    shutil.copytree(source, target, copy_function=link_or_copy)
    init = (source / "app/appliance/__init__.py").read_text(encoding="utf-8")
    release = (source / "RELEASE").read_text(encoding="utf-8")
    texts = {
        "app/appliance/__init__.py": init.replace(VERSION, version),
        "RELEASE": release.replace(f"version={VERSION}", f"version={version}"),
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
