import assert from "node:assert/strict";
import test from "node:test";

import { carries, largeKey } from "./stage_words.js";

test("a picture that the own line does not carry is said to pause, and not shown as a still one", () => {
  const person = { camera: true, paused: true };
  assert.equal(carries(person), false);
  assert.equal(largeKey(person, 2), "picture_paused");
});

test("whoever sends none pauses none", () => {
  const person = { camera: false, paused: false };
  assert.equal(carries(person), false);
  assert.equal(largeKey(person, 2), "no_camera");
});

test("alone there is nobody to see", () => {
  assert.equal(largeKey({ camera: false, paused: false }, 1), "nobody");
  assert.equal(carries({ camera: true, paused: false }), true);
});
