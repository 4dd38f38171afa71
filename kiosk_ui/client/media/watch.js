/**
 * Watches the own devices while people talk, and names what is wrong by the causes of the check.
 * Pure: facts in, a cause out; what was seen and dismissed stays quiet until it is mended.
 */

/** @typedef {import("../../protocol").WatchedFault} Fault of the catalogue */
/** @typedef {Fault | "talking_muted"} Cause with what is no fault of a device */

/**
 * @typedef {object} Facts since the look before
 * @property {number} now in milliseconds, monotonic
 * @property {boolean} hidden nobody is blamed for what a hidden page does not get
 * @property {boolean} microphoneOn switched on, and wanted by the conversation
 * @property {number | null} levelDbfs null: nothing listens
 * @property {number} clippedBursts new ones
 * @property {boolean} microphoneMuted by the system, not by the client
 * @property {boolean} cameraOn
 * @property {boolean} cameraMuted by the system
 * @property {number | null} frames new ones; null: the browser does not count them
 * @property {number | null} luma 0 to 255; null: no picture to look at
 * @property {boolean} covered the picture shows noise alone
 */

const VOICE_DBFS = -50; // as in thresholds.py: watch_talking
const TALKING_MS = 4_000; // as in thresholds.py: watch_talking_for
const TALKING_SHARE = 0.5; // as in thresholds.py: watch_talking_share
const ZERO_DBFS = -119; // exact zeros: a noise filter leaves the last bit alive, a mute key does not
const SILENT_MS = 10_000; // as in thresholds.py: watch_silent
const CLIPPING_LOOKS = 20; // as in thresholds.py: watch_clipping_looks
const CLIPPING_SHARE = 0.25; // as in thresholds.py: watch_clipping_share
const BLACK_LUMA = 20; // as in thresholds.py: camera_black_luma
const BLACK_MS = 5_000; // as in thresholds.py: watch_black
const FROZEN_MS = 3_000; // as in thresholds.py: watch_frozen
const TAKEN_MS = 2_000; // as in thresholds.py: device_taken

/** @type {Cause[]} gravest first */
const ORDER = [
  "microphone_taken_away",
  "microphone_silent",
  "talking_muted",
  "camera_taken_away",
  "camera_frozen",
  "camera_black",
  "camera_covered",
  "microphone_clipping",
];

export class Watch {
  constructor() {
    /** @type {Map<Cause, number>} since when a fault can be seen */
    this.since = new Map();
    /** @type {{at: number, loud: boolean}[]} */
    this.looks = [];
    /** @type {boolean[]} newest looks at which somebody spoke: whether it clipped */
    this.spoken = [];
    /** @type {Set<Cause>} */
    this.dismissed = new Set();
  }

  /**
   * @param {Facts} facts
   * @returns {Cause | ""} what is to be said now
   */
  look(facts) {
    if (facts.hidden) {
      this.since.clear();
      this.looks = [];
      this.spoken = [];
      return "";
    }
    const { microphoneOn, cameraOn, levelDbfs, luma } = facts;
    const silent = microphoneOn && levelDbfs !== null && levelDbfs <= ZERO_DBFS;
    this.note("microphone_taken_away", microphoneOn && facts.microphoneMuted, facts.now);
    this.note("microphone_silent", silent && !facts.microphoneMuted, facts.now);
    this.note("talking_muted", this.talks(facts), facts.now);
    this.note("camera_taken_away", cameraOn && facts.cameraMuted, facts.now);
    this.note("camera_frozen", cameraOn && facts.frames === 0 && !facts.cameraMuted, facts.now);
    this.note("camera_black", cameraOn && luma !== null && luma < BLACK_LUMA, facts.now);
    this.note("camera_covered", cameraOn && facts.covered, facts.now);
    this.note("microphone_clipping", this.clips(facts), facts.now);
    return ORDER.find((cause) => this.lasts(cause, facts.now) && !this.dismissed.has(cause)) ?? "";
  }

  /**
   * @param {number} now
   * @returns {Fault | null} the gravest one that is there, dismissed or not
   */
  fault(now) {
    const found = ORDER.find((cause) => cause !== "talking_muted" && this.lasts(cause, now));
    return /** @type {Fault | undefined} */ (found) ?? null;
  }

  /** @param {Cause} cause */
  dismiss(cause) {
    this.dismissed.add(cause);
  }

  /**
   * @param {Cause} cause
   * @param {boolean} there
   * @param {number} now
   */
  note(cause, there, now) {
    if (!there) {
      this.since.delete(cause);
      this.dismissed.delete(cause);
    } else if (!this.since.has(cause)) {
      this.since.set(cause, now);
    }
  }

  /**
   * @param {Cause} cause
   * @param {number} now
   */
  lasts(cause, now) {
    const since = this.since.get(cause);
    return since !== undefined && now - since >= LASTS_MS[cause];
  }

  /**
   * @param {Facts} facts
   * @returns {boolean} loud for half of the last seconds although switched off
   */
  talks({ now, microphoneOn, levelDbfs }) {
    if (microphoneOn || levelDbfs === null) {
      this.looks = [];
      return false;
    }
    this.looks.push({ at: now, loud: levelDbfs > VOICE_DBFS });
    const whole = now - this.looks[0].at >= TALKING_MS;
    this.looks = this.looks.filter(({ at }) => now - at <= TALKING_MS);
    const loud = this.looks.filter((one) => one.loud).length;
    return whole && loud >= TALKING_SHARE * this.looks.length;
  }

  /**
   * @param {Facts} facts
   * @returns {boolean} again and again while somebody speaks: one laugh is nothing, a pause no mend
   */
  clips({ microphoneOn, levelDbfs, clippedBursts }) {
    if (!microphoneOn || levelDbfs === null) {
      this.spoken = [];
    } else if (clippedBursts > 0 || levelDbfs > VOICE_DBFS) {
      this.spoken = [...this.spoken, clippedBursts > 0].slice(-CLIPPING_LOOKS);
    }
    const whole = this.spoken.length === CLIPPING_LOOKS;
    return whole && this.spoken.filter(Boolean).length >= CLIPPING_SHARE * CLIPPING_LOOKS;
  }
}

/** @type {Record<Cause, number>} */
const LASTS_MS = {
  microphone_taken_away: TAKEN_MS,
  microphone_silent: SILENT_MS,
  talking_muted: 0, // counted over its own four seconds
  camera_taken_away: TAKEN_MS,
  camera_frozen: FROZEN_MS,
  camera_black: BLACK_MS,
  camera_covered: BLACK_MS,
  microphone_clipping: 0, // counted over its own looks
};
