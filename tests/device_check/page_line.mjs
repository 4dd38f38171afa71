// The page's line test under Node, on a line that is simulated packet by packet: the browser's
// connection and its statistics are shims, plan, phases and figures are the page's own. Standard
// input: cases by name, see ``Way`` and ``connection``. Prints the last record of each.
import { readFileSync } from "node:fs";
import { mock } from "node:test";

import { Element } from "../../kiosk_ui/client/screens/check/paper_page.js";

const STEP_MS = 10;
const LONGEST_MS = 40_000;
const PADDING = 275; // bytes, as the relay sends
const PICTURE = 1_000;
const ROOMY_KBPS = 5_000;

let now = 0;
let seed = 1;
const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;

/** One direction of the line. */
class Way {
  sent = 0;
  arrivals = []; // with those that were lost, when they were due
  recent = []; // when the last ones were sent
  freeAt = 0;
  jitter = 0;
  lastTransit = null;

  /** ``crowdedMs``: so much later once more than 1 Mbit/s goes over it, as behind a full modem. */
  constructor({ kbps = 0, delayMs = 20, jitterMs = 0, loss = 0, queueMs = 300, crowdedMs = 0 }) {
    Object.assign(this, { kbps, delayMs, jitterMs, loss, queueMs, crowdedMs });
  }

  get delayNowMs() {
    this.recent = this.recent.filter(({ at }) => at > now - 300);
    const kbps = (this.recent.reduce((sum, { bytes }) => sum + bytes, 0) * 8) / 300;
    return this.delayMs + (kbps > 1_000 ? this.crowdedMs : 0);
  }

  get waitMs() {
    return Math.max(0, this.freeAt - now);
  }

  send(bytes) {
    this.sent += 1;
    this.recent.push({ at: now, bytes });
    if (random() < this.loss || this.waitMs > this.queueMs) {
      this.arrivals.push({ at: now + this.waitMs + this.delayMs, bytes, lost: true });
      return;
    }
    const through = Math.max(this.freeAt, now) + (this.kbps ? (bytes * 8) / this.kbps : 0);
    this.freeAt = this.kbps ? through : this.freeAt;
    const transit = through - now + this.delayNowMs + random() * this.jitterMs;
    const at = Math.max(now + transit, this.arrivals.at(-1)?.at ?? 0); // in order
    this.arrivals.push({ at, bytes });
    const off = Math.abs(at - now - (this.lastTransit ?? at - now));
    this.lastTransit = at - now;
    this.jitter += (off - this.jitter) / 16; // RFC 3550
  }

  since(from) {
    const due = this.arrivals.filter(({ at }) => at > from && at <= now);
    const there = due.filter(({ lost }) => !lost);
    const octets = there.reduce((sum, { bytes }) => sum + bytes, 0);
    return { due: due.length, packets: there.length, octets };
  }
}

/** What the path in use begins with: the device itself, or the agency's detour. */
function way({ turn }) {
  return turn ? { candidateType: "relay", relayProtocol: turn } : { candidateType: "host", protocol: "udp" };
}

/** A connection that finds no way; ``detour``: what is known of one that is offered. */
function apart({ detour }) {
  const answered = detour === "open" ? [{ id: "r", type: "local-candidate", candidateType: "relay" }] : [];
  return {
    getConfiguration: () => ({ iceServers: detour ? [{ urls: [] }] : [] }),
    getStats: async () => new Map(answered.map((report) => [report.id, report])),
  };
}

