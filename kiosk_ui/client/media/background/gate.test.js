import assert from "node:assert/strict";
import test from "node:test";

import { Gate, MASK_AGE_MS, outgoing } from "./gate.js";

test("closed before the first mask, open with a fresh one, closed half a second later", () => {
  const gate = new Gate();
  assert.equal(gate.open(0), false);
  gate.masked(1_000);
  assert.equal(gate.open(1_000), true);
  assert.equal(gate.open(1_000 + MASK_AGE_MS), true);
  assert.equal(gate.open(1_001 + MASK_AGE_MS), false);
  gate.masked(3_000);
  assert.equal(gate.open(3_001), true);
});

test("another picture closes it until its own first mask", () => {
  const gate = new Gate();
  gate.masked(1_000);
  gate.restart();
  assert.equal(gate.open(1_001), false);
});

const RAW = "raw";

test("nothing to hide: the camera as it is", () => {
  const tracks = { raw: RAW, generated: null, hidden: false, applianceAgreed: false };
  assert.equal(outgoing(tracks), RAW);
});

test("with a background chosen the raw track never leaves, whatever the engine does", () => {
  for (const generated of [null, "generated"]) {
    const tracks = { raw: RAW, generated, hidden: true, applianceAgreed: false };
    assert.equal(outgoing(tracks), generated);
  }
});

test("only who has agreed sends the real picture to the appliance", () => {
  const tracks = { raw: RAW, generated: null, hidden: true, applianceAgreed: true };
  assert.equal(outgoing(tracks), RAW);
});
