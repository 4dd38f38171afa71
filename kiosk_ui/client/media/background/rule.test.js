import assert from "node:assert/strict";
import test from "node:test";

import { plan, rawFrames, SMALL, StepDown, tooSlow } from "./rule.js";

const AT_EASE = { frames: 24, busy: 0.4, cost: 17, nominal: 24 };

test("twelve frames a second carry the whole picture, six a small one, fewer none", () => {
  const tired = (frames) => plan({ frames, busy: 1, cost: 1000 / frames, nominal: 30 });
  assert.deepEqual(tired(12), { longest: 640, every: 1, models: "one" });
  assert.deepEqual(tired(11.9), SMALL);
  assert.deepEqual(tired(6), SMALL);
  assert.equal(tired(5.9), null);
  assert.equal(tired(0), null);
});

test("a slow camera does not make the engine look slow", () => {
  const dark = { frames: 8, busy: 0.2, cost: 25, nominal: 30 };
  assert.equal(rawFrames(dark), 8);
  assert.equal(plan(dark).every, 1);
  assert.equal(tooSlow(dark), false);
});

test("both models in every frame and more pixels only where there is room", () => {
  assert.equal(plan(AT_EASE).models, "turns");
  assert.deepEqual(plan({ ...AT_EASE, cost: 15 }), { longest: 640, every: 1, models: "both" });
  assert.deepEqual(plan({ ...AT_EASE, cost: 8 }), { longest: 1280, every: 1, models: "both" });
});

test("too slow is less than fifteen, or less than three fifths of what the camera gives", () => {
  assert.equal(tooSlow({ frames: 14, busy: 1, cost: 70, nominal: 30 }), true);
  assert.equal(tooSlow({ frames: 15, busy: 1, cost: 66, nominal: 24 }), false);
  assert.equal(tooSlow({ frames: 8.9, busy: 1, cost: 110, nominal: 15 }), true);
});

test("steps down once every three slow seconds, asks, and then is still", () => {
  const steps = new StepDown();
  const said = [];
  for (let now = 0; now <= 20_000; now += 1_000) {
    const step = steps.watch(now, true);
    if (step) said.push([now, step]);
  }
  assert.deepEqual(said, [[3_000, "lighter"], [7_000, "plain"], [11_000, "ask"]]);
});

test("one good second begins the patience anew", () => {
  const steps = new StepDown();
  assert.equal(steps.watch(0, true), null);
  assert.equal(steps.watch(2_900, false), null);
  assert.equal(steps.watch(3_000, true), null);
  assert.equal(steps.watch(5_900, true), null);
  assert.equal(steps.watch(6_000, true), "lighter");
});
