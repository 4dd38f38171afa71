/** The way through the check: what comes next, and when all is ready. Free of the browser. */

/** @typedef {import("../../../protocol").FindingView} FindingView */
/** @typedef {import("../../../protocol").CheckView} CheckView */
/** @typedef {import("../check.js").Place} Place */

/** @type {Place[]} */
const WAY = ["system", "microphone", "camera", "speaker", "background", "result"];
// A kiosk that hears itself has proved microphone and speaker at once; behind its camera is no home.
/** @type {Place[]} */
const WAY_AT_KIOSK = ["system", "camera", "speaker", "microphone", "result"];
const DONE = new Set(["passed", "warning", "waived"]);

/**
 * @typedef {object} Done
 * @property {Pick<FindingView, "kind" | "verdict">[]} findings
 * @property {Set<Place>} visited
 * @property {boolean} withCamera whether there is a picture to have a background
 * @property {boolean} [kiosk] whether the devices are the agency's own
 */

/**
 * What is done is not done again: who repeats one test from the result comes back to the result.
 *
 * @param {Place | null} from
 * @param {Done} done
 * @returns {Place}
 */
export function nextPlace(from, { findings, visited, withCamera, kiosk = false }) {
  if (from === null) {
    return "system";
  }
  const way = kiosk ? WAY_AT_KIOSK : WAY;
  const rest = way.slice(way.indexOf(from) + 1);
  const open = rest.find((place) => {
    if (place === "background") {
      return withCamera && !visited.has("background");
    }
    return place === "result" || !DONE.has(verdictOf(findings, place));
  });
  return open ?? "result";
}

/**
 * Passed everywhere; a background that was left as it is counts, one that is not ready does not.
 *
 * @param {Pick<CheckView, "findings" | "background" | "look">} check
 * @param {boolean} [quick] who has passed before may leave out the speaker
 */
export function allReady({ findings, background, look }, quick = false) {
  const tested = WAY.slice(0, 4).every((place) => {
    const verdict = verdictOf(findings, place);
    return verdict === "passed" || (quick && place === "speaker" && verdict === "waived");
  });
  const asItIs = background === "none" && !look;
  return tested && (asItIs || verdictOf(findings, "background") === "passed");
}

/**
 * @param {Done["findings"]} findings
 * @param {Place} place
 */
function verdictOf(findings, place) {
  return findings.find(({ kind }) => kind === place)?.verdict ?? "open";
}
