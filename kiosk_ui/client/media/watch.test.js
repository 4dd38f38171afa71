import assert from "node:assert/strict";
import test from "node:test";

import { Watch } from "./watch.js";

const WELL = {
  hidden: false,
  microphoneOn: true,
  levelDbfs: -30,
  clippedBursts: 0,
  microphoneMuted: false,
  cameraOn: true,
  cameraMuted: false,
  frames: 12,
  luma: 110,
  covered: false,
};
const EVERY_MS = 500;

/**
 * @param {Watch} watch
 * @param {object} changed
 * @param {number} fromMs
 * @param {number} forMs
 * @returns {string[]} what was said, look by look
 */
function looks(watch, changed, fromMs, forMs) {
  const said = [];
  for (let now = fromMs; now <= fromMs + forMs; now += EVERY_MS) {
    said.push(watch.look({ ...WELL, ...changed, now }));
  }
  return said;
}

test("nothing is said while all is well", () => {
  assert.deepEqual(new Set(looks(new Watch(), {}, 0, 60_000)), new Set([""]));
});

/** fault, for how long nothing is said yet, what is said then */
const FAULTS = [
  [{ levelDbfs: -120 }, 9_500, "microphone_silent"],
  [{ microphoneMuted: true, levelDbfs: -120 }, 1_500, "microphone_taken_away"],
  [{ microphoneOn: false, levelDbfs: -30 }, 3_500, "talking_muted"],
  [{ luma: 5 }, 4_500, "camera_black"],
  [{ luma: 180, covered: true }, 4_500, "camera_covered"],
  [{ clippedBursts: 1 }, 9_000, "microphone_clipping"],
  [{ frames: 0 }, 2_500, "camera_frozen"],
  [{ cameraMuted: true, frames: 0 }, 1_500, "camera_taken_away"],
];

/** Of a microphone that clips one knows only while it is spoken into. */
const MEND_MS = { microphone_clipping: 8_000 };

for (const [fault, quietMs, cause] of FAULTS) {
  test(`${cause} is said after its time, and not once it is mended`, () => {
    const watch = new Watch();
    assert.deepEqual(new Set(looks(watch, fault, 0, quietMs)), new Set([""]));
    assert.deepEqual(looks(watch, fault, quietMs + EVERY_MS, 1_000).at(-1), cause);
    assert.equal(watch.fault(quietMs + 1_500), cause === "talking_muted" ? null : cause);
    assert.equal(looks(watch, {}, quietMs + 2_000, MEND_MS[cause] ?? 0).at(-1), "");
    assert.equal(watch.fault(quietMs + 2_000), null);
  });

  test(`${cause} that was dismissed is quiet until it comes again`, () => {
    const watch = new Watch();
    looks(watch, fault, 0, 15_000);
    watch.dismiss(cause);
    assert.deepEqual(new Set(looks(watch, fault, 15_500, 20_000)), new Set([""]));
    assert.equal(watch.fault(35_500), cause === "talking_muted" ? null : cause, "staff still know");
    looks(watch, {}, 36_000, 10_000);
    assert.equal(looks(watch, fault, 46_500, 15_000).at(-1), cause);
  });
}

/** What is no fault. */
const HEALTHY = {
  "a quiet person with a noise filter": { levelDbfs: -96 },
  "quiet while muted": { microphoneOn: false, levelDbfs: -65 },
  "nothing listens": { levelDbfs: null },
  "camera switched off": { cameraOn: false, frames: 0, luma: 0, covered: true },
  "muted, and the room is loud": { microphoneOn: false, levelDbfs: -65, clippedBursts: 1 },
  "a browser that does not count frames": { frames: null },
  "a hidden page": { hidden: true, levelDbfs: -120, frames: 0, luma: 0 },
  "a dark evening": { luma: 21 },
};

for (const [what, facts] of Object.entries(HEALTHY)) {
  test(`${what} is no fault`, () => {
    assert.deepEqual(new Set(looks(new Watch(), facts, 0, 60_000)), new Set([""]));
  });
}

test("a cough while muted is no talking", () => {
  const watch = new Watch();
  looks(watch, { microphoneOn: false, levelDbfs: -70 }, 0, 10_000);
  looks(watch, { microphoneOn: false, levelDbfs: -20 }, 10_500, 500);
  const said = looks(watch, { microphoneOn: false, levelDbfs: -70 }, 11_500, 10_000);
  assert.deepEqual(new Set(said), new Set([""]));
});

test("a laugh that clips is nothing", () => {
  const watch = new Watch();
  looks(watch, {}, 0, 10_000);
  assert.deepEqual(new Set(looks(watch, { clippedBursts: 3 }, 10_500, 1_500)), new Set([""]));
  assert.deepEqual(new Set(looks(watch, {}, 12_500, 20_000)), new Set([""]));
});

test("a pause does not mend a microphone that clips", () => {
  const watch = new Watch();
  looks(watch, { clippedBursts: 1 }, 0, 10_000);
  assert.equal(looks(watch, { levelDbfs: -70 }, 10_500, 60_000).at(-1), "microphone_clipping");
});
