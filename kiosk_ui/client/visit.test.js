import assert from "node:assert/strict";
import test from "node:test";

globalThis.sessionStorage = { getItem: () => null, setItem() {}, removeItem() {} };
globalThis.HTMLElement = class {};
globalThis.CSS = { escape: (name) => name };
globalThis.document = { querySelector: () => null, addEventListener() {} };
globalThis.window = globalThis;
const { Visit } = await import("./visit.js");
const { Hiding } = await import("./media/background/hiding.js");

/** The page in a conversation, as far as it tells web what stands behind the client. */
function talking(inSession = true) {
  const told = [];
  const hiding = new Hiding({ onChange() {}, onTrouble() {} });
  const media = { hiding, inSession: () => inSession };
  const made = { media, telling: 0, doubted: true, send: (command) => told.push(command) };
  return { visit: Object.assign(Object.create(Visit.prototype), made), hiding, told };
}

test("the appliance hides on until the last raw picture has reached it", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { visit, hiding, told } = talking();
  visit.hide("blur");
  hiding.agree();
  visit.tellBackground();
  visit.hide("plain");
  assert.deepEqual(told.map(({ mode }) => mode), ["none", "blur"]);
  t.mock.timers.tick(2_000);
  assert.deepEqual(told.at(-1), { type: "choose_background", mode: "none", look: "plain" });
});

test("what was chosen meanwhile is what web is told", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { visit, hiding, told } = talking();
  visit.hide("blur");
  hiding.agree();
  visit.hide("plain");
  visit.hide("none"); // shown, after a second word
  t.mock.timers.tick(5_000);
  assert.deepEqual(told.map(({ mode, look }) => [mode, look]), [
    ["none", "blur"],
    ["none", ""],
  ]);
});

test("web is told again after a silence, and by the window that takes over", () => {
  const { visit, hiding, told } = talking();
  hiding.choose("blur");
  hiding.agree();
  const other = { check: { background: "none", look: "" }, elsewhere: false };
  visit.repeatBackground({ ...other, elsewhere: true });
  assert.deepEqual(told, []);
  visit.repeatBackground(other);
  visit.repeatBackground(other); // a snapshot that was under way
  assert.deepEqual(told, [{ type: "choose_background", mode: "blur", look: "" }]);
  visit.doubted = true;
  visit.repeatBackground({ ...other, check: { background: "blur", look: "" } });
  assert.equal(told.length, 1, "nothing where web knows it");
});

test("a second look right after the first waits for the raw picture as well", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { visit, hiding, told } = talking();
  visit.hide("blur");
  hiding.agree();
  visit.tellBackground();
  visit.hide("plain"); // arrow keys go through the looks
  visit.hide("wall");
  visit.repeatBackground({ check: { background: "blur", look: "" }, elsewhere: false });
  assert.equal(told.length, 2, "nothing before the last raw picture has reached the appliance");
  t.mock.timers.tick(2_000);
  assert.deepEqual(told.at(-1), { type: "choose_background", mode: "none", look: "wall" });
});

test("a window that takes over undoes no hiding that was chosen elsewhere", () => {
  const { visit, hiding, told } = talking();
  hiding.choose("none");
  visit.repeatBackground({ check: null, elsewhere: true });
  const blurred = { background: "blur", look: "" };
  hiding.recall(blurred);
  visit.repeatBackground({ check: blurred, elsewhere: false });
  assert.ok(told.every(({ mode }) => mode !== "none"), "the room stays hidden");
});

test("a microphone that was gone on without stays off after a reload, until it is switched on", () => {
  const turned = [];
  const media = { turn: (kind, on) => turned.push(`${kind} ${on}`) };
  const visit = Object.assign(Object.create(Visit.prototype), { media, unsure: true });
  const without = { check: { without_microphone: true, findings: [] }, elsewhere: false };
  visit.recallMicrophone({ ...without, elsewhere: true });
  assert.deepEqual(turned, [], "the other window sends, if anybody does");
  visit.recallMicrophone(without);
  visit.recallMicrophone(without); // the client may have switched it on meanwhile
  assert.deepEqual(turned, ["microphone false"]);
  visit.recallMicrophone({ ...without, elsewhere: true });
  visit.recallMicrophone({ check: { without_microphone: false, findings: [1] }, elsewhere: false });
  assert.deepEqual(turned, ["microphone false"], "never switched on by what web remembers");
});

test("a snapshot of a web that has forgotten the check does not answer for the microphone", () => {
  const turned = [];
  const media = { turn: (kind, on) => turned.push(`${kind} ${on}`) };
  const visit = Object.assign(Object.create(Visit.prototype), { media, unsure: true });
  visit.recallMicrophone({ check: { without_microphone: false, findings: [] }, elsewhere: false });
  visit.recallMicrophone({ check: { without_microphone: true, findings: [{}] }, elsewhere: false });
  assert.deepEqual(turned, ["microphone false"], "said as soon as what was signed is back");
});

test("a refusal that was said while the connection was away is said again", () => {
  const [sent, away] = [[], { now: true }];
  const visit = Object.assign(Object.create(Visit.prototype), {
    send: (word) => !away.now && sent.push(word),
    tell: (name) => sent.push(name),
    connection() {},
    media: { reconnected() {} },
    screens: {},
  });
  visit.endBy({ type: "refuse_consent" });
  away.now = false;
  visit.opened();
  assert.deepEqual(sent, ["said_later", { type: "refuse_consent" }]);
});
