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

const timers = new Map(); // they run when the test wants it
let newestTimer = 0;
let ahead = 0;
const clock = performance.now.bind(performance);
performance.now = () => clock() + ahead;

Object.assign(globalThis, {
  HTMLElement: Element,
  SVGSVGElement: Element,
  document: new Element(),
  window: globalThis,
  setInterval: (run, ms) => timers.set((newestTimer += 1), { run, ms }) && newestTimer,
  clearInterval: (timer) => timers.delete(timer),
  AudioContext: class {
    constructor() {
      return audio;
    }
  },
  AudioWorkletNode: Node,
  MediaStream: class {},
});

/** Lets time pass for whatever runs at this pace: the wait for gain control, by its own clock. */
function pass(seconds, pace = 250) {
  for (let passed = 0; passed < seconds * 1000; passed += pace) {
    ahead += pace;
    [...timers.values()].filter(({ ms }) => ms === pace).forEach(({ run }) => run());
  }
}

const { MicrophoneStep } = await import("./microphone.js");
const { NoDevice } = await import("../../media/devices.js");

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
  timers.clear();
  const said = { sent: [], calls: [], turned: [], marked: [] };
  const media = session(said, () => screen.step?.changed());
  const visit = { media, send: (word) => said.sent.push(word) };
  const nothing = () => {};
  const screen = {
    visit,
    listenedTo: true,
    prompt: { during: (_, answer) => answer },
    onward: { offer: nothing, cancel: nothing },
    mark: ({ verdict }) => said.marked.push(verdict),
  };
  const panel = new Element();
  const step = new MicrophoneStep(panel, screen);
  screen.step = step;
  step.begin();
  await settled();
  return { step, said, screen, media, slot: (name) => panel.querySelector(`[data-slot="${name}"]`) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Blocks of 20 ms. */
function hear(step, rms, seconds) {
  const block = { rms, loudest: rms, weakest: rms, peak: rms, silent: rms === 0, pitched: false };
  for (let count = 0; count < seconds * 50; count += 1) {
    step.listening.record.add({ ...block, clipped_bursts: 0 });
  }
}

const SPEAK_ON = '[data-text="speak_on"]'; // a page of paper calls everything by its selector
const LISTENING = '[data-text="listening"]';
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
  const { step, said, slot } = await begun();
  hear(step, 0.0005, 1.2);
  step.measure(step.listening);
  step.show(finding("failed", "microphone_too_quiet"));
  await settled();
  assert.equal(slot("finding").hidden, true);
  assert.equal(slot("progress").textContent, SPEAK_ON);
  step.heard({ voice: true });
  pass(5);
  assert.equal(slot("finding").hidden, true, "it has only begun to lift");
  assert.deepEqual([step.holdsBack, said.marked], [true, []]);
  pass(2); // web says nothing new, for nothing has changed
  assert.equal(slot("finding").hidden, false);
  assert.equal(slot("finding").dataset.verdict, "failed");
  assert.deepEqual([step.holdsBack, said.marked], [false, ["failed"]]);
  assert.equal(slot("progress").textContent, LISTENING);
});

/** Too soft, so that gain control is to lift it. */
async function soft(begun) {
  hear(begun.step, 0.0005, 1.2);
  begun.step.measure(begun.step.listening);
  begun.step.show(finding("warning", "microphone_quiet"));
  await settled();
  return begun;
}

test("to go on speaking is asked for at once, and only as long as it helps", async () => {
  const made = await begun();
  made.media.process = () => new Promise(() => {});
  const { step, slot } = await soft(made);
  assert.equal(slot("progress").textContent, SPEAK_ON);
  step.show(finding("open", ""));
  assert.deepEqual([slot("progress").textContent, slot("finding").hidden], [LISTENING, true]);
});

test("nobody is asked to go on speaking who was heard well", async () => {
  const { step, slot } = await begun();
  hear(step, 0.0005, 1.2);
  step.measure(step.listening);
  step.show(finding("passed", ""));
  step.show(finding("warning", "microphone_quiet"));
  assert.equal(slot("progress").hidden, true);
});

test("gain control needs the voice: silence does not count, but ends", async () => {
  const { step, slot } = await soft(await begun());
  step.heard({ voice: true });
  pass(3);
  step.heard({ voice: false });
  pass(7);
  assert.equal(slot("finding").hidden, true, "lifted for 3 s only");
  pass(3);
  assert.equal(slot("finding").hidden, false);
});

test("a verdict comes though nobody measures any more", async () => {
  const { screen, slot } = await soft(await begun());
  screen.listenedTo = false;
  pass(13);
  pass(1, 500);
  assert.equal(slot("finding").dataset.verdict, "warning");
});

for (const [how, process] of [
  ["refused", async () => Promise.reject(new NoDevice("in_use"))],
  ["gone", async () => null],
]) {
  test(`a microphone that is ${how} when it is to be processed is told`, async () => {
    const made = await begun();
    made.media.process = process;
    const { step, said, slot } = await soft(made);
    assert.equal(newest(said)?.error, how === "gone" ? "ended" : "in_use");
    assert.deepEqual([slot("progress").hidden, step.holdsBack], [true, false]);
  });
}

test("who has left meanwhile is told nothing of it", async () => {
  const made = await begun();
  let refuse;
  made.media.process = () => new Promise((_, reject) => (refuse ??= reject));
  const { step, said } = await soft(made);
  step.end();
  refuse(new NoDevice("in_use"));
  await settled();
  pass(13);
  assert.equal(newest(said), undefined);
  assert.deepEqual(said.marked, []);
});

test("who was only soft before gain control is not told so", async () => {
  const { step, slot } = await begun();
  hear(step, 0.0005, 1.2);
  step.measure(step.listening);
  step.show(finding("warning", "microphone_quiet"));
  await settled();
  step.show(finding("passed", ""));
  pass(13);
  assert.equal(slot("finding").dataset.verdict, "passed");
  assert.equal(slot("progress").hidden, true);
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
