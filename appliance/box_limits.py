"""Drop-ins for the units, made from the settings and from how big this box is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from appliance.settings import Settings

MIB: Final = 1024 * 1024
SMALLEST_BOX_MIB: Final = 1800  # "2 GB" as the kernel counts it
FILE: Final = "50-box.conf"
ANALYSER_MIB: Final = 600  # one device check: 250 with its models loaded, pictures come on top
HEAD: Final = '# Written by "vorzimmer limits"; write it again after a change of the settings.\n'


class BoxTooSmall(Exception):
    """Less memory than the programs need; the text says how much there is."""


def memory_mib(meminfo: Path = Path("/proc/meminfo")) -> int:
    """The memory of this box."""
    found = re.search(r"^MemTotal:\s+(\d+) kB", meminfo.read_text(encoding="ascii"), re.MULTILINE)
    return int(found.group(1)) // 1024 if found else 0


def drop_ins(settings: Settings, box_mib: int) -> dict[str, str]:
    """Contents by path below ``/etc/systemd/system``; no content: no file. Raises ``BoxTooSmall``.

    Together media and web may take half of the box, checks a good third; the rest is the system's,
    coturn's, and the memory in which SQLite's file lies.
    """
    if box_mib < SMALLEST_BOX_MIB:
        raise BoxTooSmall(f"{box_mib} MiB of memory; {SMALLEST_BOX_MIB} are needed at least")
    media = min(max(box_mib // 8, 256), 2048)
    web = min(max(box_mib // 4, 512), 4096)
    checks = min(settings.check.analysers * ANALYSER_MIB, box_mib * 4 // 10)
    made = {
        "vorzimmer-web.socket": _section("Socket", _listening(settings.web.bind)),
        "vorzimmer-web.service": _section("Service", [*_memory(web), *_backup_folder(settings)]),
        # No MemoryHigh: a media process that is held back is heard.
        "vorzimmer-media.service": _section("Service", [f"MemoryMax={media}M"]),
        "vorzimmer-media@.service": _section("Service", [f"MemoryMax={media}M"]),
        "vorzimmer-analyser.socket": _section(
            "Socket", [f"MaxConnections={settings.check.analysers}"]
        ),
        "vorzimmer-analyser.slice": _section("Slice", _memory(checks)),
        "vorzimmer-purge.service": _section("Service", _backup_folder(settings)),
        "vorzimmer-backup.service": _section("Service", _backup_folder(settings)),
        "vorzimmer.target": _section("Unit", _more_media(settings.media.workers)),
    }
    return {f"{unit}.d/{FILE}": text for unit, text in made.items()}


def write(files: dict[str, str], folder: Path) -> list[str]:
    """Writes what differs; gives the names of the files that changed. Raises ``OSError``."""
    changed = stale(files, folder)
    for name in changed:
        path = folder / name
        if not files[name]:
            path.unlink()
            continue
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        path.parent.chmod(0o755)
        path.write_text(files[name], encoding="utf-8")
        path.chmod(0o644)  # systemd's files are for everybody to read
    return changed


def stale(files: dict[str, str], folder: Path) -> list[str]:
    """The names of files that are missing, say something else, or are there without need."""
    return [name for name, text in files.items() if _read(folder / name) != text]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _section(name: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return f"{HEAD}[{name}]\n{body}\n" if body else ""


def _memory(mib: int) -> list[str]:
    return [f"MemoryHigh={mib * 9 // 10}M", f"MemoryMax={mib}M"]


def _listening(bind: list[str]) -> list[str]:
    """Empties the list of the shipped unit first."""
    places = [one.removeprefix("unix:") for one in bind if not one.startswith("fd://")]
    if not places:
        return []
    ports = {
        is_v6: {_port(one) for one in places if ("[" in one) is is_v6} for is_v6 in (True, False)
    }
    apart = ["BindIPv6Only=ipv6-only"] if ports[True] & ports[False] else []
    return ["ListenStream=", *(f"ListenStream={place}" for place in places), *apart]


def _port(place: str) -> str:
    return place.rpartition(":")[2]


def _backup_folder(settings: Settings) -> list[str]:
    """A folder on another disk may be written to, too; the unit alone allows data_dir only."""
    folder = settings.backup.folder
    if folder is None or folder.is_relative_to(settings.data_dir):
        return []
    return [f"ReadWritePaths=-{folder}"]


def _more_media(workers: int) -> list[str]:
    return [f"Wants=vorzimmer-media@{number}.service" for number in range(2, workers + 1)]


def shown(files: dict[str, str]) -> str:
    """All files in one text, each below its path."""
    there = {name: text for name, text in files.items() if text}
    return "\n".join(f"# /etc/systemd/system/{name}\n{text}" for name, text in there.items())
