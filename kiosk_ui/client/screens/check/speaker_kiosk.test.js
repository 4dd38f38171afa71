import assert from "node:assert/strict";
import test from "node:test";

import { makeChirp } from "../../media/chirp.js";
import { NoDevice } from "../../media/devices.js";
import { Element } from "./paper_page.js";

const RATE_HZ = 16_000;
const room = { gain: 0.1 };

/** An audio engine in a room: what is played comes back, as loud as the room lets it. */
class Node {
  port = {};
  connect() {}
  disconnect() {}
  constructor(_audio, _name, { processorOptions } = { processorOptions: { samples: 0 } }) {
    Node.ear = processorOptions?.samples ? this : Node.ear;
    this.length = processorOptions?.samples;
  }
  start(at) {
    const heard = Float32Array.from({ length: Node.ear.length }, (_, n) => 1e-4 * ((n * 7919) % 13));
    const delay = Math.round((at + 0.1) * RATE_HZ);
    makeChirp(RATE_HZ).forEach((sample, n) => (heard[delay + n] += room.gain * sample));
    setTimeout(() => Node.ear.port.onmessage({ data: heard }), 1);
  }
}

const audio = {
  state: "running",
  sampleRate: RATE_HZ,
  currentTime: 0,
  resume: async () => {},
  setSinkId: async (id) => (audio.output = id),
  audioWorklet: { addModule: async () => {} },
  createMediaStreamSource: () => new Node(),
  createBufferSource: () => new Node(),
  createBuffer: () => ({ copyToChannel() {} }),
};

const kept = new Map();
Object.assign(globalThis, {
  HTMLElement: Element,
  HTMLSelectElement: class {},
  SVGSVGElement: Element,
  HTMLMediaElement: class {},
  document: Object.assign(new Element(), { createElement: () => new Element() }),
  window: globalThis,
  localStorage: {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, words) => kept.set(key, words),
  },
  AudioContext: class {
    constructor() {
      return audio;
    }
  },
  AudioWorkletNode: Node,
  MediaStream: class {},
});

const { SpeakerStep } = await import("./speaker.js");

const settled = () => new Promise((resolve) => setTimeout(resolve, 400));

function atAKiosk({ openPlain = async () => ({}), microphone = true } = {}) {
  const said = { sent: [], calls: [] };
  const sound = {
    blocked: false,
    muted: true,
    track: null,
    play: async () => true,
    useOutput: async (id) => said.calls.push(`output ${id || "of the system"}`),
  };
  const media = { openPlain, process: async () => said.calls.push("process"), on: { microphone } };
  const check = { kiosk: true, step: "speaker", speaker_loop: "wanted", speaker_numbers: [], findings: [] };
  const snapshot = { check };
  const visit = { media, sound, snapshot, send: (word) => said.sent.push(word) };
  const screen = { visit, snapshot, listenedTo: true, onward: { offer() {}, cancel() {} } };
  const step = new SpeakerStep(new Element(), screen);
  screen.step = step;
  step.begin();
  const render = async (loop) => {
    check.speaker_loop = loop;
    step.render(check);
    await settled();
  };
  const loops = () => said.sent.filter(({ type }) => type === "measured").map(({ record }) => record.loop);
  return { step, said, render, loops, sound };
}

test("it hears itself before anybody is asked, and once each time", async () => {
  const { said, render, loops } = atAKiosk();
  await render("wanted");
  await render("wanted");
  assert.equal(loops().length, 1);
  assert.ok(loops()[0].over_median_db > 25, String(loops()[0].over_median_db));
  assert.ok(Math.abs(loops()[0].gain_db + 20) < 1, String(loops()[0].gain_db));
  assert.ok(!said.sent.some(({ type }) => type === "say_number"));
  assert.deepEqual(said.calls, ["process"], "and the microphone is as it is sent again");
});

test("the second time what was chosen here is set back", async () => {
  room.gain = 0;
  kept.set("vorzimmer.devices", JSON.stringify({ speaker: "headset" }));
  const { said, render, loops, sound } = atAKiosk();
  await render("wanted");
  assert.equal(audio.output, "headset");
  assert.ok(loops()[0].over_median_db < 25);
  await render("again");
  assert.equal(loops().length, 2);
  assert.ok(said.calls.includes("output of the system"));
  assert.deepEqual([audio.output, sound.muted], ["", false]);
  room.gain = 0.1;
});

test("without a microphone it says so, and who has left it out is not listened to", async () => {
  const none = atAKiosk({ openPlain: async () => { throw new NoDevice("not_found"); } });
  await none.render("wanted");
  assert.equal(none.loops()[0].error, "not_found");
  const opened = [];
  const waived = atAKiosk({
    openPlain: async () => opened.push("opened"),
    microphone: false,
  });
  await waived.render("wanted");
  assert.equal(waived.loops()[0].error, "not_found");
  assert.deepEqual(opened, []);
});

test("a step that was left says nothing any more; begun anew, it hears itself anew", async () => {
  const { step, render, loops } = atAKiosk();
  void render("wanted");
  step.begin();
  await settled();
  await settled();
  assert.equal(loops().length, 1);
});

test("who hears nothing there is offered no other loudspeaker", async () => {
  const { step, said, render } = atAKiosk();
  await render("none");
  step.heardNothing();
  assert.equal(said.sent.at(-1).record.heard_nothing, true);
  step.end();
});
