"""The life of a box, in the order in which IT would meet it: each step printed with its time."""

from __future__ import annotations

import asyncio
import re
import textwrap
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.box import bundles, second
from tests.box.conversation import Conversation, Office, enter_network, trusted
from tests.box.machine import NAME, Box
from tests.box.second import DATA, rows_of
from tests.box.setting_up import AGENCY, printed_code, set_up

UNITS = ("web", "media", "analyser@1", "purge", "backup", "selftest")
EXPOSED_AT_MOST = 1.5
INSTALLED_WITHIN_S = 180
LONGEST_PAUSE_S = 1.5
INTERRUPTED_AT_MOST_S = 20
SETTINGS = "/etc/vorzimmer/config.toml"
# Asks for an analyser, has systemd kill it, and asks again: seconds until it measures.
KILL_ANALYSER = """
import json, socket, subprocess, time
def measures():
    far = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    far.settimeout(30)
    far.connect("/run/vorzimmer/analyser.sock")
    far.send(b"\\0" + json.dumps({"type": "measure", "kinds": ["camera"]}).encode())
    assert b"measured" in far.recv(65536)
    return far
far = measures()
subprocess.run(["systemctl", "kill", "--signal=KILL", "vorzimmer-analyser@*.service"], check=True)
began = time.monotonic()
try:
    while far.recv(65536): pass
except ConnectionError: pass
measures()
print(time.monotonic() - began)
"""
EVERYWHERE = "find / -xdev ( -path /root -o -path /proc ) -prune -o"
OF_OURS = "( -name *vorzimmer* -o -nouser ) -print"


class Ended(Exception):
    """The step that was asked for is over."""


