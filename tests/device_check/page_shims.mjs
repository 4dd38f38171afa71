// The check's own steps of the page under Node, with the browser's interfaces as shims: what they
// send of a fault that only a browser, a driver or a system can have. Standard input: cases by
// name, each {step, ...what the browser is like, see below}. Prints the last record of each.
//
// The steps, the media session, the classes of refusals and the waits are the page's. The clock is
// moved on by hand, so that 20 s of silence take no time.
import { readFileSync } from "node:fs";
import { mock } from "node:test";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

import { Element } from "../../kiosk_ui/client/screens/check/paper_page.js";

const STEP_MS = 100;
const LONGEST_MS = 100_000;

let now = 0;

class Node {
  port = {};
  connect() {}
  disconnect() {}
}
const audio = { state: "running", audioWorklet: { addModule: async () => {} } };
audio.createMediaStreamSource = () => new Node();
audio.resume = async () => {};
const store = (items = {}) => ({ getItem: (key) => items[key] ?? null, setItem() {}, removeItem() {} });

/** One end of a browser, as a case says. */
function surroundings(one) {
  const document = new Element();
  Object.assign(document, { visibilityState: "visible", hidden: false, documentElement: { lang: "de" } });
  document.createElement = () => ({ getContext: () => (one.noWebGl ? null : {}) });
  document.permissionsPolicy = { allowsFeature: (name) => !(one.keptFromPage ?? []).includes(name) };
  class RTCPeerConnection {
    getTransceivers() {}
  }
  const codecs = one.codecs ?? ["audio/opus", "video/VP8"];
  const globals = {
    HTMLElement: Element,
    HTMLInputElement: Element,
    HTMLSelectElement: Element,
    SVGSVGElement: Element,
    HTMLVideoElement: Element,
    HTMLAudioElement: Element,
    HTMLMediaElement: class {
      setSinkId() {}
    },
    document,
    window: globalThis,
    isSecureContext: true,
    RTCPeerConnection: one.noWebRtc ? undefined : RTCPeerConnection,
    RTCRtpReceiver: { getCapabilities: () => ({ codecs: codecs.map((mimeType) => ({ mimeType })) }) },
    AudioContext: class {
      audioWorklet = 0;
      constructor() {
        return audio;
      }
    },
    AudioWorkletNode: Node,
    MediaStream: class {},
    localStorage: store({ "vorzimmer.asked": JSON.stringify(one.asked ?? ["microphone", "camera"]) }),
    sessionStorage: store(),
    location: { href: "https://amt.example/test" },
  };
  globals.AudioContext.prototype.audioWorklet = {};
  Object.assign(globalThis, globals);
  if (one.noWebRtc) {
    delete globalThis.RTCPeerConnection;
  }
  audio.state = one.asleep ? "suspended" : "running";
  Object.defineProperty(globalThis, "navigator", { value: navigatorOf(one), configurable: true });
}

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36";

function navigatorOf(one) {
  const kinds = one.listed ?? ["audioinput", "videoinput", "audiooutput"];
  const device = (kind, index) => ({ kind, deviceId: `${kind}${index}`, groupId: `g${index}`, label: "" });
  const states = one.permission ?? "granted";
  const mediaDevices = Object.assign(new EventTarget(), {
    enumerateDevices: async () => kinds.map(device),
    getUserMedia: (wishes) => asked(one, wishes),
  });
  const made = { userAgent: one.agent ?? CHROME, permissions: {} };
  made.permissions.query = async ({ name }) => {
    if (states === "unknown") throw new TypeError("not known here");
    const other = one.other ?? "prompt";
    const state = name === one.step ? (one.refusedOnce ? (one.after ?? states) : states) : other;
    return Object.assign(new EventTarget(), { state });
  };
  if (!one.noMediaDevices) made.mediaDevices = mediaDevices;
  if (one.battery) made.getBattery = async () => one.battery;
  if (one.wakeLock === "refused") made.wakeLock = { request: () => Promise.reject(new Error("no")) };
  return made;
}

/** What the browser does when it is asked for a device. */
async function asked(one, wishes) {
  await new Promise((resolve) => setTimeout(resolve, one.answersAfterMs ?? 0));
  one.refusedOnce = true;
  if (one.never) return new Promise(() => {});
  if (one.refuses) throw new DOMException("", one.refuses);
  const track = new Track(one, wishes.audio ?? wishes.video);
  return { getTracks: () => [track] };
}

class Track extends EventTarget {
  readyState = "live";
  muted = false;

