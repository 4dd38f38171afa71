"""The scripts that IT starts: they explain themselves, and change nothing where they do not belong.

What they do to a machine is shown by ``scripts/box-test`` and ``scripts/kiosk-test install``.
"""

import subprocess

import pytest

from tests.rules.sources import ROOT


def start(*words):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=20)


@pytest.mark.parametrize("script", ["install", "upgrade"])
def test_it_explains_itself(script):
    said = start(f"scripts/{script}", "--help")
    assert said.returncode == 0
    assert "scripts/install --name video.amt.example" in said.stdout
    assert "set -euo" not in said.stdout


def test_a_kiosk_is_made_by_address_and_code():
    said = start("scripts/install-kiosk", "--help")
    assert said.returncode == 0
    assert "scripts/install-kiosk https://video.amt.example ABCDE-FGH23" in said.stdout


def test_a_checkout_is_no_release():
    said = start("scripts/install", "--name", "video.amt.example")
    assert said.returncode == 1
    assert "This is no release" in said.stderr or "as root" in said.stderr


def test_a_certificate_needs_its_key():
    said = start("scripts/install", "--name", "video.amt.example", "--certificate", "README.md")
    assert said.returncode == 1
    assert "--key" in said.stderr
    said = start("scripts/install", "--certificate", "README.md", "--key", "gone.pem")
    assert "There is no such file: gone.pem" in said.stderr


@pytest.mark.parametrize("script", ["install", "rollback", "uninstall", "install-kiosk"])
def test_only_root_may(script):
    nobody = ("setpriv", "--reuid=65534", "--clear-groups")
    said = start(*nobody, "bash", f"scripts/{script}")
    assert said.returncode == 1
    assert "as root" in said.stderr
