/**
 * A moving test picture that fills a given rate: a field of noise, as large as the rate needs, on
 * grey. It goes on the connection's section for a shared screen, which nobody gets to see.
 *
 * The noise is so coarse in tone that an encoder cannot go far below its cost per pixel: whatever
 * the rate, it works at the same quality. From a quiet picture to a busy one it would overshoot and
 * then drop frames for seconds; and a trickle that is too rich would be dropped to a few frames.
 */

import { TRICKLE_KBPS } from "./line_plan.js";

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES_PER_S = 15; // while it fills: more would be work for the encoder and nothing else
const TRICKLE_FRAMES_PER_S = 30; // while it is small: a packet each, enough to tell a loss
const TRICKLE_SHARE = 0.75; // of what it may send: nothing is dropped, from the second picture on
const BITS_PER_PIXEL = 1.3; // of noise near VP8's coarsest, measured; an encoder can go far above
const STRIP = 16; // rows: a macroblock, which is what encoders count in
const GRAIN = 2; // noise of single pixels costs more than an encoder can be held to

export class LinePicture {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.noise = makeNoise();
    this.columns = 0;
    this.rows = 0;
    this.track = this.canvas.captureStream(TRICKLE_FRAMES_PER_S).getVideoTracks()[0];
    this.timer = 0;
    this.draw();
    this.each(TRICKLE_FRAMES_PER_S);
  }

  /** @param {number} framesPerS */
  each(framesPerS) {
    clearInterval(this.timer);
    this.timer = window.setInterval(() => this.draw(), 1000 / framesPerS);
  }

  /** @param {number} kbps */
  fill(kbps) {
    const trickles = kbps <= TRICKLE_KBPS.up;
    const framesPerS = trickles ? TRICKLE_FRAMES_PER_S : FRAMES_PER_S;
    this.each(framesPerS);
    const bits = (kbps * 1000 * (trickles ? TRICKLE_SHARE : 1)) / framesPerS;
    const pixels = bits / BITS_PER_PIXEL;
    this.columns = Math.min(WIDTH, Math.ceil(pixels / STRIP));
    this.rows = Math.min(HEIGHT, Math.ceil(pixels / this.columns));
  }

  draw() {
    if (!this.context) {
      return;
    }
    this.context.fillStyle = `hsl(${Date.now() % 360} 10% 50%)`;
    this.context.fillRect(0, 0, 16, 16);
    const x = Math.floor(Math.random() * (this.noise.width - WIDTH / GRAIN));
    const y = Math.floor(Math.random() * (this.noise.height - HEIGHT / GRAIN));
    const { columns, rows } = this;
    this.context.imageSmoothingEnabled = false;
    if (rows) {
      const [wide, high] = [columns / GRAIN, rows / GRAIN];
      this.context.drawImage(this.noise, x, y, wide, high, 0, 0, columns, rows);
    }
  }

  stop() {
    clearInterval(this.timer);
    this.track.stop();
  }
}

/** Twice as large as the part that is shown, so that no two frames are alike. */
function makeNoise() {
  const noise = document.createElement("canvas");
  noise.width = WIDTH;
  noise.height = HEIGHT;
  const context = noise.getContext("2d");
  const image = context?.createImageData(WIDTH, HEIGHT);
  if (context && image) {
    for (let at = 0; at < image.data.length; at += 4) {
      const grey = Math.floor(Math.random() * 256);
      image.data.set([grey, grey, grey, 255], at);
    }
    context.putImageData(image, 0, 0);
  }
  return noise;
}
