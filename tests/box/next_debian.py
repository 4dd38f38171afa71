"""Debian 12 becomes 13 under an installed box, as Debian's notes say, and the box goes on.

Debian's packages come from the machine's own sources: for this the box is given its network.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.box.life import Life
from tests.box.machine import NAME, Box
from tests.box.second import rows_of

ADVISER = ("add-adviser", "yilmaz", "--name", "Derya Yilmaz", "--role", "administrator")
NEEDED = "Start scripts/install of the same release once more"


async def live(life: Life, base: Path) -> None:
    """``base``: a minimal Debian 13, for the list of its sources."""
    box = life.box
    box.make()
    box.boot()  # without entering its network: see ``_apt``
    await life.install()
    box.run("vorzimmer", *ADVISER, text="correct horse battery staple\n" * 2)
    async with life.step("Debian 13 in place of 12") as found:
        _full_upgrade(box, base)
        found.append(f"Debian {box.run('cat', '/etc/debian_version').strip()}")
        said = box.run("vorzimmer", "doctor", check=False)
        assert NEEDED in said, said
        await life.ready_again()
        found.append("goes on with the Python that it has")
    async with life.step("restart, and Debian's old Python is gone") as found:
        _apt(box, "autoremove", "--purge", "--yes")
        assert not box.succeeds("test", "-e", "/usr/bin/python3.11")
        box.reboot()
        said = box.fails("vorzimmer", "doctor")
        found.append(said.strip())
        assert "Start the release's scripts/install once more" in said, said
    async with life.step("the same release is installed once more"):
        said = await life.script(f"/root/{life.release.name}/scripts/install")
        assert "Debian has another Python now" in said, said
        await life.ready_again()
        assert rows_of(box)[0] == 1, "the account is there"
        assert "Nothing is wrong" in box.run("vorzimmer", "doctor"), NAME


def _full_upgrade(box: Box, base: Path) -> None:
    """With the machine's names and sources, as a box in the house would have them."""
    for file in ("resolv.conf", "hosts"):
        text = Path("/etc", file).read_text()
        box.run("sh", "-c", f"cat >>/etc/{file}", text=text)
    sources = (base / "etc/apt/sources.list").read_text()
    box.run("sh", "-c", "cat >/etc/apt/sources.list", text=sources)
    _apt(box, "update")
    keep = ("-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold")
    _apt(box, *keep, "-o", "Dpkg::Options::=--force-unsafe-io", "--yes", "full-upgrade")


def _apt(box: Box, *words: str) -> None:
    """In the box, but for its network, which has no way out."""
    inside = ["nsenter", "-t", str(box.first), "-m", "-p", "-u", "-i", "-C"]
    inside += ["--", "env", "-i"]
    inside += ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8"]
    inside += ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    inside += ["-o", "APT::Update::Error-Mode=any", *words]
    done = subprocess.run(inside, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
