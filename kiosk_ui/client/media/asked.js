/** Whether this browser has ever shown our question for a device: a mark on this device only. */

const PLACE = "vorzimmer.asked";

/** @typedef {"microphone" | "camera"} AskedKind */

/** @returns {string[]} */
function all() {
  try {
    const kinds = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kinds) ? kinds : [];
  } catch {
    return ["microphone", "camera"]; // without a memory nobody is told that the company forbids it
  }
}

/** @param {AskedKind} kind */
export function askedEver(kind) {
  return all().includes(kind);
}

/** @param {AskedKind} kind */
export function rememberAsked(kind) {
  try {
    localStorage.setItem(PLACE, JSON.stringify([...new Set([...all(), kind])]));
  } catch {
    // Then the next refusal counts as a no of a person.
  }
}
