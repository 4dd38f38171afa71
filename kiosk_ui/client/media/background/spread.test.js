import assert from "node:assert/strict";
import test from "node:test";

import { SIDE } from "./mask.js";
import { gridFor, SIGMA, spread } from "./spread.js";

/** Stripes of one pixel, and a white person in the middle of them. */
function scene() {
  const pixels = new Uint8ClampedArray(4 * SIDE * SIDE);
  const mask = new Float32Array(SIDE * SIDE);
  for (let at = 0; at < SIDE * SIDE; at += 1) {
    const column = at % SIDE;
    const person = column > 96 && column < 160;
    mask[at] = person ? 1 : 0;
    pixels.fill(person ? 255 : column % 2 ? 80 : 0, 4 * at, 4 * at + 3);
  }
  return { pixels, mask };
}

test("stripes become one tone, and no halo of the person stands in them", () => {
  const { pixels, mask } = scene();
  const grid = gridFor(false);
  spread(grid, pixels, mask, SIGMA.blur);
  for (let at = 0; at < grid.pixels.length; at += 4) {
    const column = (at / 4) % grid.columns;
    if (column > 27 && column < 37) {
      continue; // deep in the person, who is painted over it
    }
    assert.ok(Math.abs(grid.pixels[at] - 40) <= 12, `${at}: ${grid.pixels[at]}`);
    assert.equal(grid.pixels[at + 3], 255);
  }
});

test("without a mask the person is smeared, too", () => {
  const { pixels } = scene();
  const grid = gridFor(false);
  spread(grid, pixels, null, SIGMA.closed);
  const middle = grid.pixels[4 * (16 * grid.columns + 32)];
  const edge = grid.pixels[4 * (16 * grid.columns + 24)];
  assert.ok(middle > 200 && edge > 100 && edge < 200);
});

test("upright pictures get an upright grid", () => {
  assert.deepEqual([gridFor(true).columns, gridFor(true).rows], [32, 64]);
});
