import assert from "node:assert/strict";
import test from "node:test";

globalThis.sessionStorage = { getItem: () => null, setItem() {}, removeItem() {} };
const { CheckScreen } = await import("./check.js");
const { SpeakerStep } = await import("./check/speaker.js");

/** The check at one step, before the first snapshot after a silence. */
function at(place, { paused = false, told = "" } = {}) {
  const begun = [];
  const step = { told, begin: () => begun.push(place), opened() {} };
  const steps = { [place]: step, speaker: step };
  const screen = Object.assign(Object.create(CheckScreen.prototype), { at: place, paused, steps });
  screen.opened();
  return { screen, begun };
}

test("a step that web has not heard of is begun again, once", () => {
  const { screen, begun } = at("camera");
  screen.repair({ step: "microphone" });
  screen.repair({ step: "microphone" }); // the next snapshot may be older than our word
  assert.deepEqual(begun, ["camera"]);
});

test("a step that web knows goes on", () => {
  const { screen, begun } = at("camera");
  screen.repair({ step: "camera" });
  assert.deepEqual(begun, []);
});

test("nothing is begun in a hidden page, nor what has its finding", () => {
  for (const state of [{ paused: true }, { told: "passedGut." }]) {
    const { screen, begun } = at("microphone", state);
    screen.repair({ step: "system" });
    assert.deepEqual(begun, []);
  }
});

test("the card with the results is no step for web", () => {
  const { screen, begun } = at("result");
  screen.repair({ step: "system" });
  assert.deepEqual(begun, []);
});

test("a number whose wish was lost on the way is wished for again", () => {
  const lost = { asked: true, speaking: true, numbers: "", timer: 7 };
  SpeakerStep.prototype.opened.call(lost);
  assert.deepEqual([lost.asked, lost.timer], [false, 0]);
  const heard = { asked: true, speaking: false, numbers: "123,456", timer: 7 };
  SpeakerStep.prototype.opened.call(heard);
  assert.equal(heard.asked, true);
});

test("who only writes leaves no device open", () => {
  const released = [];
  const media = { release: (kind) => released.push(kind) };
  const steps = { result: { waiveAll() {} } };
  const visit = { media, send() {} };
  CheckScreen.prototype.textOnly.call({ visit, steps, go() {} });
  assert.deepEqual(released, ["microphone", "camera"]);
});

test("what is gone on without is told to web, off, and left, in this order", () => {
  const done = [];
  const visit = { send: ({ type, kind }) => done.push(`${type} ${kind}`) };
  const step = { goneWithout: () => done.push("off") };
  const next = (left) => done.push(`next ${left}`);
  CheckScreen.prototype.waive.call({ at: "camera", step, visit, next });
  assert.deepEqual(done, ["waive camera", "off", "next waived"]);
});

test("what is gone on without right after it has passed is praised no more", () => {
  const led = [];
  const check = { findings: [{ kind: "camera", verdict: "passed" }] };
  const visit = { send() {}, media: { tracks: { camera: null } }, kiosk: null };
  const step = { goneWithout() {} };
  const visited = new Set();
  const state = { at: "camera", step, visit, visited, quick: true, go: (...way) => led.push(way) };
  // What web last said: it has not heard of the click yet.
  Object.defineProperty(state, "snapshot", { value: { check } });
  const next = CheckScreen.prototype.next;
  CheckScreen.prototype.waive.call(Object.assign(state, { next }));
  assert.deepEqual([led, state.quick], [[["speaker", null]], false]);
  Object.assign(state, { quick: true }).next();
  assert.deepEqual([led[1], state.quick], [["result", "camera"], true]);
});

test("the list of steps does not tell what the step still holds back", () => {
  const marked = [];
  const shown = [];
  const step = { holdsBack: true, show: ({ verdict }) => shown.push(verdict), render() {} };
  const nothing = () => {};
  const line = { render: nothing };
  const quiet = { repair: nothing, markPlace: nothing, offerEnd: nothing, tellWaiting: nothing };
  const mark = ({ kind, verdict }) => marked.push(`${kind} ${verdict}`);
  const state = { at: "microphone", step, line, mark, ...quiet };
  const findings = [
    { kind: "system", verdict: "passed" },
    { kind: "microphone", verdict: "failed" },
  ];
  CheckScreen.prototype.render.call(state, { check: { findings } });
  assert.deepEqual([marked, shown], [["system passed"], ["failed"]]);
  step.holdsBack = false;
  CheckScreen.prototype.render.call(state, { check: { findings } });
  assert.equal(marked.at(-1), "microphone failed");
});
