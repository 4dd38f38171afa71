import assert from "node:assert/strict";
import test from "node:test";

import { StillPicture } from "./still_picture.js";

/** Points of a picture with a sensor's noise. */
function points(noise) {
  return Uint8ClampedArray.from({ length: 64 }, (_, at) => (at * 7) % 200 + (at === 21 ? noise : 0));
}

/** @param {(at: number) => Uint8ClampedArray} picture of five looks in a second */
function watched(picture, looks = 16) {
  const still = new StillPicture();
  for (let at = 0; at < looks; at += 1) {
    still.note(picture(at), 5_000 + at * 200);
  }
  return still.seconds;
}

test("the very same points are a picture that stands still", () => {
  assert.equal(watched(() => points(0)), 3);
});

test("the noise of one point is life enough", () => {
  assert.equal(watched((at) => points(at % 2)), 0);
});

test("counted since it has changed last", () => {
  assert.equal(watched((at) => points(Math.min(at, 5))), 2);
});

test("one colour all over says nothing: black, or a browser that hides its pixels", () => {
  assert.equal(watched(() => new Uint8ClampedArray(64).fill(255)), 0);
  assert.equal(watched((at) => (at < 10 ? points(0) : new Uint8ClampedArray(64))), 0);
});

test("without new frames nothing is counted on", () => {
  const still = new StillPicture();
  assert.equal(still.seconds, 0);
  still.note(points(0), 1_000);
  assert.equal(still.seconds, 0);
});

test("some frames are looked at, and none before there is a picture", () => {
  const drawn = [];
  const still = new StillPicture();
  still.pen = { drawImage: () => drawn.push(0), getImageData: () => ({ data: points(drawn.length) }) };
  still.look({ videoWidth: 0 }, 1_000);
  for (const now of [1_000, 1_033, 1_066, 1_200, 1_233]) {
    still.look({ videoWidth: 640 }, now);
  }
  assert.equal(drawn.length, 2);
});
