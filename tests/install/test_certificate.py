"""A certificate is looked at before it is put in force; the one before comes back."""

import subprocess
import sys
from datetime import timedelta

import pytest

from appliance.doctor.certificate import PairUnfit, ensure_fit
from appliance.storage.clock import utcnow
from tests.install.steps import step
from tests.reach.servers import certificate
from tests.rules.sources import ROOT

NAME = "video.amt.example"


def look(chain, key, host=NAME):
    return subprocess.run(
        [sys.executable, "-m", "appliance.doctor.certificate", chain, key, host],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
    )


def test_it_works(tmp_path):
    said = look(*certificate(tmp_path, NAME))
    assert (said.returncode, said.stderr) == (0, "")


def test_a_pair_that_cannot_work_is_said(tmp_path):
    chain, key = certificate(tmp_path, NAME)
    _, other = certificate(tmp_path, "other.example")
    closed = tmp_path / "closed.key"
    subprocess.run(
        ["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:geheim", "-out", closed],
        check=True,
        capture_output=True,
    )
    for files, host, says in [
        ((chain, other), NAME, "is not the key of"),
        ((chain, closed), NAME, "has a password"),
        ((chain, chain), NAME, "is not the key of"),
        ((key, key), NAME, "missing or broken"),
        ((chain, key), "other.example", "does not stand in it"),
    ]:
        said = look(*files, host)
        assert said.returncode == 1, says
        assert says in said.stderr
    with pytest.raises(PairUnfit, match="valid until"):
        ensure_fit(chain, key, NAME, utcnow() + timedelta(days=3))


@pytest.fixture
def tls(tmp_path):
    """What is in force."""
    folder = tmp_path / "etc" / "tls"
    folder.mkdir(parents=True)
    for name in ("chain.pem", "key.pem", "ca.pem", "ca.key"):
        (folder / name).write_text(f"old {name}")
    (tmp_path / "chain").write_text("new chain.pem")
    (tmp_path / "key").write_text("new key.pem")
    return folder


PUT = "certificate=$1/chain key=$1/key; certificates; "


def test_the_pair_before_comes_back(tmp_path, tls):
    before = {file.name: file.read_text() for file in tls.iterdir()}
    words = PUT + "cat $settings/tls/*.pem; put_certificates_back"
    said = step(tmp_path, words, script="install")
    assert said.returncode == 0, said.stderr
    assert "new chain.pemnew key.pem" in said.stdout
    assert {file.name: file.read_text() for file in tls.iterdir()} == before
    assert not (tls.parent / "tls.before").exists()


def test_the_key_that_was_replaced_stays_as_a_copy(tmp_path, tls):
    assert step(tmp_path, PUT + "certificates_stay", script="install").returncode == 0
    assert (tls / "key.pem").read_text() == "new key.pem"
    assert (tls.parent / "tls.replaced" / "key.pem").read_text() == "old key.pem"
    assert (tls.parent / "tls.replaced").stat().st_mode & 0o777 == 0o700
    assert not (tls / "ca.key").exists()


def test_a_wrong_pair_changes_nothing(tmp_path, tls):
    (tmp_path / "opt" / "releases" / "2" / "bin").mkdir(parents=True)
    python = tmp_path / "opt" / "releases" / "2" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nshift\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    words = "version=2 name=video.amt.example certificate=$1/chain key=$1/key; check_certificate"
    said = step(tmp_path, words, script="install")
    assert said.returncode == 1
    assert "missing or broken" in said.stderr
    assert "cannot be used" in said.stderr
    assert (tls / "key.pem").read_text() == "old key.pem"
