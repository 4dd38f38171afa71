import assert from "node:assert/strict";
import test from "node:test";

const kept = new Map();
globalThis.sessionStorage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => kept.set(name, value),
  removeItem: (name) => kept.delete(name),
};
globalThis.document = { querySelector: () => null }; // no picture of the agency's
globalThis.HTMLElement = class {};
globalThis.CSS = { escape: (name) => name };
const { Hiding } = await import("./hiding.js");
const { Engine } = await import("./engine.js");

/** node has no WebGL and no camera: the engine gives up, which is the case that matters most. */
function hiding() {
  const troubles = [];
  const made = new Hiding({ onChange() {}, onTrouble: (one) => troubles.push(one) });
  return { made, troubles };
}
const RAW = { id: "raw", getSettings: () => ({ frameRate: 24 }) };

test("a device that cannot hide the room sends nothing, and asks", async () => {
  kept.clear();
  const { made, troubles } = hiding();
  made.source(RAW);
  assert.equal(made.outgoing, RAW);
  made.choose("blur");
  assert.equal(made.outgoing, null);
  await Promise.resolve();
  assert.deepEqual(troubles, ["unable"]);
  assert.equal(made.undecided, true);
  assert.deepEqual(made.choice, { mode: "none", look: "blur" });
});

test("only the client's word lets the appliance do it, or shows the room", () => {
  kept.clear();
  const { made } = hiding();
  made.source(RAW);
  made.choose("shelf");
  made.agree();
  assert.equal(made.outgoing, RAW);
  assert.deepEqual(made.choice, { mode: "blur_strong", look: "" });
  made.choose("blur");
  assert.equal(made.outgoing, null, "another choice is asked for anew");
  made.choose("none");
  assert.equal(made.outgoing, RAW);
});

test("a reloaded page hides before the camera is open", () => {
  kept.clear();
  hiding().made.choose("wall");
  const { made } = hiding();
  assert.equal(made.hidden, true);
  made.source(RAW);
  assert.equal(made.outgoing, null);
});

test("a page that has forgotten is told by web", () => {
  kept.clear();
  const { made } = hiding();
  made.recall({ background: "none", look: "blur" });
  made.source(RAW);
  assert.equal(made.outgoing, null);
  kept.clear();
  const other = hiding().made;
  other.recall({ background: "blur", look: "" });
  assert.equal(other.applianceAgreed, true);
});

test("web's older word does not undo the client's newer one", () => {
  kept.clear();
  const { made } = hiding();
  made.choose("blur");
  made.recall({ background: "none", look: "" });
  assert.equal(made.look, "blur");
});

test("a room that is shown again is not hidden by a snapshot that was under way", () => {
  kept.clear();
  const { made } = hiding();
  made.choose("blur");
  made.choose("none");
  made.recall({ background: "none", look: "blur" });
  assert.equal(made.hidden, false);
});

test("an engine that was ended says nothing more", () => {
  const troubles = [];
  const engine = new Engine(RAW, "blur", { onChange() {}, onTrouble: (one) => troubles.push(one) });
  engine.state = "testing";
  engine.end();
  engine.hear({ type: "lost" });
  engine.judge();
  assert.deepEqual(troubles, []);
});

test("an engine that was ended before it could say so asks nothing", async () => {
  kept.clear();
  const { made, troubles } = hiding();
  made.source(RAW);
  made.choose("blur"); // cannot, and says so in a moment
  made.source(null); // the visit is over
  await Promise.resolve();
  assert.deepEqual(troubles, []);
});

test("web is told again what it does not know (any more)", () => {
  kept.clear();
  const { made } = hiding();
  assert.equal(made.unknownTo({ background: "none", look: "blur" }), false, "a page without a choice");
  made.choose("blur");
  assert.equal(made.unknownTo({ background: "none", look: "blur" }), false);
  assert.equal(made.unknownTo({ background: "none", look: "" }), true);
  made.agree();
  assert.equal(made.unknownTo({ background: "none", look: "blur" }), true);
  assert.equal(made.unknownTo({ background: "blur", look: "" }), false);
});

test("the next person at this browser begins anew", () => {
  const { made } = hiding();
  made.choose("blur");
  made.forget();
  assert.equal(kept.size, 0);
  assert.equal(hiding().made.hidden, false);
});