  constructor(one, wishes) {
    super();
    Object.assign(this, { label: one.label ?? "", wishes });
    this.muted = one.fate === "muted";
    if (one.fate === "taken") setTimeout(() => this.turn("mute", { muted: true }), 1_000);
    if (one.fate === "ends") setTimeout(() => this.turn("ended", { readyState: "ended" }), 1_000);
  }

  turn(name, change) {
    Object.assign(this, change);
    this.dispatchEvent(new Event(name));
  }

  getSettings() {
    const { echoCancellation, noiseSuppression, autoGainControl } = this.wishes;
    const processing = { echoCancellation, noiseSuppression, autoGainControl };
    return { width: 1280, height: 720, frameRate: 25, sampleRate: 48_000, ...processing };
  }

  async applyConstraints(wishes) {
    this.wishes = wishes;
  }

  stop() {
    this.readyState = "ended";
  }
}

/** The page around one step: the real media session, a list instead of a socket. */
async function stage(one) {
  const { MediaSession } = await import("../../kiosk_ui/client/media/session.js");
  const sent = [];
  let step = null;
  const media = new MediaSession({
    send() {},
    online: () => true,
    onChange: () => step?.changed(),
    onEnded() {},
    onReplaced: () => step.begin(),
    onTaken: (kind, taken) => (taken ? step.failed("taken_away") : step.begin()),
    onHidingTrouble() {},
  });
  media.snapshot = { state: "device_check", mode: "video", seen_by_adviser: false, check: null };
  media.peer = Object.assign(Object.create(media.peer), { send() {} });
  const sound = { blocked: false, play: async () => !one.silenced, useOutput: async () => false };
  const visit = { media, sound, testMode: false, socket: { roundTripMs: 5 }, send: (word) => sent.push(word) };
  const nothing = () => {};
  const screen = {
    root: new Element(),
    visit,
    listenedTo: true,
    snapshot: { server_at: new Date(Date.now() - 1000 * (one.clockFastS ?? 0)).toISOString() },
    prompt: { during: (_, answer) => answer },
    onward: { offer: nothing, cancel: nothing },
    next: nothing,
  };
  const name = one.step;
  const module = await import(`../../kiosk_ui/client/screens/check/${name}.js`);
  const Step = Object.values(module).find((found) => found.prototype?.begin);
  const panel = new Element();
  step = new Step(panel, screen);
  screen.step = step;
  return { step, sent, panel };
}

/** Lets everything that waits for nothing happen, then the clock go on. */
async function pass(ms) {
  for (let gone = 0; gone < ms; gone += STEP_MS) {
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    now += STEP_MS;
    mock.timers.tick(STEP_MS);
  }
}

/** So loud is it at the step's microphone, where the engine gives levels at all. */
function hear({ listening }, { heardRms: rms, asleep }) {
  if (!listening || rms === undefined || asleep) return;
  const block = { rms, loudest: rms, weakest: rms, peak: rms, silent: rms === 0, pitched: false };
  for (let count = 0; count < STEP_MS / 20; count += 1) {
    listening.record.add({ ...block, clipped_bursts: 0 });
  }
}

const newest = (sent) => sent.filter(({ type }) => type === "measured").at(-1)?.record;

async function run(one) {
  surroundings(one);
  const { step, sent, panel } = await stage(one);
  step.begin();
  const enough = () => newest(sent)?.error || (one.forMs && gone >= one.forMs);
  let gone = 0;
  for (let round = 1; round <= (one.rounds ?? 1); round += 1) {
    if (round > 1) {
      sent.length = 0;
      step.begin(); // "try again"
    }
    for (gone = 0; gone < LONGEST_MS && !enough(); gone += STEP_MS) {
      hear(step, one);
      await pass(STEP_MS);
    }
  }
  for (const action of one.taps ?? []) {
    panel.querySelectorAll(`[data-do="${action}"]`)[0].dispatchEvent(new Event("click"));
    await pass(1_000);
  }
  step.end();
  const waived = sent.find(({ type }) => type === "waive") ?? null;
  return { record: newest(sent) ?? null, waived };
}

/** A thread each, so that no case knows of another: modules keep count of refusals. */
function apart(one) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: one });
    worker.once("message", (found) => resolve(found));
    worker.once("error", reject);
  });
}

if (isMainThread) {
  const found = {};
  for (const [name, one] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
    found[name] = await apart(one);
  }
  console.log(JSON.stringify(found));
} else {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  performance.now = () => now;
  parentPort.postMessage(await run(workerData));
  process.exit(0);
}
