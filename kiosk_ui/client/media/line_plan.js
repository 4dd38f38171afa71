/**
 * The line test as a plan: which phase comes next, and when it is enough. Free of the browser.
 *
 * Idle first, then padding down and a test picture up, each at growing rates until a rate is proven
 * good or the line has fallen short. Never longer than 15 s, never more than 4 MB (1 MB where data
 * are to be saved).
 */

/** @typedef {import("../../protocol").LinePhase} LinePhase */

/**
 * @typedef {object} Plan
 * @property {"idle" | "down" | "up"} direction
 * @property {number} kbps
 * @property {number} settleMs before counting begins
 * @property {number} forMs
 */

/**
 * @typedef {object} Spent
 * @property {number} octets both ways, so far
 * @property {number} ms in phases, so far
 * @property {boolean} saveData
 */

export const RATES = [300, 700, 1300, 2000]; // encoders stay a little below: 1300 proves 1100
export const GOOD_KBPS = 1_100; // as in thresholds.py: network_rate_good
export const FILLED = 0.8; // as in thresholds.py: network_filled
export const LONGEST_MS = 15_000;
export const MOST_OCTETS = 4_000_000;
export const FEWEST_OCTETS = 1_000_000;
export const TRICKLE_KBPS = { down: 64, up: 100 };

const IDLE = { settleMs: 600, forMs: 1_500 };
const DOWN = { settleMs: 0, forMs: 900 };
const UP = { settleMs: 700, forMs: 900 };
const ROUND_ABOUT_MS = 400; // asking, answering, stragglers
const OVERHEAD = 1.3; // headers, and the browser's own probes
const TRIES = 2; // pages stall and estimates grow: a rate that fell short is tried once more
const TRIES_LOWEST_UP = 3; // below it, each further second makes the figure truer

/**
 * @param {LinePhase[]} done
 * @param {Spent} spent
 * @returns {Plan | null} null: it is over
 */
export function nextPhase(done, spent) {
  if (!done.some(({ direction }) => direction === "idle")) {
    return { direction: "idle", kbps: TRICKLE_KBPS.down, ...IDLE };
  }
  for (const direction of /** @type {const} */ (["down", "up"])) {
    const kbps = nextRate(done, direction, spent.saveData);
    if (kbps) {
      const plan = { direction, kbps, ...(direction === "down" ? DOWN : UP) };
      if (fits(plan, spent)) {
        return plan;
      }
    }
  }
  return null;
}

/**
 * @param {LinePhase[]} done
 * @param {"down" | "up"} direction
 * @param {boolean} saveData
 * @returns {number} 0: nothing more to learn
 */
function nextRate(done, direction, saveData) {
  const mine = done.filter((phase) => phase.direction === direction);
  const last = mine.at(-1);
  if (!last) {
    return RATES[0];
  }
  const arrived = last.arrived_kbps ?? 0;
  const filled = arrived >= FILLED * last.wanted_kbps;
  const enough = filled && last.wanted_kbps > GOOD_KBPS && (last.available_kbps ?? 0) >= GOOD_KBPS;
  if (arrived >= GOOD_KBPS || (direction === "up" && enough)) {
    return 0; // or proven by the browser's own estimate: encoders stay below what they may
  }
  if (!filled) {
    const tries = mine.filter(({ wanted_kbps }) => wanted_kbps === last.wanted_kbps).length;
    const most = direction === "up" && last.wanted_kbps === RATES[0] ? TRIES_LOWEST_UP : TRIES;
    const settling = direction === "up" && (last.available_kbps ?? 0) > last.wanted_kbps;
    if (!settling) {
      return tries < most ? last.wanted_kbps : 0;
    } // else by its estimate the line is not the limit: the encoder is, and settles at any rate
  }
  const rates = saveData ? RATES.slice(0, -1) : RATES;
  return rates[rates.indexOf(last.wanted_kbps) + 1] ?? 0;
}

/**
 * @param {Plan} plan
 * @param {Spent} spent
 */
function fits({ kbps, settleMs, forMs }, { octets, ms, saveData }) {
  const cost = (kbps / 8) * (settleMs + forMs) * OVERHEAD;
  const most = saveData ? FEWEST_OCTETS : MOST_OCTETS;
  return octets + cost <= most && ms + settleMs + forMs + ROUND_ABOUT_MS <= LONGEST_MS;
}

/** How far it is, for a line of progress. @param {LinePhase[]} done */
export function progress(done) {
  const weight = { idle: 0.15, down: 0.13, up: 0.15 };
  return Math.min(0.95, done.reduce((sum, { direction }) => sum + weight[direction], 0));
}
