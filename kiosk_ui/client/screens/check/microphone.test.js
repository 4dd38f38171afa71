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
  resume: async () => {},
};

Object.assign(globalThis, {
  HTMLElement: Element,
  SVGSVGElement: Element,
  document: new Element(),
  window: globalThis,
  setInterval: () => 0, // the test looks when it wants to
  AudioContext: class {
    constructor() {
      return audio;
    }
  },
  AudioWorkletNode: Node,
  MediaStream: class {},
});

const { MicrophoneStep } = await import("./microphone.js");

const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const SENT = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const track = (settings) => ({ label: "m", muted: false, getSettings: () => settings });

function devices(count) {
  const one = (index) => ({ kind: "audioinput", deviceId: `m${index}`, groupId: `g${index}`, label: "" });
  const list = Array.from({ length: count }, (_, index) => one(index));
  const mediaDevices = { enumerateDevices: async () => list, getUserMedia: () => new Promise(() => {}) };
  const navigator = { mediaDevices, userAgent: "Chrome/150 Linux" };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}

/** The page's media: whatever happens to the track is said at once, as the real one does. */
function session(said, changed) {
  const put = (microphone) => {
    media.tracks.microphone = microphone;
    changed();
    return microphone;
  };
  const media = {
    tracks: { microphone: null },
    openPlain: async () => media.tracks.microphone ?? put(track(PLAIN)),
    process: async () => {
      said.calls.push("process");
      if (!media.tracks.microphone) {
        return null;
      }
      put(null); // processing can not be switched on everywhere
      return put(track(SENT));
    },
    release: () => {
      said.calls.push("release");
      put(null);
    },
    turn: (kind, on) => {
      said.turned.push(`${kind} ${on}`);
      changed();
    },
  };
  return media;
}

