"""A whole Debian with systemd as its first process, in namespaces of its own: boots in a second.

Its root is a minimal Debian, what is carried into the room, and a layer of its own on top, which
outlives a reboot. Its network is a namespace with one address and no way out. It shares the kernel
with the machine that it runs on.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ADDRESS = "10.93.0.2"
NAME = "video.amt.example"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ROOM_BYTES = 8_000_000_000  # two boxes with two or three releases each, and as much to spare

# $1 what lies below, $2 the layer's folder, $3 PATH: becomes the box's first process.
BECOME = r"""
set -eu
mkdir -p "$2/up" "$2/wk" "$2/root"; R=$2/root
mount -t overlay overlay -o lowerdir="$1",upperdir="$2/up",workdir="$2/wk" "$R"
mount -t proc proc "$R/proc"
mount -t sysfs sysfs "$R/sys"; mount -o remount,ro,bind "$R/sys"
mount -t tmpfs -o mode=755 tmpfs "$R/run"
mount -t tmpfs -o mode=755 tmpfs "$R/dev"
for one in null zero full random urandom tty; do
  touch "$R/dev/$one"; mount --bind "/dev/$one" "$R/dev/$one"
done
mkdir "$R/dev/pts" "$R/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$R/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$R/dev/shm"
ln -s pts/ptmx "$R/dev/ptmx"; ln -s /proc/self/fd "$R/dev/fd"
for n in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${n%%:*}" "$R/dev/${n#*:}"; done
mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
mount --bind "$R/proc/sys" "$R/proc/sys"; mount -o remount,ro,bind "$R/proc/sys"
cd "$R"; pivot_root . mnt; umount -l /mnt
mount --make-rshared /  # without it LoadCredential= gives nothing, silently
exec env -i container=unshare PATH="$3" /sbin/init
"""


class NotAllowed(Exception):
    """This machine does not let anybody make such a box; the text says why."""


def ensure_allowed() -> None:
    """Raises ``NotAllowed``."""
    if os.geteuid() != 0:
        raise NotAllowed("only root can boot a box")
    words = ("unshare", "--mount", "--pid", "--fork", "--cgroup", "--net", "--uts", "--ipc", "true")
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise NotAllowed(f"no namespaces: {done.stderr.strip()}")
    if not _cgroups().is_dir():
        raise NotAllowed("no second version of control groups")


def room() -> Path:
    """Where boxes are laid: in memory where there is enough, as that waits for no disk."""
    memory, free = Path("/dev/shm"), 0
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            free = int(line.split()[1]) * 1024
    enough = memory.is_dir() and min(free, shutil.disk_usage(memory).free) > ROOM_BYTES
    return Path(tempfile.mkdtemp(prefix="vorzimmer-box-", dir=memory if enough else None))


def _cgroups() -> Path:
    unified = Path("/sys/fs/cgroup/unified")
    return unified if unified.is_dir() else Path("/sys/fs/cgroup")


class Box:
    """One Debian: ``boot``, ``run``, ``reboot``, ``remove``. ``carried`` are files for its root."""

    def __init__(self, base: Path, carried: Path, folder: Path, name: str) -> None:
        self.base, self.carried, self.folder = base, carried, folder
        self.network = f"vz-{name}-{os.getpid()}"
        self._cgroup = _cgroups() / self.network
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def layer(self) -> Path:
        """What differs from what lies below; to put files in before the first boot."""
        return self.folder / "up"

    def make(self) -> None:
        """The layer with a name and an address, and a network without a way out."""
        for place, text in {
            "etc/hostname": "box\n",
            "etc/hosts": f"127.0.0.1 localhost\n{ADDRESS} box {NAME}\n",
            "etc/resolv.conf": "",
        }.items():
            target = self.layer / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        network = ["ip", "-n", self.network]
        for words in (
            ["ip", "netns", "add", self.network],
            [*network, "link", "set", "lo", "up"],
            [*network, "link", "add", "lan", "type", "veth", "peer", "name", "switch"],
            [*network, "address", "add", f"{ADDRESS}/24", "dev", "lan"],
            [*network, "link", "set", "lan", "up"],
            [*network, "link", "set", "switch", "up"],
        ):
            subprocess.run(words, check=True)

    def boot(self) -> float:
        """Returns when the system runs; seconds that it took."""
        began = time.monotonic()
        self._cgroup.mkdir(exist_ok=True)
        command = ["bash", "-c", f'echo $$ >{self._cgroup}/cgroup.procs; exec "$@"', "enter"]
        command += ["ip", "netns", "exec", self.network, "unshare", "--mount", "--pid", "--fork"]
        command += ["--kill-child", "--cgroup", "--uts", "--ipc", "--propagation", "private", "--"]
        command += ["bash", "-c", BECOME, "box", f"{self.carried}:{self.base}"]
        command += [str(self.folder), PATH]
        with (self.folder / "console").open("ab") as console:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        state = ""
        while state not in ("running", "degraded"):
            if time.monotonic() - began > 60:
                raise TimeoutError(f"not booted: {state!r}; see {self.folder / 'console'}")
            time.sleep(0.1)
            with contextlib.suppress(OSError, IndexError, subprocess.SubprocessError):
                state = self.run("systemctl", "is-system-running", check=False).strip()
        return time.monotonic() - began

    @property
    def first(self) -> int:
        """Process id of the box's first process, as this machine counts."""
        assert self._process is not None
        pid = self._process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def inside(self, *words: str) -> list[str]:
        """The command line that runs these words in the box."""
        clean = ["env", "-i", f"PATH={PATH}", "HOME=/root", "LC_ALL=C.UTF-8", "TERM=dumb"]
        return ["nsenter", "-t", str(self.first), "-a", "--", *clean, *words]

    def run(
        self, *words: str, check: bool = True, timeout_s: float = 400, text: str | None = None
    ) -> str:
        """What the words print in the box, errors included; fails loudly."""
        done = subprocess.run(
            self.inside(*words),
            input=text,
            stdin=None if text is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
        )
        if check and done.returncode:
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def succeeds(self, *words: str) -> bool:
        """Whether the words end well in the box."""
        done = subprocess.run(
            self.inside(*words), stdin=subprocess.DEVNULL, capture_output=True, timeout=400
        )
        return done.returncode == 0

    def fails(self, *words: str) -> str:
        """What the words print when they end with an error, as they must."""
        done = subprocess.run(
            self.inside(*words), capture_output=True, text=True, timeout=400, check=False
        )
        assert done.returncode != 0, f"{' '.join(words)} should have failed:\n{done.stdout}"
        return done.stdout + done.stderr

    def show(self, unit: str, what: str) -> str:
        """A property of a unit."""
        return self.run("systemctl", "show", "--value", "-p", what, unit).strip()

    def pid(self, unit: str) -> str:
        """The main process of a unit, as the box counts."""
        return self.show(unit, "MainPID")

    def kill(self, unit: str) -> None:
        """SIGKILL for all processes of a unit."""
        self.run("systemctl", "kill", "--signal=KILL", unit)

    def reboot(self) -> float:
        """As ``systemctl reboot`` does; seconds until the system runs again."""
        assert self._process is not None
        self.run("systemctl", "reboot", check=False)
        self._process.wait(60)
        return self.boot()

    def end(self) -> None:
        """As if its power went; whatever runs in it ends."""
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)

    def remove(self) -> None:
        """Ends all of its processes, by its first one, and takes its network and layer away."""
        self.end()
        if self._process is not None:
            self._process.wait(20)
        subprocess.run(["ip", "netns", "del", self.network], check=False, capture_output=True)
        until = time.monotonic() + 10  # what was killed needs a moment to be gone
        while self._cgroup.is_dir() and time.monotonic() < until:
            for folder in (*sorted(self._cgroup.rglob("*/"), reverse=True), self._cgroup):
                with contextlib.suppress(OSError):
                    folder.rmdir()
            time.sleep(0.05)
        shutil.rmtree(self.folder, ignore_errors=True)
