import assert from "node:assert/strict";
import test from "node:test";

import { fuse, settle, toAlpha, withoutIslands } from "./mask.js";

test("two masks show only what both call a person", () => {
  const mask = Float32Array.of(0.9, 0.2, 0.5);
  fuse(mask, Float32Array.of(0.4, 0.8, 0.5));
  assert.deepEqual([...mask].map((one) => one.toFixed(1)), ["0.4", "0.2", "0.5"]);
});

test("background returns at once and the person slowly", () => {
  const first = settle(null, Float32Array.of(1));
  assert.ok(settle(first, Float32Array.of(0))[0] <= 0.151);
  const person = settle(first, Float32Array.of(1))[0];
  assert.ok(person > 0.5 && person < 0.9);
});

test("what is rather background is background", () => {
  const pixels = new Uint8ClampedArray(12);
  toAlpha(Float32Array.of(0.29, 0.5, 0.71), pixels);
  assert.deepEqual([pixels[3], pixels[7], pixels[11]], [0, 128, 255]);
});

/** @param {Float32Array} mask */
function box(mask, [left, top, right, bottom], side) {
  for (let row = top; row < bottom; row += 1) {
    mask.fill(0.9, row * side + left, row * side + right);
  }
}

test("islands are no people, a second person is one", () => {
  const side = 100;
  const mask = new Float32Array(side * side);
  box(mask, [10, 20, 60, 90], side);
  box(mask, [80, 10, 95, 30], side); // a lamp
  withoutIslands(mask, side);
  assert.ok(mask[50 * side + 30] > 0.8);
  assert.equal(mask[20 * side + 85], 0);
  box(mask, [74, 10, 96, 90], side); // a second person
  withoutIslands(mask, side);
  assert.ok(mask[50 * side + 85] > 0.8);
});
