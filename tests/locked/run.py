"""All of it: starts an appliance and a machine, keeps the promises one by one, says how it went."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import async_playwright

from appliance.kiosks.service import KioskService
from appliance.settings import Settings
from appliance.storage.database import Database
from tests.e2e import clips, walk
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import Mailbox, running
from tests.locked import firewall
from tests.locked.driven import Visitor
from tests.locked.machine import HOUSE, Machine
from tests.locked.promises import PARTS
from tests.locked.stage import Stage

INSTALLS = {"install-12": "12", "install-13": "13"}  # Debian's version
NEVER_OFF = {"VORZIMMER_KIOSK__CLOSES_AT": ""}  # it is missed at any hour
UPRIGHT, LYING = (1080, 1920), (1920, 1080)
SHOTS = HOUSE / "build" / "kiosk-screens"


async def look(parts: list[str], size: tuple[int, int], folder: Path) -> Stage:
    """These parts on a screen of that size; the stage knows how it went."""
    async with AsyncExitStack() as stack:
        box = folder / "box"
        appliance = await stack.enter_async_context(running(box, 9, Mailbox(), settings=NEVER_OFF))
        database = Database.open(Settings(data_dir=box / "data", runtime_dir=box / "run"))
        stack.callback(database.close)
        kiosks = KioskService(database)
        _, code = await kiosks.add("Foyer", "test")
        _, secret = await kiosks.register(code)
        playwright = await stack.enter_async_context(async_playwright())
        adviser = Chromium(playwright, clips.picture("adviser"), clips.speech("adviser"))
        await adviser.start()
        stack.push_async_callback(adviser.stop)
        await adviser.add_init_script(walk.KEEP_PEERS)
        await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
        machine = Machine(folder / "machine", size)
        visitor = Visitor(playwright, machine, appliance.url)
        stage = Stage(appliance, kiosks, machine, visitor, adviser, SHOTS)
        stack.push_async_callback(machine.stop)
        await machine.start(appliance.url, secret)
        for name in parts:
            try:
                await PARTS[name](stage)
            except Exception as error:  # noqa: BLE001 - the next part is looked at all the same
                stage.failed.append(name)
                stage.shot(f"failed-{name}")
                print(f"FAILED         {name}: {error!r}", flush=True)
        return stage


def installed(debian: str) -> bool:
    """Whether a minimal Debian of that version becomes a kiosk by the bundle alone."""
    made = subprocess.run(["scripts/release-kiosk", debian], cwd=HOUSE, stdout=sys.stderr)
    words = [sys.executable, "-m", "tests.locked.installed", debian]
    return made.returncode == 0 and subprocess.run(words, cwd=HOUSE).returncode == 0


async def main(words: list[str]) -> int:
    """The number of promises that were not kept decides the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/kiosk-test")
    every = ["firewall", *PARTS]
    words_for_it = f"of {' '.join((*INSTALLS, *every))}; none: all but {' '.join(INSTALLS)}"
    parser.add_argument("parts", nargs="*", default=every, help=words_for_it)
    parts = parser.parse_args(words).parts
    if unknown := set(parts) - {*INSTALLS, *every}:
        parser.error(f"no part named {' '.join(sorted(unknown))}")
    SHOTS.mkdir(parents=True, exist_ok=True)
    kept, failed = 0, list[str]()
    if "firewall" in parts:
        kept, failed = firewall.look()
    for name, debian in INSTALLS.items():
        if name in parts and not await asyncio.to_thread(installed, debian):
            failed.append(name)
    lying = [one for one in parts if one == "landscape"]
    upright = [one for one in PARTS if one in parts and one != "landscape"]
    for chosen, size in ((upright, UPRIGHT), (lying, LYING)):
        if not chosen:
            continue
        folder = Path(tempfile.mkdtemp(prefix="vorzimmer-kiosk-", dir="/var/tmp"))
        folder.chmod(0o755)
        try:
            stage = await look(chosen, size, folder)
            kept, failed = kept + stage.kept, failed + stage.failed
        finally:
            if os.environ.get("KEEP") != "1":
                shutil.rmtree(folder, ignore_errors=True)
    if set(parts) - {*INSTALLS}:  # these say how they went by themselves
        print(f"{kept} promises kept, {len(failed)} not. Screens: {SHOTS}")
    for one in failed:
        print(f"FAILED {one}")
    return 1 if failed else 0


if __name__ == "__main__":
    # Ended from outside it still ends all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    sys.exit(asyncio.run(main(sys.argv[1:])))
