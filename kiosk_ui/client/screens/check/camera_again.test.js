import assert from "node:assert/strict";
import test from "node:test";

globalThis.HTMLElement = class {};
globalThis.HTMLInputElement = class {};
globalThis.window = globalThis;
globalThis.sessionStorage = { getItem: () => null, setItem() {}, removeItem() {} };
const { CameraStep } = await import("./camera.js");
const { BackgroundStep } = await import("./background.js");

/**
 * A step without its page: what it shows goes nowhere, what it does with the camera is written down.
 *
 * @param {typeof CameraStep | typeof BackgroundStep} type
 */
function step(type) {
  const done = [];
  const media = {
    on: { camera: false }, // "Ohne Kamera weitermachen"
    turn: (kind, on) => done.push(`${kind} ${on ? "on" : "off"}`),
    open: (kind) => (done.push(`${kind} opened`), new Promise(() => {})),
    tracks: { camera: null },
    hiding: {},
  };
  const visit = { media, send() {}, tellBackground() {}, hide: (look) => done.push(`look ${look}`) };
  const nothing = () => {};
  const screen = { visit, onward: { cancel: nothing }, prompt: { during: (_, answer) => answer } };
  const made = Object.assign(Object.create(type.prototype), { screen, round: 0 });
  return { done, made: Object.assign(made, DUMB) };
}

const DUMB = {
  advice: { end() {} },
  looks: { paint() {} },
  forgetTrouble() {},
  slot: () => null,
  progress() {},
  tellEngine() {},
  changed() {},
  picture() {},
};
globalThis.document = { querySelector: () => ({ textContent: "" }) };

test("a camera that is tested again is on in the conversation, too", () => {
  const { made, done } = step(CameraStep);
  made.begin();
  assert.deepEqual(done, ["camera on", "camera opened"]);
});

test("so is one whose background is chosen anew", () => {
  const { made, done } = step(BackgroundStep);
  made.begin();
  made.end = () => {};
  clearInterval(made.timer);
  made.choose("blur");
  assert.deepEqual(done, ["camera on", "camera opened", "look blur", "camera on"]);
});

test("gone on without: its light is out at once, and it is told of no unplugged one", () => {
  const { made } = step(CameraStep);
  const done = [];
  made.end = () => done.push("looked no more");
  made.visit.media.release = (kind) => done.push(`${kind} released`);
  made.goneWithout();
  assert.deepEqual(done, ["looked no more", "camera released"]);
});

test("a camera that fails after one has gone on leads nowhere", async () => {
  const { made } = step(BackgroundStep);
  let refuse;
  made.screen.visit.media.open = () => new Promise((_, reject) => (refuse = reject));
  made.screen.next = () => assert.fail("the next step has its own way on");
  made.begin();
  clearInterval(made.timer);
  made.round += 1;
  refuse(new Error("denied"));
  await new Promise((resolve) => setImmediate(resolve));
});
