/** Which devices the client has chosen: ids only, on this device only. */

const PLACE = "vorzimmer.devices";

/** @typedef {"microphone" | "camera" | "speaker"} DeviceKind */

/** @returns {Partial<Record<DeviceKind, string>>} */
function all() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "{}");
  } catch {
    return {}; // storage is switched off, or holds something else
  }
}

/**
 * @param {DeviceKind} kind
 * @returns {string} empty when nothing was chosen
 */
export function chosen(kind) {
  const id = all()[kind];
  return typeof id === "string" ? id : "";
}

/**
 * @param {DeviceKind} kind
 * @param {string} deviceId
 */
export function choose(kind, deviceId) {
  try {
    localStorage.setItem(PLACE, JSON.stringify({ ...all(), [kind]: deviceId }));
  } catch {
    // Without storage the choice holds for this page only.
  }
}
