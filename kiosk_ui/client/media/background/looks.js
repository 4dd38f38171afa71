/** What may stand behind a client. The ids travel to web and come back after a reload. */

/** @typedef {"blur" | "blur_strong" | "picture"} LookKind */

export const NONE = "none";
/** The colour that stands where a picture is not there, or not yet. */
export const PLAIN_COLOUR = "#c9d3dc";

/**
 * @param {string} look
 * @returns {LookKind}
 */
export function kindOf(look) {
  return look === "blur" || look === "blur_strong" ? look : "picture";
}

/**
 * What the appliance can do in the browser's stead: it knows two strengths, no pictures.
 *
 * @param {string} look
 * @returns {"none" | "blur" | "blur_strong"}
 */
export function forAppliance(look) {
  if (look === NONE) {
    return NONE;
  }
  return look === "blur" ? "blur" : "blur_strong";
}