async function begun({ microphones = 1 } = {}) {
  devices(microphones);
  audio.state = "running";
  const said = { sent: [], calls: [], turned: [] };
  const media = session(said, () => screen.step?.changed());
  const visit = { media, send: (word) => said.sent.push(word) };
  const nothing = () => {};
  const screen = {
    visit,
    listenedTo: true,
    prompt: { during: (_, answer) => answer },
    onward: { offer: nothing, cancel: nothing },
  };
  const panel = new Element();
  const step = new MicrophoneStep(panel, screen);
  screen.step = step;
  step.begin();
  await settled();
  return { step, said, screen, slot: (name) => panel.querySelector(`[data-slot="${name}"]`) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Blocks of 20 ms. */
function hear(step, rms, seconds) {
  const block = { rms, loudest: rms, weakest: rms, peak: rms, silent: rms === 0, pitched: false };
  for (let count = 0; count < seconds * 50; count += 1) {
    step.listening.record.add({ ...block, clipped_bursts: 0 });
  }
}

const newest = (said) => said.sent.filter(({ type }) => type === "measured").at(-1)?.record;
const finding = (verdict, cause) => ({ kind: "microphone", verdict, cause, title: "t", steps: [], drawing: "" });

test("the room is heard before anybody is asked to speak", async () => {
  const { step, said, slot } = await begun();
  assert.equal(slot("ask").hidden, true);
  hear(step, 0.002, 0.6);
  step.measure(step.listening);
  assert.equal(slot("ask").hidden, true, "too short to know the room");
  hear(step, 0.002, 0.6);
  step.measure(step.listening);
  assert.equal(slot("ask").hidden, false);
  hear(step, 0.1, 1);
  step.measure(step.listening);
  assert.ok(Math.abs(newest(said).quiet_dbfs + 54) < 0.1);
  assert.equal(newest(said).duration_s, 1);
});

test("nobody holds their breath while there is no place at the appliance", async () => {
  const { step, said, screen, slot } = await begun();
  screen.listenedTo = false;
  step.startedAt -= 3_000;
  step.measure(step.listening);
  assert.equal(slot("progress").hidden, true);
  assert.equal(newest(said), undefined);
});

test("too soft as it is: the processed track is measured, the room stays known", async () => {
  const { step, said } = await begun();
  hear(step, 0.0005, 1.2);
  step.measure(step.listening);
  hear(step, 0.002, 1);
  step.show(finding("warning", "microphone_quiet"));
  step.show(finding("warning", "microphone_quiet"));
  await settled();
  assert.deepEqual(said.calls, ["process"]);
  hear(step, 0.1, 1);
  step.measure(step.listening);
  const { unprocessed, quiet_dbfs, speech_dbfs, plain_speech_dbfs } = newest(said);
  assert.equal(unprocessed, false);
  const levels = [quiet_dbfs, plain_speech_dbfs, speech_dbfs].map(Math.round);
  assert.deepEqual(levels, [-66, -54, -20], "the room, the voice before and as it is sent");
});

test("nobody is told to be too soft before gain control had its time; then they are", async () => {
  const { step, slot } = await begun();
  hear(step, 0.0005, 1.2);
  step.measure(step.listening);
  step.show(finding("failed", "microphone_too_quiet"));
  await settled();
  assert.equal(slot("finding").hidden, true);
  step.measure(step.listening);
  assert.equal(slot("finding").hidden, true, "it has only begun to lift");
  step.processedAt -= 7_000;
  step.measure(step.listening); // web says nothing new, for nothing has changed
  assert.equal(slot("finding").hidden, false);
  assert.equal(slot("finding").dataset.verdict, "failed");
});

test("who was only soft before gain control is not told so", async () => {
  const { step, slot } = await begun();
  hear(step, 0.0005, 1.2);
  step.measure(step.listening);
  step.show(finding("warning", "microphone_quiet"));
  await settled();
  step.show(finding("passed", ""));
  step.processedAt -= 7_000;
  step.tellHeld();
  assert.equal(slot("finding").dataset.verdict, "passed");
});

test("without a voice all microphones are searched, once", async () => {
  const { step, said, slot } = await begun({ microphones: 3 });
  hear(step, 0, 1.2);
  step.measure(step.listening);
  step.show(finding("failed", "microphone_silent"));
  await settled();
  assert.equal(step.search.running, true);
  assert.equal(slot("search").hidden, false);
  assert.deepEqual(said.calls, ["release"]); // its own capture has ended
  await step.resume("");
  hear(step, 0, 1.2);
  step.measure(step.listening);
  step.search.stop();
  step.search.say("Über kein Mikrofon hören wir Ihre Stimme.", false);
  const told = step.told;
  step.show(finding("failed", "microphone_silent"));
  await settled();
  assert.deepEqual(said.calls, ["release"]);
  assert.equal(slot("finding").hidden, false);
  assert.equal(slot("search").hidden, true); // one message, not two
  assert.equal(step.told, told); // nor read aloud a second time
  assert.notEqual(told, "");
});

test("with one microphone there is nothing to search", async () => {
  const { step, said } = await begun();
  hear(step, 0, 1.2);
  step.measure(step.listening);
  step.show(finding("failed", "microphone_no_speech"));
  await settled();
  assert.equal(step.search.running, false);
  assert.deepEqual(said.calls, []);
});

test("an engine that sleeps gets its button, and says so", async () => {
  const { step, said, slot } = await begun();
  audio.state = "suspended";
  step.startedAt -= 3_000;
  step.measure(step.listening);
  assert.equal(slot("asleep").hidden, false);
  step.measure(step.listening);
  assert.equal(newest(said).engine_asleep, true);
  audio.state = "running";
  step.measure(step.listening);
  assert.equal(slot("asleep").hidden, true);
});

test("what is sent afterwards is processed", async () => {
  const { step, said } = await begun();
  step.end();
  await settled();
  assert.deepEqual(said.calls, ["process"]);
  assert.equal(step.listening, null);
});

test("gone on without: off at once, and on again for whoever tests it", async () => {
  const { step, said } = await begun();
  step.goneWithout();
  await settled();
  assert.equal(newest(said), undefined, "web is told of no unplugged one");
  assert.deepEqual([said.turned.at(-1), said.calls.at(-1)], ["microphone false", "release"]);
  step.begin();
  assert.equal(said.turned.at(-1), "microphone true");
});
