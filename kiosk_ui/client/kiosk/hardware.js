/** Whether a kiosk still has what it was set up with. Names are compared here and stay here. */

import { list } from "../media/devices.js";
import { setUpBefore } from "./set_up.js";

/** @typedef {import("../media/chosen.js").DeviceKind} DeviceKind */
/** @typedef {import("./set_up.js").SetUp["devices"]} Named */

/** @type {DeviceKind[]} */
const KINDS = ["microphone", "camera", "speaker"];
const BY_ROLE = new Set(["default", "communications"]); // the same device, listed once more

/** @returns {Promise<DeviceKind[] | null>} null where no kiosk was set up */
export async function missingNow() {
  const setUp = setUpBefore();
  return setUp && missingKinds(setUp.devices, await namedNow());
}

/**
 * All devices by name, to be noted at set-up or compared later.
 *
 * @returns {Promise<Named>} names are empty while the browser may not tell them
 */
export async function namedNow() {
  const found = await Promise.all(
    KINDS.map(async (kind) => {
      const real = (await list(kind)).filter(({ deviceId }) => !BY_ROLE.has(deviceId));
      return real.map(({ label }) => ({ kind, label }));
    }),
  );
  return found.flat();
}

/**
 * Kinds of which a device is gone, another one in its place or not. Where the browser tells no names,
 * only a kind that is gone altogether is noticed.
 *
 * @param {Named} expected
 * @param {Named} here
 * @returns {DeviceKind[]}
 */
export function missingKinds(expected, here) {
  return KINDS.filter((kind) => {
    const wanted = labels(expected, kind);
    const found = labels(here, kind);
    const named = found.filter((label) => label !== "");
    const untold = found.length > 0 && named.length === 0;
    return !untold && wanted.some((label) => !named.includes(label));
  });
}

/**
 * @param {Named} devices
 * @param {DeviceKind} kind
 */
function labels(devices, kind) {
  return devices.filter((one) => one.kind === kind).map(({ label }) => label);
}
