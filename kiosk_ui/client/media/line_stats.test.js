import assert from "node:assert/strict";
import { test } from "node:test";

import { downKbps, foldPhase, median } from "./line_stats.js";

const BLANK = {
  jitterMs: 0,
  octets: 0,
  frames: 0,
  cpuS: 0,
  availableKbps: 0,
  protocol: /** @type {const} */ ("udp"),
  trips: /** @type {Array<[string, number, number]>} */ ([]),
};
const RELAY = {
  type: /** @type {const} */ ("line_filled"),
  refused: /** @type {const} */ (""),
  took_ms: 1000,
  sent_packets: 318,
  received_octets: 0,
  expected_packets: 0,
  lost_packets: 0,
  jitter_ms: 0,
  round_trips_ms: [],
  estimate_kbps: 0,
};

/** @param {Array<[number, number]>} counts ms, packets */
function samples(counts) {
  return counts.map(([at, received]) => ({ ...BLANK, at, received }));
}

test("a rate counts only while padding came in, so that the way there costs nothing", () => {
  const late = samples([[0, 0], [100, 0], [700, 20], [900, 80], [1200, 170], [1400, 170]]);
  assert.equal(Math.round(downKbps(late, RELAY)), 660);
});

test("no more has arrived than was sent, however the samples fell", () => {
  assert.ok(downKbps(samples([[0, 0], [100, 100], [110, 318]]), RELAY) <= 700);
});

test("padding that came in one heap was sent in the phase; none is no rate", () => {
  assert.equal(Math.round(downKbps(samples([[0, 5], [100, 155], [200, 155]]), RELAY)), 330);
  assert.equal(downKbps(samples([[0, 0], [100, 0]]), RELAY), 0);
});

test("what has not come by the end is lost", () => {
  const some = samples([[0, 0], [100, 100], [900, 300]]);
  const plan = { direction: /** @type {const} */ ("down"), kbps: 700, settleMs: 0, forMs: 900 };
  assert.equal(foldPhase(plan, some, RELAY).down_lost, 18);
});

test("each round trip counts once, the relay's among them", () => {
  const [a, b, c] = samples([[0, 0], [100, 10], [200, 20]]);
  a.trips = [["checks", 1, 900]];
  b.trips = [["checks", 2, 40]];
  c.trips = [["checks", 2, 40]];
  const plan = { direction: /** @type {const} */ ("down"), kbps: 300, settleMs: 0, forMs: 900 };
  const phase = foldPhase(plan, [a, b, c], { ...RELAY, round_trips_ms: [50, 60] });
  assert.equal(phase.round_trip_ms, 50);
});

test("the way up is what arrived at the relay", () => {
  const plan = { direction: /** @type {const} */ ("up"), kbps: 700, settleMs: 0, forMs: 900 };
  const relay = { ...RELAY, sent_packets: 0, took_ms: 900, received_octets: 72_000 };
  const phase = foldPhase(plan, samples([[0, 0], [900, 0]]), relay);
  assert.equal(phase.arrived_kbps, 640);
});

test("the middle of none is none", () => {
  assert.equal(median([]), 0);
  assert.equal(median([3, 1, 2]), 2);
});
