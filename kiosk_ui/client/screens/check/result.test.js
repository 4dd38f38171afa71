import assert from "node:assert/strict";
import test from "node:test";

globalThis.sessionStorage = { getItem: () => null, setItem() {}, removeItem() {} };
globalThis.document = {
  querySelector: (selector) => ({ textContent: /data-text="(.*)"/.exec(selector)?.[1] }),
};
const { matters, resultWords } = await import("./result.js");

const found = (kind, verdict, cause = "", title = "") => ({ kind, verdict, cause, title });

test("what passed is in order, what is wrong is named", () => {
  assert.equal(resultWords(found("camera", "passed")), "state_passed");
  assert.equal(resultWords(found("camera", "failed", "camera_black", "Schwarz.")), "Schwarz.");
  assert.equal(resultWords(undefined), "state_open");
});

test("a device that was left out is off, whatever was found of it", () => {
  assert.equal(resultWords(found("camera", "waived")), "camera_left_out");
  assert.equal(resultWords(found("camera", "waived", "camera_dark", "Dunkel.")), "camera_left_out");
  assert.equal(resultWords(found("microphone", "waived")), "microphone_left_out");
  assert.equal(resultWords(found("speaker", "waived")), "state_waived");
});

test("who wants to write has words of its own", () => {
  const wanted = found("speaker", "waived", "speaker_text_wanted", "Sie schreiben.");
  assert.equal(resultWords(wanted), "Sie schreiben.");
});

test("who goes without the camera has no row of a background that waits", () => {
  assert.equal(matters("background", [found("camera", "waived")]), false);
  assert.equal(matters("background", [found("camera", "passed")]), true);
  assert.equal(matters("background", []), true);
  assert.equal(matters("camera", [found("camera", "waived")]), true);
});
