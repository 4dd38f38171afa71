"""A kiosk's camera, microphone and speaker, as the kernel names them."""

from __future__ import annotations

import re
from pathlib import Path

from appliance.doctor.finding import Finding, ok, wrong

PCM = re.compile(r"^(\d\d-\d\d): ([^:]*):.*$", re.MULTILINE)
DO = {
    "camera": "Plug it in; look: v4l2-ctl --list-devices",
    "microphone": "Plug it in; look: arecord -l",
    "speaker": "Plug it in; look: aplay -l",
}


def examine(root: Path = Path("/")) -> list[Finding]:
    """Each of the three, by name; ``root`` is for tests."""
    cameras = sorted({_text(one) for one in root.glob("sys/class/video4linux/*/name")})
    devices = _text(root / "proc/asound/pcm")
    lines = [(found[0], found[2].strip()) for found in PCM.finditer(devices)]
    there = {
        "camera": [name for name in cameras if name],
        "microphone": [name for line, name in lines if "capture" in line],
        "speaker": [name for line, name in lines if "playback" in line],
    }
    return [_finding(kind, names) for kind, names in there.items()]


def _finding(kind: str, names: list[str]) -> Finding:
    code, name = f"kiosk_{kind}", f"Kiosk's {kind}"
    return ok(code, name, ", ".join(names)) if names else wrong(code, name, "none", DO[kind])


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
