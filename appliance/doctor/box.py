"""The machine: versions, disk, clock, memory."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Final

from appliance import __version__
from appliance.box_limits import BoxTooSmall, drop_ins, memory_mib, stale
from appliance.doctor.finding import Finding, ok, unknown, warning, wrong
from appliance.probe import asked
from appliance.settings import Settings
from appliance.storage.backup import backup_folder

MIB: Final = 1024 * 1024
FREE_WRONG_MIB: Final = 200  # as /readyz
FREE_WARNING_MIB: Final = 2048
NOT_IN_STEP: Final = 0x0040  # STA_UNSYNC of adjtimex(2)
UNITS: Final = Path("/etc/systemd/system")
UPGRADING: Final = Path("/opt/vorzimmer/upgrading")  # scripts/install writes it, and takes it away
PYTHON: Final = Path("/usr/bin/python3")  # Debian's; a link to the one with its number
AGAIN: Final = "Start scripts/install of the same release once more; data and settings stay"
LIMITS: Final = (
    "Run: vorzimmer limits --into /etc/systemd/system && systemctl daemon-reload; "
    "then restart what it names"
)


def examine(settings: Settings, *, installed: bool) -> list[Finding]:
    """All of the machine. ``installed``: systemd runs us, so its units are looked at, too."""
    found = [
        _versions(PYTHON if installed else None),
        _running_version(settings),
        *_disks(settings),
        _clock(),
    ]
    return [*found, _memory(settings), *_unfinished()] if installed else found


def _versions(debians: Path | None) -> Finding:
    """``debians``: the Python that a release is made for; an upgrade of Debian brings another."""
    code, name = "versions", "Versions"
    ours = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    theirs = debians.resolve().name if debians is not None else ours
    if theirs != ours and re.fullmatch(r"python3\.\d+", theirs):
        return wrong(code, name, f"this release is made for {ours}, Debian has {theirs}", AGAIN)
    parts = (
        f"vorzimmer {__version__}",
        f"Python {platform.python_version()}",
        _system(),
        f"Linux {platform.release()}",
    )
    return ok(code, name, ", ".join(parts))


def _unfinished(note: Path = UPGRADING) -> list[Finding]:
    """Nobody sees it otherwise: after a power cut the box works, beside a copy of its data."""
    if not note.exists():
        return []
    says = "an installation or rollback runs, or was ended on the way"
    return [wrong("upgrade", "Upgrade", says, "If none runs: start scripts/install once more")]


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return "unknown system"


def _running_version(settings: Settings) -> Finding:
    code, name = "web", "Pages"
    status, answer = asked(settings.web, "/version")
    other = "Look: ss -ltnp; see web.bind and vorzimmer-web.socket"
    if status is None and "SSLCertVerificationError" in answer:
        return wrong(code, name, answer, f"See the line Certificate. If that is well: {other}")
    if status is None and "SSLError" in answer:
        return wrong(code, name, "another program answers there", other)
    if status is None:
        return wrong(code, name, answer, "Start: systemctl start vorzimmer-web, or vorzimmer serve")
    said = answer.get("version") if isinstance(answer, dict) else None
    if said is None:
        return wrong(code, name, "another program answers there", other)
    if said != __version__:
        return wrong(code, name, f"version {said} runs", "Restart: systemctl restart vorzimmer-web")
    status, answer = asked(settings.web, "/readyz")
    checks = answer.get("checks", {}) if isinstance(answer, dict) else {}
    failed = [part for part, word in checks.items() if word != "ok"]
    if status != 200:
        return wrong(code, name, f"not ready: {', '.join(failed) or status}", "See the lines below")
    return ok(code, name, "ready")


def _disks(settings: Settings) -> list[Finding]:
    places = {"data": settings.data_dir, "backups": backup_folder(settings)}
    return [_disk(what, path) for what, path in places.items()]


def _disk(what: str, path: Path) -> Finding:
    code, name = f"disk_{what}", f"Disk of {what}"
    try:
        free = shutil.disk_usage(path).free // MIB
        files = os.statvfs(path)
    except FileNotFoundError:
        return unknown(code, name, f"{path} is not there yet")
    except OSError as error:
        return unknown(code, name, f"{path}: {error.strerror}", "Ask as root")
    do = f"Make room on the disk of {path}"
    if free < FREE_WRONG_MIB or (files.f_files and files.f_favail < 1000):
        return wrong(code, name, f"{free} MiB free, {files.f_favail} files", do)
    if free < FREE_WARNING_MIB:
        return warning(code, name, f"{free} MiB free", do)
    return ok(code, name, f"{free // 1024} GiB free")


def _clock() -> Finding:
    """Certificates, codes of the app, TURN's credentials and reminders hang on it."""
    code, name = "clock", "Clock"
    said = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    if time.time() < Path(__file__).stat().st_mtime - 24 * 3600:
        return wrong(code, name, f"{said} is before this release", "Set it; a battery may be empty")
    in_step = _in_step()
    if in_step is None:
        return unknown(code, name, said, "Compare it with another one")
    if not in_step:
        do = "Set up NTP: apt-get install chrony, or systemd-timesyncd with the house's server"
        return warning(code, name, f"{said}, not kept in step by NTP", do)
    return ok(code, name, f"{said}, kept in step")


def _in_step() -> bool | None:
    """What the kernel knows of NTP; None where it does not say."""
    room = (ctypes.c_int * 128)()  # struct timex: modes, …; status is at byte 40 on 64-bit Linux
    libc = ctypes.CDLL(None, use_errno=True)
    if (
        not hasattr(libc, "adjtimex")
        or libc.adjtimex(room) < 0
        or ctypes.sizeof(ctypes.c_long) != 8
    ):
        return None
    return not room[10] & NOT_IN_STEP


def _memory(settings: Settings) -> Finding:
    code, name = "limits", "Limits of the units"
    try:
        old = stale(drop_ins(settings, memory_mib()), UNITS)
    except BoxTooSmall as error:
        return wrong(code, name, str(error), "Give this box more memory")
    except OSError:
        return unknown(code, name, "the memory cannot be seen from here", "Ask as root")
    if old:
        return wrong(code, name, f"not as the settings say: {', '.join(old)}", LIMITS)
    return ok(code, name)
