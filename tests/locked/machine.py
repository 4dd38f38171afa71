"""A kiosk's machine in a window: cage and Chromium as an ordinary user, begun anew as by systemd.

The screen is Xvfb, the sound a server of our own in which the microphone hears the loudspeaker. The
policies and the session are those that ``scripts/install-kiosk`` puts in place. Of the browser only
the program that opens cameras is told to take a clip for one: all else is as on a real machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path

from tests.e2e import clips
from tests.e2e.conftest import free_port
from tests.e2e.firefox_media import KioskRoom

HOUSE = Path(__file__).resolve().parents[2]
SHIPPED = HOUSE / "systemd" / "kiosk"
USER = 65534  # nobody
RESTART_S = 1  # as in the unit
FIRST_WINDOW = 0x200000  # below that are the screen's own
FAKE = "--use-fake-device-for-media-stream"
CAMERA = """#!/bin/sh
case "$*" in
*video_capture.mojom.VideoCaptureService*) exec "$@" $(cat "FOLDER/picture") ;;
*) exec "$@" ;;
esac
"""
# Becomes the session: with a /tmp of its own, as by PrivateTmp=, in which the screen is found.
INSIDE = """
set -e
touch FOLDER/screen
mount --bind /tmp/.X11-unix/XNUMBER FOLDER/screen
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -m 1777 /tmp/.X11-unix
touch /tmp/.X11-unix/XNUMBER
mount --bind FOLDER/screen /tmp/.X11-unix/XNUMBER
mount --bind FOLDER/chromium /etc/chromium
exec setpriv --reuid=USER --regid=USER --clear-groups cage -d -- FOLDER/session
"""


class Machine:
    """``start`` it, ``stop`` it; in between its browser is kept running, and counted."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        self.folder, self.size = folder, size
        self.visitor = folder / "visitor"
        self.begun = 0
        self.control = f"http://127.0.0.1:{free_port()}"
        self.display = f":{free_port() % 1000 + 100}"
        self.room = KioskRoom(folder / "room", clips.speech("client"))
        self._keeper: asyncio.Task[None] | None = None
        self._session: asyncio.subprocess.Process | None = None
        self._screen: subprocess.Popen[bytes] | None = None

    async def start(self, origin: str, secret: str) -> None:
        """With what registration has left on the machine."""
        for name in ("keep", "room", "run", "chromium"):
            (self.folder / name).mkdir(parents=True)
        self.folder.chmod(0o755)
        os.chown(self.folder / "run", USER, USER)
        (self.folder / "run").chmod(0o700)
        (self.folder / "keep" / "address").write_text(f"{origin}\n")
        (self.folder / "keep" / "secret").write_text(f"{secret}\n")
        shutil.copytree("/etc/chromium", self.folder / "chromium", dirs_exist_ok=True)
        self.lock(origin)
        shutil.copy(SHIPPED / "session", self.folder / "session")
        helper = self.folder / "camera"
        helper.write_text(CAMERA.replace("FOLDER", str(self.folder)))
        helper.chmod(0o755)
        self.look_at(clips.picture("client"))
        await self.room.start()
        width, height = self.size
        screen = ("-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp")
        self._screen = subprocess.Popen(["Xvfb", self.display, *screen], stderr=subprocess.DEVNULL)
        await asyncio.sleep(1)
        self._keeper = asyncio.create_task(self._keep_running())

    def lock(self, origin: str, *, looked_into: bool = False) -> None:
        """The shipped policies; one is weaker where a test has to look into the page."""
        words = json.loads((SHIPPED / "policies.json").read_text().replace("ORIGIN", origin))
        if looked_into:
            words["DeveloperToolsAvailability"] = 1
        managed = self.folder / "chromium" / "policies" / "managed"
        managed.mkdir(parents=True, exist_ok=True)
        (managed / "vorzimmer.json").write_text(json.dumps(words))

    def look_at(self, picture: Path | None) -> None:
        """The camera's picture from now on; None: it has been unplugged."""
        flags = f"{FAKE}=device-count=0"
        if picture:
            shutil.copy(picture, self.folder / "clip.mjpeg")  # one name: it is the same camera
            (self.folder / "clip.mjpeg").chmod(0o644)
            flags = f"{FAKE} --use-file-for-fake-video-capture={self.folder}/clip.mjpeg"
        (self.folder / "picture").write_text(flags)
        for pid in self.processes("video_capture.mojom.VideoCaptureService"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def processes(self, words: str) -> list[int]:
        """Those of this machine's browser with these words in their command line."""
        found = []
        for one in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                line = one.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if str(self.visitor) in line and words in line:
                    found.append(int(one.parent.name))
        return found

    async def _keep_running(self) -> None:
        while True:
            shutil.rmtree(self.visitor, ignore_errors=True)  # as RuntimeDirectory= is
            self.visitor.mkdir(mode=0o700)
            os.chown(self.visitor, USER, USER)
            self.begun += 1
            inside = INSIDE.replace("FOLDER", str(self.folder)).replace("USER", str(USER))
            inside = inside.replace("NUMBER", self.display[1:])
            enter = ("unshare", "--mount", "--pid", "--fork", "--mount-proc")
            with (self.folder / "session.log").open("ab") as log:
                self._session = await asyncio.create_subprocess_exec(
                    *enter, "sh", "-c", inside, env=self._environment(), stdout=log, stderr=log
                )
            try:
                await self._fill_screen()
                await self._session.wait()
            finally:
                await self.end_browser()
            await asyncio.sleep(RESTART_S)

    def _environment(self) -> dict[str, str]:
        flags = f"--remote-debugging-port={self.control.rpartition(':')[2]}"
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "DISPLAY": self.display,
            "WLR_BACKENDS": "x11",
            "WLR_RENDERER": "pixman",
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "RUNTIME_DIRECTORY": str(self.visitor),
            "PULSE_SERVER": self.room.environment["PULSE_SERVER"],
            "KIOSK_KEEP": str(self.folder / "keep"),
            "KIOSK_FLAGS": f"{flags} --utility-cmd-prefix={self.folder}/camera",
        }

    async def _fill_screen(self) -> None:
        """cage's window is small at first; on a machine of its own it is the screen."""
        width, height = self.size
        for _ in range(100):
            self.hand("mousemove", str(width // 2), "8")  # keys go to what lies below
            below = re.search(r"WINDOW=([0-9]+)", self.hand("getmouselocation", "--shell"))
            if below and int(below[1]) >= FIRST_WINDOW:
                self.hand("windowsize", below[1], str(width), str(height))
                return
            await asyncio.sleep(0.1)

    async def end_browser(self) -> None:
        """As by a crash: all that runs in the session is gone at once."""
        if self._session and self._session.returncode is None:
            pid = self._session.pid
            with contextlib.suppress(OSError):
                # The first process of its namespace: it has become another user, and would stay.
                for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                    os.kill(int(one), signal.SIGKILL)
            await self._session.wait()

    def hand(self, *words: str) -> str:
        """Somebody's hand at keyboard and mouse: words of xdotool."""
        done = subprocess.run(
            ["xdotool", *words],
            env=self._environment(), capture_output=True, text=True, timeout=20,
        )  # fmt: skip
        return done.stdout

    def pages(self) -> list[str]:
        """Addresses of everything that the browser shows; empty while there is none."""
        try:
            with urllib.request.urlopen(f"{self.control}/json/list", timeout=3) as answer:
                found = json.load(answer)
        except OSError:
            return []
        shown = (one["url"] for one in found if one["type"] not in ("browser_ui", "worker"))
        return sorted(one for one in shown if ".top-chrome/" not in one)  # parts of the browser

    def screenshot(self, file: Path) -> None:
        """The whole screen."""
        width, height = self.size
        words = ["-video_size", f"{width}x{height}", "-draw_mouse", "0", "-i", self.display]
        subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-y", "-f", "x11grab", *words, "-frames:v", "1", file],
            check=True, timeout=30,
        )  # fmt: skip

    def seen(self, rows: int = 0) -> bytes:
        """What the screen shows, coarsely; ``rows``: only so many of the uppermost."""
        width, height = self.size
        words = ["-video_size", f"{width}x{rows or height}", "-draw_mouse", "0", "-i", self.display]
        done = subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-f", "x11grab", *words, "-frames:v", "1",
             "-vf", "scale=64:32", "-pix_fmt", "gray", "-f", "rawvideo", "-"],
            check=True, timeout=30, stdout=subprocess.PIPE,
        )  # fmt: skip
        return done.stdout

    async def stop(self) -> None:
        """Ends all that was started."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            await self.room.stop()
        if self._screen:
            self._screen.terminate()
            self._screen.wait(10)
