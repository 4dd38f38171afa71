/** Hides the room in the page itself, for browsers whose workers get no frames (Firefox, Safari). */

import { within } from "../time_limit.js";
import { Runner } from "./runner.js";

const FPS = 24;
const WATCH_MS = 250;
const PLAY_LIMIT_MS = 5_000;

export class PageRun {
  /**
   * @param {MediaStreamTrack} raw
   * @param {string} look
   * @param {(said: import("./runner.js").Said) => void} say
   */
  constructor(raw, look, say) {
    this.out = surface(16, 16);
    this.runner = new Runner(say, surface, this.out, look);
    this.track = this.out.captureStream(FPS).getVideoTracks()[0];
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.srcObject = new MediaStream([raw]);
    this.ended = false;
    this.paintedAt = 0;
    within(this.video.play(), PLAY_LIMIT_MS).catch(() => {}); // without frames it stays closed
    void this.runner.load();
    this.follow();
    // A hidden page gets no frame callbacks; the picture goes on slower, and closes when it must.
    this.watch = setInterval(() => this.paint(WATCH_MS), WATCH_MS);
  }

  follow() {
    if (this.ended) {
      return;
    }
    const next = () => {
      this.paint(0);
      this.follow();
    };
    if ("requestVideoFrameCallback" in this.video) {
      this.video.requestVideoFrameCallback(next);
    } else {
      setTimeout(next, 1000 / FPS);
    }
  }

  /** @param {number} restMs only when the last picture is this old */
  paint(restMs) {
    const { videoWidth, videoHeight } = this.video;
    if (!this.ended && videoWidth > 0 && performance.now() - this.paintedAt >= restMs) {
      this.runner.paint(this.video, videoWidth, videoHeight);
      this.paintedAt = performance.now();
    }
  }

  /** @param {import("./runner.js").Told} told */
  tell(told) {
    this.runner.obey(told);
  }

  end() {
    this.ended = true;
    clearInterval(this.watch);
    this.runner.obey({ type: "end" });
    this.video.srcObject = null;
    this.track.stop();
  }
}

/**
 * @param {number} width
 * @param {number} height
 */
function surface(width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  return canvas;
}
