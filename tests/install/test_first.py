"""A first installation says how the box is set up; an upgrade opens nothing."""

import pytest

from tests.install.releases import INSTALL, run

WORDS = INSTALL + "bring_in() { switch_to 2; }; main"


STEPS = "app/appliance/storage/migrations/versions"


def test_data_of_a_newer_release_are_no_surprise(box):
    """Said before anything is changed; not by a trace after web was stopped."""
    ours = f"bundle=$1/bundle; mkdir -p $bundle/{STEPS}; touch $bundle/{STEPS}/0001_one.py; "
    there = f"mkdir -p $releases/1/{STEPS}; touch $releases/1/{STEPS}/0001_one.py; "
    newer = f"touch $releases/1/{STEPS}/0002_more.py; "
    ask = "knows_the_data; rm $root/current; knows_the_data; echo known"
    assert "cannot read" in run(box, ours + there + newer + ask, script="install").stderr
    (box / "opt" / "releases" / "1" / STEPS / "0002_more.py").unlink()
    assert run(box, ours + there + ask, script="install").stdout == "known\n"


def test_settings_that_the_release_cannot_read_stop_nothing(box):
    """ITs own file, with a slip in it: said in its words, while what runs goes on."""
    program = box / "opt" / "releases" / "2" / "bin" / "vorzimmer"
    program.write_text("#!/bin/sh\necho the slip >&2; exit 78\n")
    words = "version=2; check_settings && echo new; touch $settings/config.toml; check_settings"
    said = run(box, words, script="install")
    assert (said.returncode, said.stdout) == (1, "new\n")
    assert "the slip" in said.stderr
    assert "stays as it was" in said.stderr


@pytest.mark.parametrize("first", [True, False])
def test_it_works(box, first):
    code = '#!/bin/sh\n[ "$*" != "setup-code --first" ] || echo ABCD-EFGH\n'
    (box / "opt" / "releases" / "2" / "bin" / "vorzimmer").write_text(code)
    if first:
        (box / "opt" / "current").unlink()
    said = run(box, WORDS, script="install")
    assert said.returncode == 0, said.stderr
    assert ("ABCD-EFGH" in said.stdout) is first
    assert not (box / "opt" / "upgrading").exists()


@pytest.mark.parametrize(
    ("typed", "stands", "same"),
    [("video.amt.example", "https://video.amt.example", True), ("", "https://a.example", True),
     ("video.amt.example", "https://video.amt.example:8443", True),
     ("a.example", "https://video.amt.example", False),
     ("video.amt", "https://video.amt.example", False)],
)  # fmt: skip
def test_it_keeps_the_name_that_it_has(tmp_path, typed, stands, same):
    (tmp_path / "config.toml").write_text(f'[web]\nbase_url = "{stands}"\n')
    words = f"settings={tmp_path}; name={typed}; name_is_ours"
    assert (run(tmp_path, words, script="install").returncode == 0) is same
