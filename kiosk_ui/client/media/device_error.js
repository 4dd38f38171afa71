/**
 * Why the browser gave no track: by error name, permission, device list and time, never by message.
 *
 * The shapes (name; permission before and after; devices listed; how fast):
 * - Chromium: said no: NotAllowed, prompt -> denied. Closed the question: NotAllowed, prompt stays.
 *   System: NotAllowed, granted. Policy or a no of earlier days: NotAllowed at once, denied before.
 * - Firefox: said no: NotAllowed; the permission may stay "prompt" (blocked for this tab), then the
 *   next refusal comes at once without a question. System (macOS): NotFound although listed.
 * - Safari: NotAllowed in all cases; the permission is often unknown.
 */

/** @typedef {import("../../protocol").DeviceError} DeviceError */
/** @typedef {"granted" | "denied" | "prompt" | "unknown"} Permission */

/**
 * @typedef {object} Refusal
 * @property {string} name of the DOMException, or "TimeLimit"
 * @property {Permission} permission as it is after the refusal
 * @property {boolean} listed whether the browser lists a device of this kind
 * @property {Permission} [before] as it was before
 * @property {number} [tookMs] from asking to refusal
 * @property {boolean} [askedEver] whether this browser has ever shown us its question
 * @property {Permission} [other] for the other of microphone and camera
 * @property {number} [rounds] how often in a row it was in use, this time included
 */

const NO_QUESTION_MS = 200; // as in thresholds.py: device_no_question
const BROKEN_ROUNDS = 3; // as in thresholds.py: device_broken_rounds

/**
 * @param {Refusal} refusal
 * @returns {DeviceError}
 */
export function classify(refusal) {
  const { name, permission, listed } = refusal;
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
    case "SecurityError":
      return refused(refusal);
    case "NotFoundError":
    case "DevicesNotFoundError":
      // Firefox says so, too, when the system keeps a listed device from it.
      return listed ? "denied_by_system" : "not_found";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return (refusal.rounds ?? 1) >= BROKEN_ROUNDS ? "broken" : "in_use";
    case "OverconstrainedError":
    case "ConstraintNotSatisfiedError":
      return listed ? "overconstrained" : "not_found";
    case "TimeLimit":
      return permission === "granted" ? "timed_out" : "prompt_dismissed";
    case "InvalidStateError": // the page was not in front while it asked
      return "timed_out";
    default:
      return "unsupported";
  }
}

/**
 * @param {Refusal} refusal
 * @returns {DeviceError}
 */
function refused({ permission, before, tookMs = Infinity, askedEver = true, other }) {
  const unasked = tookMs < NO_QUESTION_MS;
  if (permission === "granted") {
    return "denied_by_system";
  }
  if (permission === "prompt") {
    return unasked ? "denied_by_browser" : "prompt_dismissed"; // Firefox: blocked for this tab
  }
  if (other === "granted") {
    return "denied_one_of_two";
  }
  // A no that nobody here can have given: set up so, by the company or for all pages.
  const never = permission === "denied" && before === "denied" && !askedEver;
  return never && unasked ? "denied_by_policy" : "denied_by_browser";
}
