"""A release that was changed on its way is refused before anything happens."""

import hashlib
import os
import shutil
import subprocess

import pytest

from tests.install.steps import step
from tests.rules.sources import ROOT


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Two makers of releases."""
    homes = tmp_path_factory.mktemp("keys")
    return homes / "ours", homes / "theirs"


def sign(release, key):
    """By the maker whose key this is; the key's fingerprint."""
    files = sorted(one for one in release.rglob("*") if one.is_file())
    sums = [
        f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.relative_to(release)}\n"
        for one in files
        if one.name not in ("SHA256SUMS", "SHA256SUMS.sig", "release-key.pgp")
    ]
    (release / "SHA256SUMS").write_text("".join(sums))
    done = subprocess.run(
        [ROOT / "scripts/sign-release", release],
        env=os.environ | {"VORZIMMER_RELEASE_KEY": str(key)},
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout.split()[-1]


@pytest.fixture
def release(tmp_path, keys):
    """A small one, signed."""
    folder = tmp_path / "release"
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "main.py").write_text("good")
    (folder / "RELEASE").write_text("version=2\n")
    sign(folder, keys[0])
    return folder


def look(box, release, *words):
    return step(box, f"main {' '.join(words)} {release}", script="check-release")


def test_it_works(tmp_path, release, keys):
    said = look(tmp_path, release)
    assert said.returncode == 0, said.stderr
    [fingerprint] = [line.split()[-1] for line in said.stdout.splitlines() if "Signed by" in line]
    assert len(fingerprint) == 40
    assert look(tmp_path, release, "--signed-by", fingerprint.lower()).returncode == 0
    assert (keys[0].stat().st_mode & 0o777) == 0o700


def changed(release):
    (release / "app" / "main.py").write_text("evil")


def changed_with_its_sum(release):
    changed(release)
    sum_ = hashlib.sha256(b"evil").hexdigest()
    lines = (release / "SHA256SUMS").read_text().splitlines()
    lines = [f"{sum_}  app/main.py" if "main.py" in line else line for line in lines]
    (release / "SHA256SUMS").write_text("\n".join(lines) + "\n")


def added(release):
    (release / "app" / "sitecustomize.py").write_text("evil")


def linked(release):
    (release / "app" / "other.py").symlink_to("/etc/passwd")


def taken_away(release):
    (release / "RELEASE").unlink()


def unsigned(release):
    (release / "SHA256SUMS.sig").unlink()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (changed, "damaged"),
        (changed_with_its_sum, "signature of this release is wrong"),
        (added, "does not belong to the release: app/sitecustomize.py"),
        (linked, "does not belong to the release: app/other.py"),
        (taken_away, "damaged"),
        (unsigned, "not signed"),
    ],
)
def test_a_release_that_was_changed_is_refused(tmp_path, release, change, says):
    change(release)
    said = look(tmp_path, release)
    assert said.returncode == 1
    assert "Nothing was changed." in said.stderr
    assert says in said.stderr
    assert "--unsigned" in said.stderr


def test_unsigned_is_possible_and_still_looks_at_the_sums(tmp_path, release):
    unsigned(release)
    assert look(tmp_path, release, "--unsigned").returncode == 0
    changed(release)
    assert look(tmp_path, release, "--unsigned").returncode == 1


def test_the_next_release_has_to_be_of_the_same_makers(tmp_path, release, keys):
    ours = sign(release, keys[0])
    (tmp_path / "opt").mkdir()
    (tmp_path / "opt" / "signed-by").write_text(f"{ours}\n")
    assert look(tmp_path, release).returncode == 0
    theirs = sign(release, keys[1])
    said = look(tmp_path, release)
    assert said.returncode == 1
    assert ours in said.stderr
    assert theirs in said.stderr
    assert look(tmp_path, release, "--signed-by", theirs).returncode == 0
    assert "another key" in look(tmp_path, release, "--signed-by", ours).stderr


def test_install_begins_with_it(tmp_path, release):
    """Before a line of the release but its scripts is read; and remembers who it was."""
    (release / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "check-release", release / "scripts")
    shutil.copy(ROOT / "scripts" / "release-steps", release / "scripts")
    changed_with_its_sum(release)
    (release / "RELEASE").write_text("echo evil was run\n")
    words = f"must_be_root() {{ :; }}; bundle={release}; check"
    said = step(tmp_path, words, script="install")
    assert said.returncode == 1
    assert "signature of this release is wrong" in said.stderr
    assert "evil was run" not in said.stdout
    assert step(tmp_path, "version=2 signed_by=F1; keep_two", script="install").returncode == 0
    assert (tmp_path / "opt" / "signed-by").read_text() == "F1\n"
