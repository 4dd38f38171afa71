"""A first installation says how the box is set up; an upgrade opens nothing."""

import pytest

from tests.install.releases import run

WORDS = """
read_words() { :; }; check() { version=2; }; debian_packages() { :; }; release_folder() { :; }
check_certificate() { :; }; configuration() { :; }; certificates() { :; }; gate() { :; }
bring_in() { switch_to 2; }
main
"""


@pytest.mark.parametrize("first", [True, False])
def test_it_works(box, first):
    code = '#!/bin/sh\n[ "$1" != setup-code ] || echo ABCD-EFGH\n'
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
