/** What the browser says about its permissions, where it says anything. */

import { within } from "./time_limit.js";

/** @typedef {import("./device_error.js").Permission} Permission */

const QUICK_LIMIT_MS = 3_000;

/**
 * @param {"microphone" | "camera"} kind
 * @returns {Promise<PermissionStatus | null>} null: not every browser can be asked
 */
async function status(kind) {
  try {
    const name = /** @type {PermissionName} */ (kind);
    return await within(navigator.permissions.query({ name }), QUICK_LIMIT_MS);
  } catch {
    return null;
  }
}

/**
 * @param {"microphone" | "camera"} kind
 * @returns {Promise<Permission>}
 */
export async function permission(kind) {
  return (await status(kind))?.state ?? "unknown";
}

/**
 * What was refused works as soon as it is allowed, and what was missing once it is plugged in:
 * nobody has to find "try again" then.
 *
 * @param {"microphone" | "camera"} kind
 * @param {() => void} then called once at most
 * @returns {() => void} stops the watch
 */
export function whenMended(kind, then) {
  const over = new AbortController();
  const { signal } = over;
  const mended = () => {
    if (!signal.aborted) {
      over.abort();
      then();
    }
  };
  navigator.mediaDevices?.addEventListener?.("devicechange", mended, { signal });
  void status(kind).then((found) => {
    const allowed = () => found?.state === "granted" && mended();
    found?.addEventListener?.("change", allowed, { signal });
  });
  return () => over.abort();
}
