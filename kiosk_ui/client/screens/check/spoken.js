/** When advice that changes all the time is said to whoever listens. Free of the DOM. */

const HELD_MS = 2_000; // what was passed through on the way is not worth a word
const QUIET_MS = 5_000; // time to do what was said, and to hear the finding

/**
 * @param {object} state
 * @param {string} state.word the advice now
 * @param {string} state.spoken what was said last, empty before the first time
 * @param {number} state.heldMs since when it has been so
 * @param {number} state.quietMs since something was said
 */
export function mayBeSpoken({ word, spoken, heldMs, quietMs }) {
  const news = word !== spoken && !(word === "good" && spoken === "");
  return news && heldMs >= HELD_MS && quietMs >= QUIET_MS;
}
