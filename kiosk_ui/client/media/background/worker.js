/** Hides the room off the page's thread: frames come as a stream, generated ones go as a stream. */

import { Runner } from "./runner.js";

const surface = (/** @type {number} */ width, /** @type {number} */ height) =>
  new OffscreenCanvas(width, height);
const out = surface(16, 16);
/** @type {Runner | null} */
let runner = null;
/** @type {ReadableStreamDefaultReader<VideoFrame> | null} */
let reader = null;

/** @param {{readable: ReadableStream<VideoFrame>, writable: WritableStream<VideoFrame>, look: string}} begin */
async function work({ readable, writable, look }) {
  const mine = new Runner((said) => postMessage(said), surface, out, look);
  runner = mine;
  void mine.load();
  const frames = readable.getReader();
  reader = frames;
  const writer = writable.getWriter();
  try {
    for (;;) {
      const { done, value: frame } = await frames.read();
      if (done) {
        break;
      }
      await writer.write(generated(mine, frame));
    }
  } catch {
    postMessage({ type: "lost" });
  }
}

/**
 * @param {Runner} mine
 * @param {VideoFrame} frame is closed here
 */
function generated(mine, frame) {
  try {
    mine.paint(frame, frame.displayWidth, frame.displayHeight);
    return new VideoFrame(out, { timestamp: frame.timestamp, alpha: "discard" });
  } finally {
    frame.close();
  }
}

addEventListener("message", ({ data }) => {
  if (data.type === "begin") {
    void work(data);
  } else {
    runner?.obey(data);
    if (data.type === "end") {
      reader?.cancel().catch(() => {}); // or the camera would stay on for nobody
    }
  }
});
