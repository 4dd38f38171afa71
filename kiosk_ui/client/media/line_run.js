/** Runs the line test on the connection that is there: the plan's phases, one after the other. */

import { nextPhase, TRICKLE_KBPS } from "./line_plan.js";
import { LinePicture } from "./line_picture.js";
import { foldPhase, sampleLine } from "./line_stats.js";
import { within } from "./time_limit.js";

/** @typedef {import("../../protocol").LinePhase} LinePhase */
/** @typedef {import("../../protocol").LineFilled} LineFilled */
/** @typedef {import("../../protocol").BrowserNetwork} BrowserNetwork */

/** @typedef {{works: boolean, seconds: number}} Rejoined */

/**
 * @typedef {object} LineHost
 * @property {() => RTCPeerConnection | null} connection the one in use, if it is connected
 * @property {(track: MediaStreamTrack | null) => Promise<void>} sendPicture as a shared screen
 * @property {(downKbps: number, forMs: number) => Promise<LineFilled>} fill asks the relay
 * @property {() => Promise<Rejoined | null>} rejoin a second connection; null: could not be tried
 * @property {() => boolean} free whether the line may be loaded now: nothing else is measured
 * @property {(record: BrowserNetwork) => void} onRecord after each phase, and at the end
 */

const SAMPLE_MS = 100;
const STRAGGLERS_MS = 800; // packets that come after the relay's word
const QUIET_SAMPLES = 4; // without a packet: none will follow; a crowded radio pauses for 200 ms
const LOOK_MS = 200;
const SET_LIMIT_MS = 2_000;
const SENT_MID = "2"; // shared screen, from the page
const RECEIVED_MID = "5"; // shared screen of the first slot
const MOST_REFUSALS = 3;
const MOST_REJOINS = 2; // tries to get an offer at all

/** The line was needed for something else, or the connection has gone. */
class Interrupted extends Error {}

export class LineRun {
  /** @param {LineHost} host */
  constructor(host) {
    this.host = host;
    /** @type {LinePhase[]} */
    this.phases = [];
    /** @type {LinePicture | null} */
    this.picture = null;
    this.stopped = false;
    this.finished = false;
    this.spentMs = 0;
    this.spentOctets = 0;
    this.refusals = 0;
    this.rejoins = 0;
    /** @type {Rejoined | null} */
    this.rejoined = null;
    /** @type {"" | "busy" | "interrupted"} */
    this.skipped = "";
    /** @type {BrowserNetwork["protocol"]} */
    this.protocol = "unknown";
    /** @type {BrowserNetwork["turn"]} */
    this.turn = "";
    this.mobile = isMobile();
  }

  /** @returns {BrowserNetwork} */
  get record() {
    const { finished, skipped, protocol, turn, mobile, phases } = this;
    const octets = Math.round(this.spentOctets);
    const line = { finished, skipped, protocol, turn, mobile, octets, phases: [...phases] };
    return { kind: "network", ...line, ...told(this.rejoined) };
  }

  /** Until it is over or stopped; waits while the line is not free. */
  async run() {
    while (!this.stopped && !this.finished) {
      if (!this.host.free() || !this.host.connection()) {
        await this.rest();
        await wait(LOOK_MS);
        continue;
      }
      const spent = { octets: this.spentOctets, ms: this.spentMs, saveData: this.mobile };
      const plan = nextPhase(this.phases, spent);
      if (plan) {
        await this.tryPhase(plan);
      } else if (!this.rejoined && this.rejoins < MOST_REJOINS) {
        await this.tryToRejoin();
      } else {
        this.finished = true;
      }
    }
    await this.rest();
    if (!this.stopped) {
      this.host.onRecord(this.record);
    }
  }

  stop() {
    this.stopped = true;
  }

  /** @param {import("./line_plan.js").Plan} plan */
  async tryPhase(plan) {
    const began = performance.now();
    try {
      const phase = await this.phase(plan);
      if (phase && !this.stopped) {
        this.phases.push(phase);
        this.host.onRecord(this.record);
      }
    } catch (error) {
      if (!(error instanceof Interrupted)) {
        this.giveUp("interrupted");
      }
    } finally {
      this.spentMs += performance.now() - began;
    }
  }

  /** On a line that is quiet again, and before anybody relies on it. */
  async tryToRejoin() {
    this.rejoins += 1;
    await this.rest();
    this.rejoined = await this.host.rejoin().catch(() => null);
  }

  /** @param {"busy" | "interrupted"} reason */
  giveUp(reason) {
    this.skipped = reason;
    this.finished = true;
  }

