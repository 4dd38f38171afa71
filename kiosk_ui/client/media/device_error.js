/** Why the browser gave no track: by error name, permission and device list, never by message. */

/** @typedef {import("../../protocol").DeviceError} DeviceError */

/**
 * @typedef {object} Refusal
 * @property {string} name of the DOMException, or "TimeLimit"
 * @property {"granted" | "denied" | "prompt" | "unknown"} permission as it is after the refusal
 * @property {boolean} listed whether the browser lists a device of this kind
 */

/**
 * @param {Refusal} refusal
 * @returns {DeviceError}
 */
export function classify({ name, permission, listed }) {
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
    case "SecurityError":
      return refused(permission);
    case "NotFoundError":
    case "DevicesNotFoundError":
      // Firefox says so, too, when the system keeps a listed device from it.
      return listed && permission === "granted" ? "denied_by_system" : "not_found";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "in_use";
    case "OverconstrainedError":
    case "ConstraintNotSatisfiedError":
      return listed ? "overconstrained" : "not_found";
    case "TimeLimit":
      return permission === "prompt" ? "prompt_dismissed" : "timed_out";
    default:
      return "unsupported";
  }
}

/**
 * @param {Refusal["permission"]} permission
 * @returns {DeviceError}
 */
function refused(permission) {
  if (permission === "granted") {
    return "denied_by_system";
  }
  return permission === "prompt" ? "prompt_dismissed" : "denied_by_browser";
}
