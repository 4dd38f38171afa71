/** Says changes to who listens instead of looking: one calm live region for the whole page. */

import { find, write } from "./find.js";

const PAUSE_MS = 150; // an emptied region that is filled at once is not read by every reader

/** @param {string} words */
export function announce(words) {
  const region = find(document, "#announcer", HTMLElement);
  write(region, "");
  setTimeout(() => write(region, words), PAUSE_MS);
}
