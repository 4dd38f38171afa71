"""Media and analysers read their settings although the data are closed to them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from appliance.settings import FileSettings, Settings
from tests.rules.sources import ROOT

SOMEBODY = 12_346
READ = (
    "import sys; from appliance.cli import read_settings; import appliance.settings as s;"
    "print(read_settings(getattr(s, sys.argv[1])).media.port)"
)


@pytest.fixture
def box(monkeypatch):
    """Data that are root's alone, a configuration file that all may read."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "data").mkdir(mode=0o700)
        (folder / "data" / "settings.toml").write_text('[agency]\nname = "Amt Sonnenberg"\n')
        config = folder / "config.toml"
        config.write_text(f'data_dir = "{folder}/data"\n[media]\nport = 41000\n')
        config.chmod(0o644)
        monkeypatch.setenv("VORZIMMER_CONFIG", str(config))
        yield folder


def test_it_works(box):
    assert Settings().agency.name == "Amt Sonnenberg"
    assert FileSettings().agency.name != "Amt Sonnenberg"
    assert FileSettings().media.port == 41000


@pytest.fixture
def closed(box):
    """Words before a program to which the data are closed, whoever runs this."""
    if os.geteuid() == 0:
        yield ["setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}", "--clear-groups"]
        return
    (box / "data").chmod(0)
    yield []
    (box / "data").chmod(0o700)


@pytest.mark.parametrize(("kind", "status"), [("FileSettings", 0), ("Settings", 78)])
def test_somebody_else_needs_nothing_of_the_data(closed, kind, status):
    done = subprocess.run(
        [*closed, sys.executable, "-c", READ, kind],
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == status, done.stderr
    if status == 0:
        assert done.stdout.strip() == "41000"


@pytest.mark.parametrize("command", [["media"], ["analysers"]])
def test_the_programs_read_them_so(box, monkeypatch, command):
    from click.testing import CliRunner

    from appliance import cli

    read = []
    monkeypatch.setattr(cli, "read_settings", lambda kind=Settings: read.append(kind) or 1 / 0)
    CliRunner().invoke(cli.main, command)
    assert read == [FileSettings]
