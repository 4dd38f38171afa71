"""A client whose room is known to be sharp, and a second page that reads each frame it is sent."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from tests.device_check import chroma_key

FPS = 15
ROOM_SHARE = 0.13  # of the width, at either side: the clip with the person does not reach there

# One frame's fine detail: squared steps between neighbours, in the room and where the person is.
MEASURE = """
  const pen = new OffscreenCanvas(320, 180).getContext('2d', { willReadFrequently: true });
  function measure(frame) {
    pen.drawImage(frame, 0, 0, 320, 180);
    const { data } = pen.getImageData(0, 0, 320, 180);
    const edge = Math.floor(320 * ROOM_SHARE);
    const sums = { room: 0, person: 0 };
    for (let y = 1; y < 180; y += 1) for (let x = 1; x < 320; x += 1) {
      const place = x < edge || x >= 320 - edge ? 'room' : x > 130 && x < 190 ? 'person' : null;
      if (!place) continue;
      const at = 4 * (y * 320 + x) + 1;
      sums[place] += (data[at] - data[at - 4]) ** 2 + (data[at] - data[at - 1280]) ** 2;
    }
    return { room: sums.room / (360 * edge), person: sums.person / (59 * 360) };
  }
""".replace("ROOM_SHARE", str(ROOM_SHARE))

# The page's real media session; only the socket is missing.
CLIENT = """
async ({ look, offer, peerId }) => {
  const { MediaSession } = await import('/client/media/session.js');
  window.troubles = [];
  const answered = new Promise((resolve) => {
    window.session = new MediaSession({
      send: (command) => command.type === 'answer' && resolve(command.sdp),
      online: () => true, onChange() {}, onEnded() {}, onReplaced() {}, onTaken() {},
      onHidingTrouble: (trouble) => window.troubles.push(trouble),
    });
  });
  if (look) window.session.hiding.choose(look);
  window.session.update({
    state: 'in_session', mode: 'video', seen_by_adviser: true, elsewhere: false, check: null,
    media: 'connected',
  });
  window.session.peer.take({ peer_id: peerId, sdp: offer });
  return answered;
}
"""

WATCHER = (
    """
async (offer) => {"""
    + MEASURE
    + """
  const pc = window.pc = new RTCPeerConnection({ iceServers: [] });
  window.frames = [];
  pc.ontrack = async ({ track, transceiver }) => {
    if (transceiver.mid !== '4') return;
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      window.frames.push(measure(value));
      value.close();
    }
  };
  await pc.setRemoteDescription({ type: 'offer', sdp: offer });
  await pc.setLocalDescription();
  return pc.localDescription.sdp;
}
"""
)


def clip(target: Path, background: np.ndarray, seconds: int = 4) -> Path:
    """The man before the blue screen, put before a room; motion JPEG for a fake camera."""
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        scenes = chroma_key.scenes(background, seconds * FPS)
        raw = b"".join(scene.frame.to_ndarray(format="yuv420p").tobytes() for scene in scenes)
        size = f"{chroma_key.WIDTH}x{chroma_key.HEIGHT}"
        words = ["ffmpeg", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size]
        words += ["-r", str(FPS), "-i", "-", "-q:v", "3", "-f", "mjpeg", f"{target}.part"]
        subprocess.run(words, input=raw, check=True, capture_output=True, timeout=120)
        Path(f"{target}.part").rename(target)
    return target


# Before the page's own scripts: workers get no frames, and the canvases are known.
WITHOUT_STREAMS = """() => {
  delete window.MediaStreamTrackProcessor;
  delete window.MediaStreamTrackGenerator;
  window.canvases = [];
  const make = document.createElement.bind(document);
  document.createElement = (name) => {
    const made = make(name);
    if (name === 'canvas') window.canvases.push(made);
    return made;
  };
}"""
WITHOUT_WEBGL = """() => {
  const real = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind === 'webgl2' ? null : real.call(this, kind, ...rest);
  };
}"""
LOSE_WEBGL = """() => {
  for (const canvas of window.canvases) {
    if (!canvas.getContext('2d'))
      canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  }
}"""
MASKS_FAIL = """() => {
  window.session.hiding.engine.run.runner.segmenter.person = () => { throw new Error('no mask'); };
}"""


async def open_page(browser: Any, address: str, before: str = "") -> Any:
    """A page of the front end's origin; what it says on the console is shown by a failing test."""
    page = await (await browser.new_context()).new_page()
    page.on("console", lambda message: print("page:", message.text))
    page.on("pageerror", lambda error: print("page error:", error))
    if before:
        await page.add_init_script(f"({before})()")
    await page.goto(address)
    return page
