"""The life of a box, in the order in which IT would meet it: each step printed with its time."""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.box import bundles
from tests.box.conversation import Conversation, Office, enter_network, office, people, trusted
from tests.box.machine import NAME, Box, NotAllowed, ensure_allowed
from tests.box.second import log_in, move_to, rows_of

UNITS = ("web", "media", "analyser@1", "purge", "backup", "selftest")
EXPOSED_AT_MOST = 1.5
INSTALLED_WITHIN_S = 180
LONGEST_PAUSE_S = 1.5
SETTINGS = "/etc/vorzimmer/config.toml"
DATA = "/var/lib/vorzimmer"


class Ended(Exception):
    """The step that was asked for is over."""


class Life:
    """One box, what is known of it, and how long each step took."""

    def __init__(self, box: Box, base: Path, only: str) -> None:
        self.box, self.base, self.only = box, base, only
        self.conversation: Conversation | None = None
        self.code = ""

    @asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[list[str]]:
        """Prints what was found, and the seconds; ends everything after the step asked for."""
        began, found = time.monotonic(), list[str]()
        yield found
        said = "; ".join(found)
        print(f"{time.monotonic() - began:6.1f} s  {name}{': ' if said else ''}{said}", flush=True)
        if name == self.only:
            raise Ended

    async def in_box(self, *words: str) -> str:
        """Runs beside the browsers."""
        return await asyncio.to_thread(self.box.run, *words)

    async def ready_again(self, within_s: float = 30) -> float:
        """Seconds until ``vorzimmer health`` says so."""
        began = time.monotonic()
        while not await asyncio.to_thread(self.box.succeeds, "vorzimmer", "health"):
            assert time.monotonic() - began < within_s, self.box.run("vorzimmer", "health")
            await asyncio.sleep(0.1)
        return time.monotonic() - began

    async def another(self, unit: str, before: str, within_s: float = 30) -> float:
        """Seconds until the unit has a main process again, and web is ready with it."""
        began = time.monotonic()
        while self.box.pid(unit) in (before, "0"):
            assert time.monotonic() - began < within_s, f"{unit} did not come back"
            await asyncio.sleep(0.1)
        await self.ready_again()
        return time.monotonic() - began

    async def install(self) -> None:
        async with self.step("install") as found:
            began = time.monotonic()
            file = f"/root/{bundles.NAME}.tar.zst"
            unpack = f"cd /root && /usr/lib/apt/apt-helper cat-file {file} | tar -x"
            await self.in_box("sh", "-c", unpack)
            unpacked = time.monotonic() - began
            said = await self.in_box(f"/root/{bundles.NAME}/scripts/install", "--name", NAME)
            print(said)
            took = time.monotonic() - began
            found += [f"unpacked in {unpacked:.0f} s", f"from file to healthy {took:.0f} s"]
            assert took < INSTALLED_WITHIN_S
            refused = self.box.fails("setpriv", "--reuid=nobody", "cat", SETTINGS)
            assert "Permission denied" in refused

    async def set_up(self, there: Office) -> None:
        async with self.step("set up"):
            # As an editor would: the lines stand in the file, each under its meaning.
            change = r"/^\[mail\]/,/^\[/{s/^# host = .*/host = \"127.0.0.1\"/;"
            change += r"s/^# port = .*/port = 2525/;"
            change += r"s/^# encryption = .*/encryption = \"none\"/}"
            self.box.run("sed", "-i", change, SETTINGS)
            self.box.run("systemctl", "restart", "vorzimmer-web.service")
            there.add_adviser()
            await self.ready_again()

    async def exposure(self) -> None:
        async with self.step("exposure") as found:
            for unit in UNITS:
                name = f"vorzimmer-{unit}.service"
                said = self.box.run("systemd-analyze", "security", "--no-pager", name)
                [score] = re.findall(r"exposure level for .*: ([0-9.]+)", said)
                found.append(f"{unit} {score}")
                assert float(score) <= EXPOSED_AT_MOST, said
            for unit in ("web", "media"):
                pid = self.box.pid(f"vorzimmer-{unit}")
                assert self.box.run("stat", "-c", "%u", f"/proc/{pid}").strip() != "0"

    async def trust(self) -> None:
        async with self.step("a device that trusts the box's authority") as found:
            _, writer = await asyncio.open_connection(
                "127.0.0.1", 443, ssl=trusted(self.box), server_hostname=NAME
            )
            found.append(str(writer.get_extra_info("ssl_object").version()))
            writer.close()

    async def kill(self) -> None:
        async with self.step("kill -9") as found:
            for unit in ("web", "media"):
                before = self.box.pid(f"vorzimmer-{unit}.service")
                self.box.kill(f"vorzimmer-{unit}.service")
                took = await self.another(f"vorzimmer-{unit}.service", before)
                found.append(f"{unit} ready after {took:.1f} s")
                if self.conversation:
                    await self.conversation.goes_on(25)
                    found.append("and the conversation goes on")

    async def upgrade(self) -> None:
        async with self.step("upgrade") as found:
            media, rows = self.box.pid("vorzimmer-media"), self._rows()
            work = self.in_box(f"/root/{bundles.NEXT}/scripts/upgrade")
            if self.conversation:
                pause, took = await self.conversation.longest_pause_s(work)
                found.append(f"longest pause of a picture {pause:.2f} s in {took:.0f} s")
                assert pause < LONGEST_PAUSE_S
                await self.conversation.goes_on()
            else:
                await work
            assert self.box.run("vorzimmer", "version").strip() == bundles.NEXT
            assert self.box.pid("vorzimmer-media") == media
            assert self._rows() == rows

    async def broken_upgrade(self) -> None:
        async with self.step("broken upgrade") as found:
            rows, began = self._rows(), time.monotonic()
            said = await asyncio.to_thread(
                self.box.fails, f"/root/{bundles.BROKEN}/scripts/upgrade"
            )
            found.append(f"over after {time.monotonic() - began:.0f} s")
            assert "a broken release" in said, said
            assert f"Vorzimmer {bundles.NEXT} is back, with its data" in said, said
            assert self.box.run("vorzimmer", "version").strip() == bundles.NEXT
            await self.ready_again()
            assert self._rows() == rows
            assert self.box.fails("test", "-e", f"{DATA}/before-upgrade") == ""
            if self.conversation:
                await self.conversation.goes_on()

    async def rollback(self) -> None:
        async with self.step("rollback and forth"):
            self.box.run("/opt/vorzimmer/current/scripts/rollback")
            assert self.box.run("vorzimmer", "version").strip() == bundles.VERSION
            self.box.run("/opt/vorzimmer/current/scripts/rollback")
            assert self.box.run("vorzimmer", "version").strip() == bundles.NEXT
            await self.ready_again()

    async def reboot(self) -> None:
        async with self.step("reboot") as found:
            booted = await asyncio.to_thread(self.box.reboot)
            ready = await self.ready_again()
            found.append(f"running after {booted:.1f} s, ready {ready:.1f} s later")
            if self.conversation:
                await self.conversation.goes_on(40)
                found.append("the conversation goes on")

    async def move(self, there: Office) -> None:
        async with self.step("backup, and restore on a second box") as found:
            self.box.run("vorzimmer", "backup")
            second = Box(self.base, self.box.folder.with_name("second"), "second")
            try:
                await asyncio.to_thread(move_to, self.box, second)
                rows = self._rows()
                found.append(f"accounts, appointments, visits: {rows}")
                assert rows_of(second) == rows
                log_in(second, there.staff["yilmaz"])
                found.append("the login works there")
            finally:
                second.remove()

    async def uninstall(self) -> None:
        async with self.step("uninstall, install again, purge") as found:
            self.box.run("/opt/vorzimmer/current/scripts/uninstall")
            assert self.box.run("test", "-e", f"{DATA}/vorzimmer.db") == ""
            assert self.box.run("test", "-e", SETTINGS) == ""
            self.box.fails("test", "-e", "/opt/vorzimmer")
            self.box.run(f"/root/{bundles.NEXT}/scripts/install")
            await self.ready_again()
            self.box.run("/opt/vorzimmer/current/scripts/uninstall", "--purge")
            left = self.box.run(
                "find",
                "/",
                "-xdev",
                "-path",
                "/root",
                "-prune",
                "-o",
                "-path",
                "/proc",
                "-prune",
                "-o",
                "(",
                "-name",
                "*vorzimmer*",
                "-o",
                "-nouser",
                ")",
                "-print",
            ).split()
            assert left == [], left
            assert "vorzimmer" not in self.box.run("cat", "/etc/passwd", "/etc/group")
            found.append("no file is left")

    def _rows(self) -> list[int]:
        return rows_of(self.box)


