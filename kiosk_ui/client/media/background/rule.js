/** Which engine a device can carry, and when it has to step down: decisions only. */

export const FETCH_LIMIT_MS = 60_000; // own: 11 MB at 1.5 Mbit/s, below which no picture is sent
export const TASK_LIMIT_MS = 8_000; // media study, part 2, section 7
export const SELF_TEST_MS = 3_000;
const FULL_FPS = 12;
const LEAST_FPS = 6;
const BUSY = 0.85; // of the time; below it the engine waits for the camera, not the camera for it
const ROOM = 0.6; // of the time at most, with what is added; the rest is for the page and the codec
const SECOND_MODEL = 1.5; // times the cost, measured
const MORE_PIXELS = 3; // times the cost with both, at four times the pixels
const SLOW_FPS = 15;
const SLOW_RATIO = 0.6;
const SLOW_MS = 3_000;

/**
 * @typedef {object} Figures
 * @property {number} frames painted per second
 * @property {number} busy share of the time spent painting, 0 to 1
 * @property {number} nominal frames per second that the camera promises; 0 unknown
 * @property {number} cost milliseconds per frame
 */

/**
 * @typedef {object} Plan
 * @property {number} longest side of the generated picture in pixels
 * @property {number} every a mask is made for every n-th frame
 * @property {"one" | "turns" | "both"} models the square one alone; each in every other frame, for
 *   the price of one; both in every frame. Two show the least of the room.
 */

/** @type {Plan} */
export const TRIAL = { longest: 640, every: 1, models: "one" };
/** @type {Plan} */
export const SMALL = { longest: 320, every: 2, models: "one" };

/**
 * What arrives from the camera: an engine that waits for it has got every frame.
 *
 * @param {Figures} figures
 */
export function rawFrames({ frames, busy, nominal }) {
  return busy < BUSY ? frames : Math.max(frames, nominal);
}

/**
 * After the self-test.
 *
 * @param {Figures} figures
 * @returns {Plan | null} null: this device cannot
 */
export function plan(figures) {
  const { frames, busy, cost } = figures;
  if (frames <= 0) {
    return null;
  }
  if (frames >= Math.min(FULL_FPS, 0.9 * rawFrames(figures))) {
    const share = (rawFrames(figures) * cost) / 1000;
    const fused = busy < BUSY && share * SECOND_MODEL <= ROOM;
    const longest = fused && share * MORE_PIXELS <= ROOM ? 1280 : TRIAL.longest;
    const models = fused ? "both" : busy < BUSY ? "turns" : "one";
    return { longest, every: 1, models };
  }
  return frames >= LEAST_FPS ? SMALL : null;
}

/** @param {Figures} figures */
export function tooSlow(figures) {
  const raw = rawFrames(figures);
  return figures.frames < Math.min(SLOW_FPS, SLOW_RATIO * raw);
}

/** Steps down after three slow seconds, then gives the new level three seconds of its own. */
export class StepDown {
  constructor() {
    this.level = 0;
    /** @type {number | null} */
    this.since = null;
  }

  /**
   * @param {number} now in milliseconds, monotonic
   * @param {boolean} slow
   * @returns {"lighter" | "plain" | "ask" | null} what to do now
   */
  watch(now, slow) {
    if (!slow || this.level > 2) {
      this.since = null;
      return null;
    }
    this.since ??= now;
    if (now - this.since < SLOW_MS) {
      return null;
    }
    this.since = null;
    this.level += 1;
    return /** @type {const} */ (["lighter", "plain", "ask"])[this.level - 1];
  }
}