class Life:
    """One box, what is known of it, and how long each step took."""

    def __init__(self, box: Box, release: bundles.Release, only: str) -> None:
        self.box, self.release, self.only = box, release, only
        self.conversation: Conversation | None = None
        self.code = ""
        self.backups: list[str] = []  # of the release before ``FURTHER``

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

    async def boot(self) -> None:
        async with self.step("boot") as found:
            self.box.make()
            found.append(f"{self.box.boot():.1f} s")
            enter_network(self.box)

    async def install(self) -> None:
        async with self.step("install") as found:
            began = time.monotonic()
            size = self.release.file.stat().st_size / 1e6
            unpack = (
                f"cd /root && /usr/lib/apt/apt-helper cat-file {self.release.file.name} | tar -x"
            )
            await self.in_box("sh", "-c", unpack)
            unpacked = time.monotonic() - began
            said = await self.script(f"/root/{self.release.name}/scripts/install", "--name", NAME)
            took = time.monotonic() - began
            found += [f"{size:.0f} MB unpacked in {unpacked:.0f} s"]
            found += [f"from file to healthy {took:.0f} s"]
            assert took < INSTALLED_WITHIN_S
            refused = self.box.fails("setpriv", "--reuid=nobody", "cat", SETTINGS)
            assert "Permission denied" in refused
            self.code = printed_code(said)

    async def script(self, *words: str) -> str:
        """What a script for IT says, with its seconds; also printed here."""
        said = await self.in_box(*words)
        print(textwrap.indent(said, " " * 10), end="", flush=True)
        return said

    async def set_up(self, there: Office, person: Any) -> None:
        async with self.step("set up in the browser, by the printed code") as found:
            there.staff["yilmaz"] = await set_up(person, self.code, there.mailbox)
            found.append("test mail arrived")
            await self.ready_again()
            await person.goto(f"https://{NAME}/setup")
            await person.see("Die Einrichtung ist abgeschlossen")

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
            took = await self.in_box("python3", "-c", KILL_ANALYSER)
            found.append(f"analyser measures again after {float(took):.1f} s")

    async def upgrade(self) -> None:
        async with self.step("upgrade") as found:
            media, rows = self.box.pid("vorzimmer-media"), self._rows()
            pause = await self._upgrade_to(bundles.NEXT, found)
            assert pause < LONGEST_PAUSE_S
            assert self.box.pid("vorzimmer-media") == media
            assert self._rows() == rows

    async def further_upgrade(self) -> None:
        async with self.step("upgrade with another schema and other media") as found:
            media, rows, before = self.box.pid("vorzimmer-media"), self._rows(), self._backups()
            pause = await self._upgrade_to(bundles.FURTHER, found)
            assert pause < INTERRUPTED_AT_MOST_S
            assert self.box.pid("vorzimmer-media") != media
            assert self._rows() == rows
            self.backups = [one for one in self._backups() if one not in before]

    async def _upgrade_to(self, version: str, found: list[str]) -> float:
        """Seconds of the longest pause that somebody saw."""
        assert self.conversation is not None
        work = self.script(f"/root/{version}/scripts/upgrade")
        pause, took = await self.conversation.longest_pause_s(work)
        found.append(f"longest pause of a picture {pause:.2f} s in {took:.0f} s")
        assert self.box.run("vorzimmer", "version").strip() == version
        return pause

    async def broken_upgrade(self) -> None:
        async with self.step("broken upgrade") as found:
            rows, began = self._rows(), time.monotonic()
            version = self.box.run("vorzimmer", "version").strip()
            said = await asyncio.to_thread(
                self.box.fails, f"/root/{bundles.BROKEN}/scripts/upgrade"
            )
            found.append(f"over after {time.monotonic() - began:.0f} s")
            assert "a broken release" in said, said
            assert f"Vorzimmer {version} is back, with its data" in said, said
            assert self.box.run("vorzimmer", "version").strip() == version
            await self.ready_again()
            assert self._rows() == rows
            assert self.box.fails("test", "-e", f"{DATA}/before-upgrade") == ""
            if self.conversation:
                await self.conversation.goes_on()

    async def rollback(self) -> None:
        async with self.step("rollback and forth") as found:
            assert self.conversation is not None
            pause, _ = await self.conversation.longest_pause_s(self._there_and_back())
            found.append(f"longest pause of a picture {pause:.2f} s")
            assert pause < LONGEST_PAUSE_S

    async def _there_and_back(self) -> None:
        for version in (bundles.VERSION, bundles.NEXT):
            await self.script("/opt/vorzimmer/current/scripts/rollback")
            assert (await self.in_box("vorzimmer", "version")).strip() == version

    async def rollback_with_backup(self) -> None:
        async with self.step("rollback over another schema") as found:
            rows, script = self._rows(), "/opt/vorzimmer/current/scripts/rollback"
            refused = self.box.fails(script)
            assert f"Release {bundles.NEXT} cannot read the data" in refused, refused
            await self.script(script, "--backup", self.backups[0])
            assert self.box.run("vorzimmer", "version").strip() == bundles.NEXT
            await self.ready_again()
            assert self._rows() == rows
            found.append("refused without a backup, done with the one from before the upgrade")

    async def reboot(self) -> None:
        async with self.step("reboot") as found:
            booted = await asyncio.to_thread(self.box.reboot)
            ready = await self.ready_again()
            found.append(f"running after {booted:.1f} s, ready {ready:.1f} s later")
            if self.conversation:
                await self.conversation.goes_on(40)
                found.append("the conversation goes on")

    async def move(self, there: Office, other: Box) -> None:
        async with self.step("backup, and restore on the second box") as found:
            await self.in_box("vorzimmer", "backup")
            await asyncio.to_thread(second.move_to, self.box, other)
            rows = self._rows()
            found.append(f"accounts, appointments, visits: {rows}")
            assert rows_of(other) == rows
            second.log_in(other, there.staff["yilmaz"], AGENCY["name"])
            found.append("login, name and the agency's own certificate work there")

    async def uninstall(self) -> None:
        async with self.step("uninstall") as found:
            await self.script("/opt/vorzimmer/current/scripts/uninstall")
            for file in (f"{DATA}/vorzimmer.db", f"{DATA}/database.key", SETTINGS):
                assert self.box.run("test", "-e", file) == ""
            self.box.fails("test", "-e", "/opt/vorzimmer")
            found.append("data and settings stay")

    async def install_again(self) -> None:
        async with self.step("install again over what stayed"):
            said = await self.script(f"/root/{bundles.NEXT}/scripts/install")
            assert "The data from before are there" in said
            await self.ready_again()
            assert self._rows()[0] == 1

    async def purge(self) -> None:
        async with self.step("uninstall --purge") as found:
            await self.script(f"/root/{bundles.NEXT}/scripts/uninstall", "--purge")
            left = self.box.run(*EVERYWHERE.split(), *OF_OURS.split()).split()
            assert left == [], left
            assert "vorzimmer" not in self.box.run("cat", "/etc/passwd", "/etc/group")
            found.append("no file is left")

    def _backups(self) -> list[str]:
        return self.box.run("sh", "-c", f"ls -1 {DATA}/backups/*.db || true").split()

    def _rows(self) -> list[int]:
        return rows_of(self.box)
