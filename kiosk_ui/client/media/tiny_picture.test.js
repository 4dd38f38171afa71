import assert from "node:assert/strict";
import test from "node:test";

import { HEIGHT, judge, structure, WIDTH } from "./tiny_picture.js";

/** @param {(x: number, y: number, at: number) => number} luma */
function picture(luma) {
  return Array.from({ length: WIDTH * HEIGHT }, (_, at) =>
    Math.min(255, Math.max(0, luma(at % WIDTH, Math.floor(at / WIDTH), at))),
  );
}

/** The same "noise" at every run: -1 to 1. */
const noise = (/** @type {number} */ at) => Math.sin(at * 12.9898) * Math.cos(at * 78.233);
const glow = (/** @type {number} */ x, /** @type {number} */ y) => 40 + 3 * x + 0.1 * (y - 9) ** 2;
const person = (/** @type {number} */ x, /** @type {number} */ y) =>
  120 + (Math.hypot(x - 16, y - 9) < 5 ? 25 : 0);

test("shapes are measured as at the appliance", () => {
  // `picture_light.structure` of the same numbers
  const figure = structure(picture((_x, _y, at) => (at * 7) % 50));
  assert.ok(Math.abs(figure - 14.433) < 0.01, String(figure));
});

for (const luma of [10, 30, 120, 220]) {
  test(`noise alone at a luma of ${luma} is a covered camera`, () => {
    const seen = judge(picture((_x, _y, at) => luma + 3 * noise(at)));
    assert.equal(seen.covered, true);
    assert.ok(Math.abs(seen.luma - luma) < 1);
  });
}

test("a glow from one side is no shape", () => {
  assert.equal(judge(picture((x, y, at) => glow(x, y) + 3 * noise(at))).covered, true);
});

test("somebody before a plain wall is no covered camera", () => {
  assert.equal(judge(picture((x, y) => person(x, y))).covered, false);
});

test("a white picture is another matter", () => {
  assert.equal(judge(picture(() => 255)).covered, false);
});