  /**
   * @param {import("./line_plan.js").Plan} plan
   * @returns {Promise<LinePhase | null>} null: refused, to be tried again
   */
  async phase(plan) {
    const pc = this.host.connection();
    const sender = transceiver(pc, SENT_MID)?.sender;
    const receiver = transceiver(pc, RECEIVED_MID)?.receiver;
    if (!sender || !receiver) {
      throw new Interrupted();
    }
    const before = await sampleLine(sender, receiver);
    await this.allow(sender, plan.direction === "up" ? plan.kbps : TRICKLE_KBPS.up);
    await wait(plan.settleMs);
    this.needsFree();
    const samples = [await sampleLine(sender, receiver)];
    const filled = this.host.fill(plan.direction === "up" ? 0 : plan.kbps, plan.forMs);
    const relay = await this.watch(plan, filled, samples, sender, receiver).finally(() => {
      // an interrupted phase has been paid for, too
      this.spentOctets += Math.max(samples[samples.length - 1].octets - before.octets, 0);
    });
    const last = samples[samples.length - 1];
    this.protocol = last.protocol;
    this.turn = last.turn;
    if (relay.refused) {
      await this.refused(relay.refused);
      return null;
    }
    return foldPhase(plan, samples, relay);
  }

  /**
   * @param {import("./line_plan.js").Plan} plan
   * @param {Promise<LineFilled>} filled
   * @param {import("./line_stats.js").Sample[]} samples grows
   * @param {RTCRtpSender} sender
   * @param {RTCRtpReceiver} receiver
   */
  async watch({ direction }, filled, samples, sender, receiver) {
    /** @type {{relay?: LineFilled, failed?: unknown}} */
    const told = {};
    filled.then(
      (relay) => (told.relay = relay),
      (error) => (told.failed = error),
    );
    let quiet = 0;
    let toldAt = 0;
    while (!told.failed) {
      await wait(SAMPLE_MS);
      this.needsFree();
      const sample = await sampleLine(sender, receiver);
      quiet = sample.received > samples[samples.length - 1].received ? 0 : quiet + 1;
      samples.push(sample);
      toldAt ||= told.relay ? sample.at : 0;
      const late = sample.at - toldAt > STRAGGLERS_MS;
      const { relay } = told;
      const received = sample.received - samples[0].received;
      const all = direction !== "up" && relay && received >= relay.sent_packets;
      if (relay && (relay.refused || all || quiet >= QUIET_SAMPLES || late)) {
        return relay;
      }
    }
    throw told.failed;
  }

  needsFree() {
    if (this.stopped || !this.host.free() || !this.host.connection()) {
      throw new Interrupted();
    }
  }

  /** @param {"busy" | "later"} reason */
  async refused(reason) {
    this.refusals += 1;
    if (reason === "busy" || this.refusals >= MOST_REFUSALS) {
      this.giveUp(reason === "busy" ? "busy" : "interrupted");
    }
    await wait(LOOK_MS * 5);
  }

  /**
   * Lets the test picture take this much of the way up.
   *
   * @param {RTCRtpSender} sender
   * @param {number} kbps
   */
  async allow(sender, kbps) {
    if (!this.picture) {
      this.picture = new LinePicture();
      await this.host.sendPicture(this.picture.track);
    }
    this.picture.fill(kbps);
    await limit(sender, kbps * 1000);
  }

  /** Nothing of the test goes over the line. */
  async rest() {
    if (this.picture) {
      this.picture.stop();
      this.picture = null;
      await this.host.sendPicture(null);
      const sender = transceiver(this.host.connection(), SENT_MID)?.sender;
      await (sender && limit(sender, null));
    }
  }
}

/**
 * As in the record.
 *
 * @param {Rejoined | null} rejoined
 */
function told(rejoined) {
  const reconnect = /** @type {"works" | "fails"} */ (rejoined?.works ? "works" : "fails");
  return rejoined ? { reconnect, reconnect_s: Math.min(rejoined.seconds, 60) } : {};
}

/**
 * @param {RTCRtpSender} sender
 * @param {number | null} bitsPerS null: no limit, as before
 */
async function limit(sender, bitsPerS) {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings ?? []) {
    if (bitsPerS === null) {
      delete encoding.maxBitrate;
    } else {
      encoding.maxBitrate = bitsPerS;
    }
  }
  await within(sender.setParameters(parameters), SET_LIMIT_MS).catch(() => {});
}

/**
 * @param {RTCPeerConnection | null} pc
 * @param {string} mid
 */
function transceiver(pc, mid) {
  return pc?.getTransceivers().find((one) => one.mid === mid);
}

/** A mobile network, or a browser that was told to save data. */
function isMobile() {
  const { connection } = /** @type {{connection?: {type?: string, saveData?: boolean}}} */ (
    /** @type {unknown} */ (navigator)
  );
  return connection?.type === "cellular" || connection?.saveData === true;
}

/** @param {number} ms */
function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
