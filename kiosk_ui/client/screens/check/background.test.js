import assert from "node:assert/strict";
import test from "node:test";

globalThis.HTMLElement = class {};
globalThis.HTMLInputElement = class {};
globalThis.SVGSVGElement = class {};
globalThis.sessionStorage = { getItem: () => null, setItem() {}, removeItem() {} };
const { BackgroundStep } = await import("./background.js");
const { Step } = await import("./step.js");

const PASSED = { kind: "background", verdict: "passed", title: "", steps: [] };
const UNABLE = { ...PASSED, verdict: "warning", title: "Geht nicht." };

/**
 * The step before one choice: what is said of it is written down.
 *
 * @param {object} hiding
 * @param {boolean} [told] whether web knows the choice
 */
function chosen(hiding, told = true) {
  const said = [];
  const place = Object.assign(new HTMLElement(), { hidden: false });
  const made = Object.assign(Object.create(BackgroundStep.prototype), {
    screen: {
      snapshot: { check: {} },
      visit: { media: { hiding: { unknownTo: () => !told, ...hiding }, turn() {} }, hide() {} },
    },
    told: "passedBereit.",
    slot: () => place,
    tellEngine() {},
    picture() {},
  });
  return { made, said, place };
}

/** @param {ReturnType<typeof chosen>} step */
function shows({ made, said }, finding) {
  const real = Step.prototype.show;
  Step.prototype.show = ({ verdict }) => said.push(verdict);
  try {
    made.show(finding);
  } finally {
    Step.prototype.show = real;
  }
  return said;
}

const BLUR = { look: "blur", applianceAgreed: false };

test("praise comes once the engine runs", () => {
  assert.deepEqual(shows(chosen({ ...BLUR, engine: { state: "running" } }), PASSED), ["passed"]);
});

test("no praise of the choice before: the engine has not tried yet", () => {
  for (const state of ["loading", "testing"]) {
    const step = chosen({ ...BLUR, engine: { state } });
    assert.deepEqual(shows(step, PASSED), []);
    assert.equal(step.made.told, "", "said aloud again, once it is true");
  }
});

test("nothing is said that web found of another choice", () => {
  assert.deepEqual(shows(chosen({ ...BLUR, engine: { state: "running" } }, false), UNABLE), []);
});

test("what a browser can not is said", () => {
  assert.deepEqual(shows(chosen({ ...BLUR, engine: { state: "unable" } }), UNABLE), ["warning"]);
});

test("the appliance's own picture is praised without an engine here", () => {
  const step = chosen({ look: "blur", applianceAgreed: true, engine: null });
  assert.deepEqual(shows(step, PASSED), ["passed"]);
});

test("a new choice takes back at once what was said of the last one", () => {
  const step = chosen({ ...BLUR, engine: { state: "loading" } });
  step.made.choose("blur");
  assert.deepEqual([step.place.hidden, step.made.told], [true, ""]);
});
