"""A disk that forgets what was not synced, fed with the system calls that strace wrote down.

What a call wrote is *pending* until the file is synced; a name that was made, changed or removed
is pending until its folder is. A power cut keeps of that whatever chance leaves: some writes and
not others, later ones without earlier ones, sectors of one without the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR_BYTES = 512
TEAR = 0.3  # of the pending writes, how many lose single sectors
CHANCES = (0.0, 0.3, 0.7, 0.95)  # that a pending write is on the disk; one for each cut

HARMLESS = "write,openat"
KNOWN = "pwrite64,fsync,fdatasync,ftruncate,unlink,rename"
FOREIGN = (  # would change files, and are not understood here: none may come
    "writev,pwritev,pwritev2,sendfile,copy_file_range,splice,fallocate,truncate,renameat,renameat2,"
    "link,linkat,symlinkat,unlinkat,sync_file_range"
)
STRACE = ["strace", "-f", "-qq", "--seccomp-bpf", "-y", "-xx", "-s", "100000"]
STRACE += ["-e", "signal=none", "-e", f"trace={HARMLESS},{KNOWN},{FOREIGN}"]

HEX = r"((?:\\x[0-9a-f]{2})*)"
HANDLE = rf"\d+<{HEX}>(\(deleted\))?"
LINE = re.compile(r"^(\d+) +(?:<\.\.\. \w+ resumed>(.*)|(\w+\(.*?))( *<unfinished \.\.\.>)?$")
CALLS = {
    "write": re.compile(rf'^p?write(?:64)?\({HANDLE}, "{HEX}", \d+(?:, (\d+))?\) += (\d+)'),
    "truncate": re.compile(rf"^ftruncate\({HANDLE}, (\d+)\) += 0"),
    "sync": re.compile(rf"^f(?:data)?sync\({HANDLE}\) += 0"),
    "make": re.compile(rf'^openat\([^"]*"{HEX}", [A-Z_|]*O_CREAT[A-Z_|]*, 0\d+\) += {HANDLE}'),
    "remove": re.compile(rf'^unlink\("{HEX}"\) += 0'),
    "rename": re.compile(rf'^rename\("{HEX}", "{HEX}"\) += 0'),
}
FAILED = re.compile(r"= (-1|\?)")
QUOTED = re.compile(rf'["<]{HEX}[">]')


@dataclass(frozen=True, slots=True)
class Call:
    """One call that succeeded."""

    kind: str  # one of CALLS
    path: str
    data: bytes = b""  # what was written
    at: int = 0  # where, or the new length in bytes
    new_path: str = ""


def _plain(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _whole_lines(trace: Path) -> Iterator[str]:
    """Calls during which another thread's came are put together again, where they ended."""
    begun: dict[str, str] = {}
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            if (found := LINE.match(line)) is None:
                continue
            thread, rest, first, unfinished = found.groups()
            call = first if first is not None else begun.pop(thread) + rest
            if unfinished:
                begun[thread] = call
            else:
                yield call


def calls(trace: Path, folder: Path) -> Iterator[Call]:
    """What happened to files in the folder. Raises ``ValueError`` at a call that is not known."""
    inside = f"{folder}/".encode()
    for line in _whole_lines(trace):
        if FAILED.search(line[-40:]):
            continue
        for kind, pattern in CALLS.items():
            if (found := pattern.match(line)) is not None:
                call = _call(kind, found)
                if call is not None and f"{call.path}/".encode().startswith(inside):
                    yield call
                break
        else:
            touched = any(_plain(one).startswith(inside) for one in QUOTED.findall(line[:400]))
            if touched and not line.startswith("openat("):
                raise ValueError(line[:200])


def _call(kind: str, found: re.Match[str]) -> Call | None:
    if kind in ("write", "truncate", "sync") and found[2]:
        return None  # of a file without a name: gone with the power
    path = _plain(found[1]).decode()
    if kind == "write":
        data, at = _plain(found[3])[: int(found[5])], int(found[4] or 0)
        return Call(kind, path, data, at)
    if kind == "truncate":
        return Call(kind, path, at=int(found[3]))
    if kind == "make":
        return Call(kind, _plain(found[2]).decode())
    return Call(kind, path, new_path=_plain(found[2]).decode() if kind == "rename" else "")


def _do(content: bytearray, call: Call) -> None:
    if call.kind == "truncate":
        del content[call.at :]
    content.extend(bytes(max(0, call.at - len(content))))
    content[call.at : call.at + len(call.data)] = call.data


def _sectors(call: Call) -> Iterator[Call]:
    start = 0
    while start < len(call.data):
        end = start + SECTOR_BYTES - (call.at + start) % SECTOR_BYTES
        yield Call(call.kind, call.path, call.data[start:end], call.at + start)
        start = end


@dataclass(slots=True)
class _File:
    safe: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        for call in self.pending:
            _do(self.safe, call)
        self.pending.clear()

    def left(self, chance: Random, keeps: float) -> bytes:
        content = bytearray(self.safe)
        for call in self.pending:
            torn = call.kind == "write" and chance.random() < TEAR
            for part in _sectors(call) if torn else (call,):
                if chance.random() < keeps:
                    _do(content, part)
        return bytes(content)


class LossyDisk:
    """One folder on it; all that is there at the beginning is safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._names = {str(one): _File(bytearray(one.read_bytes())) for one in folder.glob("*.db")}
        self._safe_names = dict(self._names)
        self._pending: list[tuple[str, _File | None]] = []  # names: given to a file, or taken away

    def take(self, call: Call) -> None:
        """As the kernel did."""
        if call.path == self._folder:
            for name, file in self._pending if call.kind == "sync" else ():
                _name(self._safe_names, name, file)
            self._pending.clear()
        elif call.kind == "make":
            if call.path not in self._names:
                self._link(call.path, _File())
        elif call.kind == "remove":
            self._link(call.path, None)
        elif call.kind == "rename":
            self._link(call.new_path, self._names[call.path])
            self._link(call.path, None)
        elif call.kind == "sync":
            self._names[call.path].sync()
        else:
            self._names[call.path].pending.append(call)

    def _link(self, path: str, file: _File | None) -> None:
        _name(self._names, path, file)
        self._pending.append((path, file))

    def after_power_cut(self, chance: Random, target: Path) -> None:
        """Lays into ``target`` what the next start finds; this disk itself stays as it is."""
        keeps = chance.choice(CHANCES)
        names = dict(self._safe_names)
        for path, file in self._pending:
            if chance.random() < keeps:
                _name(names, path, file)
        for path, file in names.items():
            if not path.endswith("-shm"):  # shared memory: made anew by whoever opens first
                (target / Path(path).name).write_bytes(file.left(chance, keeps))


def _name(names: dict[str, _File], path: str, file: _File | None) -> None:
    if file is None:
        names.pop(path, None)
    else:
        names[path] = file
