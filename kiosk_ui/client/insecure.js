/** A page without encryption gets neither devices nor our cookies: no use in beginning anything. */

import { find, show } from "./find.js";

/** @returns {boolean} whether it is such a page; then it says so, and nothing else */
export function isInsecure() {
  if (window.isSecureContext) {
    return false;
  }
  for (const place of document.querySelectorAll("[data-view], [data-screen]")) {
    show(place, false);
  }
  const section = find(document, "[data-insecure]", HTMLElement);
  show(section, true);
  find(section, "h1", HTMLElement).focus({ preventScroll: true });
  return true;
}
