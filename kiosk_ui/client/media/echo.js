/**
 * Whether what is played comes back through the microphone: by loudness over time alone, block by
 * block of both. Free of the DOM; what it means is judged by web.
 */

import { dbfs } from "./level_record.js";
import { BLOCK_MS } from "./level_worklet.js";

const EARLIEST = -100 / BLOCK_MS; // both are listened to over ways of their own
const LATEST = 600 / BLOCK_MS; // a wireless loudspeaker, the room, and the way back
const SETTLING = 1000 / BLOCK_MS; // own; until an echo canceller knows the room
const LEAST_LOUD = 600 / BLOCK_MS; // of words after that; less says nothing
const LOUD = 0.1; // of the loudest block: -20 dB
const SILENT = 0.01; // -40 dB
const NOTHING_DB = 120;

/**
 * @typedef {object} Echo
 * @property {number} echo_match 0 to 1: how alike the two rise and fall, at the delay that suits best
 * @property {number} echo_loss_db by how much it comes back more softly than it was played
 */

/**
 * @param {number[]} played rms of each block, 0 to 1
 * @param {number[]} heard by the microphone, at the same time
 * @returns {Echo | null} nothing where too little was played to tell
 */
export function echoOf(played, heard) {
  const loudest = played.reduce((top, rms) => Math.max(top, rms), 0);
  const begins = played.findIndex((rms) => rms > LOUD * loudest) + SETTLING;
  const words = pairs(played, heard, begins, 0).filter(([rms]) => rms > LOUD * loudest);
  if (loudest === 0 || words.length < LEAST_LOUD) {
    return null;
  }
  let best = { match: -1, delay: 0 };
  for (let delay = EARLIEST; delay <= LATEST; delay += 1) {
    const match = likeness(pairs(played, heard, begins, delay));
    best = match > best.match ? { match, delay } : best;
  }
  const both = pairs(played, heard, begins, best.delay);
  return { echo_match: Math.min(1, Math.max(0, best.match)), echo_loss_db: lossDb(both, loudest) };
}

/**
 * @param {number[]} played
 * @param {number[]} heard
 * @param {number} begins
 * @param {number} delay in blocks
 * @returns {[number, number][]}
 */
function pairs(played, heard, begins, delay) {
  /** @type {[number, number][]} */
  const found = [];
  for (let at = begins; at < played.length; at += 1) {
    const then = heard[at + delay];
    if (then !== undefined) {
      found.push([played[at], then]);
    }
  }
  return found;
}

/**
 * Pearson's correlation.
 *
 * @param {[number, number][]} both
 */
function likeness(both) {
  const means = [0, 1].map((side) => mean(both.map((pair) => pair[side])));
  const off = both.map((pair) => [pair[0] - means[0], pair[1] - means[1]]);
  const common = mean(off.map(([one, other]) => one * other));
  const spread = mean(off.map(([one]) => one * one)) * mean(off.map(([, other]) => other * other));
  return spread > 0 ? common / Math.sqrt(spread) : 0;
}

/**
 * Of the microphone's power what the room adds by itself is taken away.
 *
 * @param {[number, number][]} both
 * @param {number} loudest
 */
function lossDb(both, loudest) {
  const power = (/** @type {[number, number][]} */ some, /** @type {0 | 1} */ side) =>
    mean(some.map((pair) => pair[side] ** 2));
  const words = both.filter(([rms]) => rms > LOUD * loudest);
  const pauses = both.filter(([rms]) => rms < SILENT * loudest);
  const back = power(words, 1) - power(pauses, 1);
  const loss = dbfs(Math.sqrt(power(words, 0))) - dbfs(Math.sqrt(Math.max(0, back)));
  return Math.min(NOTHING_DB, Math.max(-NOTHING_DB, loss));
}

/** @param {number[]} values */
function mean(values) {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}
