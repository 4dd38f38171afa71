/** Keeps the screen awake while somebody waits or talks, where the browser can. */

/** @type {WakeLockSentinel | null} */
let lock = null;
let wanted = false;

export function keepAwake() {
  wanted = true;
  void ask();
}

export function maySleep() {
  wanted = false;
  lock?.release().catch(() => {});
  lock = null;
}

async function ask() {
  if (!wanted || document.visibilityState !== "visible" || (lock && !lock.released)) {
    return;
  }
  try {
    lock = (await navigator.wakeLock?.request("screen")) ?? null;
  } catch {
    lock = null; // low battery or a setting: the page works all the same
  }
}

globalThis.document?.addEventListener("visibilitychange", () => void ask());
