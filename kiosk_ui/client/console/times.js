/** Times for the desk: how long somebody waits, and clocks in the agency's zone. */

/**
 * @param {number} elapsedMs
 * @param {"since" | "ago"} kind
 * @returns {{key: string, n: number}} key of a sentence
 */
export function sinceWords(elapsedMs, kind = "since") {
  const n = Math.max(0, Math.floor(elapsedMs / 60_000));
  if (n === 0) {
    return { key: `${kind}_now`, n };
  }
  return { key: n === 1 ? `${kind}_one` : `${kind}_many`, n };
}

/**
 * @param {string} at ISO time
 * @param {string} language
 * @param {string} timeZone IANA name
 * @returns {string} such as 10:15
 */
export function clock(at, language, timeZone) {
  const english = language === "en"; // as on all other pages: 7:11 pm
  const options = /** @type {const} */ ({ minute: "2-digit", timeZone });
  return new Intl.DateTimeFormat(english ? "en-GB" : language, {
    ...options,
    hour: english ? "numeric" : "2-digit",
    hourCycle: english ? "h12" : "h23",
  }).format(new Date(at));
}