/** The browser's connection over two ways, with the statistics that the page reads. */
function connection(one) {
  const down = new Way({ ...one.both, ...one.down });
  const up = new Way({ ...one.both, ...one.up });
  const state = { allowedKbps: 0, picture: false, owed: 0, frames: 0, cpuS: 0, trips: [], tripAt: 0 };
  const estimateKbps = up.kbps ? 0.95 * up.kbps : ROOMY_KBPS;
  const roundTrip = () => down.delayNowMs + up.delayNowMs + down.waitMs + up.waitMs + random() * down.jitterMs;
  const pair = () => ({
    id: "pair",
    type: "candidate-pair",
    nominated: true,
    state: "succeeded",
    localCandidateId: "local",
    bytesSent: up.since(-1).octets,
    bytesReceived: down.since(-1).octets,
    availableOutgoingBitrate: estimateKbps * 1000,
    responsesReceived: state.trips.length,
    currentRoundTripTime: (state.trips.at(-1) ?? 0) / 1000,
  });
  const stats = (reports) => async () => new Map(reports().map((report) => [report.id, report]));
  const sender = {
    getParameters: () => ({ encodings: [{}] }),
    setParameters: async ({ encodings }) => (state.allowedKbps = (encodings[0].maxBitrate ?? 0) / 1000),
    getStats: stats(() => [
      pair(),
      { id: "local", type: "local-candidate", ...way(one) },
      { id: "out", type: "outbound-rtp", framesEncoded: state.frames, qualityLimitationDurations: { cpu: state.cpuS } },
    ]),
  };
  const inbound = () => ({ packetsReceived: down.since(-1).packets, jitter: down.jitter / 1000 });
  const receiver = { getStats: stats(() => [pair(), { id: "in", type: "inbound-rtp", ...inbound() }]) };
  const go = () => {
    const most = Math.min(state.allowedKbps, estimateKbps, one.deviceKbps ?? ROOMY_KBPS);
    if (state.picture) {
      state.owed += (most * STEP_MS) / 8;
      state.frames += STEP_MS / 66;
      state.cpuS += one.cpuIsTheLimit && most < state.allowedKbps ? STEP_MS / 1000 : 0;
      for (; state.owed >= PICTURE; state.owed -= PICTURE) up.send(PICTURE);
    }
    if (now - state.tripAt >= 250) {
      state.tripAt = now;
      state.trips.push(roundTrip());
    }
  };
  const pc = { getTransceivers: () => [{ mid: "2", sender }, { mid: "5", receiver }] };
  return { pc, state, down, up, go, roundTrip };
}

/** The relay's part: padding down for so long, and what has come up meanwhile. */
async function fill({ down, up, roundTrip }, { down_kbps, for_ms }) {
  const began = now;
  const sentDown = down.sent;
  const trips = [];
  for (let sent = 0; now - began < for_ms; ) {
    for (; sent * PADDING * 8 <= (down_kbps || 64) * (now - began); sent += 1) down.send(PADDING);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    if ((now - began) % 250 < STEP_MS) trips.push(roundTrip());
  }
  const { due, packets, octets } = up.since(began);
  return {
    type: "line_filled",
    refused: "",
    down_kbps,
    took_ms: now - began,
    sent_packets: down.sent - sentDown,
    received_packets: packets,
    received_octets: octets,
    expected_packets: due,
    lost_packets: due - packets,
    jitter_ms: up.jitter,
    round_trips_ms: trips,
    estimate_kbps: down.kbps || ROOMY_KBPS,
  };
}

const canvas = () => ({
  getContext: () => null,
  captureStream: () => ({ getVideoTracks: () => [{ stop() {} }] }),
});

async function run(one) {
  Object.assign(globalThis, {
    HTMLElement: Element,
    document: Object.assign(new Element(), { visibilityState: "visible", createElement: canvas }),
    window: globalThis,
  });
  const told = { connection: one.mobile ? { type: "cellular" } : {}, userAgent: "" };
  Object.defineProperty(globalThis, "navigator", { value: told, configurable: true });
  const { LineTest } = await import("../../kiosk_ui/client/screens/check/line.js");
  const line = connection(one);
  const records = [];
  const send = (word) => {
    if (word.type === "measured") records.push(word.record);
    if (word.type === "fill_line") void fill(line, word).then((relay) => test.filled(relay));
  };
  const peer = {
    state: one.blocked ? "connecting" : "connected",
    current: { pc: one.blocked ? apart(one) : line.pc },
    send: async (_, track) => (line.state.picture = track !== null),
    rehearse: async () => !one.noReturn,
  };
  const media = { peer, connection: one.blocked ? null : line.pc, tracks: {}, hiding: { hidden: false } };
  const visit = { media, shown: "device_check", snapshot: null, socket: { isOpen: true }, send };
  const steps = { result: { showSteps() {} }, speaker: { quiet: false } };
  const test = new LineTest(new Element(), { at: "system", snapshot: null, steps, visit });
  const over = () => records.at(-1)?.finished || records.at(-1)?.connected === false;
  for (let at = 0; at < LONGEST_MS && !over(); at += STEP_MS) {
    if (at % 500 === 0) test.tick();
    line.go();
    for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    now += STEP_MS;
    mock.timers.tick(STEP_MS);
  }
  test.stop();
  return records.at(-1) ?? null;
}

mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
performance.now = () => now;
const found = {};
for (const [name, one] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  seed = 11;
  found[name] = await run(one);
}
console.log(JSON.stringify(found));
process.exit(0);
