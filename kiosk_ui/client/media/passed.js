/**
 * That the last check on this device went well: kept in this browser only, and only when asked for.
 * It shortens the next check; it never counts as one, everything that counts is measured again.
 */

const PLACE = "vorzimmer.passed";
const LIVES_MS = 30 * 24 * 3_600_000; // own; who has not been here for longer is led through all

/**
 * @typedef {object} Passed
 * @property {number} at milliseconds since 1970
 * @property {string} microphone id of the device, of use in this browser only
 * @property {string} camera
 */

/** @param {Omit<Passed, "at">} devices */
export function rememberPassed(devices, now = Date.now()) {
  try {
    localStorage.setItem(PLACE, JSON.stringify({ at: now, ...devices }));
  } catch {
    // Without storage the next check is a whole one.
  }
}

export function forgetPassed() {
  try {
    localStorage.removeItem(PLACE);
  } catch {
    // Nothing was kept.
  }
}

/** @returns {Passed | null} null as well for what is old, from the future, or something else */
export function passedBefore(now = Date.now()) {
  try {
    const { at, microphone, camera } = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    const texts = typeof microphone === "string" && typeof camera === "string";
    return texts && at <= now && now - at < LIVES_MS ? { at, microphone, camera } : null;
  } catch {
    return null;
  }
}
