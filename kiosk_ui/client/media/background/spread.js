/**
 * The room as a smear, on a coarse grid: numbers only, free of the browser.
 *
 * The person is cut out before blurring, or a dark halo would stand round the head. 64 x 32 cells
 * of a 640 x 360 picture are 10 x 11 pixels each: lettering and faces on pictures are gone.
 */

import { SIDE } from "./mask.js";

export const LONG_CELLS = 64;
export const SHORT_CELLS = 32;

/** Spread in cells. */
export const SIGMA = { blur: 1.5, blur_strong: 3.2, closed: 4 };

/**
 * @typedef {object} Grid
 * @property {number} columns
 * @property {number} rows
 * @property {Float32Array} sums red, green, blue, weight of each cell
 * @property {Float32Array} other room to work in
 * @property {Uint8ClampedArray<ArrayBuffer>} pixels the result, RGBA
 */

/**
 * @param {boolean} upright
 * @returns {Grid}
 */
export function gridFor(upright) {
  const columns = upright ? SHORT_CELLS : LONG_CELLS;
  const rows = upright ? LONG_CELLS : SHORT_CELLS;
  const size = 4 * columns * rows;
  const pixels = new Uint8ClampedArray(size).fill(255);
  return { columns, rows, sums: new Float32Array(size), other: new Float32Array(size), pixels };
}

/**
 * Writes the smear into ``grid.pixels``.
 *
 * @param {Grid} grid
 * @param {Uint8ClampedArray} pixels SIDE x SIDE, RGBA
 * @param {Float32Array | null} mask null: nobody is cut out, all of it is smeared
 * @param {number} sigma in cells
 */
export function spread(grid, pixels, mask, sigma) {
  gather(grid, pixels, mask);
  const kernel = gauss(sigma);
  const { columns, rows, sums, other } = grid;
  pass(sums, other, { length: columns, lines: rows, step: 4, jump: 4 * columns }, kernel);
  pass(other, sums, { length: rows, lines: columns, step: 4 * columns, jump: 4 }, kernel);
  for (let at = 0; at < sums.length; at += 4) {
    const weight = Math.max(sums[at + 3], 1e-4);
    grid.pixels[at] = sums[at] / weight;
    grid.pixels[at + 1] = sums[at + 1] / weight;
    grid.pixels[at + 2] = sums[at + 2] / weight;
  }
}

/**
 * @param {Grid} grid
 * @param {Uint8ClampedArray} pixels
 * @param {Float32Array | null} mask
 */
function gather({ columns, rows, sums }, pixels, mask) {
  sums.fill(0);
  const wide = SIDE / columns;
  const high = SIDE / rows;
  for (let row = 0; row < SIDE; row += 1) {
    const line = ((row / high) | 0) * columns;
    for (let column = 0; column < SIDE; column += 1) {
      const at = row * SIDE + column;
      // Half sure counts as person: what is let in here would stand as a halo round the head.
      const weight = mask ? Math.max(0, 1 - 2 * mask[at]) + 1e-3 : 1;
      const cell = 4 * (line + ((column / wide) | 0));
      sums[cell] += weight * pixels[4 * at];
      sums[cell + 1] += weight * pixels[4 * at + 1];
      sums[cell + 2] += weight * pixels[4 * at + 2];
      sums[cell + 3] += weight;
    }
  }
}

/** @param {number} sigma */
function gauss(sigma) {
  const reach = Math.ceil(2.5 * sigma);
  return Float32Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * sigma * sigma)),
  );
}

/**
 * One direction; beyond the edge there is nothing, and the weights say so.
 *
 * @param {Float32Array} from
 * @param {Float32Array} to
 * @param {{length: number, lines: number, step: number, jump: number}} way
 * @param {Float32Array} kernel
 */
function pass(from, to, { length, lines, step, jump }, kernel) {
  const reach = (kernel.length - 1) / 2;
  for (let line = 0; line < lines; line += 1) {
    for (let place = 0; place < length; place += 1) {
      const first = Math.max(0, place - reach);
      const last = Math.min(length - 1, place + reach);
      let red = 0;
      let green = 0;
      let blue = 0;
      let weight = 0;
      for (let at = first; at <= last; at += 1) {
        const share = kernel[at - place + reach];
        const cell = line * jump + at * step;
        red += share * from[cell];
        green += share * from[cell + 1];
        blue += share * from[cell + 2];
        weight += share * from[cell + 3];
      }
      const cell = line * jump + place * step;
      to[cell] = red;
      to[cell + 1] = green;
      to[cell + 2] = blue;
      to[cell + 3] = weight;
    }
  }
}
