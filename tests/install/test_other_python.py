"""After an upgrade of Debian the release is made anew for its Python; data and settings stay."""

import subprocess

from tests.install.releases import run

# The bundle holds nothing but its sums; what makes the environment leaves a Python behind.
PLAYED = """
version=1 bundle=$1/bundle
mkdir -p $bundle/wheels/$(debian_python)
mkdir -p $bundle/{app,systemd,scripts,licences,RELEASE,MEDIA,sbom.cdx.json,requirements.txt}
echo sums | tee $bundle/SHA256SUMS >$releases/1/SHA256SUMS
environment() {
  mkdir -p $2/bin $2/lib/$1/site-packages
  printf '#!/bin/sh\\n' >$2/bin/python
  chmod 0755 $2/bin/python
}
chown() { :; }
"""
RELEASE = "release_folder; echo media_now=$media_now"


def python_is(box, number, target):
    """What the release's Python leads to."""
    (box / f"opt/releases/{number}/bin/python").unlink()
    (box / f"opt/releases/{number}/bin/python").symlink_to(target)


def made_for(box, name):
    """The release in force has an environment of this Python."""
    (box / "opt/releases/1/lib" / name).mkdir(parents=True)
    python_is(box, 1, f"/usr/bin/{name}")
    (box / "opt/releases/1/here before").touch()


def test_it_works(box):
    made_for(box, "python3.2")
    said = run(box, PLAYED + RELEASE, script="install")
    assert said.returncode == 0, said.stderr
    assert "another Python" in said.stdout
    assert "media_now=yes" in said.stdout  # what runs has lost its files
    release = box / "opt/releases/1"
    assert not (release / "lib/python3.2").exists()
    assert not (release / "here before").exists()
    assert (release / "bin/vorzimmer").exists()
    assert (box / "data/vorzimmer.db").read_text() == "of 1"


def test_with_the_same_python_nothing_is_made(box):
    known = subprocess.run(["/usr/bin/python3", "-V"], capture_output=True, text=True, check=True)
    made_for(box, "python" + known.stdout.split()[1].rpartition(".")[0])
    said = run(box, PLAYED + RELEASE, script="install")
    assert said.returncode == 0, said.stderr
    assert said.stdout == "media_now=\n"
    assert (box / "opt/releases/1/here before").exists()


def test_it_is_still_another_build_that_is_refused(box):
    made_for(box, "python3.2")
    said = run(box, PLAYED + "echo other >$bundle/SHA256SUMS; " + RELEASE, script="install")
    assert said.returncode == 1
    assert "Another build of 1" in said.stderr


def test_the_command_says_it(box):
    python_is(box, 1, "/usr/bin/python3.2")
    assert run(box, "write_command").returncode == 0
    said = subprocess.run([box / "command", "doctor"], capture_output=True, text=True)
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert "scripts/install once more" in said.stderr


def test_and_passes_on_what_was_typed(box):
    (box / "opt/releases/1/bin/vorzimmer").write_text("#!/bin/sh\nprintf '<%s>' \"$@\"\n")
    assert run(box, "write_command").returncode == 0
    said = subprocess.run([box / "command", "a b", "$c"], capture_output=True, text=True)
    assert said.stdout == "<a b><$c>"


def test_there_is_no_way_back_to_one_that_cannot_run(box):
    python_is(box, 0, "/usr/bin/python3.2")
    said = run(box, "must_be_root() { :; }; main", script="rollback")
    assert said.returncode == 1
    assert "Nothing was changed." in said.stderr
    assert (box / "opt/current").readlink().name == "1"
