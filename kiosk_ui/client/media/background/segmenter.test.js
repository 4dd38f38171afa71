import assert from "node:assert/strict";
import test from "node:test";

import { SIDE } from "./mask.js";
import { Segmenter } from "./segmenter.js";

/** A model that is equally sure everywhere; counts how often it is asked. */
function model(share) {
  const made = {
    asked: 0,
    segment(_picture, take) {
      made.asked += 1;
      const mask = new Float32Array(SIDE * SIDE).fill(share);
      take({ confidenceMasks: [{ getAsFloat32Array: () => mask }] });
    },
  };
  return made;
}

function segmenter(turns) {
  const made = new Segmenter(() => null, () => {});
  return Object.assign(made, { square: model(0.9), landscape: model(0.4), turns });
}

test("nothing is said before the model is there", () => {
  assert.equal(new Segmenter(() => null, () => {}).person(null, false), null);
});

test("two models show only what both call a person, in every frame or by turns", () => {
  for (const turns of [false, true]) {
    const two = segmenter(turns);
    for (let frame = 0; frame < 10; frame += 1) {
      assert.ok(Math.abs(two.person(null, false)[0] - 0.4) < 1e-6, "from the first frame on");
    }
    const asked = two.square.asked + two.landscape.asked;
    assert.equal(asked, turns ? 11 : 20);
  }
});

test("upright pictures are left to the square model", () => {
  const two = segmenter(false);
  assert.ok(two.person(null, true)[0] > 0.8);
  assert.equal(two.landscape.asked, 0);
});
