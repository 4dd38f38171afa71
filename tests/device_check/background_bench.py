"""Both engines side by side: mask quality, frame rate and processor time.

    scripts/bench background --frames 60 --seconds 8
    scripts/bench background --only worker_both,camera_only      some live runs
    scripts/bench background --only books,appliance              one room, and the appliance's speed

Quality: the man before the blue screen, put before rooms that nothing was tuned on; frames and man
at another place of the clip than the tests use. Both engines get the same frames one by one. IoU
compares the mask that is painted (share over one half) with the chroma key. Leak is the share of
background further than 6 px from the person that is painted sharp; lost, the share of the person
further than 6 px from the background that is not.

Speed: the browser's engine runs live on a fake camera of 30 frames a second; its processor time is
that of all Chromium processes, less the same page that only shows the camera. The appliance's is
timed in this process, without decoding and encoding. No GPU is used by either.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import platform
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.async_api import Browser, Page, async_playwright

from appliance.device_check import blur
from appliance.device_check.blur import Blur, SelfieSegmenter
from tests.device_check import chroma_key
from tests.device_check.background_rooms import ROOMS
from tests.device_check.media_path import VENDOR, frames_of
from tests.e2e import clips
from tests.media.background_pages import clip, open_page
from tests.media.front_end import front_end
from tests.media.pages import FLAGS

SKIP = 2400  # the tests use the beginning of the clip
SETTLE = 3
SIDE = 256

Wanted = Callable[[str], bool]

MASKS = """
async ([frames, models]) => {
  const { Runner } = await import('/client/media/background/runner.js');
  const surface = (width, height) => new OffscreenCanvas(width, height);
  const out = surface(16, 16);
  const runner = new Runner(() => {}, surface, out, 'blur');
  await runner.load();
  if (models !== 'one') await runner.segmenter.loadSecond();
  runner.segmenter.turns = models === 'turns';
  const masks = [];
  for (const frame of frames) {
    const bytes = Uint8Array.from(atob(frame), (one) => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    runner.paint(picture, picture.width, picture.height);
    const { data } = runner.painter.stencilPixels;
    const alpha = new Uint8Array(data.length / 4);
    for (let at = 0; at < alpha.length; at += 1) alpha[at] = data[4 * at + 3];
    let text = '';
    for (let at = 0; at < alpha.length; at += 8192)
      text += String.fromCharCode(...alpha.subarray(at, at + 8192));
    masks.push(btoa(text));
    picture.close();
  }
  runner.obey({ type: 'end' });
  return masks;
}
"""

LIVE = """
async ([kind, plan]) => {
  const { WorkerRun } = await import('/client/media/background/worker_run.js');
  const { PageRun } = await import('/client/media/background/page_run.js');
  const wanted = { video: { width: 640, height: 360 } };
  const raw = (await navigator.mediaDevices.getUserMedia(wanted)).getVideoTracks()[0];
  window.figures = [];
  let track = raw;
  if (kind !== 'raw') {
    const said = (one) => one.type === 'figures' && window.figures.push(one);
    window.run = new (kind === 'worker' ? WorkerRun : PageRun)(raw, 'blur', said);
    window.run.tell({ type: 'plan', plan });
    track = window.run.track;
  }
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  await video.play();
}
"""


def scenes(room: np.ndarray, count: int) -> list[chroma_key.Scene]:
    frames = frames_of("franck.mp4", count * 4, SKIP)[::4]
    return [chroma_key.composed(frame, room) for frame in frames]


def score(masks: list[np.ndarray], truth: list[chroma_key.Scene]) -> dict[str, float]:
    """Of masks as shares 0..1 in any size."""
    overlaps, leaks, losses = [], [], []
    for mask, scene in list(zip(masks, truth, strict=True))[SETTLE:]:
        large = cv2.resize(mask, (chroma_key.WIDTH, chroma_key.HEIGHT)) > 0.5
        overlaps.append((large & scene.person).sum() / (large | scene.person).sum())
        leaks.append(large[chroma_key.outside(scene.person)].mean())
        losses.append(1 - large[chroma_key.inside(scene.person)].mean())
    return {
        "iou": round(float(np.mean(overlaps)), 3),
        "iou_worst": round(float(np.min(overlaps)), 3),
        "leak_percent": round(100 * float(np.mean(leaks)), 2),
        "leak_worst_percent": round(100 * float(np.max(leaks)), 2),
        "lost_percent": round(100 * float(np.mean(losses)), 2),
    }


def by_appliance(truth: list[chroma_key.Scene], models: SelfieSegmenter) -> list[np.ndarray]:
    engine = Blur(models)
    masks = []
    for number, scene in enumerate(truth):
        engine.apply(scene.frame, "blur", number / 24)
        assert engine._mask is not None
        masks.append(blur._sure(engine._mask))
    return masks


async def by_browser(page: Page, truth: list[chroma_key.Scene], models: str) -> list[np.ndarray]:
    frames = []
    for scene in truth:
        picture = scene.frame.to_ndarray(format="bgr24")
        jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1]
        frames.append(base64.b64encode(jpeg.tobytes()).decode())
    masks = await page.evaluate(MASKS, [frames, models])
    flat = [np.frombuffer(base64.b64decode(mask), np.uint8) for mask in masks]
    return [one.reshape(SIDE, SIDE).astype(np.float32) / 255 for one in flat]


def processor_s(root: int) -> float:
    """Used so far by a process and all below it."""
    parents, used = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(words[1])
        used[int(folder.name)] = (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def below(pid: int) -> bool:
        while pid and pid != root:
            pid = parents.get(pid, 0)
        return pid == root

    return sum(seconds for pid, seconds in used.items() if below(pid))


async def live(browser: Browser, address: str, kind: str, seconds: float, **plan: Any) -> Any:
    page = await open_page(browser, address)
    await page.evaluate(LIVE, [kind, {"longest": 640, "every": 1, "models": "one", **plan}])
    await asyncio.sleep(4)
    began, used = time.monotonic(), processor_s(os.getpid())
    await page.evaluate("figures.length = 0")
    await asyncio.sleep(seconds)
    cores = (processor_s(os.getpid()) - used) / (time.monotonic() - began)
    figures = await page.evaluate("figures")
    await page.context.close()
    found = {"cores": round(cores, 2)}
    if figures:
        found["frames_per_s"] = round(float(np.mean([one["frames"] for one in figures])), 1)
        found["wall_ms_per_frame"] = round(float(np.mean([one["cost"] for one in figures])), 1)
    return found


def appliance_speed(models: SelfieSegmenter, seconds: float) -> dict[str, float]:
    truth = scenes(ROOMS["books"](), 24)
    engine = Blur(models)
    began, used, count = time.monotonic(), time.process_time(), 0
    while time.monotonic() - began < seconds:
        engine.apply(truth[count % len(truth)].frame, "blur", time.monotonic())
        count += 1
    wall = time.monotonic() - began
    return {
        "frames_per_s_possible": round(count / wall, 1),
        "wall_ms_per_frame": round(1000 * wall / count, 1),
        "processor_ms_per_frame": round(1000 * (time.process_time() - used) / count, 1),
    }


async def quality(
    page: Page, models: SelfieSegmenter, count: int, wanted: Wanted
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, room in ROOMS.items():
        if not wanted(name):
            continue
        truth = scenes(room(), count)
        found[name] = {
            "appliance": score(by_appliance(truth, models), truth),
            "browser_one": score(await by_browser(page, truth, "one"), truth),
            "browser_turns": score(await by_browser(page, truth, "turns"), truth),
            "browser_both": score(await by_browser(page, truth, "both"), truth),
        }
    return found


LIVE_RUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "camera_only": ("raw", {}),
    "worker_one": ("worker", {}),
    "worker_both": ("worker", {"models": "both"}),
    "worker_turns": ("worker", {"models": "turns"}),
    "page_one": ("page", {}),
    "page_both": ("page", {"models": "both"}),
    "worker_small": ("worker", {"longest": 320, "every": 2}),
}


async def measure(frames: int, seconds: float, wanted: Wanted) -> dict[str, Any]:
    models = SelfieSegmenter(VENDOR / "models")
    camera = clip(clips.MADE / "bench-before-books.mjpeg", ROOMS["books"]())
    flags = [*FLAGS, "--enable-unsafe-swiftshader", f"--use-file-for-fake-video-capture={camera}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless=True, args=flags
        )
        with front_end() as address:
            runs = {
                name: await live(browser, address, kind, seconds, **plan)
                for name, (kind, plan) in LIVE_RUNS.items()
                if wanted(name)
            }
            page = await open_page(browser, address)
            rooms = await quality(page, models, frames, wanted)
        await browser.close()
    speed: dict[str, Any] = {"browser": runs}
    if wanted("appliance"):
        speed["appliance"] = appliance_speed(models, seconds)
    models.close()
    return {"speed": speed, "quality": rooms}


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench background", description=__doc__)
    parser.add_argument("--frames", type=int, default=60, help="per room")
    parser.add_argument("--seconds", type=float, default=8, help="per live run")
    parser.add_argument("--only", default="", help="live runs and rooms by name, with commas")
    options = parser.parse_args()
    print("scripts/bench background", shlex.join(sys.argv[1:]))
    names = set(filter(None, options.only.split(",")))

    def wanted(name: str) -> bool:
        return not names or name in names

    found = asyncio.run(measure(options.frames, options.seconds, wanted))
    found["load"] = [round(one, 1) for one in os.getloadavg()]
    found["machine"] = f"{os.cpu_count()} cores, {platform.machine()}, no GPU"
    print(json.dumps(found))


if __name__ == "__main__":
    main()
