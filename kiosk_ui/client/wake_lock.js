/** Keeps the screen awake while somebody tests, waits or talks, where the browser can. */

import { within } from "./media/time_limit.js";

/** @typedef {"awake" | "refused" | "unknown"} Wakefulness unknown: this browser cannot be asked */

const LIMIT_MS = 3_000;

/** @type {WakeLockSentinel | null} */
let lock = null;
let wanted = false;

/** @returns {Promise<Wakefulness>} */
export function keepAwake() {
  wanted = true;
  return ask();
}

export function maySleep() {
  wanted = false;
  lock?.release().catch(() => {});
  lock = null;
}

/** @returns {Promise<Wakefulness>} */
async function ask() {
  if (!("wakeLock" in navigator) || !wanted || document.visibilityState !== "visible") {
    return "unknown";
  }
  if (lock && !lock.released) {
    return "awake";
  }
  try {
    lock = await within(navigator.wakeLock.request("screen"), LIMIT_MS, (late) => void late.release());
    return "awake";
  } catch {
    lock = null; // low battery or a setting: the page works all the same
    return "refused";
  }
}

globalThis.document?.addEventListener("visibilitychange", () => void ask());