async def live(life: Life, *, browsers: bool) -> None:
    """All of it."""
    async with life.step("boot") as found:
        found.append(f"{life.box.boot():.1f} s")
    enter_network(life.box)
    await life.install()
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(office(life.box))
        await life.set_up(there)
        await life.exposure()
        await life.trust()
        if browsers:
            start = await stack.enter_async_context(people())
            async with life.step("appointment"):
                life.conversation = await Conversation.begin(there, start)
        for step in (life.upgrade, life.broken_upgrade, life.kill, life.reboot):
            await step()
    life.conversation = None
    await life.rollback()
    await life.move(there)
    await life.uninstall()


def main(words: list[str]) -> int:
    """The command ``scripts/box-test``."""
    wanted = argparse.ArgumentParser(prog="scripts/box-test")
    wanted.add_argument("debian", choices=("12", "13"))
    wanted.add_argument("--short", action="store_true", help="without browsers")
    wanted.add_argument("--only", default="", help="end after this step")
    chosen = wanted.parse_args(words)
    try:
        ensure_allowed()
    except NotAllowed as error:
        print(f"THE BOX TEST DID NOT RUN, this machine does not allow it: {error}")
        return 3
    began = time.monotonic()
    made = subprocess.run(
        ["scripts/debian-base", chosen.debian], stdout=subprocess.PIPE, text=True, check=True
    )
    folder = Path(tempfile.mkdtemp(prefix="vorzimmer-box-"))
    box = Box(Path(made.stdout.strip()), folder / "first", "first")
    try:
        bundles.lay_in(box.layer)
        box.make()
        asyncio.run(live(Life(box, box.base, chosen.only), browsers=not chosen.short))
    except Ended:
        pass
    except BaseException:
        print("\n".join(box.run("journalctl", "--no-pager", "-n", "60", check=False).splitlines()))
        raise
    finally:
        box.remove()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"Debian {chosen.debian}: all steps in {time.monotonic() - began:.0f} s")
    return 0
