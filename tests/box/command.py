"""The command ``scripts/box-test``: the steps of a box's life, all of them or the short form."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from tests.box import bundles, next_debian, second
from tests.box.conversation import Conversation, Office, office, people
from tests.box.life import Ended, Life
from tests.box.machine import Box, NotAllowed, ensure_allowed, room

NOT_ALLOWED = 3  # exit code
NOT_SHOWN = """
NOT SHOWN: installation, upgrade, rollback, reboot, restore and removal on a fresh Debian.
           The box test did not run, because this machine does not allow it: {why}
"""


@asynccontextmanager
async def set_up(life: Life, *, short: bool) -> AsyncIterator[Office]:
    """From the file to two who talk; the browsers leave at the end."""
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(office(life.box))
        start = await stack.enter_async_context(people())
        await life.set_up(there, await start("adviser"))
        await life.exposure()
        await life.trust()
        begin = Conversation.begin_shortly if short else Conversation.begin
        async with life.step("appointment" + ("" if short else "; its check loses its analyser")):
            life.conversation = await begin(there, start)
        yield there
    life.conversation = None


async def live(life: Life, other: Box) -> None:
    """All of it, as IT and people would meet it."""
    await life.boot()
    await life.install()
    async with set_up(life, short=False) as there:
        await life.kill()
        await life.upgrade()
        await life.rollback()
        await life.further_upgrade()
        await life.broken_upgrade()
        await life.reboot()
    await life.rollback_with_backup()
    async with life.step("install a second box, with the agency's own certificate"):
        await asyncio.to_thread(second.install, other, life.release)
    await life.move(there, other)
    await life.uninstall()
    await life.install_again()
    await life.purge()


async def live_shortly(life: Life, other: Box) -> None:
    """Everything once; the second box is installed beside the first, for both cores."""
    await life.boot()
    beside = asyncio.create_task(asyncio.to_thread(second.install, other, life.release))
    try:
        await life.install()
        await beside
    finally:
        with suppress(Exception):
            await beside
    async with set_up(life, short=True) as there:
        await life.kill()
        await life.upgrade()
        await life.broken_upgrade()
        await life.reboot()
    await life.move(there, other)
    await life.uninstall()
    await life.purge()


def end_with(*boxes: Box) -> None:
    """Whoever ends this program ends the boxes first: nothing waits for them, nothing is left."""

    def ended(*_: object) -> None:
        for box in boxes:
            box.end()
        sys.exit(143)

    signal.signal(signal.SIGTERM, ended)


def minimal(debian: str) -> Path:
    """A minimal Debian of that version, made when there is none yet."""
    made = subprocess.run(
        ["scripts/debian-base", debian], stdout=subprocess.PIPE, text=True, check=True
    )
    return Path(made.stdout.strip())


def run(debian: str, only: str, *, short: bool, to_13: bool) -> None:
    """Everything it needs, the steps, and nothing is left behind."""
    began = time.monotonic()
    release = bundles.make(debian, for_both=not short)
    print(f"{time.monotonic() - began:6.1f} s  the release", flush=True)
    base = minimal(debian)
    print(f"{time.monotonic() - began:6.1f} s  and a minimal Debian {debian}", flush=True)
    more = (bundles.NEXT, bundles.BROKEN) if short else bundles.CHANGES
    folder = room()
    try:
        with bundles.carried(release, *more) as carried:
            box = Box(base, carried, folder / "first", "first")
            other = Box(base, carried, folder / "second", "second")
            end_with(box, other)
            try:
                life = Life(box, release, only)
                if to_13:
                    asyncio.run(next_debian.live(life, minimal("13")))
                else:
                    asyncio.run((live_shortly if short else live)(life, other))
            except Ended:
                pass
            except Exception:
                print(box.run("journalctl", "--no-pager", "-n", "60", check=False))
                raise
            finally:
                box.remove()
                other.remove()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"Debian {debian}: all steps in {time.monotonic() - began:.0f} s")


def ensure_sources(debian: str) -> None:
    """The minimal Debian is there or can be fetched. Raises ``NotAllowed``."""
    if (bundles.HOUSE / ".cache/debian" / f"{debian}.made").exists():
        return
    words = ("apt-get", "indextargets", "--format", "$(LABEL)")
    if "Debian" not in subprocess.run(words, stdout=subprocess.PIPE, text=True).stdout.split():
        raise NotAllowed("its apt knows no source of Debian's own")


def main(words: list[str]) -> int:
    """Exit code 3: this machine cannot show it."""
    wanted = argparse.ArgumentParser(prog="scripts/box-test")
    wanted.add_argument("debian", choices=("12", "13"))
    wanted.add_argument("--short", action="store_true", help="in three minutes, for every run")
    wanted.add_argument("--to-13", action="store_true", help="Debian 12 becomes 13 under it")
    wanted.add_argument("--only", default="", help="end after this step")
    chosen = wanted.parse_args(words)
    try:
        ensure_allowed()
        ensure_sources(chosen.debian)
        if chosen.to_13:
            ensure_sources("13")
    except NotAllowed as error:
        print(NOT_SHOWN.format(why=error), flush=True)
        return NOT_ALLOWED
    run(chosen.debian, chosen.only, short=chosen.short, to_13=chosen.to_13)
    return 0
