import assert from "node:assert/strict";
import test from "node:test";

import { countersOf, qualityOf } from "./line_quality.js";

const NOTHING = { lost: 0, all: 0 };
const GOOD = { lossUp: 0, down: { lost: 0, all: 500 }, roundTripMs: 40 };

test("it works", () => {
  assert.equal(qualityOf(GOOD, NOTHING), "good");
  assert.equal(qualityOf({ ...GOOD, lossUp: 0.05 }, NOTHING), "fair");
  assert.equal(qualityOf({ ...GOOD, down: { lost: 60, all: 500 } }, NOTHING), "weak");
  assert.equal(qualityOf({ ...GOOD, roundTripMs: 700 }, NOTHING), "weak");
});

test("what was lost long ago does not count", () => {
  const before = { lost: 200, all: 1000 };
  assert.equal(qualityOf({ ...GOOD, down: { lost: 200, all: 1500 } }, before), "good");
  assert.equal(qualityOf({ ...GOOD, down: { lost: 230, all: 1500 } }, before), "fair");
});

test("a new connection begins anew, and silence is no loss", () => {
  assert.equal(qualityOf({ ...GOOD, down: { lost: 0, all: 10 } }, { lost: 90, all: 1000 }), "good");
  assert.equal(qualityOf({ ...GOOD, down: NOTHING }, NOTHING), "good");
});

test("the browser's list is added up", () => {
  const found = countersOf([
    { type: "inbound-rtp", packetsLost: -1, packetsReceived: 100 },
    { type: "inbound-rtp", packetsLost: 5, packetsReceived: 95 },
    { type: "remote-inbound-rtp", fractionLost: 0.02, roundTripTime: 0.05 },
    { type: "remote-inbound-rtp", fractionLost: 0.04 },
    { type: "codec" },
  ]);
  assert.deepEqual(found, { lossUp: 0.04, down: { lost: 5, all: 200 }, roundTripMs: 50 });
});
