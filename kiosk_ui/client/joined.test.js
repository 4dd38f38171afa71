import assert from "node:assert/strict";
import test from "node:test";

import { consequenceKey, pictureOf, voicesOf } from "./joined.js";

const person = { inside: true, camera: true, microphone: true, paused: false, slot: 1 };
const slots = [{}, { camera: "picture", microphone: "voice" }];

test("somebody inside is seen and heard in their slot", () => {
  assert.equal(pictureOf(person, slots), "picture");
  assert.deepEqual(voicesOf([person], slots), ["voice"]);
});

test("nobody is seen or heard who is not inside, switched off, held back or not received yet", () => {
  for (const change of [{ inside: false }, { camera: false }, { paused: true }, { slot: 4 }]) {
    assert.equal(pictureOf({ ...person, ...change }, slots), null);
  }
  for (const change of [{ inside: false }, { microphone: false }, { slot: 4 }]) {
    assert.deepEqual(voicesOf([{ ...person, ...change }], slots), []);
  }
});

test("what somebody who comes will get of the client", () => {
  assert.equal(consequenceKey({ mode: "video", seen_by_adviser: true }), "joins_sees");
  assert.equal(consequenceKey({ mode: "video", seen_by_adviser: false }), "joins_hears");
  assert.equal(consequenceKey({ mode: "audio", seen_by_adviser: true }), "joins_hears");
  assert.equal(consequenceKey({ mode: "text", seen_by_adviser: true }), "joins_reads");
});
