import assert from "node:assert/strict";
import { test } from "node:test";

import { FEWEST_OCTETS, LONGEST_MS, MOST_OCTETS, nextPhase } from "./line_plan.js";

/**
 * Walks the plan on a line of these capacities.
 *
 * @param {{down: number, up: number, saveData?: boolean, slowMs?: number}} line
 */
function walk({ down, up, saveData = false, slowMs = 0 }) {
  const done = [];
  const spent = { octets: 0, ms: 0, saveData };
  for (let plan = nextPhase(done, spent); plan; plan = nextPhase(done, spent)) {
    const { direction, kbps, settleMs, forMs } = plan;
    const most = direction === "up" ? up : down;
    const arrived_kbps = direction === "idle" ? kbps : Math.min(kbps * 0.95, most);
    done.push({ direction, wanted_kbps: kbps, arrived_kbps });
    spent.octets += (Math.min(kbps, most) / 8) * (settleMs + forMs) * 1.3;
    spent.ms += settleMs + forMs + slowMs;
    assert.ok(done.length < 16, "the record takes no more phases");
  }
  return { words: done.map(({ direction, wanted_kbps }) => `${direction} ${wanted_kbps}`), spent };
}

test("a good line is proven good and no further", () => {
  assert.deepEqual(walk({ down: 9000, up: 9000 }).words, [
    "idle 64",
    "down 300",
    "down 700",
    "down 1300",
    "up 300",
    "up 700",
    "up 1300",
  ]);
});

test("a rate above the good one that came through is enough where the estimate agrees", () => {
  const up = { direction: "up", wanted_kbps: 1300, arrived_kbps: 1081 };
  const before = ["idle", "down"].map((direction) => ({ ...up, direction, arrived_kbps: 1200 }));
  const spent = { octets: 0, ms: 0, saveData: false };
  assert.equal(nextPhase([...before, { ...up, available_kbps: 2900 }], spent), null);
  assert.equal(nextPhase([...before, { ...up, available_kbps: 1050 }], spent)?.kbps, 2000);
  assert.equal(nextPhase([...before, up], spent)?.kbps, 2000); // no estimate: tried once more
});

test("where the estimate is above the rate, the encoder settles at the next one", () => {
  const before = ["idle", "down"].map((direction) => {
    return { direction, wanted_kbps: 1300, arrived_kbps: 1200 };
  });
  const spent = { octets: 0, ms: 0, saveData: false };
  const short = { direction: "up", wanted_kbps: 300, arrived_kbps: 130 };
  assert.equal(nextPhase([...before, { ...short, available_kbps: 900 }], spent)?.kbps, 700);
  assert.equal(nextPhase([...before, { ...short, available_kbps: 200 }], spent)?.kbps, 300);
});

test("a rate that falls short is tried once more, up and low once again, and ends that way", () => {
  assert.deepEqual(walk({ down: 500, up: 200 }).words, [
    "idle 64",
    "down 300",
    "down 700",
    "down 700",
    "up 300",
    "up 300",
    "up 300",
  ]);
});

test("it never takes longer than its limits, whatever the line", () => {
  for (const down of [50, 290, 690, 1090, 1900, 1e6]) {
    for (const up of [50, 290, 690, 1090, 1900, 1e6]) {
      for (const saveData of [false, true]) {
        for (const slowMs of [0, 400]) {
          const { spent } = walk({ down, up, saveData, slowMs });
          assert.ok(spent.octets <= (saveData ? FEWEST_OCTETS : MOST_OCTETS));
          assert.ok(spent.ms <= LONGEST_MS);
        }
      }
    }
  }
});

test("where data are saved, the highest rate is left out", () => {
  const { words } = walk({ down: 1050, up: 1050, saveData: true });
  assert.ok(!words.some((word) => word.endsWith("2000")));
});
