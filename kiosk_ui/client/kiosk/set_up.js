/**
 * What a kiosk was like when it was set up: which devices it had, and how loud it heard itself. The
 * appliance keeps the same, since a kiosk throws its browser's profile away after each visitor.
 */

export const PLACE = "vorzimmer.kiosk";

/** @typedef {import("../media/chosen.js").DeviceKind} DeviceKind */

/**
 * @typedef {object} SetUp
 * @property {{kind: DeviceKind, label: string}[]} devices
 * @property {number | null} gain_db of its own tone; null: it was not heard then
 * @property {boolean} [touch] whether the screen took touches
 */

/** @param {SetUp} setUp */
export function rememberSetUp(setUp) {
  localStorage.setItem(PLACE, JSON.stringify(setUp)); // whoever sets up is to see it fail
}

/** @returns {SetUp | null} null where no kiosk was set up, or its note is no longer readable */
export function setUpBefore() {
  try {
    const { devices, gain_db, touch } = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    const gain = typeof gain_db === "number" ? gain_db : null;
    return Array.isArray(devices) ? { devices: devices.filter(isDevice), gain_db: gain, touch: touch === true } : null;
  } catch {
    return null;
  }
}

/** @param {any} one */
function isDevice(one) {
  return typeof one?.kind === "string" && typeof one?.label === "string";
}
