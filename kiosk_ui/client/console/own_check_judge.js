/** What ten seconds of the adviser's own devices come to. Free of the DOM. */

// The limits are those of the clients' check: appliance/device_check/thresholds.py.
const BLACK_LUMA = 20;
const FROZEN_S = 2;
const SILENCE_S = 3;
const TOO_QUIET_DBFS = -60;
const QUIET_DBFS = -45;
const CLIPPED_BURSTS = 2;
const SOMETHING_SAID_DB = 6;

/**
 * @typedef {object} Sample
 * @property {number} atMs
 * @property {number} luma mean, 0 to 255
 * @property {boolean} same whether it equals the sample before
 */

/**
 * @param {Sample[]} samples in the order of time
 * @returns {"camera_good" | "camera_dark" | "camera_still"}
 */
export function judgePicture(samples) {
  const newest = samples.slice(-5);
  const luma = newest.reduce((sum, sample) => sum + sample.luma, 0) / Math.max(1, newest.length);
  if (luma < BLACK_LUMA) {
    return "camera_dark";
  }
  const changed = samples.findLast((sample) => !sample.same) ?? samples[0];
  const stillMs = samples[samples.length - 1].atMs - changed.atMs;
  return stillMs >= FROZEN_S * 1000 ? "camera_still" : "camera_good";
}

/**
 * @typedef {object} Figures
 * @property {number} digital_silence_s
 * @property {number} speech_dbfs
 * @property {number} noise_dbfs
 * @property {number} clipped_bursts
 */

/**
 * @param {Figures} figures
 * @returns {boolean} whether a sentence has been heard well, so that nobody needs to wait longer
 */
export function heardWell({ speech_dbfs, noise_dbfs, clipped_bursts }) {
  const said = speech_dbfs - noise_dbfs >= SOMETHING_SAID_DB;
  return said && speech_dbfs >= QUIET_DBFS && clipped_bursts < CLIPPED_BURSTS;
}

/**
 * @param {Figures} figures
 * @returns {"microphone_good" | "microphone_silent" | "microphone_soft" | "microphone_clipped"}
 */
export function judgeSound(figures) {
  if (heardWell(figures)) {
    return "microphone_good";
  }
  if (figures.clipped_bursts >= CLIPPED_BURSTS) {
    return "microphone_clipped";
  }
  const silent = figures.digital_silence_s >= SILENCE_S || figures.speech_dbfs < TOO_QUIET_DBFS;
  return silent ? "microphone_silent" : "microphone_soft";
}
