import assert from "node:assert/strict";
import test from "node:test";

import { Engine } from "./engine.js";
import { FETCH_LIMIT_MS, SMALL, StepDown } from "./rule.js";

/** An engine that runs, without the browser around it. */
function running(state = "running") {
  const said = [];
  const engine = Object.assign(Object.create(Engine.prototype), {
    state,
    hasPerson: false,
    figures: { frames: 0, busy: 0, cost: 0, nominal: 30 },
    stepDown: new StepDown(),
    run: { tell: (told) => said.push(told.type), end: () => said.push("ended") },
    track: "generated",
    events: { onChange() {}, onTrouble: (trouble) => said.push(trouble) },
  });
  return { engine, said };
}

const SLOW = { type: "figures", frames: 5, busy: 1, cost: 200 };

test("a device that tires steps down in sight of the client, and never to the raw picture", (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const { engine, said } = running();
  for (; now <= 12_000; now += 1_000) {
    engine.hear(SLOW);
  }
  assert.deepEqual(said, ["plan", "lighter", "plain", "ask"]);
  assert.equal(engine.track, "generated");
});

test("who loses WebGL gives its track back at once", () => {
  const { engine, said } = running();
  engine.hear({ type: "lost" });
  assert.equal(engine.track, null);
  assert.deepEqual(said, ["ended", "lost"]);
  engine.hear(SLOW);
  assert.equal(engine.state, "lost", "late words change nothing");
});

test("a thin line is no weak device: only what is there is waited for in haste", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { engine, said } = running("loading");
  engine.wait(FETCH_LIMIT_MS);
  t.mock.timers.tick(45_000);
  assert.equal(engine.state, "loading");
  engine.hear({ type: "fetched" });
  t.mock.timers.tick(13_000);
  assert.equal(engine.state, "loading");
  t.mock.timers.tick(2_000);
  assert.deepEqual([engine.state, said.at(-1)], ["unable", "unable"]);
});

test("what never comes is given up, too", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { engine } = running("loading");
  engine.wait(FETCH_LIMIT_MS);
  t.mock.timers.tick(FETCH_LIMIT_MS);
  assert.equal(engine.state, "unable");
});

test("after the self-test it runs, on a small picture, or not at all", () => {
  const verdict = (figures, hasPerson = true) => {
    const { engine, said } = running("testing");
    Object.assign(engine, { hasPerson, figures: { nominal: 30, busy: 1, ...figures } });
    engine.judge();
    return [engine.state, said.at(-1)];
  };
  assert.deepEqual(verdict({ frames: 20, cost: 50 }), ["running", "plan"]);
  assert.deepEqual(verdict({ frames: 7, cost: 140 }), ["running", "plan"]);
  assert.deepEqual(verdict({ frames: 4, cost: 250 }), ["unable", "unable"]);
  assert.deepEqual(verdict({ frames: 20, cost: 50 }, false), ["unable", "unable"]);
  assert.equal(SMALL.every, 2);
});
