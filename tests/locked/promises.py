"""What a locked kiosk promises, part by part: see ``PARTS``."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from playwright.async_api import Error as PlaywrightError

from tests.e2e import clips
from tests.e2e.chromium import until
from tests.e2e.conftest import free_port
from tests.locked import driven
from tests.locked.machine import USER
from tests.locked.stage import Stage, files_of_user

KEYS = (
    "alt+F4", "ctrl+n", "ctrl+shift+n", "ctrl+t", "ctrl+w", "ctrl+shift+w", "ctrl+q", "ctrl+o",
    "ctrl+p", "ctrl+s", "ctrl+u", "ctrl+j", "ctrl+h", "ctrl+d", "ctrl+shift+o", "ctrl+shift+i",
    "ctrl+shift+j", "ctrl+shift+Delete", "ctrl+shift+m", "shift+Escape", "F1", "F6", "F10", "F11",
    "F12", "super", "Print", "ctrl+alt+F2", "ctrl+alt+t", "alt+Tab", "alt+Left", "alt+Home",
    "alt+d", "alt+f", "ctrl+l", "ctrl+k", "ctrl+plus", "Escape",
)  # fmt: skip
TYPED = ("chrome://settings", "view-source:ORIGIN/kiosk", "file:///etc/passwd", "about:version")
FOREIGN = (
    "file:///etc/passwd", "view-source:ORIGIN/kiosk", "chrome://settings", "chrome://version",
    "chrome://downloads", "chrome://flags", "chrome://inspect", "data:text/html,<h1>mine</h1>",
    "mailto:somebody@example.org", "tel:110", "devtools://devtools/", "http://127.0.0.1:PORT/",
)  # fmt: skip
NAME = "kimolina"
FORGOTTEN = "document.querySelector('[data-slot=forgotten]').checkVisibility()"
ASKS = "!!document.querySelector('dialog[open][data-kiosk-idle]')"
EDGE = 56  # rows, where a browser has its own buttons


async def locked(stage: Stage) -> None:
    """With the shipped policies as they are: nothing looks into the page."""
    machine = stage.machine

    async def started() -> bool:
        return (await stage.row()).started_at is not None

    async def tested() -> bool:
        return (await stage.row()).tested_at is not None

    async with stage.promise("the browser stands at the greeting by the kept secret alone"):
        await stage.becomes(started, "the kiosk has begun")
        assert machine.processes("--type=renderer")
    async with stage.promise("it runs as an ordinary user, in the browser's own sandbox") as found:
        pids = machine.processes("--user-data-dir")
        assert pids
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in pids} <= {USER}
        assert not machine.processes("--no-sandbox")
        found.append(f"{len(pids)} processes")
    async with stage.promise("camera and microphone are granted without a question, by policy"):
        await stage.becomes(tested, "the kiosk has looked itself over", 75)
        row = await stage.row()
        assert row.found == [], row.found
        assert all(kind in row.set_up for kind in ("camera", "microphone", "speaker"))
    async with stage.promise(
        "keys, typed addresses and the mouse's other buttons lead nowhere"
    ) as found:
        await _try_keys(stage, found)


async def _try_keys(stage: Stage, found: list[str]) -> None:
    machine, here = stage.machine, f"{stage.appliance.url}/kiosk"
    greeting, edges = machine.seen(), [machine.seen(EDGE)]
    machine.hand("key", "Tab", "Return")
    await asyncio.sleep(2)
    stage.shot("by-keys")
    assert _differ(machine.seen(), greeting) > 8, "the keys of this test arrive nowhere"
    edges.append(machine.seen(EDGE))
    began = machine.begun
    typed = [("type", f"{one}\n") for one in TYPED]
    ways = [("key", one) for one in KEYS] + typed + [("click", "2"), ("click", "3")]
    anew = []
    for kind, way in ways:
        machine.hand(kind, way.replace("ORIGIN", stage.appliance.url))
        await asyncio.sleep(0.5)
        pages = machine.pages()
        if not pages or machine.begun != began:  # it has ended the browser, which is no way out
            anew.append(way)
            await stage.becomes(partial(stage.told, began), "the greeting again", 60)
            began = machine.begun
            await asyncio.sleep(2)
            continue
        assert [one.split("#")[0].split("?")[0] for one in pages] == [here], (way, pages)
    stage.shot("after-keys")
    assert [one for one in machine.pages() if not one.startswith(here)] == []
    edge = machine.seen(EDGE)
    assert min(_differ(edge, one) for one in edges) < 8, "the browser shows buttons of its own"
    found.append(f"{len(ways)} tried; began anew after: {', '.join(anew) or 'none'}")


def _differ(one: bytes, other: bytes) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


async def foreign(stage: Stage) -> None:
    """Other addresses, and what the appliance does about a page that is not its own any more."""
    await stage.begin_anew()
    await stage.visitor.meet()
    visitor, hits = stage.visitor, list[str]()
    port = free_port()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append((await reader.readline()).decode(errors="replace"))
        writer.write(
            b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nhi"
        )
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    try:
        async with stage.promise("a page of ours cannot fetch from, load from or post to others"):
            address = f"http://127.0.0.1:{port}/"
            tried = await visitor.evaluate(FETCHES.replace("ADDRESS", address))
            assert tried == ["refused"] * 4, tried
            await asyncio.sleep(1)
            assert hits == [], hits
        async with stage.promise(
            "foreign addresses, files and the browser's own pages are blocked"
        ) as found:
            ways = [
                one.replace("ORIGIN", stage.appliance.url).replace("PORT", str(port))
                for one in FOREIGN
            ]
            await _go_away(stage, ways)
            assert hits == [], hits
            found.append(f"{len(ways)} tried")
            stage.shot("blocked")
    finally:
        server.close()
    async with stage.promise(
        "a page that misses three beats is ended, and the console reads it"
    ) as found:
        began = stage.machine.begun

        async def away() -> bool:
            return (await stage.row()).away_since is not None

        async def anew() -> bool:
            return stage.machine.begun > began

        assert not stage.machine.pages()[0].startswith(stage.appliance.url)
        found.append(f"seen after {await stage.becomes(away, 'away', 75):.0f} s")
        found.append(f"ended {await stage.becomes(anew, 'ended', 120):.0f} s later")
        await stage.visitor.meet()

        async def back() -> bool:
            return not await away()

        await stage.becomes(back, "it is back", 40)


FETCHES = """(async () => {
  const tell = (made) => made.then(() => 'allowed', () => 'refused');
  const picture = new Promise((yes, no) => {
    Object.assign(new Image(), { onload: yes, onerror: no, src: 'ADDRESS?picture' });
  });
  const socket = new Promise((yes, no) => {
    try {
      const made = new WebSocket('ADDRESS'.replace('http', 'ws'));
      Object.assign(made, { onopen: yes, onerror: no });
    } catch (error) {
      no(error);
    }
  });
  return Promise.all([
    tell(fetch('ADDRESS?fetch')), tell(fetch('ADDRESS?hidden', { mode: 'no-cors' })),
    tell(picture), tell(socket),
  ]);
})()"""


async def _go_away(stage: Stage, ways: list[str]) -> None:
    """By a page's own script, and by the browser's address line, which a kiosk does not show."""
    page = stage.visitor.page
    for way in ways:
        for by_page in (True, False):
            with contextlib.suppress(PlaywrightError):  # refused, as it should be
                if by_page:
                    await page.evaluate(f"(location.href = {way!r}, 0)")
                else:
                    await page.goto(way, timeout=4000)
            await asyncio.sleep(0.4)
            shown = [
                one for one in stage.machine.pages() if not one.startswith(stage.appliance.url)
            ]
            words = "" if not shown else await page.evaluate("document.documentElement.innerText")
            blocked = "ERR_BLOCKED_BY_ADMINISTRATOR" in words or "blocked" in words.lower()
            assert not shown or blocked or shown == ["about:blank"], (way, shown, words[:200])


async def visit(stage: Stage) -> None:
    """A whole visit without an appointment, and what it leaves."""
    await stage.begin_anew()
    await stage.visitor.meet()
    machine, visitor = stage.machine, stage.visitor
    before = files_of_user(machine.folder)
    (machine.visitor / "profile" / "of-somebody").write_text("trace")
    began = machine.begun
    async with stage.promise("a visit without an appointment, held with an adviser") as found:
        await driven.come_without_appointment(visitor, stage.shot)
        await driven.pass_check(visitor, stage.shot)
        await driven.say_yes(visitor, stage.shot, NAME)
        await stage.adviser.see(NAME.title())
        await driven.talk(visitor, stage.adviser, stage.shot)
        found.append("both saw and heard the other one")
    async with stage.promise("after it the browser begins anew") as found:
        tapped = time.monotonic()
        await visitor.click("button", "Fertig. Alles auf diesem Gerät löschen")
        await stage.becomes(lambda: stage.told(began), "another browser")
        found.append(f"{time.monotonic() - tapped:.0f} s")
        await visitor.meet()
        await until(visitor.page, FORGOTTEN, 8)  # whoever was here still stands before it
    async with stage.promise("with no file, cookie, history or word of the visitor") as found:
        await asyncio.sleep(3)
        kept = await visitor.context.cookies()
        assert {one["name"] for one in kept} <= {"__Host-kiosk"}, kept
        assert not (machine.visitor / "profile" / "of-somebody").exists()
        assert _history(stage) <= {f"{stage.appliance.url}/kiosk"}, _history(stage)
        assert _files_with(stage, NAME) == []
        new = files_of_user(machine.folder) - before
        assert new == set(), new
        found.append("the disks hold no new file of the kiosk's user")


def _history(stage: Stage) -> set[str]:
    file = stage.machine.visitor / "profile" / "Default" / "History"
    if not file.exists():
        return set()
    with sqlite3.connect(f"file:{file}?immutable=1", uri=True) as history:
        return {one.split("#")[0] for (one,) in history.execute("SELECT url FROM urls")}


def _files_with(stage: Stage, words: str) -> list[str]:
    files = (one for one in stage.machine.visitor.rglob("*") if one.is_file())
    return [str(one) for one in files if words.encode() in one.read_bytes().lower()]


async def idle(stage: Stage) -> None:
    """Whoever goes away, in real time."""
    await stage.begin_anew()
    visitor = stage.visitor
    await visitor.meet()
    await driven.begin(visitor)
    began, left_at = stage.machine.begun, time.monotonic()
    async with stage.promise(
        "after 60 s it asks whether anybody is there, and counts down"
    ) as found:
        await until(visitor.page, ASKS, 75)
        found.append(f"{time.monotonic() - left_at:.0f} s")
        assert 58 <= time.monotonic() - left_at <= 66
        await asyncio.sleep(1)
        stage.shot("idle")
    async with stage.promise(
        "after 90 s everything is wiped, and the browser begins anew"
    ) as found:
        await stage.becomes(lambda: _asks_no_more(stage), "the question is gone", 45)
        found.append(f"{time.monotonic() - left_at:.0f} s")
        assert 86 <= time.monotonic() - left_at <= 96
        await stage.becomes(lambda: stage.told(began), "another browser", 30)
        await visitor.meet()


async def _asks_no_more(stage: Stage) -> bool:
    try:
        return not await stage.visitor.page.evaluate(ASKS)
    except PlaywrightError:  # the page is being left
        return True


async def self_test(stage: Stage) -> None:
    """What the kiosk finds out about itself when the console asks."""
    await stage.begin_anew()
    await stage.visitor.meet()
    machine = stage.machine
    await machine.room.silence()  # nobody stands in front of it
    async with stage.promise("a kiosk that is well finds nothing"):
        found = await stage.look_itself_over()
        assert found == [], found
    async with stage.promise("it finds a covered camera, and says that it is out of order"):
        machine.look_at(_black(stage))
        found = await stage.look_itself_over()
        assert "picture_dark" in found, found
        await stage.visitor.see("Außer Betrieb")
        stage.shot("out-of-order")
    async with stage.promise("it finds that its camera is gone"):
        machine.look_at(None)
        await stage.begin_anew()  # a plug that is pulled would be told by the kernel
        found = await stage.look_itself_over()
        assert "camera_missing" in found, found
    machine.look_at(clips.picture("client"))
    await stage.begin_anew()
    async with stage.promise("it finds that its loudspeaker is silent"):
        await machine.room.mute(True)
        found = await stage.look_itself_over()
        await machine.room.mute(False)
        assert "left_muted" in found, found
    async with stage.promise("it finds that sound and picture do not get through the network"):
        media = stage.appliance.pid("media")
        os.kill(media, signal.SIGSTOP)
        try:
            found = await stage.look_itself_over()
        finally:
            os.kill(media, signal.SIGCONT)
        assert "path" in found, found
    async with stage.promise("it is in use again when all is well"):
        await stage.begin_anew()
        found = await stage.look_itself_over()
        assert found == [], found
        await stage.visitor.meet()


def _black(stage: Stage) -> Path:
    target = stage.machine.folder / "black.mjpeg"
    clips._run(
        "ffmpeg", "-y", "-f", "lavfi", "-i", "color=black:size=640x360:rate=15", "-t", "2",
        "-vf", "noise=alls=4:allf=t", "-q:v", "4", str(target),
    )  # fmt: skip
    return target


async def landscape(stage: Stage) -> None:
    """The same visit on a screen that lies."""
    await stage.begin_anew()
    await stage.visitor.meet()
    async with stage.promise("a visit on a screen of 1920x1080"):
        await driven.come_without_appointment(stage.visitor, stage.shot)
        await driven.pass_check(stage.visitor, stage.shot)
        await driven.say_yes(stage.visitor, stage.shot, NAME)
        await stage.adviser.see(NAME.title())
        await driven.talk(stage.visitor, stage.adviser, stage.shot)


PARTS: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "locked": locked,
    "foreign": foreign,
    "visit": visit,
    "idle": idle,
    "self-test": self_test,
    "landscape": landscape,
}
