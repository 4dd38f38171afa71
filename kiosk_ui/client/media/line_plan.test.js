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
