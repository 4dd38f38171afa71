import assert from "node:assert/strict";
import test from "node:test";

import { Element } from "./paper_page.js";

class Node {
  port = {};
  connect() {}
  disconnect() {}
}

const audio = {
  state: "running",
  audioWorklet: { addModule: async () => {} },
  createMediaStreamSource: () => new Node(),
};

Object.assign(globalThis, {
  HTMLElement: Element,
  HTMLSelectElement: class {},
  SVGSVGElement: Element,
  HTMLMediaElement: class {},
  document: Object.assign(new Element(), { createElement: () => new Element() }),
  window: globalThis,
  localStorage: { getItem: () => null },
  AudioContext: class {
    constructor() {
      return audio;
    }
  },
  AudioWorkletNode: Node,
  MediaStream: class {},
});

const { SpeakerStep } = await import("./speaker.js");

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const live = (settings = {}) => ({ readyState: "live", getSettings: () => settings });

async function speaking({ microphone = live({ echoCancellation: false }), played = live() } = {}) {
  const sent = [];
  const visit = {
    media: { process: async () => microphone, on: { microphone: true } },
    sound: { track: played, play: async () => true, blocked: false },
    send: (word) => sent.push(word),
  };
  const nothing = () => {};
  const screen = { visit, listenedTo: false, onward: { offer: nothing, cancel: nothing } };
  const step = new SpeakerStep(new Element(), screen);
  step.begin();
  step.say();
  await settled();
  const numbers = (list) => step.render({ speaker_numbers: list, findings: [] });
  const newest = () => sent.filter(({ type }) => type === "measured").at(-1)?.record;
  return { step, numbers, newest };
}

/** Five seconds of words and pauses; the microphone hears them 200 ms later. */
function hear(step, gain) {
  const words = Array.from({ length: 250 }, (_, at) => (at % 60 < 35 ? 0.1 + 0.05 * Math.sin(at) : 0));
  const late = [...Array(10).fill(0), ...words].slice(0, words.length);
  [words, late.map((rms) => gain * rms)].forEach((levels, side) => {
    levels.forEach((rms) => step.echo.ears[side].record.add({ rms, clipped_bursts: 0 }));
  });
}

test("what of the number came back goes along with the answer", async () => {
  const { step, numbers, newest } = await speaking();
  hear(step, 0.1);
  const { ears } = step.echo;
  numbers(["472", "427"]);
  assert.ok(ears.every(({ stopped }) => stopped), "nothing is listened to any more");
  step.tap("472");
  const { echo_match, echo_loss_db, ...rest } = newest();
  assert.ok(echo_match > 0.99, `${echo_match}`);
  assert.ok(Math.abs(echo_loss_db - 20) < 0.1, `${echo_loss_db}`);
  assert.deepEqual(rest, { kind: "speaker", tapped: "472", echo_cancelled: false });
});

test("without a microphone, or with nothing played, there is nothing to tell", async () => {
  for (const lacking of [{ microphone: null }, { microphone: { readyState: "ended" } }, { played: null }]) {
    const { step, numbers, newest } = await speaking(lacking);
    assert.deepEqual(step.echo.ears, []);
    numbers(["472"]);
    step.tap("472");
    assert.deepEqual(newest(), { kind: "speaker", tapped: "472" });
  }
});

test("another number is listened to anew, and leaving ends it", async () => {
  const { step, numbers, newest } = await speaking();
  hear(step, 0.1);
  numbers(["472"]);
  step.say();
  await settled();
  numbers([]);
  numbers(["105"]);
  step.tap("105");
  assert.equal(newest().echo_match, undefined, "too little of the second one");
  step.say();
  await settled();
  step.end();
  assert.deepEqual(step.echo.ears, []);
});
