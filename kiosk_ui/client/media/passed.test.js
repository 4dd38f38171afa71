import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

import { forgetPassed, passedBefore, rememberPassed } from "./passed.js";

const DAY_MS = 24 * 3_600_000;
const NOW = 1_800_000_000_000;
const DEVICES = { microphone: "m1", camera: "c1" };

beforeEach(() => {
  /** @type {Map<string, string>} */
  const kept = new Map();
  globalThis.localStorage = /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  });
});

test("remembered for thirty days", () => {
  assert.equal(passedBefore(NOW), null);
  rememberPassed(DEVICES, NOW);
  assert.deepEqual(passedBefore(NOW + 29 * DAY_MS), { at: NOW, ...DEVICES });
  assert.equal(passedBefore(NOW + 30 * DAY_MS), null);
  assert.equal(passedBefore(NOW - 1), null, "a clock that went back");
});

test("forgotten when it is not wanted any more", () => {
  rememberPassed(DEVICES, NOW);
  forgetPassed();
  assert.equal(passedBefore(NOW), null);
});

test("anything else in its place is nothing", () => {
  for (const words of ["", "null", "7", "[]", '{"at":1}', '{"at":"x","microphone":1,"camera":2}']) {
    localStorage.setItem("vorzimmer.passed", words);
    assert.equal(passedBefore(NOW), null, words);
  }
});

test("a browser without storage remembers nothing", () => {
  globalThis.localStorage = /** @type {any} */ (undefined);
  rememberPassed(DEVICES, NOW);
  forgetPassed();
  assert.equal(passedBefore(NOW), null);
});
