import assert from "node:assert/strict";
import test from "node:test";

import { allReady, nextPlace } from "./way.js";

/** @param {Record<string, string>} verdicts */
function findings(verdicts) {
  return Object.entries(verdicts).map(([kind, verdict]) => ({ kind, verdict }));
}

const GOOD = { system: "passed", microphone: "passed", camera: "passed", speaker: "passed" };

/** from, verdicts, visited, camera -> next */
const CASES = [
  [null, {}, [], false, "system"],
  ["system", {}, [], false, "microphone"],
  ["microphone", { microphone: "warning" }, [], false, "camera"],
  ["camera", { camera: "waived" }, [], true, "speaker"],
  ["speaker", {}, [], true, "background"],
  ["speaker", {}, [], false, "result"],
  ["microphone", GOOD, ["background"], true, "result"], // repeated from the result
  ["microphone", { ...GOOD, speaker: "failed" }, ["background"], true, "speaker"],
  ["background", { speaker: "open" }, ["background"], true, "result"],
];

for (const [from, verdicts, visited, withCamera, wanted] of CASES) {
  test(`from ${from} with ${JSON.stringify(verdicts)} to ${wanted}`, () => {
    const done = { findings: findings(verdicts), visited: new Set(visited), withCamera };
    assert.equal(nextPlace(from, done), wanted);
  });
}

test("all is ready when all has passed and the background is what was asked for", () => {
  const all = findings(GOOD);
  assert.equal(allReady({ findings: all, background: "none" }), true);
  assert.equal(allReady({ findings: all, background: "blur" }), false);
  assert.equal(allReady({ findings: all, background: "none", look: "shelf" }), false);
  const blurred = findings({ ...GOOD, background: "passed" });
  assert.equal(allReady({ findings: blurred, background: "blur" }), true);
  assert.equal(allReady({ findings: blurred, background: "none", look: "shelf" }), true);
  const warned = findings({ ...GOOD, camera: "warning" });
  assert.equal(allReady({ findings: warned, background: "none" }), false);
  assert.equal(allReady({ findings: [], background: "none" }), false);
  const unheard = findings({ ...GOOD, speaker: "waived" });
  assert.equal(allReady({ findings: unheard, background: "none" }), false);
  assert.equal(allReady({ findings: unheard, background: "none" }, true), true);
  const deaf = findings({ ...GOOD, microphone: "waived" });
  assert.equal(allReady({ findings: deaf, background: "none" }, true), false);
});

test("a kiosk asks for a voice only where it has not heard itself, and shows no home behind it", () => {
  const at = (from, verdicts) =>
    nextPlace(from, { findings: findings(verdicts), visited: new Set(), withCamera: true, kiosk: true });
  assert.equal(at("system", {}), "camera");
  assert.equal(at("camera", { camera: "passed" }), "speaker");
  assert.equal(at("speaker", { camera: "passed" }), "microphone");
  assert.equal(at("speaker", GOOD), "result");
});
