"""What programs did to files and sockets, read from strace's lines."""

import re
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat,open,creat,openat2,memfd_create,mmap,socket,connect,bind,sendfile,splice,mknod,mknodat"
)
COMMAND = ("strace", "-D", "-f", "-qq", "--seccomp-bpf", "-y", "-s", "200", "-e", f"trace={CALLS}")

OPENED = re.compile(
    r'(?:openat2?|open|creat)\((?:AT_FDCWD[^,]*, |\d+<[^>]*>, )?"([^"]*)", ([^)]*)\) = (-?\d+)'
)
SHARED = re.compile(r"mmap\([^,]+, \d+, ([A-Z_|]+), ([A-Z_|]+), (\d+)<([^>]*)>")
CONNECTED = re.compile(r"connect\(\d+<[^>]*>, \{sa_family=(AF_\w+), (.*?)\}, \d+\) = (-?\d+)")
BOUND = re.compile(r"bind\(\d+<[^>]*>, \{sa_family=(AF_\w+), (.*?)\}, \d+\) = 0")
UNIX_PATH = re.compile(r'sun_path="([^"]*)"')
INTERNET = re.compile(r'htons\((\d+)\).*?(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")')


@dataclass
class Deeds:
    """Everything that could keep or send something."""

    written: set[str] = field(default_factory=set)
    memory_files: set[str] = field(default_factory=set)
    shared_maps: set[str] = field(default_factory=set)
    connected: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)


def _place(family: str, rest: str) -> str:
    if family == "AF_UNIX":
        found = UNIX_PATH.search(rest)
        return f"unix:{found.group(1) if found else '?'}"
    inside = INTERNET.search(rest)
    return f"{inside.group(2) or inside.group(3)}:{inside.group(1)}" if inside else f"{family}"


def read(file: Path) -> Deeds:
    """The deeds in a trace file; failed opens do not count, failed connects do."""
    deeds = Deeds()
    for line in file.read_text(errors="replace").splitlines():
        opened = OPENED.search(line)
        if opened and int(opened.group(3)) >= 0:
            if re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE", opened.group(2)) or "creat(" in line:
                deeds.written.add(opened.group(1))
        elif "memfd_create(" in line and "= -1" not in line:
            deeds.memory_files.add(line.split('"')[1])
        elif (shared := SHARED.search(line)) and "PROT_WRITE" in shared.group(1):
            if "MAP_SHARED" in shared.group(2):
                deeds.shared_maps.add(shared.group(4))
        elif connected := CONNECTED.search(line):
            deeds.connected.add(_place(connected.group(1), connected.group(2)))
        elif bound := BOUND.search(line):
            deeds.bound.add(_place(bound.group(1), bound.group(2)))
    return deeds
