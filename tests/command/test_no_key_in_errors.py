"""A command that meets an error on its way says so, and shows nothing of what it works with."""

import os
import subprocess
import sys
from pathlib import Path

from appliance.storage.backup import backup_folder
from appliance.storage.keys import KEY_FILE
from appliance.storage.migrate import migrate
from tests.builders.storage import make_settings


def test_it_works(tmp_path: Path):
    settings = make_settings(tmp_path / "box")
    migrate(settings)
    folder = backup_folder(settings)
    folder.mkdir(mode=0o700)
    (folder / "vorzimmer-20261126T030000Z.db").write_bytes(b"of another key" * 1000)

    done = subprocess.run(
        [sys.executable, "-m", "appliance", "purge"],
        env={**os.environ, "VORZIMMER_DATA_DIR": str(settings.data_dir)},
        capture_output=True,
        text=True,
    )

    said = done.stdout + done.stderr
    assert "event='backup_not_purged'" in done.stderr, said
    assert (settings.data_dir / KEY_FILE).read_text().strip() not in said
    assert "Traceback" not in said
