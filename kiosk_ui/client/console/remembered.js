/** Small choices of this browser: words only, never anything about a person. */

/**
 * @param {string} place
 * @returns {string} empty when nothing is remembered
 */
export function remembered(place) {
  try {
    return localStorage.getItem(place) ?? "";
  } catch {
    return ""; // storage is switched off
  }
}

/**
 * @param {string} place
 * @param {string} words
 */
export function remember(place, words) {
  try {
    localStorage.setItem(place, words);
  } catch {
    // Without storage the choice holds for this page only.
  }
}
