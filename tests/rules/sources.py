"""The project's own source files, for the rules."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def sources(
    *endings: str, under: tuple[str, ...] = ("appliance", "kiosk_ui", "scripts", "tests")
) -> list[Path]:
    """Files that git tracks or would track, with one of the endings, below the named folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *under],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return sorted({file for file in files if file.suffix in endings and file.is_file()})
