"""``kiosk_ui/protocol.d.ts`` says what ``appliance/web/wire.py`` says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "generate-protocol"


def test_it_works():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_every_command_and_push_is_there():
    from typing import get_args

    from appliance.web import commands, wire

    text = (ROOT / "kiosk_ui" / "protocol.d.ts").read_text(encoding="utf-8")
    for union in (commands.ClientCommand, commands.DeskCommand, wire.Push):
        for member in get_args(get_args(union)[0]):
            assert f"export interface {member.__name__} {{" in text
