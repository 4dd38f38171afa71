/** Puts the person before another background; blurs by scaling, as not every browser can filter. */

import { SIDE, settle, toAlpha } from "./mask.js";
import { kindOf } from "./looks.js";
import { paintPicture } from "./pictures.js";
import { gridFor, SIGMA, spread } from "./spread.js";

/** @typedef {HTMLCanvasElement | OffscreenCanvas} Surface */
/** @typedef {import("./pictures.js").Pen} Pen */

/**
 * @param {Surface} surface
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {Pen}
 */
export function penOf(surface, settings) {
  const pen = /** @type {Pen | null} */ (surface.getContext("2d", settings));
  if (!pen) {
    throw new Error("this browser has no canvas");
  }
  return pen;
}

export class Painter {
  /**
   * @param {(width: number, height: number) => Surface} surface makes a canvas
   * @param {Surface} out where the generated picture stands
   */
  constructor(surface, out) {
    this.surface = surface;
    this.out = out;
    this.pen = penOf(out, { alpha: true });
    this.small = penOf(surface(SIDE, SIDE), { willReadFrequently: true });
    this.stencil = surface(SIDE, SIDE);
    this.stencilPen = penOf(this.stencil);
    this.stencilPixels = new ImageData(SIDE, SIDE);
    this.grid = gridFor(false);
    this.smear = surface(this.grid.columns, this.grid.rows);
    this.picture = surface(16, 16);
    this.pictureOf = "";
    /** @type {Map<string, ImageBitmap>} the agency's own */
    this.own = new Map();
    /** @type {Float32Array | null} */
    this.mask = null;
    this.upright = false;
  }

  /**
   * Takes a frame's size; the generated picture keeps its shape, with even sides.
   *
   * @param {number} width
   * @param {number} height
   * @param {number} longest
   */
  fit(width, height, longest) {
    const scale = Math.min(1, longest / Math.max(width, height));
    const size = [width, height].map((side) => Math.max(16, 2 * Math.round((side * scale) / 2)));
    if (this.out.width !== size[0] || this.out.height !== size[1]) {
      [this.out.width, this.out.height] = size;
      this.upright = height > width;
      this.grid = gridFor(this.upright);
      [this.smear.width, this.smear.height] = [this.grid.columns, this.grid.rows];
      this.pictureOf = "";
      this.mask = null;
      return true;
    }
    return false;
  }

  /**
   * The frame as the models see it.
   *
   * @param {CanvasImageSource} frame
   */
  look(frame) {
    this.small.imageSmoothingQuality = "medium";
    this.small.drawImage(frame, 0, 0, SIDE, SIDE);
    return this.small.getImageData(0, 0, SIDE, SIDE);
  }

  /** @param {Float32Array} mask */
  take(mask) {
    this.mask = settle(this.mask, mask);
    toAlpha(this.mask, this.stencilPixels.data);
    this.stencilPen.putImageData(this.stencilPixels, 0, 0);
  }

  /**
   * Nothing sharp is painted of a frame without a mask.
   *
   * @param {CanvasImageSource} frame
   * @param {ImageData} small the same frame as the models see it
   * @param {string} look
   * @param {boolean} open whether the mask may be trusted
   */
  paint(frame, small, look, open) {
    const { pen, out } = this;
    const person = open && this.mask !== null;
    pen.imageSmoothingQuality = "medium";
    if (person) {
      pen.globalCompositeOperation = "copy";
      pen.drawImage(this.stencil, 0, 0, out.width, out.height);
      pen.globalCompositeOperation = "source-in";
      pen.drawImage(frame, 0, 0, out.width, out.height);
      pen.globalCompositeOperation = "destination-over";
    } else {
      pen.globalCompositeOperation = "copy";
    }
    pen.drawImage(this.behind(small, look, person ? this.mask : null), 0, 0, out.width, out.height);
  }

  /**
   * @param {ImageData} small
   * @param {string} look
   * @param {Float32Array | null} mask
   * @returns {Surface}
   */
  behind(small, look, mask) {
    const kind = kindOf(look);
    if (kind === "picture") {
      return this.pictureFor(look);
    }
    const { grid } = this;
    spread(grid, small.data, mask, mask ? SIGMA[kind] : SIGMA.closed);
    penOf(this.smear).putImageData(new ImageData(grid.pixels, grid.columns, grid.rows), 0, 0);
    return this.smear;
  }

  /** @param {string} look */
  pictureFor(look) {
    if (this.pictureOf !== look) {
      this.pictureOf = look;
      [this.picture.width, this.picture.height] = [this.out.width, this.out.height];
      const pen = penOf(this.picture);
      const own = this.own.get(look);
      own ? cover(pen, own) : paintPicture(look, pen, this.out.width, this.out.height);
    }
    return this.picture;
  }

  /**
   * @param {string} look
   * @param {ImageBitmap} bitmap
   */
  keep(look, bitmap) {
    this.own.set(look, bitmap);
    this.pictureOf = "";
  }
}

/**
 * Fills the canvas with the middle of the picture.
 *
 * @param {Pen} pen
 * @param {ImageBitmap} picture
 */
function cover(pen, picture) {
  const { width, height } = pen.canvas;
  const scale = Math.max(width / picture.width, height / picture.height);
  const wide = picture.width * scale;
  const high = picture.height * scale;
  pen.drawImage(picture, (width - wide) / 2, (height - high) / 2, wide, high);
}
