/**
 * A moving test picture that fills a given rate: a strip of noise, as high as the rate needs, on
 * grey. It goes on the connection's section for a shared screen, which nobody gets to see.
 */

import { TRICKLE_KBPS } from "./line_plan.js";

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES_PER_S = 15; // while it fills: more would be work for the encoder and nothing else
const TRICKLE_FRAMES_PER_S = 30; // while it is small: a packet each, enough to tell a loss
const BITS_PER_PIXEL = 0.5; // of noise: encoders can go far below and above
const GRAIN = 2; // noise of single pixels costs more than an encoder can be held to

export class LinePicture {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.noise = makeNoise();
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
    const framesPerS = kbps > TRICKLE_KBPS.up ? FRAMES_PER_S : TRICKLE_FRAMES_PER_S;
    this.each(framesPerS);
    const pixels = (kbps * 1000) / framesPerS / BITS_PER_PIXEL;
    this.rows = Math.min(HEIGHT, Math.ceil(pixels / WIDTH));
  }

  draw() {
    if (!this.context) {
      return;
    }
    this.context.fillStyle = `hsl(${Date.now() % 360} 10% 50%)`;
    this.context.fillRect(0, 0, 16, 16);
    const x = Math.floor(Math.random() * (this.noise.width - WIDTH / GRAIN));
    const y = Math.floor(Math.random() * (this.noise.height - HEIGHT / GRAIN));
    const height = this.rows;
    this.context.imageSmoothingEnabled = false;
    if (height) {
      const from = [x, y, WIDTH / GRAIN, height / GRAIN];
      this.context.drawImage(this.noise, from[0], from[1], from[2], from[3], 0, 0, WIDTH, height);
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
