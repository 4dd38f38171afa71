/**
 * Whether a camera's own picture stands still: points of it are the very same, frame after frame.
 * A living sensor has noise, so it never gives the same points twice; what a codec makes of a still
 * picture while it gets sharper, and who sits motionless, do not matter here.
 */

const WIDTH = 64;
const HEIGHT = 36;
const BETWEEN_MS = 200;

export class StillPicture {
  constructor() {
    /** @type {CanvasRenderingContext2D | null} */
    this.pen = null;
    /** @type {Uint8ClampedArray | null} */
    this.points = null;
    this.changedAt = 0;
    this.newestAt = -Infinity;
  }

  /** How long the newest frames have been one and the same picture. */
  get seconds() {
    return this.points ? (this.newestAt - this.changedAt) / 1000 : 0;
  }

  /**
   * To be called with each new frame; looks at some of them. Pixels are compared and forgotten.
   *
   * @param {HTMLVideoElement} video
   * @param {number} now in milliseconds, monotonic
   */
  look(video, now) {
    if (now - this.newestAt < BETWEEN_MS || video.videoWidth === 0) {
      return;
    }
    this.pen ??= pen();
    if (this.pen) {
      this.pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
      this.note(this.pen.getImageData(0, 0, WIDTH, HEIGHT).data, now);
    }
  }

  /**
   * @param {Uint8ClampedArray} points red, green, blue, alpha
   * @param {number} now
   */
  note(points, now) {
    const before = this.points;
    this.newestAt = now;
    // One colour all over says nothing: black is judged elsewhere, and some browsers give no pixels.
    this.points = uniform(points) ? null : points;
    if (!before || !this.points || !same(before, this.points)) {
      this.changedAt = now;
    }
  }
}

/** Takes single points: a mean over several would hide the noise. */
function pen() {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context) {
    context.imageSmoothingEnabled = false;
  }
  return context;
}

/** @param {Uint8ClampedArray} points */
function uniform(points) {
  return points.every((value, at) => value === points[at % 4]);
}

/**
 * @param {Uint8ClampedArray} one
 * @param {Uint8ClampedArray} other
 */
function same(one, other) {
  return one.every((value, at) => value === other[at]);
}
